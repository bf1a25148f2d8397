import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContract } from '../../../deploy/dataset/load.js';
import { contractOver } from '../../deploy/sources/hospital-rows.js';
import { dateOf, FIRST, type Stay } from '../accidents/hospital.js';
import { HOUR, MINUTE, OnCall } from '../accidents/on-call.js';
import { expectDone, trainings } from '../accidents/steady.js';

/** LOS_NIGHTS=30 for a month of each kind of load; by default what CI has time for. */
export const NIGHTS = Number(process.env.LOS_NIGHTS ?? 1);

/** What a night brings. */
const NEW = 70;
const CHANGED = 200;
const WITHDRAWN = 5;
/** Days before day 0 whose patients are there to be trained on. */
const HISTORY = 60;

/** How a load puts the night's rows into the tables that the product reads. */
export type Load = 'replace' | 'swap' | 'truncate';

/** A table that the data team makes every night, by its name, and the SELECT that makes it. */
type Models = Readonly<Record<string, string>>;

/** What the file of a night says of an admission: what the model is asked from, and whether the patient has left. */
interface Line {
  readonly inputs: string;
  readonly left: boolean;
}

const SETTINGS = (contract: string) => `dataset: ${contract}
tasks: { schedule: USING CRON 15 * * * * UTC, look: USING CRON 45 * * * * UTC }`;

/** Tasks run side by side that are due in the same step: the daily monitor and the hourly one have steps of their own. */
const STEP = 30 * MINUTE;

/**
 * A hospital whose data team loads its rows at half past one every night, as a role that no one of los has, and a deployment that nobody
 * touches: its tasks run by the clock.
 */
export class Nights {
  /** What each night's file said, by admission; the first is that of the day on which the model went live. */
  readonly files: ReadonlyMap<number, Line>[] = [];
  private granted = '';
  private since = '';

  private constructor(
    private readonly folder: string,
    readonly onCall: OnCall,
    private readonly models: Models,
    /** Whether what is replaced is tracked again by its owner. */
    private readonly tracks: (night: number) => boolean,
  ) {}

  /**
   * @param door the lines of the contract that say where the rows are
   * @param models tables of CLINIC.CORE, of CLINIC.RAW.STAYS
   */
  static async open(
    door: string,
    models: Models,
    tracks: (night: number) => boolean = () => false,
  ): Promise<Nights> {
    const folder = mkdtempSync(join(tmpdir(), 'los-nights-'));
    const contract = join(folder, 'contract.yaml');
    writeFileSync(contract, contractOver(door));
    const onCall = await OnCall.open(
      join(folder, 'state'),
      FIRST - 5 * HOUR,
      1,
      undefined,
      SETTINGS(contract),
    );
    const nights = new Nights(folder, onCall, models, tracks);
    await nights.begin(contract);
    return nights;
  }

  async close(): Promise<void> {
    await this.onCall.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async begin(contract: string): Promise<void> {
    const { onCall } = this;
    const { columns } = loadContract(contract);
    const [row] = await onCall.query('SELECT CURRENT_USER() AS U');
    for (const statement of [
      "CREATE USER ONCALL EMAIL = 'oncall@example.org'",
      'CREATE ROLE DATA_TEAM',
      `GRANT ROLE DATA_TEAM TO USER ${row!.U}`,
      'GRANT CREATE DATABASE ON ACCOUNT TO ROLE DATA_TEAM',
      'GRANT USAGE ON WAREHOUSE DBA_WH TO ROLE DATA_TEAM',
    ])
      await onCall.sql(statement);
    await this.asOwner(
      'CREATE DATABASE CLINIC',
      'CREATE SCHEMA CLINIC.RAW',
      'CREATE SCHEMA CLINIC.CORE',
      `CREATE TABLE CLINIC.RAW.STAYS (${Object.entries(columns)
        .map(([name, type]) => `${name} ${type}`)
        .join(', ')})`,
      'GRANT USAGE ON DATABASE CLINIC TO ROLE ACCOUNTADMIN',
      'GRANT USAGE ON SCHEMA CLINIC.CORE TO ROLE ACCOUNTADMIN',
    );
    await onCall.sql('GRANT SELECT ON FUTURE TABLES IN SCHEMA CLINIC.CORE TO ROLE ACCOUNTADMIN');
    for (let day = -HISTORY; day < 0; day++) onCall.hospital.admit(day, NEW);
    onCall.hospital.discharge(-1);
    await this.deliver();
    await this.load('replace', true);
    await expectDone(onCall, 'los apply');
    await onCall.sql('USE SCHEMA PREDICT_LOS.LOS');
    await onCall.sql('CALL BUILD_FEATURES()');
    await onCall.sql("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE))");
    await trainings(onCall);
    // What there was to tell of the training has been told.
    await onCall.until(FIRST + 20 * HOUR, STEP);
    this.files.push(this.fileOfTonight());
    this.granted = await this.grants();
    this.since = new Date(onCall.clock.now()).toISOString();
  }

  /** A night's file comes, and the tasks have a day. @param load left out: nothing is loaded */
  async pass(load: Load | undefined): Promise<void> {
    const { onCall } = this;
    await onCall.until(FIRST + onCall.day * 24 * HOUR + 25.5 * HOUR, STEP);
    this.live();
    await this.deliver();
    this.files.push(this.fileOfTonight());
    if (load !== undefined) await this.load(load, this.tracks(this.files.length));
    await onCall.until(FIRST + onCall.day * 24 * HOUR + 20 * HOUR, STEP);
  }

  /** The load of a night fails half-way: tables are there and empty, until the next day at ten. */
  async passEmpty(): Promise<void> {
    const { onCall } = this;
    await onCall.until(FIRST + onCall.day * 24 * HOUR + 25.5 * HOUR, STEP);
    await this.asOwner(...Object.keys(this.models).map((name) => `TRUNCATE TABLE CLINIC.CORE.${name}`));
    await onCall.until(FIRST + onCall.day * 24 * HOUR + 10 * HOUR, STEP);
  }

  /** A day of the hospital: 70 come, 200 rows change, 5 turn out to be mistakes. */
  private live(): void {
    const { hospital, day } = this.onCall;
    const yesterday = day - 1;
    const before = hospital.inside();
    hospital.discharge(yesterday);
    const still = before.filter(({ left }) => left === null);
    const corrected = still.slice(0, CHANGED - (before.length - still.length));
    for (const stay of corrected) (stay as { ADMISSION_DEPOSIT: number }).ADMISSION_DEPOSIT += 1;
    this.corrected = corrected;
    for (let i = 0; i < WITHDRAWN; i++) hospital.cancel();
    hospital.admit(yesterday, NEW);
  }
  private corrected: readonly Stay[] = [];

  /** The hospital's system brings what has happened into CLINIC.RAW. */
  private async deliver(): Promise<void> {
    const { hospital, dba } = this.onCall;
    await this.asOwner();
    await dba.snowflake.execute('USE ROLE DATA_TEAM');
    const theirs = {
      ...dba.snowflake,
      execute: (sql: string) =>
        dba.snowflake.execute(sql.replaceAll('PREDICT_LOS.LOS.HEALTH_ADMISSIONS', 'CLINIC.RAW.STAYS')),
    } as typeof dba.snowflake;
    if (!(await hospital.deliver(theirs))) throw new Error('CLINIC.RAW.STAYS takes no rows');
    const ids = this.corrected.map(({ id }) => id);
    if (ids.length > 0)
      await dba.snowflake.execute(
        `UPDATE CLINIC.RAW.STAYS SET ADMISSION_DEPOSIT = ADMISSION_DEPOSIT + 1 WHERE CASE_ID IN (${ids.join(', ')})`,
      );
    this.corrected = [];
    await dba.snowflake.execute('USE ROLE ACCOUNTADMIN');
  }

  private async load(how: Load, tracks: boolean): Promise<void> {
    for (const [name, select] of Object.entries(this.models)) {
      const table = `CLINIC.CORE.${name}`;
      const statements = {
        replace: [`CREATE OR REPLACE TRANSIENT TABLE ${table} AS ${select}`],
        swap: [
          `CREATE OR REPLACE TRANSIENT TABLE ${table}__NEW AS ${select}`,
          `ALTER TABLE ${table}__NEW SWAP WITH ${table}`,
        ],
        truncate: [`TRUNCATE TABLE ${table}`, `INSERT INTO ${table} ${select}`],
      }[how];
      await this.asOwner(
        ...statements,
        ...(tracks ? [`ALTER TABLE ${table} SET CHANGE_TRACKING = TRUE`] : []),
      );
    }
  }

  /** Runs statements as the hospital's data team. */
  private async asOwner(...statements: readonly string[]): Promise<void> {
    const { snowflake } = this.onCall.dba;
    await snowflake.execute('USE ROLE DATA_TEAM');
    for (const statement of statements) await snowflake.execute(statement);
    await snowflake.execute('USE ROLE ACCOUNTADMIN');
  }

  private fileOfTonight(): ReadonlyMap<number, Line> {
    const there = [...this.onCall.hospital.stays.values()].filter(({ cancelled }) => !cancelled);
    return new Map(
      there.map((stay) => {
        const { AGE, SEVERITY_OF_ILLNESS, WARD_TYPE, DEPARTMENT, ADMISSION_DEPOSIT } = stay;
        const inputs = [AGE, SEVERITY_OF_ILLNESS, WARD_TYPE, DEPARTMENT, ADMISSION_DEPOSIT].join();
        return [stay.id, { inputs, left: stay.left !== null }];
      }),
    );
  }

  private async grants(): Promise<string> {
    const rows = [];
    for (const role of ['LOS_READ', 'LOS_PATIENTS', 'LOS_RUN', 'LOS_OPERATE'])
      rows.push(...(await this.onCall.query(`SHOW GRANTS TO ROLE ${role}`)));
    return rows
      .map(({ privilege, granted_on, name, grantee_name }) =>
        [grantee_name, privilege, granted_on, name].join(' '),
      )
      .sort()
      .join('\n');
  }

  /** What has gone wrong since the first day, in words. */
  async wrongs(): Promise<string[]> {
    const { onCall } = this;
    const since = `'${this.since}'::TIMESTAMP_TZ`;
    const rows = await onCall.query(
      `SELECT 'failed run: ' || KIND || ': ' || COALESCE(MESSAGE, '') AS W FROM PREDICT_LOS.LOS.LOS_RUN_LOG WHERE STATUS <> 'SUCCEEDED' AND STARTED_AT > ${since}
UNION ALL SELECT 'failed task: ' || NAME || ': ' || COALESCE(ERROR_MESSAGE, '') FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => 10000)) WHERE (STATE LIKE 'FAILED%' OR STATE = 'CANCELLED') AND SCHEDULED_TIME > ${since}
UNION ALL SELECT 'alarm: ' || SUBJECT || ': ' || MESSAGE FROM PREDICT_LOS.LOS.LOS_ALARMS
UNION ALL SELECT 'event: ' || KIND || ': ' || SUBJECT || ': ' || MESSAGE FROM PREDICT_LOS.LOS.LOS_EVENTS WHERE HAPPENED_AT > ${since} AND KIND NOT IN ('heartbeat', 'training ended')`,
    );
    const wrong = rows.map(({ W }) => String(W));
    if ((await this.grants()) !== this.granted) wrong.push('grants differ');
    return wrong.concat(await this.revisionsThatDiffer());
  }

  /** Holds the log against a recomputation from the nights' files: who was predicted, and how often. */
  private async revisionsThatDiffer(): Promise<string[]> {
    const expected = new Map<number, number>();
    let before: ReadonlyMap<number, Line> = new Map();
    for (const [night, file] of this.files.entries()) {
      for (const [id, { inputs, left }] of file) {
        const known = before.get(id);
        if (known === undefined ? night > 0 || !left : !left && known.inputs !== inputs)
          expected.set(id, (expected.get(id) ?? 0) + 1);
      }
      before = file;
    }
    const rows = await this.onCall.query(
      `SELECT CASE_ID, COUNT(*) AS N, COUNT(DISTINCT REVISION) AS REVISIONS, COUNT(WITHDRAWN_AT) AS WITHDRAWN FROM PREDICT_LOS.LOS.LOS_PREDICTION_LOG GROUP BY CASE_ID`,
    );
    const wrong: string[] = [];
    for (const { CASE_ID, N, REVISIONS, WITHDRAWN: withdrawn } of rows) {
      const id = Number(CASE_ID);
      if (Number(N) !== (expected.get(id) ?? 0))
        wrong.push(`${id} has ${N} predictions, not ${expected.get(id) ?? 0}`);
      if (N !== REVISIONS) wrong.push(`${id} has a revision twice`);
      if (Number(withdrawn) > 0 !== !before.has(id))
        wrong.push(`${id} is ${withdrawn ? '' : 'not '}withdrawn`);
      expected.delete(id);
    }
    for (const id of expected.keys()) wrong.push(`${id} was never predicted`);
    return wrong.length > 8 ? [...wrong.slice(0, 8), `… ${wrong.length} in all`] : wrong;
  }

  /** The day of the hospital, for messages. */
  get today(): string {
    return dateOf(this.onCall.day);
  }
}
