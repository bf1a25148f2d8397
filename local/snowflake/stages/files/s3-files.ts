import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Account } from '../../account.js';
import type { Integration } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import { assumeRole } from '../../integrations/assumed-role.js';
import type { StageFile, StageFiles } from './files.js';
import { temporaryFolder } from './temporary.js';

/** Bytes of a file that are read, summed up and sent together. */
const READ_AT_ONCE = 1 << 20;

/** One client an account and integration, made when first needed. */
const clients = new WeakMap<Account, Map<number, S3Client>>();

/** An external stage: a bucket's prefix, read and written with the role that the storage integration names. */
export class S3Files implements StageFiles {
  constructor(
    private readonly account: Account,
    private readonly integration: Integration,
    private readonly bucket: string,
    private readonly prefix: string,
  ) {}

  async list(prefix: string): Promise<StageFile[]> {
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    return this.asRole(async (client) => {
      const files: StageFile[] = [];
      const pages = paginateListObjectsV2({ client }, { Bucket: this.bucket, Prefix: this.prefix + prefix });
      for await (const page of pages)
        for (const object of page.Contents ?? []) {
          if (object.Key!.endsWith('/')) continue;
          const url = `s3://${this.bucket}/${object.Key}`;
          files.push({
            name: object.Key!.slice(this.prefix.length),
            shown: url,
            place: url,
            size: object.Size ?? 0,
            md5: (object.ETag ?? '').replaceAll('"', ''),
            modified: object.LastModified?.getTime() ?? 0,
          });
        }
      return files;
    });
  }

  async open(file: StageFile) {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const path = join(await temporaryFolder(this.account), randomUUID());
    await this.asRole(async (client) => {
      const { Body } = await client.send(
        new GetObjectCommand({ Bucket: this.bucket, Key: this.prefix + file.name }),
      );
      await pipeline(Body as Readable, createWriteStream(path, { mode: 0o600 }));
    });
    return { path, dispose: () => rm(path, { force: true }) };
  }

  async store(name: string, localPath: string): Promise<number> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const { size } = await stat(localPath);
    const acl = this.integration.properties.STORAGE_AWS_OBJECT_ACL;
    await this.asRole((client) =>
      client.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: this.prefix + name,
          Body: createReadStream(localPath, { highWaterMark: READ_AT_ONCE }),
          ContentLength: size,
          ...(acl !== undefined && { ACL: acl as 'bucket-owner-full-control' }),
        }),
      ),
    );
    await rm(localPath, { force: true });
    return size;
  }

  async remove(file: StageFile): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await this.asRole((client) =>
      client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: this.prefix + file.name })),
    );
  }

  private async asRole<T>(work: (client: S3Client) => Promise<T>): Promise<T> {
    const client = await this.client();
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(client);
      } catch (error) {
        if (error instanceof SnowflakeError) throw error;
        const failure = error as Failure;
        if (!passes(failure) || attempt === ATTEMPTS) throw stageError(failure);
        await sleep(50 * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  private async client(): Promise<S3Client> {
    const { account, integration } = this;
    await assumeRole(account, integration); // a refusal is Snowflake's error, not the SDK's
    const byIntegration = clients.get(account) ?? new Map<number, S3Client>();
    clients.set(account, byIntegration);
    const systemClockOffset = account.clock.now() - Date.now();
    const existing = byIntegration.get(integration.id);
    if (existing) return adjustClock(existing, systemClockOffset);
    const { S3Client } = await import('@aws-sdk/client-s3');
    const client = new S3Client({
      endpoint: account.network.aws.endpoint,
      region: account.network.aws.region,
      forcePathStyle: true,
      // The SDK cannot send a stream twice, so asRole repeats the work as a whole.
      maxAttempts: 1,
      systemClockOffset,
      // It would complain of that on the console each time.
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      // Asked anew for each request, because it says that they end; the role's credentials are kept until shortly before
      // they do. Credentials without an end the SDK would keep for ever.
      credentials: async () => {
        const current = account.catalog.get(integration.id) as Integration | undefined;
        return { ...(await assumeRole(account, current ?? integration)), expiration: new Date(0) };
      },
    });
    byIntegration.set(integration.id, client);
    return client;
  }
}

/** The account's clock, which is AWS's too, may have been moved since the client was made. */
function adjustClock(client: S3Client, systemClockOffset: number): S3Client {
  client.config.systemClockOffset = systemClockOffset;
  return client;
}

const ATTEMPTS = 6;

type Failure = Error & { $metadata?: { httpStatusCode?: number } };

/** Whether a failure may pass: too many requests, an outage, a lost connection. Everything done here may be repeated. */
function passes({ name, $metadata }: Failure): boolean {
  const status = $metadata?.httpStatusCode;
  return status === undefined ? !/Credentials/.test(name) : status === 429 || status >= 500;
}

function stageError({ name, message, $metadata }: Failure): SnowflakeError {
  return new SnowflakeError(
    '091003',
    '55000',
    `Failure using stage area. Cause: [${message} (Status Code: ${$metadata?.httpStatusCode ?? 'none'}; Error Code: ${name})]`,
  );
}
