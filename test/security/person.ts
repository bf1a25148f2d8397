import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import type { OpenContext } from '../../deploy/open.js';
import type { embeddedCloud } from '../deploy/embedded-cloud.js';

const PASSWORD = 'Correct-Horse-7';

type Cloud = Awaited<ReturnType<typeof embeddedCloud>>;

/** Logs in as a new user of the account who has one role of ours and nothing else. @param role a role in Snowflake */
export async function loginWith(cloud: Cloud, admin: OpenContext, role: string) {
  const name = `USER_OF_${role}`;
  await admin.snowflake.execute(
    `CREATE USER IF NOT EXISTS ${name} PASSWORD = '${PASSWORD}' DEFAULT_ROLE = ${role} DEFAULT_WAREHOUSE = LOS_WH`,
  );
  await admin.snowflake.execute(`GRANT ROLE ${role} TO USER ${name}`);
  const { accessUrl, account } = cloud.cloud.connection.snowflake;
  const snowflake = await connectSnowflake(
    { accessUrl, account, username: name, password: PASSWORD },
    'unused',
    admin.settings.snowflake,
  );
  const attempt = (sql: string, binds: unknown[] = []): Promise<string> =>
    snowflake.query(sql, binds as never).then(
      () => 'done',
      (error: Error) => error.message,
    );
  /** What the account says of a statement: `done`, or the error. */
  return Object.assign(snowflake, { attempt });
}
