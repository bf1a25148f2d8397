// Service Quotas: awsJson1.1, the quotas of SageMaker only. Pages: servicequotas/2019-06-24/apireference.
import { createHash } from 'node:crypto';
import { AwsError, featureError } from '../errors.js';
import type { AwsContext, AwsRequest, AwsResponse, AwsService } from '../service.js';
import { DEFAULT_QUOTAS } from './quotas.js';

const TARGET = 'ServiceQuotasV20190624.';
const SERVICE = 'sagemaker';

/** Makes the service: ListServiceQuotas, ListAWSDefaultServiceQuotas, GetServiceQuota. */
export function create(context: AwsContext): AwsService {
  const operations: Record<string, (input: Record<string, unknown>, request: AwsRequest) => object> = {
    ListServiceQuotas: (input, request) => {
      context.authorize(request.identity, 'servicequotas:ListServiceQuotas', '*');
      return pageOf(input, findQuotas(context.quotas, input, request).filter(isListed));
    },
    ListAWSDefaultServiceQuotas: (input, request) => {
      context.authorize(request.identity, 'servicequotas:ListAWSDefaultServiceQuotas', '*');
      return pageOf(input, findQuotas(DEFAULT_QUOTAS, input, request));
    },
    GetServiceQuota: get,
  };

  /** "If the applied quota value is not available for a quota, the quota is not retrieved" (API reference, ListServiceQuotas). */
  function isListed({ QuotaName }: { QuotaName: string }): boolean {
    return !context.unlistedQuotas.includes(QuotaName);
  }

  function findQuotas(
    quotas: Readonly<Record<string, number>>,
    { ServiceCode }: Record<string, unknown>,
    { identity, region }: AwsRequest,
  ) {
    if (ServiceCode !== SERVICE)
      throw featureError(
        'Service Quotas',
        `the quotas of ${String(ServiceCode)}`,
        `It knows those of ${SERVICE}.`,
      );
    return Object.entries(quotas).map(([QuotaName, Value]) => {
      const QuotaCode = `L-${createHash('sha256').update(QuotaName).digest('hex').slice(0, 8).toUpperCase()}`;
      return {
        ServiceCode: SERVICE,
        ServiceName: 'Amazon SageMaker',
        QuotaArn: `arn:aws:servicequotas:${region}:${identity.accountId}:${SERVICE}/${QuotaCode}`,
        QuotaCode,
        QuotaName,
        Value,
        Unit: 'None',
        Adjustable: true,
        GlobalQuota: false,
      };
    });
  }

  function pageOf(input: Record<string, unknown>, all: readonly object[]): object {
    const most = Number(input.MaxResults ?? 100);
    const from = Number(input.NextToken ?? 0);
    if (!(most >= 1 && most <= 100))
      throw new AwsError('IllegalArgumentException', 'MaxResults must be from 1 to 100.');
    if (!(from >= 0)) throw new AwsError('InvalidPaginationTokenException', 'Invalid NextToken.');
    return {
      Quotas: all.slice(from, from + most),
      ...(all.length > from + most && { NextToken: String(from + most) }),
    };
  }

  function get(input: Record<string, unknown>, request: AwsRequest): object {
    context.authorize(request.identity, 'servicequotas:GetServiceQuota', '*');
    const quota = findQuotas(context.quotas, input, request)
      .filter(isListed)
      .find(({ QuotaCode }) => QuotaCode === input.QuotaCode);
    if (!quota)
      throw new AwsError('NoSuchResourceException', `The quota ${String(input.QuotaCode)} does not exist.`);
    return { Quota: quota };
  }

  return {
    name: 'servicequotas',
    protocol: 'awsJson1.1',
    async handle(request): Promise<AwsResponse> {
      const name = (request.headers['x-amz-target'] ?? '').replace(TARGET, '');
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation)
        throw new AwsError(
          'UnknownOperationException',
          `The local Service Quotas does not support ${name}; it has ${Object.keys(operations).join(', ')}.`,
        );
      const input = JSON.parse(request.body.toString('utf8') || '{}') as Record<string, unknown>;
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(operation(input, request)),
      };
    },
  };
}
