import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachOrStart } from '../attach.js';
import type { Connection } from '../cloud.js';
import { withLogin } from '../mail/mailbox.js';

/** A cloud for the length of a test run. */
export interface TestCloud {
  readonly connection: Connection;
  /** Ends it, and removes what it kept. */
  close(): Promise<void>;
}

/**
 * Starts a cloud in a folder of its own, and says in the environment how it is reached, so that clients which read theirs from there find it.
 * @param env what is filled in; the process's own by default
 */
export async function startForTests(env: NodeJS.ProcessEnv = process.env): Promise<TestCloud> {
  const stateDir = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  const { connection, close } = await attachOrStart({ stateDir });
  Object.assign(env, environmentOf(connection));
  return {
    connection,
    async close() {
      await close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** How a cloud is reached, by the names that clients read. The Snowflake drivers' own are none: these are the usual ones. */
export function environmentOf({ snowflake, aws, mail }: Connection): Readonly<Record<string, string>> {
  const { hostname, port, protocol } = new URL(snowflake.accessUrl);
  return {
    SNOWFLAKE_ACCOUNT: snowflake.account,
    SNOWFLAKE_HOST: hostname,
    SNOWFLAKE_PORT: port,
    SNOWFLAKE_PROTOCOL: protocol.replace(':', ''),
    SNOWFLAKE_USER: snowflake.user,
    SNOWFLAKE_PASSWORD: snowflake.password,
    SNOWFLAKE_ROLE: snowflake.role,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    SMTP_URL: withLogin(mail.smtpUrl, mail),
  };
}
