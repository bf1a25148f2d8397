// The interface between the local AWS and its services. A service lives in its own folder and exports from its
// `service.ts` a function `create(context: AwsContext): AwsService | Promise<AwsService>`; services.ts lists them.
// The server has read the request, found its service and verified its signature before `handle` is called; the
// service checks the caller's permission (`context.authorize`), acts and answers. It throws AwsError to refuse.
import type { Readable } from 'node:stream';
import type { Clock } from '@local-cloud/kit/clock.js';
import type { Meter } from './costs/meter.js';
import type { Networks, Placement, VpcEndpoint } from './ec2/networks.js';
import type { Ways } from './ec2/ways.js';
import type { Accounts } from './identity/accounts.js';
import type { PolicyDocument } from './identity/policy.js';
import type { Keys } from './kms/keys.js';
import type { ObjectStore } from './s3/store.js';

/** Who makes a request. */
export interface Identity {
  kind: 'user' | 'role' | 'service' | 'anonymous';
  accountId: string;
  /** As in messages: `arn:aws:iam::A:user/U`, `arn:aws:sts::A:assumed-role/R/SESSION`, a service's host name. */
  arn: string;
  /** The IAM entity whose policies count: the user's ARN, or the role's. */
  principalArn: string;
  /** `AIDA…`, or `AROA…:SESSION`. */
  userId: string;
  /** Where in a VPC it acts, or `public`; undefined for who comes over the wire. */
  place?: Placement | 'public';
}

/** How a service's requests and errors are written. */
export type Protocol = 'awsJson1.1' | 'restJson' | 'query' | 'restXml';

export interface AwsRequest {
  /** The registered service's name, e.g. `sagemaker`, `runtime.sagemaker`. */
  service: string;
  method: string;
  /** The path as on the wire: still percent-encoded, without the query. */
  rawPath: string;
  query: URLSearchParams;
  /** Lower-case names; `host` is the client's. */
  headers: Record<string, string>;
  /** The whole body; empty for a service that takes `stream`. */
  body: Buffer;
  /** The body as it arrives, for services with `streamsBody`. */
  stream?: Readable;
  identity: Identity;
  region: string;
  requestId: string;
}

export interface AwsResponse {
  status: number;
  /** Content-Length is added for strings and buffers; x-amzn-requestid and Date always. */
  headers?: Record<string, string>;
  body?: Buffer | string | Readable;
}

export interface AwsService {
  /** `s3`, `iam`, `sts`, `apigateway`, `execute-api`, `sagemaker` or `runtime.sagemaker`. */
  readonly name: string;
  readonly protocol: Protocol;
  /** Unsigned requests arrive, with an anonymous identity, instead of being refused. */
  readonly anonymous?: boolean;
  /** The body is handed over unread; the service checks it against x-amz-content-sha256 itself. */
  readonly streamsBody?: boolean;
  /** Bodies longer than this many bytes are refused with `tooLarge`, or 413 without it. Default 64 MB. */
  readonly maxBody?: number;
  readonly tooLarge?: () => AwsResponse;
  /** A service whose errors have a form of their own writes them itself. */
  errorResponse?(error: import('./errors.js').AwsError, requestId: string): AwsResponse;
  handle(request: AwsRequest): Promise<AwsResponse>;
  close?(): Promise<void>;
}

/** What a permission check may take into account beside the caller's own policies. */
export interface AuthorizeOptions {
  /** Condition keys of the request, e.g. `{'s3:prefix': 'load/'}`. Names are case-insensitive. */
  conditions?: Record<string, string | string[]>;
  resourcePolicy?: PolicyDocument;
  /** The caller's own policies count only where the resource's policy leaves it to the account (KMS). */
  resourceDelegates?: boolean;
  /** The account that owns the resource, where its ARN does not say (S3). */
  resourceAccount?: string;
  /** The VPC endpoint that the request came through: its policy counts, and others may ask for it. */
  through?: Pick<VpcEndpoint, 'id' | 'vpcId' | 'policy'>;
}

/** What the local AWS offers to its services. */
export interface AwsContext {
  region: string;
  clock: Clock;
  /** The folder of the local AWS's state; a service keeps its own in a subfolder of its name. */
  stateDir: string;
  /** Milliseconds on the clock that an endpoint is Creating or Updating at least. */
  deploymentTime: number;
  /** Milliseconds on the clock until a training or transform job has its instances. */
  startingTime: number;
  /** Milliseconds on the clock that an endpoint is Deleting at least. */
  deletionTime: number;
  accounts: Accounts;
  /** The account's quotas of SageMaker, by Service Quotas' names. */
  quotas: Readonly<Record<string, number>>;
  /** Names of those that hold, but that ListServiceQuotas leaves out. */
  unlistedQuotas: readonly string[];
  /** Counts what AWS would charge for. */
  meter: Meter;
  /** The keys of KMS, and whether they may be used. */
  kms: Keys;
  /** VPCs, and which way calls take from them. */
  networks: Networks;
  /** Counts which way calls came. */
  ways: Ways;
  /** The S3 store, each access authorized as the identity given (SageMaker reads and writes as a job's role). */
  s3: ObjectStore;
  /** Throws AccessDenied, in AWS's words, unless the identity may perform the action (`service:Action`). */
  authorize(identity: Identity, action: string, resource: string, options?: AuthorizeOptions): void;
  /**
   * For an operation that hands a role to a service: checks that the caller may pass it (iam:PassRole on the role,
   * with iam:PassedToService) and that the role is in the caller's account.
   */
  checkPassRole(identity: Identity, roleArn: string, servicePrincipal: string): void;
  /**
   * The identity under which a service acts with a role that it was given. Throws AccessDenied when the role is
   * missing or its trust policy does not name the service principal (e.g. `sagemaker.amazonaws.com`).
   */
  assumeServiceRole(roleArn: string, servicePrincipal: string, sessionName: string): Identity;
  /** Calls a service from within, as API Gateway calls SageMaker's runtime; errors arrive as responses. */
  dispatch(request: AwsRequest): Promise<AwsResponse>;
}
