import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';
import { schemaStatements } from '../../deploy/schema.js';

export type Rows = Record<string, unknown>[];

/** @param dates the type of admission and discharge */
const contractText = (dates: string): string => `name: ward
table: STAYS
id: STAY_ID
patient: PATIENT
admission: ADMITTED
discharge: LEFT_AT
ward: UNIT
columns: { STAY_ID: VARCHAR, PATIENT: VARCHAR, UNIT: VARCHAR, SEVERITY: NUMBER, ADMITTED: ${dates}, LEFT_AT: ${dates} }
features:
  UNIT: { type: categorical }
  SEVERITY: { type: numeric }
groups: [[UNIT]]
events:
  - { table: EVENTS, stay: STAY, time: AT, name: NAME, value: VALUE, recorded: RECORDED }
eventFeatures:
  lactate: [last, change, count]
  WARD: [category, changes]
`;

/** How many times 24 hours the model of the stay expects, of the newest lactate. */
export const restOfLactate = (lactate: number): number => Math.max(1, Math.round(lactate * 2));

/**
 * A hospital with events on a local Snowflake whose clock a test moves, and in place of SageMaker's models two that a test can understand:
 * on admission half stay SEVERITY days or less; as the stay goes, half of those who are in stay twice their newest lactate in
 * days, or less.
 */
export class StayWard {
  private constructor(
    private readonly cloud: Awaited<ReturnType<typeof embeddedCloud>>,
    public ctx: OpenContext,
    readonly contract: Contract,
    readonly clock: MovableClock,
  ) {}

  /** @param at the time of Berlin's clock at which it begins, which is UTC's + 1 */
  static async open(at: string, dates = 'TIMESTAMP_NTZ'): Promise<StayWard> {
    const clock = new MovableClock({ at: Date.parse(`${at.replace(' ', 'T')}+01:00`), frozen: true });
    const cloud = await embeddedCloud('timeZone: Europe/Berlin\nmail: { to: [] }', { clock });
    const file = join(cloud.folder, 'ward.yaml');
    writeFileSync(file, contractText(dates));
    const { ctx, contract } = forDataset(await cloud.open(), file);
    const ward = new StayWard(cloud, ctx, contract, clock);
    const { database, schema, warehouse } = ctx.settings.snowflake;
    await ward.run(
      `CREATE WAREHOUSE ${warehouse.name}`,
      `CREATE DATABASE ${database}`,
      `CREATE SCHEMA ${database}.${schema}`,
      `USE SCHEMA ${database}.${schema}`,
      'CREATE TABLE EVENTS (STAY VARCHAR, AT TIMESTAMP_NTZ, NAME VARCHAR, VALUE VARCHAR, RECORDED TIMESTAMP_NTZ)',
    );
    await ward.run(...(await schemaStatements(ctx)), ADMISSION_MODEL);
    await ward.model();
    return ward;
  }

  async close(): Promise<void> {
    await this.ctx.close();
    await this.cloud.cloud.close();
    this.cloud.remove();
  }

  query = (sql: string): Promise<Rows> => this.ctx.snowflake.query(sql);

  async run(...statements: string[]): Promise<void> {
    for (const sql of statements) await this.ctx.snowflake.execute(sql);
  }

  /** @param refuses a JavaScript condition on `f`, what is asked, and `message`, what the service then says */
  async model(refuses = 'false', message = CLIENT_ERROR): Promise<void> {
    await this.run(`CREATE OR REPLACE FUNCTION LOS_INVOKE_STAY(FEATURES OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
      const f = FEATURES;
      if (${refuses}) throw new Error(${JSON.stringify(message)});
      const lactate = (f.EVENTS.lactate || [null])[0];
      if (lactate === null) return { days: null, version: 'ward-v1', reason: 'too little is known' };
      const rest = (value) => Math.max(1, Math.round(value * 2));
      const before = ((f.EVENTS_BEFORE || {}).lactate || [null])[0];
      return { days: rest(lactate), median: rest(lactate), low: 1, high: 2 * rest(lactate), version: 'ward-v1',
        curve: { days: [rest(lactate), 2 * rest(lactate)], gone: [0.5, 1] },
        moved: before === null || before === lactate ? [] : [{ name: 'lactate', days: rest(lactate) - rest(before) }] };
    $$`);
  }

  /** A version goes live, with a model of the stay for some days. */
  async promote(days: { from: number; to?: number } | null = { from: 1 }): Promise<void> {
    await this.run(
      'DELETE FROM LOS_MODEL_REGISTRY',
      `INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT, STAY)
SELECT 'ward-v1', 'ward', 1, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), ${days === null ? 'NULL' : `PARSE_JSON('${JSON.stringify(days)}')::OBJECT`}`,
    );
  }

  /** @param admitted, left by the hospital's clock */
  async admit(...stays: { id: string; admitted: string; left?: string; severity?: number }[]): Promise<void> {
    const type = this.contract.columns.ADMITTED;
    const rows = stays.map(
      ({ id, admitted, left, severity = 4 }) =>
        `SELECT '${id}', 'P${id}', 'A', ${severity}, '${admitted}'::${type}, ${left === undefined ? 'NULL' : `'${left}'`}::${type}`,
    );
    await this.run(
      `INSERT INTO STAYS (STAY_ID, PATIENT, UNIT, SEVERITY, ADMITTED, LEFT_AT) ${rows.join(' UNION ALL ')}`,
    );
  }

  /** Events: stay, time, name, value, and when it was recorded, where that is later. */
  async tell(
    ...events: [stay: string, at: string, name: string, value: string | number, recorded?: string][]
  ): Promise<void> {
    const rows = events.map(
      ([stay, at, name, value, recorded = at]) =>
        `('${stay}', '${at}', '${name}', '${value}', '${recorded}')`,
    );
    await this.run(
      `INSERT INTO EVENTS SELECT $1, $2::TIMESTAMP_NTZ, $3, $4, $5::TIMESTAMP_NTZ FROM VALUES ${rows.join(', ')}`,
    );
  }

  /** Moves the clock to a time of Berlin's, with a session of its own: the one before has expired. */
  async moveTo(at: string): Promise<void> {
    await this.ctx.close();
    this.clock.advance(Date.parse(`${at.replace(' ', 'T')}+01:00`) - this.clock.now());
    this.ctx = forDataset(await this.cloud.open(), this.ctx.settings.dataset).ctx;
  }

  /** What the task graph does, once. */
  async round(): Promise<void> {
    await this.run('CALL BUILD_FEATURES()', 'CALL SCORE_ADMISSIONS()');
  }

  async renew(): Promise<Record<string, unknown>> {
    return (await this.query('CALL RENEW_PREDICTIONS()'))[0]!.RENEW_PREDICTIONS as Record<string, unknown>;
  }

  /** Two runs at the same time, in sessions of their own. @returns how many rows each wrote; undefined: it failed */
  async renewTwice(): Promise<(number | undefined)[]> {
    const other = await this.cloud.open();
    const runs = [this.ctx, other].map(({ snowflake }) =>
      snowflake.query('CALL PREDICT_LOS.LOS.RENEW_PREDICTIONS()').then(
        ([row]) => (row!.RENEW_PREDICTIONS as { rows: number }).rows,
        () => undefined,
      ),
    );
    const written = await Promise.all(runs);
    await other.close();
    return written;
  }

  daily = (
    columns = "CASE_ID, TO_VARCHAR(AS_OF, 'DD HH24') AS AS_OF, DAY, SOURCE, MEDIAN",
    where = 'TRUE',
  ): Promise<Rows> =>
    this.query(`SELECT ${columns} FROM LOS_DAILY_PREDICTIONS WHERE ${where} ORDER BY CASE_ID, AS_OF`);

  /**
   * Cancels what the session runs after a while, as a task's time-out does.
   * @returns a function that waits until that is over: a statement begun before would be cancelled too
   */
  async cancelAfter(ms: number): Promise<() => Promise<unknown>> {
    const other = await this.cloud.open();
    const [row] = await this.query('SELECT CURRENT_SESSION() AS ID');
    const cancelled = sleep(ms)
      .then(() => other.snowflake.query(`SELECT SYSTEM$CANCEL_ALL_QUERIES(${String(row!.ID)})`))
      .catch(() => undefined)
      .finally(() => other.close());
    return () => cancelled;
  }

  /** @param fault as `los local --fault` takes it; it hits the next call */
  disturb(fault: string): void {
    this.cloud.cloud.faults.add(parseFault(fault));
  }

  /** Empties every table, as after an installation. */
  async startOver(): Promise<void> {
    await this.model();
    for (const table of [
      'STAYS',
      'EVENTS',
      'WARD_FEATURES',
      'WARD_SCORING_QUEUE',
      'LOS_PREDICTION_LOG',
      'LOS_DAILY_PREDICTIONS',
      'LOS_QUARANTINE',
      'LOS_HELD_CHANGES',
      'LOS_MODEL_REGISTRY',
    ])
      await this.run(`DELETE FROM ${table}`);
    await this.run('CALL BUILD_FEATURES()', 'DELETE FROM LOS_RUN_LOG');
  }
}

const ADMISSION_MODEL = `CREATE OR REPLACE FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(FEATURES OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
  const s = FEATURES.SEVERITY;
  if (s > 1e6) throw new Error(${JSON.stringify(
    'Request failed for external function LOS_INVOKE_ENDPOINT_DETAIL with remote service error: 400 \'{"ErrorCode":"CLIENT_ERROR_FROM_MODEL","Message":"too large"}\'',
  )});
  return { days: s, median: s, low: 1, high: 3 * s, version: 'ward-v1', missing: [], unseen: [], curve: { days: [1, s, 3 * s], gone: [0.1, 0.5, 1] } };
$$`;

/** What SageMaker's container answers to a row that it cannot read, as Snowflake reports it. */
export const CLIENT_ERROR =
  'Request failed for external function LOS_INVOKE_STAY with remote service error: 400 \'{"ErrorCode":"CLIENT_ERROR_FROM_MODEL","Message":"Received client error (400) from primary with message \\"too large\\""}\'';
