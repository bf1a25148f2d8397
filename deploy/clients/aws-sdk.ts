import { createRequire } from 'node:module';
import { Failure, messageOf, UserError } from '../errors.js';
import { retryWhile } from '../ground/retry.js';
import { findNearest } from '../ground/suggest.js';
import type { AwsTarget } from '../target.js';
import type { AwsClients } from './aws.js';
import { NETWORK_ADVICE, networkProblem } from './network.js';

/**
 * Makes the clients and asks STS whose credentials they are.
 * @param regions those that are known, for a region of another name
 * @throws UserError when there are no usable credentials
 */
export async function connectAws(target: AwsTarget, regions: readonly string[] = []): Promise<AwsClients> {
  // The SDK's end of support for Node 20 is our concern, not that of a command's user.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const common = {
    region: target.region,
    ...(target.endpoint ? { endpoint: target.endpoint } : {}),
    ...(target.credentials ? { credentials: target.credentials } : {}),
    maxAttempts: 5,
    // Without these a call that is never answered would wait for ever; an endpoint may take 60 s.
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 65_000 },
  };
  // The SDK follows these variables by itself.
  const address = target.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const sts = new (sdk('@aws-sdk/client-sts').STS)(common);
  let accountId: string | undefined;
  try {
    accountId = (await sts.getCallerIdentity({})).Account;
  } catch (error) {
    throw whyNot(error, target, regions);
  } finally {
    sts.destroy();
  }
  if (!accountId) throw new Error('STS named no account');
  // Path style because a custom endpoint has no host per bucket; AWS itself accepts both.
  const s3 = { ...common, ...(address ? { forcePathStyle: true } : {}) };
  const makers: { readonly [C in ClientName]: () => AwsClients[C] } = {
    iam: () => new (sdk('@aws-sdk/client-iam').IAM)(common),
    kms: () => new (sdk('@aws-sdk/client-kms').KMS)(common),
    s3: () => expectOwner(new (sdk('@aws-sdk/client-s3').S3)(s3), accountId),
    apiGateway: () => new (sdk('@aws-sdk/client-api-gateway').APIGateway)(common),
    sageMaker: () => new (sdk('@aws-sdk/client-sagemaker').SageMaker)(common),
    sageMakerRuntime: () => new (sdk('@aws-sdk/client-sagemaker-runtime').SageMakerRuntime)(common),
    serviceQuotas: () => new (sdk('@aws-sdk/client-service-quotas').ServiceQuotas)(common),
  };
  const made = new Map<string, AwsClients[ClientName]>();
  const clients = {
    region: target.region,
    accountId,
    close() {
      for (const client of made.values()) client.destroy();
    },
  };
  // Each is made when it is first asked for.
  for (const [name, make] of Object.entries(makers))
    Object.defineProperty(clients, name, {
      enumerable: true,
      get: () => made.get(name) ?? made.set(name, retryConflicts(make())).get(name),
    });
  return clients as AwsClients;
}

type ClientName = Exclude<keyof AwsClients, 'region' | 'accountId' | 'close'>;

interface Packages {
  '@aws-sdk/client-api-gateway': typeof import('@aws-sdk/client-api-gateway');
  '@aws-sdk/client-iam': typeof import('@aws-sdk/client-iam');
  '@aws-sdk/client-kms': typeof import('@aws-sdk/client-kms');
  '@aws-sdk/client-s3': typeof import('@aws-sdk/client-s3');
  '@aws-sdk/client-sagemaker': typeof import('@aws-sdk/client-sagemaker');
  '@aws-sdk/client-sagemaker-runtime': typeof import('@aws-sdk/client-sagemaker-runtime');
  '@aws-sdk/client-service-quotas': typeof import('@aws-sdk/client-service-quotas');
  '@aws-sdk/client-sts': typeof import('@aws-sdk/client-sts');
}

const require = createRequire(import.meta.url);

/**
 * A package of the SDK, loaded when it is needed. They are CommonJS: `import` would read each of their files once more, for
 * the names in it, which takes half as long again.
 */
function sdk<P extends keyof Packages>(name: P): Packages[P] {
  return require(name);
}

/** Why AWS did not say whose credentials these are: no network, no such region, or none that it takes. */
export function whyNot(
  error: unknown,
  { region }: Pick<AwsTarget, 'region'>,
  regions: readonly string[],
): UserError {
  const missed = networkProblem(error);
  if (!missed)
    return new UserError(`AWS does not accept the credentials: ${messageOf(error)}`, {
      next: 'Set AWS_PROFILE or log in (aws sso login), then try again.',
      cause: error,
    });
  const where = missed.host ? ` at ${missed.host}` : '';
  const typed = missed.code === 'ENOTFOUND' && !regions.includes(region);
  const meant = typed ? findNearest(region, regions) : undefined;
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
const retryConflicts = <C extends object>(client: C): C =>
  wrapCalls(
    client,
    'retryConflicts',
    (next) => (args) =>
      retryWhile(
        () => next(args),
        (error) => error instanceof Error && CONFLICT.test(error.name),
        { seconds: 60 },
      ),
  );

/** Names of buckets can be guessed: with each call S3 looks whose the bucket is, and refuses another account's. */
const expectOwner = <C extends object>(client: C, ExpectedBucketOwner: string): C =>
  wrapCalls(
    client,
    'expectOwner',
    (next) => (args) => next({ ...args, input: { ExpectedBucketOwner, ...args.input } }),
  );

type Handler = (args: { readonly input?: object }) => Promise<unknown>;
type Middleware = (next: Handler) => Handler;

function wrapCalls<C extends object>(client: C, name: string, middleware: Middleware): C {
  const { middlewareStack } = client as unknown as {
    middlewareStack: { add(make: Middleware, options: object): void };
  };
  middlewareStack.add(middleware, { step: 'initialize', name });
  return client;
}
