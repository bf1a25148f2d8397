import { expect } from 'chai';
import type { Context } from '../../deploy/context.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import { rawName } from '../../procedures/dataset/raw.js';
import { random } from '../../procedures/ground/random.js';

/** What predict_los_detail answers, as far as these tests look at it. */
interface Answer {
  readonly days: number | null;
  readonly reason?: string;
  readonly long_stay?: number | null;
  readonly missing: readonly string[];
  readonly known: number;
  readonly note?: string | null;
}

type RawObject = Readonly<Record<string, unknown>>;

/** Admissions of which so many are asked about with columns left out. */
const SUBSETS = 500;

/** predict_los as people ask it, of the hospital's own columns, held against the log and the rows that the champion was trained on. */
export class Door {
  constructor(
    private readonly ctx: Context,
    private readonly contract: Contract,
  ) {}

  private query<Row extends object>(sql: string, binds?: string[]): Promise<Row[]> {
    return this.ctx.snowflake.query<Row & Record<string, unknown>>(sql, binds) as Promise<Row[]>;
  }

  /** So many come in again under new numbers, not discharged yet. */
  async admit(count: number): Promise<void> {
    const { table, id } = this.contract;
    const gone = columnsUnknownOnArrival(this.contract).map(
      (name) => `NULL AS ${rawName(this.contract, name)}`,
    );
    await this.ctx.snowflake.execute(
      `INSERT INTO ${table} SELECT * REPLACE (${[`${rawName(this.contract, id)} + 900000000 AS ${rawName(this.contract, id)}`, ...gone].join(', ')}) FROM ${table} ORDER BY ${rawName(this.contract, id)} LIMIT ${count}`,
    );
  }

  /** @returns of how many logged admissions predict_los was asked, and by how many days it is off the log at most */
  async besideLog(asked = 'PREDICT_LOS(O)'): Promise<{ rows: number; off: number }> {
    const { table, id } = this.contract;
    const [row] = await this.query<{ N: number; OFF: number }>(
      `SELECT COUNT(*) AS N, MAX(COALESCE(ABS(DAYS - PREDICTED_LOS), IFF(DAYS IS NULL AND PREDICTED_LOS IS NULL, 0, 1e9))) AS OFF
FROM (SELECT ID, ${asked} AS DAYS FROM (SELECT TO_VARCHAR(${rawName(this.contract, id)}) AS ID, OBJECT_CONSTRUCT(r.*) AS O FROM ${table} AS r
  WHERE TO_VARCHAR(${rawName(this.contract, id)}) IN (SELECT CASE_ID FROM LOS_PREDICTION_LOG))) AS a
JOIN LOS_PREDICTION_LOG AS l ON l.CASE_ID = a.ID`,
    );
    return { rows: Number(row!.N), off: Number(row!.OFF) };
  }

  /** Every answer is a figure that training rows could have had, or none, with a reason. */
  async staysInRange(objects: readonly RawObject[]): Promise<readonly Answer[]> {
    const answers = await this.answers(objects);
    const { low, high } = await this.range();
    for (const [i, { days, reason }] of answers.entries()) {
      const of = JSON.stringify(objects[i]);
      if (days === null) expect(reason, of).to.match(/^(Too few inputs are known: |The OBJECT has no value)/);
      else expect(days, of).to.be.within(low, high);
    }
    return answers;
  }

  /** Objects of the table's columns, of so many admissions. */
  async objects(count: number): Promise<RawObject[]> {
    const { table, id } = this.contract;
    const hidden = columnsUnknownOnArrival(this.contract).map((name) => rawName(this.contract, name));
    const rows = await this.query<{ O: RawObject }>(
      `SELECT OBJECT_CONSTRUCT(* EXCLUDE (${hidden.join(', ')})) AS O FROM ${table} ORDER BY ${rawName(this.contract, id)} DESC LIMIT ${count}`,
    );
    return rows.map(({ O }) => O);
  }

  /** Some admissions, each without one column, whichever. */
  async withoutOne(): Promise<RawObject[]> {
    const some = await this.objects(5);
    return some.flatMap((object) =>
      Object.keys(object).map((left) =>
        Object.fromEntries(Object.entries(object).filter(([name]) => name !== left)),
      ),
    );
  }

  /** Admissions with columns left out by chance, and keys in whatever case. */
  async subsets(): Promise<RawObject[]> {
    const next = random(11);
    const all = await this.objects(SUBSETS);
    return all.map((object) => {
      const share = next();
      const kept = Object.entries(object).filter(() => next() < share);
      return Object.fromEntries(
        kept.map(([name, value]) => [next() < 0.5 ? name.toLowerCase() : name, value]),
      );
    });
  }

  async answers(objects: readonly RawObject[]): Promise<Answer[]> {
    await this.ctx.snowflake.execute(
      'CREATE OR REPLACE TEMPORARY TABLE ASKED AS SELECT INDEX AS N, VALUE::OBJECT AS O FROM TABLE(FLATTEN(PARSE_JSON(?)))',
      [JSON.stringify(objects)],
    );
    const rows = await this.query<{ D: Answer }>(
      'SELECT D FROM (SELECT N, PREDICT_LOS_DETAIL(O) AS D FROM ASKED) ORDER BY N',
    );
    return rows.map(({ D }) => D);
  }

  /**
   * From the shortest stay that the champion was trained on to the most that is predicted of whole rows: those that it was judged on, by the
   * model before its refit, and those of the log.
   */
  private async range(): Promise<{ low: number; high: number }> {
    const [row] = await this.query<{ LOW: number; HIGH: number }>(
      `SELECT MAX(r.MODEL:floor::FLOAT) AS LOW, GREATEST(MAX(e.PREDICTED_LOS), (SELECT MAX(PREDICTED_LOS) FROM LOS_PREDICTION_LOG)) AS HIGH
FROM LOS_EVALUATION AS e JOIN LOS_MODEL_REGISTRY AS r ON r.VERSION = e.VERSION WHERE r.STATUS = 'CHAMPION'`,
    );
    return { low: Number(row!.LOW), high: Number(row!.HIGH) };
  }
}
