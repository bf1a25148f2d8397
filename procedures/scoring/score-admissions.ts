import { fill } from '../ground/plan.js';
import { withoutValues } from '../ground/without-values.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { beginRun, recordRun, run, runInTransaction, scalar } from '../runs.js';
import type { ScorePlan, ScoringSettings } from './plans.js';
import { isOverload, isRefusal } from './refusal.js';
import { scorePlan } from './statements/score.js';

/** Derived from the dataset contract (statements/score.ts) and compiled in. */
declare const PLAN: ScorePlan;

export const object = {
  signature: {
    name: 'SCORE_ADMISSIONS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, sql }: PlanSource<ScoringSettings>) => ({
    PLAN: scorePlan(contract, settings, sql),
  }),
} as const satisfies ProcedureObject<typeof scoreAdmissions>;

/** Requests that a run may have refused before it leaves the rest to the next: each costs a call of the model. */
const MOST_REFUSALS = 500;
/** So many admissions refused one by one, and none taken: then it is not they. */
const SUSPICIOUS = 8;

/** Milliseconds that a piece is to take: half of what Snowflake may repeat a refused request for, by all that is told. */
const PIECE_TIME = 60_000;
/** Ids of a piece that is not made smaller where the endpoint has too much to do: then it is to come back by itself. */
const LEAST_ROWS = 1_000;
/** Pieces become so many times smaller where they were too much. */
const SHRINK = 4;

/** The endpoint has too much to do. */
class Overload extends Error {}

/** Ids after the first and up to the second, as text; null: without that end. */
interface Range {
  readonly after: string | null;
  readonly upTo: string | null;
}

/**
 * Predicts the stay of every admission that waits, and logs it. It works in pieces, each one transaction that
 * claims ids, asks the model, writes the log and takes the ids off the queue: a killed run has logged whole pieces,
 * and the rest waits. The first piece is small; the next are as large as the endpoint is quick, and smaller where it had too much
 * to do. A piece that the model refuses is halved until the admissions that it cannot read stand
 * alone; they go to quarantine. A failure that passes by waiting leaves all as it is for the next run.
 * Without a promoted version nothing is touched.
 * @returns {rows, version, quarantined, waiting, details, run}
 * @example
 * CALL SCORE_ADMISSIONS();
 */
export default function scoreAdmissions() {
  const kind = { kind: 'scoring', dataset: PLAN.dataset };
  const [id, champion, quarantined, others, queued] = beginRun(PLAN.runLog, kind, PLAN.opening);
  if (champion === null) return { rows: 0, version: null, run: null };
  const version = String(champion);
  return recordRun(PLAN.runLog, { ...kind, id: String(id) }, (current) => {
    let again = 0;
    if (Number(others) > 0) {
      again = run(PLAN.retry, [version]).getNumRowsInserted();
      run(PLAN.dismiss, [version]);
    }
    const waited = Number(queued) + again;
    const late = waited > 0 ? lateFeatures(version) : [];
    // A batch transform asks about each as it is.
    const handedOver = late.length > 0 ? 0 : handOver(version, waited);
    const scoring = new Scoring(current.id, version, Number(quarantined) > 0, late);
    scoring.scoreAll(handedOver > 0 ? null : waited);
    const waiting = scoring.waiting();
    const details: Record<string, unknown> = {};
    if (scoring.setAside > 0) details.quarantined = scoring.setAside;
    if (waiting > 0) details.waiting = waiting;
    if (handedOver > 0) details.handedOver = handedOver;
    if (late.length > 0) details.late = late;
    return { rows: scoring.rows, version, quarantined: scoring.setAside, waiting, details };
  });
}

/**
 * Hands waiting admissions to a batch transform, where they are too many for the endpoint. Later ones are scored here
 * meanwhile. Where one has just failed, the endpoint finds out which admissions it was.
 * @param waiting how many wait
 * @returns how many were handed over
 */
function handOver(version: string, waiting: number): number {
  if (PLAN.backfill === null) return 0;
  const { above, failed, open, claim, begun } = PLAN.backfill;
  if (waiting <= above || Number(scalar(failed, [version])) > 0) return 0;
  const id = String(scalar('SELECT UUID_STRING()'));
  return runInTransaction(() => {
    if (Number(run(open, [id, version, waiting]).getNumRowsInserted()) === 0) return 0;
    run(begun, [id]);
    return Number(run(claim, [id]).getNumRowsUpdated());
  });
}

/** Features that come later than new admissions do: that one has none of it yet says nothing of the patient. */
function lateFeatures(version: string): string[] {
  const names = scalar(PLAN.late.find, [version]);
  return names ? String(names).split(',') : [];
}

/** The statement that asks and logs, of each as it is, or as the average over what it lacks and others had. */
function scoreSql(late: readonly string[]): string {
  const { given, lots } = PLAN.late;
  const names = late.map((name) => `'${name}'`).join(', ');
  return late.length > 0
    ? fill(PLAN.score, { given, lots: fill(lots, { late: names }) })
    : fill(PLAN.score, { given: 'a.FEATURES', lots: '' });
}

class Scoring {
  rows = 0;
  setAside = 0;
  private readonly sql: string;
  private refusals = 0;
  /** How many waited after the last piece; undefined: not counted. */
  private left: number | undefined;
  /** True once the model has answered something: what it then refuses, it refuses for what is in it. */
  private answers = false;
  /** Refused alone, before it is known whether the model answers at all. */
  private readonly suspects: { range: Range; reason: string }[] = [];

  constructor(
    private readonly run: string,
    private readonly version: string,
    private readonly quarantineHolds: boolean,
    late: readonly string[],
  ) {
    this.sql = scoreSql(late);
  }

  /** @param queued how many wait; null: not known */
  scoreAll(queued: number | null): void {
    const whole: Range = { after: null, upTo: null };
    let left = queued === null ? this.count(whole) : queued;
    let { after } = whole;
    let rows = PLAN.pieceRows;
    while (left > 0) {
      // Where no more wait than a piece has, its end need not be asked for; who comes meanwhile is in it, or waits for the next run.
      const upTo = left < rows ? null : this.place({ after, upTo: null }, rows - 1);
      const began = Date.now();
      try {
        this.piece({ after, upTo }, upTo === null || left <= rows);
      } catch (error) {
        const smaller = Math.floor(Math.min(rows, left) / SHRINK);
        if (!(error instanceof Overload) || smaller < LEAST_ROWS) throw error;
        rows = smaller;
        continue;
      }
      if (upTo === null) break;
      after = upTo;
      left -= rows;
      const quick = (rows * PIECE_TIME) / Math.max(1, Date.now() - began);
      rows = Math.floor(Math.max(LEAST_ROWS, Math.min(PLAN.mostRows, quick)));
    }
    const first = this.suspects[0];
    if (first !== undefined && !this.answers)
      throw new Error(
        `The model refused every admission that it was asked about, and has answered none before: ${first.reason}`,
      );
    for (const { range, reason } of this.suspects) this.quarantine(range, reason);
  }

  /** How many wait still; when none does, the stream that wakes the task is put to sleep. */
  waiting(): number {
    if (this.left !== undefined && this.refusals === 0) return this.left;
    let left = 0;
    snowflake.execute({ sqlText: 'BEGIN' });
    try {
      run(PLAN.sleep);
      // Those who have come since this transaction began stay in the stream.
      left = Number(scalar(PLAN.waiting));
      snowflake.execute({ sqlText: left === 0 ? 'COMMIT' : 'ROLLBACK' });
    } catch (error) {
      snowflake.execute({ sqlText: 'ROLLBACK' });
      throw error;
    }
    return left;
  }

  private piece(range: Range, last = false): void {
    if (this.refusals >= MOST_REFUSALS) return;
    try {
      const rows = runInTransaction(() => this.score(range, last));
      if (rows > 0) this.answers = true;
      this.rows += rows;
    } catch (error) {
      const reason = withoutValues(error).message;
      if (isOverload(reason)) throw new Overload(reason);
      if (!isRefusal(reason)) throw error;
      this.bisect(range, reason);
    }
  }

  /** @param last whether the queue can be empty after it: then this transaction puts the stream to sleep, not one of its own */
  private score(range: Range, last: boolean): number {
    run(fill(PLAN.claim, { range: conditionOf(range) }), [this.run, ...bindsOf(range)]);
    const rows = run(this.sql, [this.run, this.run]).getNumRowsInserted();
    if (this.quarantineHolds) run(PLAN.release, [this.run]);
    run(PLAN.done, [this.run]);
    if (last) {
      // Who waited is claimed where the range has no ends; others may have been queued before a range's first id.
      const all = range.after === null && range.upTo === null;
      this.left = all ? 0 : Number(scalar(PLAN.waiting));
      // Those who have come since this transaction began stay in the stream.
      if (this.left === 0) run(PLAN.sleep);
    }
    return rows;
  }

  private bisect(range: Range, reason: string): void {
    if (this.refusals++ === 0 && !this.answers) this.prove(reason);
    const ids = this.count(range);
    if (ids > 1) {
      const middle = this.place(range, Math.floor(ids / 2) - 1);
      this.piece({ after: range.after, upTo: middle });
      this.piece({ after: middle, upTo: range.upTo });
      return;
    }
    if (this.answers) this.quarantine(range, reason);
    else this.suspects.push({ range, reason });
    if (!this.answers && this.suspects.length >= SUSPICIOUS)
      throw new Error(`The model refuses one admission after the other and answers none: ${reason}`);
  }

  /** Asks about an admission that this version has answered before. If it refuses that too, it is not the rows. */
  private prove(reason: string): void {
    let days: unknown;
    try {
      days = scalar(PLAN.proof, [this.version]);
    } catch (error) {
      throw new Error(
        `The model refuses also what it has answered before: ${withoutValues(error).message}; at first: ${reason}`,
      );
    }
    this.answers = days !== null;
  }

  private quarantine(range: Range, reason: string): void {
    runInTransaction(() => {
      run(fill(PLAN.claim, { range: conditionOf(range) }), [this.run, ...bindsOf(range)]);
      run(PLAN.release, [this.run]);
      this.setAside += run(PLAN.quarantine, [
        this.version,
        reason.slice(0, 500),
        this.run,
      ]).getNumRowsInserted();
      run(PLAN.done, [this.run]);
    });
  }

  /** The id in a range before which so many others come; null where there are no more. */
  private place(range: Range, before: number): string | null {
    const rows = snowflake.execute({
      sqlText: fill(PLAN.middle, { range: conditionOf(range), before: String(before) }),
      binds: bindsOf(range),
    });
    return rows.next() ? String(rows.getColumnValueAsString(1)) : null;
  }

  private count(range: Range): number {
    return Number(scalar(fill(PLAN.count, { range: conditionOf(range) }), bindsOf(range)));
  }
}

function conditionOf({ after, upTo }: Range): string {
  const conditions = [];
  if (after !== null) conditions.push(`ID > ?${PLAN.idType}`);
  if (upTo !== null) conditions.push(`ID <= ?${PLAN.idType}`);
  return conditions.length > 0 ? conditions.join(' AND ') : 'TRUE';
}

function bindsOf({ after, upTo }: Range): string[] {
  return [after, upTo].filter((end): end is string => end !== null);
}
