import { qualified } from '../../procedures/ground/names.js';
import { connectSnowflake } from '../clients/snowflake-driver.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import type { FirstDay } from './check.js';

/** Comment of what the checks make: only what carries it is dropped. */
const MARK = 'predict-los first-day: may be dropped at any time';

const namesOf = ({ settings }: Pick<Context, 'settings'>) => {
  const stem = `${settings.prefix.toUpperCase().replaceAll('-', '_')}_FIRST_DAY`;
  return { database: stem, schema: `${stem}.CHECKS`, warehouse: `${stem}_WH` };
};

/** Where the session stood before the checks. */
export interface Before {
  readonly database: string | null;
  readonly schema: string | null;
  readonly warehouse: string | null;
}

/**
 * Makes a database of the checks' own, and a warehouse where the project's does not exist yet.
 * @throws UserError when an object of that name is not ours
 */
export async function makeGround(ctx: Context): Promise<Before> {
  const { snowflake, settings } = ctx;
  const { database, schema, warehouse } = namesOf(ctx);
  const [row] = await snowflake.query(
    'SELECT CURRENT_DATABASE() AS DATABASE, CURRENT_SCHEMA() AS SCHEMA, CURRENT_WAREHOUSE() AS WAREHOUSE',
  );
  const found = await snowflake.query(`SHOW DATABASES LIKE '${database}'`);
  if (found.some(({ name, comment }) => name === database && comment !== MARK))
    throw new UserError(`There is a database ${database} already that los first-day did not make.`, {
      next: 'Rename it, or choose another prefix (LOS_PREFIX) for the checks.',
    });
  await snowflake.execute(`CREATE TRANSIENT DATABASE IF NOT EXISTS ${database} COMMENT = '${MARK}'`);
  await snowflake.execute(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  const own = await snowflake.query(`SHOW WAREHOUSES LIKE '${settings.snowflake.warehouse.name}'`);
  if (own.length === 0)
    await snowflake.execute(
      `CREATE WAREHOUSE IF NOT EXISTS ${warehouse} WITH WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = TRUE COMMENT = '${MARK}'`,
    );
  await snowflake.execute(`USE WAREHOUSE ${own.length ? settings.snowflake.warehouse.name : warehouse}`);
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return { database: text(row?.DATABASE), schema: text(row?.SCHEMA), warehouse: text(row?.WAREHOUSE) };
}

/** Takes away what the checks made, and puts the session back where it stood. */
export async function removeGround(ctx: Context, before: Before): Promise<void> {
  const { snowflake } = ctx;
  const { database, warehouse } = namesOf(ctx);
  const marked = async (show: string, name: string) =>
    (await snowflake.query(show)).some((row) => row.name === name && row.comment === MARK);
  if (await marked(`SHOW DATABASES LIKE '${database}'`, database))
    await snowflake.execute(`DROP DATABASE IF EXISTS ${database}`);
  if (await marked(`SHOW WAREHOUSES LIKE '${warehouse}'`, warehouse))
    await snowflake.execute(`DROP WAREHOUSE IF EXISTS ${warehouse}`);
  if (before.warehouse) await snowflake.execute(`USE WAREHOUSE ${before.warehouse}`);
  if (before.database && before.schema)
    await snowflake.execute(`USE SCHEMA ${before.database}.${before.schema}`);
}

/** What there is for the checks to look at. */
export async function lookAround(ctx: Context, contract: FirstDay['contract']): Promise<FirstDay> {
  const registry = qualified(ctx.settings, 'LOS_MODEL_REGISTRY');
  const [, name] = /^(?:.*\.)?([^.]+)$/.exec(registry)!;
  const tables = await showOrNothing(
    ctx,
    `SHOW TABLES LIKE '${name}' IN SCHEMA ${ctx.settings.snowflake.database}.${ctx.settings.snowflake.schema}`,
  );
  const deployed = tables.length > 0;
  const [row] = deployed
    ? await ctx.snowflake.query(
        `SELECT VERSION, ENDPOINT, TRAINING_JOB, ARTIFACT, REQUEST_TRANSLATOR FROM ${registry} WHERE STATUS = 'CHAMPION'`,
      )
    : [];
  return {
    ctx,
    contract,
    schema: namesOf(ctx).schema,
    second: () =>
      connectSnowflake(
        ctx.target.snowflake,
        ctx.settings.snowflake.connection,
        ctx.settings.snowflake,
        ctx.settings.timeZone,
      ),
    deployed,
    champion: row && {
      version: String(row.VERSION),
      endpoint: String(row.ENDPOINT),
      job: String(row.TRAINING_JOB),
      artifact: String(row.ARTIFACT),
      requestTranslator: String(row.REQUEST_TRANSLATOR),
    },
  };
}
