import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenContext } from '../../../deploy/open.js';
import { projectRoot } from '../../../deploy/project.js';
import { hostedCloud } from '../embedded-cloud.js';
import type { LocalCloud } from '../local-context.js';

const HEALTH = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');

/** The contract of the demo over rows of others. @param door the line or lines in place of `table:` */
export function contractOver(door: string, ...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce(
    (text, [from, to]) => text.replace(from, to),
    HEALTH.replace(/^table: .*$/m, () => door),
  );
}

/**
 * A hospital whose data team owns the admissions: ANALYTICS.CORE.ENCOUNTER, by a role that no one of los has and that gives it what is
 * asked for alone.
 */
export class HospitalCloud {
  readonly cloud: LocalCloud = hostedCloud('', 'loaded');
  readonly contract = join(this.cloud.folder, 'contract.yaml');

  constructor() {
    writeFileSync(
      this.cloud.config,
      `${readFileSync(this.cloud.config, 'utf8')}\ndataset: ${this.contract}\n`,
    );
    writeFileSync(this.contract, HEALTH);
  }

  write(door: string, ...changes: readonly (readonly [string, string])[]): void {
    writeFileSync(this.contract, contractOver(door, ...changes));
  }

  /** Runs statements as the hospital's data team, and comes back to the role before. */
  async asOwner(ctx: OpenContext, ...statements: readonly string[]): Promise<void> {
    const [row] = await ctx.snowflake.query<{ R: string }>('SELECT CURRENT_ROLE() AS R');
    await ctx.snowflake.execute('USE ROLE DATA_TEAM');
    try {
      for (const statement of statements) await ctx.snowflake.execute(statement);
    } finally {
      await ctx.snowflake.execute(`USE ROLE ${row?.R}`);
    }
  }

  /** Makes the role, its database and its table of the rows that are loaded; grants nothing. */
  async open(): Promise<OpenContext> {
    const ctx = await this.cloud.open();
    const user = String(Object.values((await ctx.snowflake.query('SELECT CURRENT_USER()'))[0]!)[0]);
    for (const statement of [
      'ALTER TASK LOS_BUILD_FEATURES SUSPEND',
      'CREATE ROLE DATA_TEAM',
      `GRANT ROLE DATA_TEAM TO USER ${user}`,
      'GRANT CREATE DATABASE ON ACCOUNT TO ROLE DATA_TEAM',
      'GRANT USAGE ON DATABASE PREDICT_LOS TO ROLE DATA_TEAM',
      'GRANT USAGE ON SCHEMA PREDICT_LOS.LOS TO ROLE DATA_TEAM',
      'GRANT USAGE ON WAREHOUSE LOS_WH TO ROLE DATA_TEAM',
      'GRANT SELECT ON TABLE PREDICT_LOS.LOS.HEALTH_ADMISSIONS TO ROLE DATA_TEAM',
    ])
      await ctx.snowflake.execute(statement);
    await this.asOwner(
      ctx,
      'CREATE DATABASE ANALYTICS',
      'CREATE SCHEMA ANALYTICS.CORE',
      `CREATE TABLE ANALYTICS.CORE.ENCOUNTER AS SELECT CASE_ID AS "Encounter No", * EXCLUDE CASE_ID FROM PREDICT_LOS.LOS.HEALTH_ADMISSIONS`,
      'USE SCHEMA PREDICT_LOS.LOS',
    );
    await ctx.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
    return ctx;
  }
}
