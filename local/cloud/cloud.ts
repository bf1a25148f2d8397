// The whole local cloud in one process: a local AWS, a mailbox and a local Snowflake that reaches both over loopback.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type LocalAws, startAws } from '@local-cloud/aws/server.js';
import { type Clock, systemClock } from '@local-cloud/kit/clock.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { writeState } from '@local-cloud/kit/state-file.js';
import { lockState } from '@local-cloud/kit/state-lock.js';
import type { AccountKind } from '@local-cloud/snowflake/account.js';
import { type SnowflakeServer, startSnowflake } from '@local-cloud/snowflake/server.js';
import { connectionFile } from './connection-file.js';
import { type Control, startControl } from './control.js';
import { type Mailbox, startMailbox, withLogin } from './mail/mailbox.js';

/** How a client reaches the local cloud; names of objects in it are whatever its users create. */
export interface Connection {
  pid: number;
  snowflake: {
    accessUrl: string;
    account: string;
    user: string;
    password: string;
    database: null;
    schema: null;
    warehouse: null;
    role: string;
  };
  aws: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };
  mail: { smtpUrl: string; user: string; password: string; folder: string };
  /** Where faults are set; see control.ts. */
  control: { url: string; token: string };
}

export interface LocalCloud {
  connection: Connection;
  aws: LocalAws;
  mail: Mailbox;
  snowflake: SnowflakeServer;
  /** What shall go wrong in the AWS and in the mailbox. */
  faults: Faults;
  /** Ends what runs, writes what must be kept, and frees the ports. */
  close(): Promise<void>;
}

export interface CloudOptions {
  /** The folder that keeps the cloud's state; one process at a time may use it. */
  stateDir: string;
  clock?: Clock;
  /** AWS region, default us-east-1. */
  region?: string;
  /** Fixed ports; 0 or nothing lets the system choose. */
  ports?: { snowflake?: number; aws?: number; smtp?: number };
  /** Milliseconds until a change of an IAM policy counts; see AwsOptions. */
  propagationDelay?: number;
  /** Milliseconds that endpoints take to come and to go; see AwsOptions. */
  deploymentTime?: number;
  /** Milliseconds until a job has its instances; see AwsOptions. */
  startingTime?: number;
  deletionTime?: number;
  /** Quotas of SageMaker by name; see AwsOptions. */
  quotas?: Readonly<Record<string, number>>;
  /** Quotas that AWS does not list for this account, by name. */
  unlistedQuotas?: readonly string[];
  /** Edition and region of the Snowflake account. */
  account?: AccountKind;
}

/**
 * Starts the local cloud in this process, says in its folder's local.json how it is reached, and takes that back before
 * anything of it ends: where the file is, the cloud serves.
 * @throws StateInUseError when the folder has a cloud
 */
export async function startCloud(options: CloudOptions): Promise<LocalCloud> {
  const { clock = systemClock, ports = {} } = options;
  const stateDir = resolve(options.stateDir);
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const unlock = lockState(stateDir);
  const faults = new Faults();
  const started: { close(): Promise<void> }[] = [];
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    try {
      rmSync(connectionFile(stateDir), { force: true });
      for (const part of started.splice(0).reverse()) await part.close();
    } finally {
      unlock();
    }
  };
  try {
    // A cloud that was killed has left its own.
    rmSync(connectionFile(stateDir), { force: true });
    const aws = await startAws({
      stateDir,
      clock,
      faults,
      ...(options.region !== undefined && { region: options.region }),
      ...(ports.aws !== undefined && { port: ports.aws }),
      ...(options.propagationDelay !== undefined && { propagationDelay: options.propagationDelay }),
      ...(options.deploymentTime !== undefined && { deploymentTime: options.deploymentTime }),
      ...(options.startingTime !== undefined && { startingTime: options.startingTime }),
      ...(options.deletionTime !== undefined && { deletionTime: options.deletionTime }),
      ...(options.quotas && { quotas: options.quotas }),
      ...(options.unlistedQuotas && { unlistedQuotas: options.unlistedQuotas }),
    });
    started.push(aws);
    // Other users of the machine reach the port, too.
    const credentials = { user: 'local', password: randomBytes(18).toString('base64url') };
    const mail = await startMailbox({
      folder: join(stateDir, 'mail'),
      port: ports.smtp ?? 0,
      credentials,
      faults,
    });
    started.push(mail);
    const smtpUrl = withLogin(mail.smtpUrl, credentials);
    const { endpoint, region } = aws;
    const snowflake = await startSnowflake({
      stateDir,
      clock,
      port: ports.snowflake ?? 0,
      faults,
      network: { aws: { endpoint, region, user: aws.createVendorUser('local-s') }, smtpUrl },
      ...(options.account && { kind: options.account }),
    });
    started.push(snowflake);
    const control: Control = await startControl({ faults, costs: () => aws.costs() });
    started.push(control);
    const { accessUrl, account, user, password, role } = snowflake;
    const connection: Connection = {
      pid: process.pid,
      snowflake: { accessUrl, account, user, password, database: null, schema: null, warehouse: null, role },
      aws: { endpoint, region, accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
      mail: { smtpUrl: mail.smtpUrl, ...credentials, folder: mail.folder },
      control: { url: control.url, token: control.token },
    };
    writeState(connectionFile(stateDir), connection);
    return { connection, faults, aws, mail, snowflake, close };
  } catch (error) {
    await close();
    throw error;
  }
}
