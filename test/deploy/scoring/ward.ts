import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { hostedCloud } from '../embedded-cloud.js';
import type { LocalCloud } from '../local-context.js';
import { schemaStatements } from '../schema.js';

export type Rows = Record<string, unknown>[];

/** An admission of the health dataset; what is left out has a usual value. */
export interface Admission {
  readonly id: number | null;
  readonly severity?: string;
  readonly deposit?: number | string;
  readonly age?: string;
  readonly admitted?: string;
  readonly discharged?: string;
}

/**
 * The scoring pipeline of the health dataset on a local Snowflake, and a model that a test can understand in place of
 * SageMaker's: 10 days, Extreme 20. It refuses deposits above 1e38 as XGBoost's container does, and whatever
 * else a test asks for.
 */
export class Ward {
  readonly cloud: LocalCloud;
  ctx!: OpenContext;
  contract!: Contract;

  /** @param cloud a process of its own where the test is going to kill it */
  constructor(settings = '', cloud: (settings: string) => LocalCloud = hostedCloud) {
    this.cloud = cloud(settings);
  }

  /**
   * @param file contract; left out: that of the settings
   * @param first makes what there is before the product, in its schema
   */
  async open(file?: string, first: (contract: Contract) => string[] = () => []): Promise<void> {
    const root = await this.cloud.open();
    ({ ctx: this.ctx, contract: this.contract } = forDataset(root, file));
    const { database, schema, warehouse } = root.settings.snowflake;
    await this.run(
      `CREATE WAREHOUSE ${warehouse.name}`,
      `CREATE DATABASE ${database}`,
      `CREATE SCHEMA ${database}.${schema}`,
      `USE SCHEMA ${database}.${schema}`,
    );
    await this.run(...first(this.contract));
    await this.run(...(await schemaStatements(this.ctx)));
    await this.model();
  }

  async close(): Promise<void> {
    await this.ctx.close();
    this.cloud.remove();
  }

  query = (sql: string): Promise<Rows> => this.ctx.snowflake.query(sql);

  async run(...statements: string[]): Promise<void> {
    for (const sql of statements) await this.ctx.snowflake.execute(sql);
  }

  /** @param refuses a JavaScript condition on `f`, the features, and `message`, what the service then says */
  async model(refuses = 'Number(f.ADMISSION_DEPOSIT) > 1e38', message = CLIENT_ERROR): Promise<void> {
    await this.run(`CREATE OR REPLACE FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(FEATURES OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
      const f = FEATURES;
      if (${refuses}) throw new Error(${JSON.stringify(message)});
      return { days: f.SEVERITY_OF_ILLNESS === 'Extreme' ? 20 : 10, low: 1, high: 30, version: 'health-v1', missing: [], unseen: [] };
    $$`);
  }

  /** A version goes live; only then is anybody scored. */
  async promote(version = 'health-v1'): Promise<void> {
    await this.run(
      `UPDATE LOS_MODEL_REGISTRY SET STATUS = 'RETIRED'`,
      `INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT)
        SELECT '${version}', 'health', ${version.split('-v')[1]}, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()`,
    );
  }

  /** Rows come into the hospital's table. */
  async admit(...admissions: Admission[]): Promise<void> {
    const value = (text: string | number | undefined | null) =>
      text === undefined || text === null ? 'NULL' : typeof text === 'number' ? String(text) : `'${text}'`;
    const rows = admissions.map(
      ({ id, severity = 'Minor', deposit = 5000, age = '31-40', admitted = '2026-11-01', discharged }) =>
        `SELECT ${value(id)}, 'surgery', ${value(severity)}, ${deposit}::FLOAT, ${value(age)}, 2, ${value(admitted)}::DATE, ${value(discharged)}::DATE`,
    );
    await this.run(`INSERT INTO HEALTH_ADMISSIONS
      (CASE_ID, DEPARTMENT, SEVERITY_OF_ILLNESS, ADMISSION_DEPOSIT, AGE, BED_GRADE, ADMISSION_DATE, DISCHARGE_DATE)
      ${rows.join(' UNION ALL ')}`);
  }

  async build(): Promise<Record<string, unknown>> {
    return (await this.query('CALL BUILD_FEATURES()'))[0]!.BUILD_FEATURES as Record<string, unknown>;
  }

  async score(): Promise<Record<string, unknown>> {
    return (await this.query('CALL SCORE_ADMISSIONS()'))[0]!.SCORE_ADMISSIONS as Record<string, unknown>;
  }

  /** What the task graph does, once. */
  async round(): Promise<Record<string, unknown>> {
    await this.build();
    return this.score();
  }

  log = (columns = 'CASE_ID, REVISION, PREDICTED_LOS, ACTUAL_LOS'): Promise<Rows> =>
    this.query(`SELECT ${columns} FROM LOS_PREDICTION_LOG ORDER BY CASE_ID::NUMBER, REVISION`);

  async waiting(): Promise<number[]> {
    const rows = await this.query('SELECT DISTINCT ID FROM HEALTH_SCORING_QUEUE ORDER BY ID');
    return rows.map(({ ID }) => Number(ID));
  }

  /** Empties every table, as after an installation. */
  async startOver(): Promise<void> {
    await this.model();
    for (const table of [
      'HEALTH_ADMISSIONS',
      'HEALTH_FEATURES',
      'HEALTH_SCORING_QUEUE',
      'LOS_PREDICTION_LOG',
      'LOS_QUARANTINE',
      'LOS_HELD_CHANGES',
      'LOS_RUN_LOG',
      'LOS_MODEL_REGISTRY',
    ])
      await this.run(`DELETE FROM ${table}`);
    await this.build();
    await this.run('DELETE FROM LOS_RUN_LOG');
  }
}

/** What SageMaker's container answers to a row that it cannot read, as Snowflake reports it. */
export const CLIENT_ERROR =
  'Request failed for external function LOS_INVOKE_ENDPOINT_DETAIL with remote service error: 400 \'{"ErrorCode":"CLIENT_ERROR_FROM_MODEL","Message":"Received client error (400) from primary with message \\"Input data contains inf or a value too large\\""}\'';
