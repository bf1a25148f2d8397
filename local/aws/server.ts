// The local AWS: all services behind one HTTP server on loopback.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '@local-cloud/kit/clock.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { hostingNow } from './costs/hosting.js';
import { Meter } from './costs/meter.js';
import { type CostSummary, costSummary } from './costs/summary.js';
import { Networks } from './ec2/networks.js';
import { type WayCount, Ways } from './ec2/ways.js';
import { answer, dispatch } from './http.js';
import { Accounts } from './identity/accounts.js';
import { Authorizer } from './identity/authorize.js';
import { AWS_POLICIES } from './identity/principals.js';
import { Keys } from './kms/keys.js';
import { Buckets } from './s3/buckets.js';
import { ObjectStore } from './s3/store.js';
import { recordsOf } from './sagemaker/shared/records.js';
import type { AwsContext, AwsService } from './service.js';
import { DEFAULT_QUOTAS } from './servicequotas/quotas.js';
import { createServices } from './services.js';

/** The account in which a project deploys, and the one that plays Snowflake's. */
export const CUSTOMER_ACCOUNT = '123456789012';
export const VENDOR_ACCOUNT = '999999999999';

export interface LocalAws {
  /** `http://127.0.0.1:PORT` */
  endpoint: string;
  region: string;
  accountId: string;
  /** Keys of the customer account's user `admin`. */
  accessKeyId: string;
  secretAccessKey: string;
  /**
   * An IAM user in the vendor's account, made if it is new, that may assume whichever role trusts it: what
   * DESC INTEGRATION names, and what the local Snowflake signs with.
   */
  createVendorUser(name: string): { arn: string; accessKeyId: string; secretAccessKey: string };
  /** What the same use would have cost in AWS until now. */
  costs(): CostSummary;
  /** Which way calls to S3 and to REST APIs came since the start, by principal. */
  ways(): WayCount[];
  close(): Promise<void>;
}

export interface AwsOptions {
  /** State is kept in its subfolder `aws`. */
  stateDir: string;
  clock: Clock;
  region?: string;
  /** 0, the default, lets the system choose. */
  port?: number;
  /** Milliseconds on the clock until a change of a role's policies or trust counts. Default 2,000. */
  propagationDelay?: number;
  /** Milliseconds on the clock that an endpoint is Creating or Updating at least; minutes in AWS. Default 200. */
  deploymentTime?: number;
  /** Milliseconds on the clock until a training or transform job has its instances; minutes in AWS. Default 0. */
  startingTime?: number;
  /** Milliseconds on the clock that an endpoint is Deleting at least; a minute or so in AWS. Default 0. */
  deletionTime?: number;
  /** Quotas of SageMaker that differ from those of a new account (servicequotas/quotas.ts), by name. */
  quotas?: Readonly<Record<string, number>>;
  /** Quotas that ListServiceQuotas leaves out, as it does where no applied value is available. Default none. */
  unlistedQuotas?: readonly string[];
  /** What shall go wrong; faults may be added and cleared at any time. */
  faults?: Faults;
}

/** Starts the local AWS on loopback. */
export async function startAws(options: AwsOptions): Promise<LocalAws> {
  const { clock, region = 'us-east-1', port = 0, propagationDelay = 2000, faults = new Faults() } = options;
  const { deploymentTime = 200, startingTime = 0, deletionTime = 0 } = options;
  const stateDir = join(options.stateDir, 'aws');
  const accounts = new Accounts(stateDir, clock, propagationDelay);
  const authorizer = new Authorizer(accounts, clock, region);
  const meter = new Meter(stateDir);
  const buckets = new Buckets(join(stateDir, 's3'));
  const authorize = authorizer.authorize.bind(authorizer);
  const kms = new Keys(stateDir, region, clock, authorize);
  const networks = new Networks(stateDir, region);
  const ways = new Ways();
  const services = new Map<string, AwsService>();
  const context: AwsContext = {
    region,
    clock,
    stateDir,
    deploymentTime,
    startingTime,
    deletionTime,
    accounts,
    quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
    unlistedQuotas: options.unlistedQuotas ?? [],
    meter,
    kms,
    networks,
    ways,
    s3: new ObjectStore(buckets, clock, authorize, kms, { networks, ways }),
    authorize,
    checkPassRole: authorizer.checkPassRole.bind(authorizer),
    assumeServiceRole: authorizer.assumeServiceRole.bind(authorizer),
    dispatch: (request) => dispatch({ services, faults, clock, meter }, request),
  };
  for (const service of await createServices(context, { authorizer, buckets }))
    services.set(service.name, service);

  const admin = userWithKey(accounts, CUSTOMER_ACCOUNT, 'admin', (user) => {
    user.attached = Object.keys(AWS_POLICIES);
  });
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    answer(request, response, { services, accounts, clock, region, faults, meter }).catch(
      (error: unknown) => {
        // The connection is gone, or the answer could not be written; only the log can be told.
        if (!response.destroyed) {
          console.error('local AWS: writing an answer failed:', error);
          response.destroy();
        }
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    accountId: CUSTOMER_ACCOUNT,
    ...admin.keys,
    createVendorUser(name) {
      const { user, keys } = userWithKey(accounts, VENDOR_ACCOUNT, name, (created) => {
        created.inline.assume = JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
        });
      });
      return { arn: user.arn, ...keys };
    },
    costs() {
      const { instances, used } = hostingNow(recordsOf(context, CUSTOMER_ACCOUNT), clock.now() / 1000);
      const all: Record<string, number> = { ...meter.read() };
      for (const [item, seconds] of Object.entries(used)) all[item] = (all[item] ?? 0) + seconds;
      return costSummary(all, instances);
    },
    ways: () => ways.read(),
    async close() {
      for (const service of services.values()) await service.close?.();
      await closeServer(server);
      meter.save();
    },
  };
}

function userWithKey(
  accounts: Accounts,
  accountId: string,
  name: string,
  prepare: (user: ReturnType<Accounts['createUser']>) => void,
) {
  let user = accounts.account(accountId).users[name];
  if (!user) {
    user = accounts.createUser(accountId, name);
    prepare(user);
    accounts.save();
  }
  const key = accounts.accessKeysOf(user)[0] ?? accounts.createAccessKey(user);
  return { user, keys: { accessKeyId: key.id, secretAccessKey: key.secret } };
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
