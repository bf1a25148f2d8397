// EC2: VPCs, subnets, security groups, route tables and VPC endpoints, as far as SageMaker, S3 and API Gateway ask about them. Their ids
// and errors are EC2's (Amazon EC2 API Reference, "Error codes"); there are no instances and no packets.
import { AwsError } from '../errors.js';
import type { AwsContext, AwsRequest, AwsResponse, AwsService } from '../service.js';
import { endpointOperations } from './endpoints.js';
import { groupOperations } from './groups.js';
import type { Ec2Operation } from './lookup.js';
import { subnetOperations } from './subnets.js';
import { Ec2Parameters, ec2Error, ec2Response } from './wire.js';

const OPERATIONS: Record<string, Ec2Operation> = {
  ...subnetOperations,
  ...groupOperations,
  ...endpointOperations,
};

/** Makes the service. */
export function create({ networks, clock, authorize, region }: AwsContext): AwsService {
  return {
    name: 'ec2',
    protocol: 'query',
    errorResponse: ec2Error,
    async handle({ body, identity, requestId }: AwsRequest): Promise<AwsResponse> {
      const parameters = new Ec2Parameters(body.toString('utf8'));
      const { action } = parameters;
      const operation = Object.hasOwn(OPERATIONS, action) ? OPERATIONS[action] : undefined;
      if (!operation)
        throw new AwsError(
          'InvalidAction',
          `The local EC2 does not support ${action}; it supports ${Object.keys(OPERATIONS).sort().join(', ')}.`,
        );
      const { accountId } = identity;
      const result = operation({
        networks,
        parameters,
        accountId,
        now: clock.now(),
        authorize: (resource) =>
          authorize(
            identity,
            `ec2:${action}`,
            resource ? `arn:aws:ec2:${region}:${accountId}:${resource}` : '*',
          ),
      });
      return ec2Response(action, requestId, result);
    },
  };
}
