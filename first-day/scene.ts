import type { Snowflake } from '../deploy/clients/snowflake.js';
import { connectSnowflake } from '../deploy/clients/snowflake-driver.js';
import type { Context } from '../deploy/context.js';
import { UserError } from '../deploy/errors.js';
import { showOrNothing } from '../deploy/resources/snowflake/sql-kind.js';
import { type Champion, readChampion } from '../doctor/champion.js';
import type { Contract } from '../procedures/dataset/contract.js';
import { requireValue } from '../udfs/require-value.js';

/** Scene of the first day's checks. */
export interface FirstDay {
  readonly ctx: Context;
  readonly contract: Contract;
  /** `DATABASE.SCHEMA` of the checks alone: what is made in it goes with it. */
  readonly schema: string;
  /** One more session of the same user; the check that opens it closes it. */
  openSession(): Promise<Snowflake>;
  /** True if los apply has run: its registry is there. */
  readonly deployed: boolean;
  /** The promoted version; undefined: none is. */
  readonly champion: Champion | undefined;
}

/** Command that checks of a deployment need. */
export const APPLIED = 'los apply';
export const PROMOTED = 'los train --promote';

/** For checks that need PROMOTED. */
export const championOf = ({ champion }: FirstDay): Champion => requireValue(champion, 'champion');

/** Comment of what the checks make: only what carries it is dropped. */
export const MARK = 'predict-los first-day: may be dropped at any time';

const namesOf = ({ settings }: Pick<Context, 'settings'>) => {
  const stem = `${settings.prefix.toUpperCase().replaceAll('-', '_')}_FIRST_DAY`;
  return {
    database: stem,
    schema: `${stem}.CHECKS`,
    warehouse: `${stem}_WH`,
    integration: `${stem}_API`,
  };
};

/** An API integration of the checks' own, which is no part of their database. */
export const integrationName = (ctx: Pick<Context, 'settings'>): string => namesOf(ctx).integration;

/**
 * Makes a database of the checks' own, and a warehouse where the project's does not exist yet.
 * @returns what takes both away, and puts the session back where it stood
 * @throws UserError when something else has that name
 */
export async function makeGround(ctx: Context): Promise<() => Promise<void>> {
  const { snowflake, settings } = ctx;
  const { database, schema, warehouse, integration } = namesOf(ctx);
  const [before] = await snowflake.query(
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
      `CREATE WAREHOUSE IF NOT EXISTS ${warehouse} WITH WAREHOUSE_SIZE = XSMALL GENERATION = '1' ENABLE_QUERY_ACCELERATION = FALSE AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = TRUE COMMENT = '${MARK}'`,
    );
  await snowflake.execute(`USE WAREHOUSE ${own.length ? settings.snowflake.warehouse.name : warehouse}`);
  return async () => {
    for (const [noun, name] of [
      ['DATABASE', database],
      ['WAREHOUSE', warehouse],
      ['INTEGRATION', integration],
    ]) {
      const rows = await snowflake.query(`SHOW ${noun}S LIKE '${name}'`);
      if (rows.some((row) => row.name === name && row.comment === MARK))
        await snowflake.execute(`DROP ${noun} IF EXISTS ${name}`);
    }
    if (before?.WAREHOUSE) await snowflake.execute(`USE WAREHOUSE ${before.WAREHOUSE}`);
    if (before?.DATABASE && before.SCHEMA)
      await snowflake.execute(`USE SCHEMA ${before.DATABASE}.${before.SCHEMA}`);
  };
}

/** Gathers facts for the checks to look at. */
export async function lookAround(ctx: Context, contract: Contract): Promise<FirstDay> {
  const { target, settings } = ctx;
  const { database, schema } = settings.snowflake;
  const tables = await showOrNothing(
    ctx,
    `SHOW TABLES LIKE 'LOS_MODEL_REGISTRY' IN SCHEMA ${database}.${schema}`,
  );
  const deployed = tables.length > 0;
  return {
    ctx,
    contract,
    schema: namesOf(ctx).schema,
    openSession: () =>
      connectSnowflake(
        target.snowflake,
        settings.snowflake.connection,
        settings.snowflake,
        settings.timeZone,
      ),
    deployed,
    champion: deployed ? await readChampion(ctx) : undefined,
  };
}
