import { Failure, messageOf, UserError } from '../errors.js';
import { retryWhile } from '../ground/retry.js';
import { nearest } from '../ground/suggest.js';
import type { AwsTarget } from '../target.js';
import type { AwsClients } from './aws.js';
import { NETWORK_ADVICE, unreachable } from './network.js';

/**
 * Makes the clients and asks STS whose credentials they are.
 * @param regions those that are known, for a region of another name
 * @throws UserError when there are no usable credentials
 */
export async function connectAws(target: AwsTarget, regions: readonly string[] = []): Promise<AwsClients> {
  // The SDK's end of support for Node 20 is our concern, not that of whoever runs a command.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const [apiGateway, iam, s3, sageMaker, sts] = await Promise.all([
    import('@aws-sdk/client-api-gateway'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-sagemaker'),
    import('@aws-sdk/client-sts'),
  ]);
  const common = {
    region: target.region,
    ...(target.endpoint ? { endpoint: target.endpoint } : {}),
    ...(target.profile ? { profile: target.profile } : {}),
    ...(target.credentials ? { credentials: target.credentials } : {}),
    maxAttempts: 5,
    // Without these a call that is never answered would wait for ever; an endpoint may take 60 s.
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 65_000 },
  };
  // The SDK follows these variables by itself.
  const elsewhere = target.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const stsClient = new sts.STSClient(common);
  let accountId: string | undefined;
  try {
    accountId = (await stsClient.send(new sts.GetCallerIdentityCommand({}))).Account;
  } catch (error) {
    throw whyNot(error, target, regions);
  }
  if (!accountId) throw new Error('STS named no account');
  stsClient.destroy();
  const made: { destroy(): void }[] = [];
  const make = <C extends { destroy(): void }>(client: C): C => {
    retryConflicts(client);
    made.push(client);
    return client;
  };
  const lazily = <C extends { destroy(): void }>(load: () => Promise<C>) => {
    let client: Promise<C> | undefined;
    return () => {
      client ??= load().then(make);
      return client;
    };
  };
  return {
    region: target.region,
    accountId,
    iam: make(new iam.IAMClient(common)),
    // Path style because a custom endpoint has no host per bucket; AWS itself accepts both.
    s3: make(new s3.S3Client({ ...common, ...(elsewhere ? { forcePathStyle: true } : {}) })),
    apiGateway: make(new apiGateway.APIGatewayClient(common)),
    sageMaker: make(new sageMaker.SageMakerClient(common)),
    sageMakerRuntime: lazily(
      async () => new (await import('@aws-sdk/client-sagemaker-runtime')).SageMakerRuntimeClient(common),
    ),
    serviceQuotas: lazily(
      async () => new (await import('@aws-sdk/client-service-quotas')).ServiceQuotasClient(common),
    ),
    close() {
      for (const client of made) client.destroy();
    },
  };
}

/** Why AWS did not say whose credentials these are: no network, no such region, or none that it takes. */
export function whyNot(
  error: unknown,
  { region }: Pick<AwsTarget, 'region'>,
  regions: readonly string[],
): UserError {
  const missed = unreachable(error);
  if (!missed)
    return new UserError(`AWS does not accept the credentials: ${messageOf(error)}`, {
      next: 'Set AWS_PROFILE or log in (aws sso login), then try again.',
      cause: error,
    });
  const where = missed.host ? ` at ${missed.host}` : '';
  const typed = missed.code === 'ENOTFOUND' && !regions.includes(region);
  const meant = typed ? nearest(region, regions) : undefined;
  return new Failure(
    `AWS cannot be reached${where}: ${missed.why}.${meant ? ` ${region} is no region that los knows.` : ''}`,
    {
      next: meant
        ? `Did you mean aws.region: ${meant}?`
        : `${NETWORK_ADVICE} and the region (${region}), then try again.`,
      cause: error,
    },
  );
}

/** Failures that pass by waiting and that the SDK itself gives up on. */
const CONFLICT =
  /^(ConcurrentModification|EntityTemporarilyUnmodifiable|OperationAborted|TooManyRequests)(Exception)?$/;

/** Two changes at once of one role, bucket or API: AWS refuses one of them, which was not carried out. */
function retryConflicts(client: object): void {
  const { middlewareStack } = client as { middlewareStack: { add(make: Middleware, options: object): void } };
  middlewareStack.add(
    (next) => (args) =>
      retryWhile(
        () => next(args),
        (error) => error instanceof Error && CONFLICT.test(error.name),
        { seconds: 60 },
      ),
    { step: 'initialize', name: 'retryConflicts' },
  );
}

type Handler = (args: unknown) => Promise<unknown>;
type Middleware = (next: Handler) => Handler;
