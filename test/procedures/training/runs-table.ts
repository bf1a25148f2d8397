import type { Bind, Row, Step, Work } from '../../../procedures/ground/work.js';
import type { END, RunData, StateName, TrainOptions } from '../../../procedures/training/run.js';
import type { ControlAnswer } from '../../../udfs/control/control-response-translator.js';
import { type Scripted, scripted } from '../scripted.js';

type Cells = Record<string, unknown>;

/**
 * LOS_TRAINING_RUNS and what stands beside it, as far as a training's machine reads and writes them, on a clock of its own.
 * Other statements are answered by `more`.
 */
export class RunsTable {
  rows: Cells[] = [];
  steps: { state: string; outcome: string; billed: number; message: unknown }[] = [];
  /** Version → status, as written. */
  statuses: Record<string, string> = {};
  /** Statements and actions, in their order, in short. */
  readonly said: string[] = [];
  /** Seconds. */
  now = 1000;
  private before: Pick<RunsTable, 'rows' | 'steps' | 'statuses'> | undefined;
  private ids = 0;

  /** @param more answers what is asked beside the runs; it may throw what a statement would */
  constructor(readonly more: (step: Step) => Scripted = () => undefined) {}

  /** Puts a run in, held by `lease`. */
  add(
    state: StateName | typeof END,
    {
      lease = null,
      ...cells
    }: { lease?: string | null; data?: Partial<RunData>; options?: TrainOptions } & {
      [column: string]: unknown;
    } = {},
  ): string {
    const { data, options, ...others } = cells;
    const id = `run-${++this.ids}`;
    this.rows.push({
      RUN_ID: id,
      DATASET: 'health',
      STATUS: 'OPEN',
      STATE: state,
      VERSION: null,
      DRIVER: 'snowflake',
      DIGEST: 'digest',
      OPTIONS: options ?? {},
      DATA: { stamp: '20260101000000000', ...data },
      MESSAGE: null,
      NEXT_STEP: null,
      ATTEMPTS: 0,
      WAITING_SINCE: null,
      LEASE: lease,
      STEPPED_AT: null,
      LEASE_UNTIL: lease === null ? null : this.now + 900,
      ...others,
    });
    return id;
  }

  run(id: string): Cells {
    return this.rows.find(({ RUN_ID }) => RUN_ID === id)!;
  }

  perform<T>(work: Work<T>): T {
    return scripted(work, (step) => this.answer(step));
  }

  private answer(step: Step): Scripted {
    if ('action' in step) {
      this.said.push(step.action);
      return this.more(step) as ControlAnswer | undefined;
    }
    const { sql, binds } = step;
    const runs = 'D.S.LOS_TRAINING_RUNS';
    if (sql === 'BEGIN')
      this.before = structuredClone({ rows: this.rows, steps: this.steps, statuses: this.statuses });
    else if (sql === 'ROLLBACK') Object.assign(this, this.before);
    else if (/^SELECT UUID_STRING/.test(sql))
      return [{ ID: `run-${++this.ids}`, STAMP: String(20260101000000000n + BigInt(this.now)) }];
    else if (/^SELECT TO_VARCHAR\(CONVERT_TIMEZONE/.test(sql))
      return [{ STAMP: String(20260101000000000n + BigInt(this.now)) }];
    else if (sql.startsWith('SELECT RUN_ID'))
      return this.rows
        .filter(this.condition(sql.slice(sql.indexOf('WHERE') + 6), [...binds]))
        .map((row) => this.told(row));
    else if (sql.startsWith(`MERGE INTO ${runs}`)) return this.merge(binds);
    else if (sql.startsWith(`UPDATE ${runs}`)) return this.update(sql, [...binds]);
    else if (sql.startsWith(`DELETE FROM ${runs}`)) {
      const gone = this.condition(sql.slice(sql.indexOf('WHERE') + 6), [...binds]);
      this.rows = this.rows.filter((row) => !gone(row));
    } else if (/^INSERT INTO D\.S\.LOS_TRAINING_STEPS[\s\S]*'STOPPED'/.test(sql)) {
      const row = this.rows.find((one) => one.RUN_ID === binds[1] && one.STATUS === 'OPEN');
      if (row)
        this.steps.push({ state: String(row.STATE), outcome: 'STOPPED', billed: 0, message: binds[0] });
      return row ? 1 : 0;
    } else if (sql.startsWith('INSERT INTO D.S.LOS_TRAINING_STEPS')) {
      const [outcome, billed, message, id, lease] = binds;
      const row = this.rows.find((one) => one.RUN_ID === id && one.LEASE === lease);
      if (row)
        this.steps.push({
          state: String(row.STATE),
          outcome: String(outcome),
          billed: Number(billed),
          message,
        });
      return row ? 1 : 0;
    } else if (sql.startsWith('UPDATE D.S.LOS_MODEL_REGISTRY SET STATUS = ?'))
      this.statuses[String(binds[1])] = String(binds[0]);
    else {
      if (sql === 'COMMIT') return undefined;
      this.said.push(sql);
      return this.more(step);
    }
    return undefined;
  }

  private told(row: Cells): Row {
    return {
      ...structuredClone(row),
      WAITED: row.WAITING_SINCE === null ? 0 : this.now - Number(row.WAITING_SINCE),
    };
  }

  /** True: a MERGE does not look again at what was committed while it waited. */
  stale = false;

  private merge([id, dataset, driver, digest, options, data]: readonly Bind[]): number {
    if (!this.stale && this.rows.some((row) => row.DATASET === dataset && row.STATUS === 'OPEN')) return 0;
    this.add('MAKE_ROOM', {
      RUN_ID: id,
      DATASET: dataset,
      DRIVER: driver,
      DIGEST: digest,
      options: JSON.parse(String(options)),
      data: JSON.parse(String(data)),
    });
    return 1;
  }

  private update(sql: string, binds: Bind[]): number {
    const [, set = '', where = ''] = /SET ([\s\S]*?)\s+WHERE ([\s\S]*)$/.exec(sql) ?? [];
    const cells = set.split(/,\s+(?=[A-Z_]+ = )/).map((each) => {
      const [, column = '', value = ''] = /^\s*(\w+) = ([\s\S]*)$/.exec(each) ?? [];
      return [column, this.value(value, binds)] as const;
    });
    const found = this.rows.filter(this.condition(where, binds));
    for (const row of found)
      for (const [column, value] of cells) row[column] = typeof value === 'function' ? value(row) : value;
    return found.length;
  }

  private value(text: string, binds: Bind[]): unknown {
    if (text === '?') return binds.shift();
    if (text === 'PARSE_JSON(?)') return JSON.parse(String(binds.shift()));
    if (text === 'NULL') return null;
    if (text === 'CURRENT_TIMESTAMP()') return this.now;
    if (/^[A-Z_]+$/.test(text)) return (row: Cells) => row[text] ?? null;
    const within = /^DATEADD\(second, (\d+), CURRENT_TIMESTAMP\(\)\)$/.exec(text);
    if (within) return this.now + Number(within[1]);
    if (text === 'COALESCE(WAITING_SINCE, CURRENT_TIMESTAMP())')
      return (row: Cells) => row.WAITING_SINCE ?? this.now;
    if (text === 'COALESCE(ATTEMPTS, 0) + 1') return (row: Cells) => Number(row.ATTEMPTS) + 1;
    const constant = /^'(\w+)'$|^(\d+)$/.exec(text);
    if (constant) return constant[1] ?? Number(constant[2]);
    throw new Error(`This test's table does not understand ${text}`);
  }

  private condition(text: string, binds: Bind[]): (row: Cells) => boolean {
    const all = text
      .replace(/\s+ORDER BY.*$/, '')
      .split(/\s+AND (?![^(]*\))/)
      .map((part) => {
        const [, column = '', value = ''] = /^(\w+) = (.+)$/.exec(part) ?? [];
        if (column) {
          const wanted = this.value(value, binds);
          return (row: Cells) => row[column] === wanted;
        }
        if (part === '(LEASE_UNTIL IS NULL OR LEASE_UNTIL < CURRENT_TIMESTAMP())')
          return (row: Cells) => row.LEASE_UNTIL === null || Number(row.LEASE_UNTIL) < this.now;
        throw new Error(`This test's table does not understand ${part}`);
      });
    return (row) => all.every((holds) => holds(row));
  }
}
