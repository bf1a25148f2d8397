import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

/** Roles in the order of the page. */
export const ROLES = ['LOS_READ', 'LOS_PATIENTS', 'LOS_RUN', 'LOS_OPERATE', 'LOS_DEPLOY'] as const;
export type Role = (typeof ROLES)[number];

export interface RoleSessions {
  readonly cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  /** ACCOUNTADMIN, and the deployer's connection to AWS. */
  readonly admin: OpenContext;
  readonly contract: Contract;
  /** A session of a user who has this role and nothing else. */
  readonly as: Readonly<Record<Role, Snowflake>>;
  close(): Promise<void>;
}

const PASSWORD = 'Correct-Horse-7';

/**
 * A deployment that LOS_DEPLOY itself has made, with a version that answers and admissions that are scored, and a user for each role.
 */
/** @param settings more of them, as lines of YAML */
export async function openRoleSessions(settings = ''): Promise<RoleSessions> {
  const cloud = await embeddedCloud(
    `mail: { to: [] }\ntraining: { candidates: [squared-error] }\n${settings}`,
  );
  const admin = await cloud.open();
  const { accessUrl, account } = cloud.cloud.connection.snowflake;
  const login = (username: string) =>
    connectSnowflake(
      { accessUrl, account, username, password: PASSWORD },
      'unused',
      admin.settings.snowflake,
    );
  const makeUser = (role: Role) =>
    admin.snowflake.execute(
      `CREATE USER ONLY_${role} PASSWORD = '${PASSWORD}' DEFAULT_ROLE = ${role} DEFAULT_WAREHOUSE = LOS_WH`,
    );
  await makeUser('LOS_DEPLOY');
  await bootstrap(admin, { user: 'ONLY_LOS_DEPLOY', run: true });
  const deployer: OpenContext = { ...admin, snowflake: await login('ONLY_LOS_DEPLOY') };
  await apply(deployer);
  const journey = new Journey(deployer);
  await journey.load();
  await journey.train();
  await journey.admit(50, 1_000_000);
  await runGraph(deployer, journey.contract);
  const as: Partial<Record<Role, Snowflake>> = { LOS_DEPLOY: deployer.snowflake };
  for (const role of ROLES.slice(0, 4)) {
    await makeUser(role);
    await deployer.snowflake.execute(`GRANT ROLE ${role} TO USER ONLY_${role}`);
    as[role] = await login(`ONLY_${role}`);
  }
  const sessions = as as Record<Role, Snowflake>;
  return {
    cloud,
    admin,
    contract: journey.contract,
    as: sessions,
    async close() {
      await Promise.all(Object.values(sessions).map((session) => session.close()));
      await admin.close();
      await cloud.cloud.close();
      cloud.remove();
    },
  };
}

/** How Snowflake words it that a role lacks a right, or does not see what a statement names. */
const DENIED =
  /Insufficient privileges|not authorized|not assigned to the executing user|does not exist|Unknown (user-defined )?(function|procedure|table function)|must be granted|cannot be (granted|assumed)/i;

/**
 * Whether a session may do what a statement asks for. One that is refused for another reason than rights (a wrong argument) may.
 * @returns what was said, or undefined where it may
 */
export async function refusalOf(session: Snowflake, sql: string): Promise<string | undefined> {
  try {
    await session.query(sql);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return DENIED.test(message) ? message : undefined;
  }
}
