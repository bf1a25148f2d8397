import { fill } from '../ground/plan.js';
import { withoutValues } from '../ground/without-values.js';
import { execute, queryScalar, transaction, type Work } from '../ground/work.js';
import { answerOrDivide, type Dividing } from './batches/divide.js';
import type { ScorePlan } from './plans.js';
import { isOverload, isRefusal } from './refusal.js';

/** Requests that a run may have refused before it leaves the rest to the next: each costs a call of the model. */
export const MOST_REFUSALS = 500;
/** So many admissions refused one by one, and none taken: then it is not they. */
export const SUSPICIOUS = 8;

/** Milliseconds that a piece is to take: half of what Snowflake may repeat a refused request for, by all that is told. */
export const PIECE_TIME = 60_000;
/** Ids of a piece that is not made smaller where the endpoint has too much to do: then it is to come back by itself. */
export const LEAST_ROWS = 1_000;
/** Pieces become so many times smaller where they were too much. */
const SHRINK = 4;

/** The endpoint has too much to do. */
class Overload extends Error {}

/** Ids after the first and up to the second, as text; null: without that end. */
interface Range {
  readonly after: string | null;
  readonly upTo: string | null;
}

interface Piece extends Range {
  /** The queue can be empty after it: then its transaction puts the stream to sleep, not one of its own. */
  readonly last: boolean;
}

/** Facts that a run begins with (sql/scoring/opening.sql). */
export interface Opening {
  readonly run: string;
  readonly version: string;
  /** Tells whether any admission is in quarantine, and whether any is that another version refused. */
  readonly quarantined: boolean;
  readonly others: boolean;
  /** Number of admissions that wait. */
  readonly queued: number;
}

/** Result of a run. */
export interface Scored {
  readonly rows: number;
  readonly quarantined: number;
  readonly waiting: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Scores all that wait.
 * @param clock milliseconds of a clock, by which pieces are made as large as the endpoint is quick
 * @throws Error where the model refuses everything, or for a failure that passes by waiting: that leaves all as it is for the next run
 */
export function* scoreWaiting(plan: ScorePlan, opening: Opening, clock = Date.now): Work<Scored> {
  const { run, version, quarantined } = opening;
  let again = 0;
  if (opening.others) {
    again = yield* execute(plan.retry, [version]);
    yield* execute(plan.dismiss, [version]);
  }
  const waited = opening.queued + again;
  const late = waited > 0 ? yield* lateFeatures(plan, version) : [];
  const scoring = new Scoring(plan, { run, version, quarantined, late, clock });
  yield* scoring.scoreAll(waited);
  const waiting = yield* scoring.waiting();
  const details: Record<string, unknown> = {};
  if (scoring.setAside > 0) details.quarantined = scoring.setAside;
  if (waiting > 0) details.waiting = waiting;
  if (late.length > 0) details.late = late;
  return { rows: scoring.rows, quarantined: scoring.setAside, waiting, details };
}

/** Features that come later than new admissions do: that one has none of it yet says nothing of the patient. */
function* lateFeatures(plan: ScorePlan, version: string): Work<string[]> {
  const names = yield* queryScalar(plan.late.find, [version]);
  return names ? String(names).split(',') : [];
}

/** The statement that asks and logs, of each as it is, or as the average over what it lacks and others had. */
function scoreSql({ score, late: { given, lots } }: ScorePlan, late: readonly string[]): string {
  const names = late.map((name) => `'${name}'`).join(', ');
  return late.length > 0
    ? fill(score, { given, lots: fill(lots, { late: names }) })
    : fill(score, { given: 'a.FEATURES', lots: '' });
}

class Scoring implements Dividing<Piece> {
  rows = 0;
  setAside = 0;
  private readonly sql: string;
  private refusals = 0;
  /** Number that waited after the last piece; undefined: not counted. */
  private left: number | undefined;
  /** True once the model has answered something: what it then refuses, it refuses for what is in it. */
  private answers = false;
  /** Refused alone, before it is known whether the model answers at all. */
  private readonly suspects: { range: Range; reason: string }[] = [];

  constructor(
    private readonly plan: ScorePlan,
    private readonly of: {
      readonly run: string;
      readonly version: string;
      readonly quarantined: boolean;
      readonly late: readonly string[];
      readonly clock: () => number;
    },
  ) {
    this.sql = scoreSql(plan, of.late);
  }

  /** @param queued how many wait */
  *scoreAll(queued: number): Work<void> {
    const { pieceRows, mostRows } = this.plan;
    let left = queued;
    let after: string | null = null;
    let rows = pieceRows;
    while (left > 0) {
      // Where no more wait than a piece has, its end need not be asked for; who comes meanwhile is in it, or waits for the next run.
      const upTo: string | null = left < rows ? null : yield* this.place({ after, upTo: null }, rows - 1);
      const began = this.of.clock();
      try {
        yield* answerOrDivide({ after, upTo, last: upTo === null || left <= rows }, this);
      } catch (error) {
        const smaller = Math.floor(Math.min(rows, left) / SHRINK);
        if (!(error instanceof Overload) || smaller < LEAST_ROWS) throw error;
        rows = smaller;
        continue;
      }
      if (upTo === null) break;
      after = upTo;
      left -= rows;
      const quick = (rows * PIECE_TIME) / Math.max(1, this.of.clock() - began);
      rows = Math.floor(Math.max(LEAST_ROWS, Math.min(mostRows, quick)));
    }
    const first = this.suspects[0];
    if (first !== undefined && !this.answers)
      throw new Error(
        `The model refused every admission that it was asked about, and has answered none before: ${first.reason}`,
      );
    for (const { range, reason } of this.suspects) yield* this.quarantine(range, reason);
  }

  /** Counts who still waits; when none does, the stream that wakes the task is put to sleep. */
  *waiting(): Work<number> {
    if (this.left !== undefined && this.refusals === 0) return this.left;
    const { sleep, waiting } = this.plan;
    return yield* transaction(
      function* () {
        yield* execute(sleep);
        // Those who have come since this transaction began stay in the stream.
        return Number(yield* queryScalar(waiting));
      },
      (left) => left === 0,
    );
  }

  *ask(piece: Piece): Work<string | null> {
    if (this.refusals >= MOST_REFUSALS) return null;
    try {
      const rows = yield* transaction(() => this.score(piece));
      if (rows > 0) this.answers = true;
      this.rows += rows;
      return null;
    } catch (error) {
      const reason = withoutValues(error).message;
      if (isOverload(reason)) throw new Overload(reason);
      if (!isRefusal(reason)) throw error;
      return reason;
    }
  }

  private *score(piece: Piece): Work<number> {
    const { run, quarantined } = this.of;
    yield* this.claim(piece);
    const rows = yield* execute(this.sql, [run, run]);
    if (quarantined) yield* execute(this.plan.release, [run]);
    yield* execute(this.plan.done, [run]);
    if (piece.last) {
      // Who waited is claimed where the range has no ends; others may have been queued before a range's first id.
      const all = piece.after === null && piece.upTo === null;
      this.left = all ? 0 : Number(yield* queryScalar(this.plan.waiting));
      // Those who have come since this transaction began stay in the stream.
      if (this.left === 0) yield* execute(this.plan.sleep);
    }
    return rows;
  }

  *halve({ after, upTo }: Piece, reason: string): Work<readonly [Piece, Piece] | null> {
    if (this.refusals++ === 0 && !this.answers) yield* this.prove(reason);
    const ids = yield* this.count({ after, upTo });
    if (ids <= 1) return null;
    const middle = yield* this.place({ after, upTo }, Math.floor(ids / 2) - 1);
    return [
      { after, upTo: middle, last: false },
      { after: middle, upTo, last: false },
    ];
  }

  *refuse(range: Piece, reason: string): Work<void> {
    if (this.answers) yield* this.quarantine(range, reason);
    else this.suspects.push({ range, reason });
    if (!this.answers && this.suspects.length >= SUSPICIOUS)
      throw new Error(`The model refuses one admission after the other and answers none: ${reason}`);
  }

  /** Asks about an admission that this version has answered before. If it refuses that too, it is not the rows. */
  private *prove(reason: string): Work<void> {
    try {
      this.answers = (yield* queryScalar(this.plan.proof, [this.of.version])) !== null;
    } catch (error) {
      throw new Error(
        `The model refuses also what it has answered before: ${withoutValues(error).message}; at first: ${reason}`,
      );
    }
  }

  private *quarantine(range: Range, reason: string): Work<void> {
    const { run, version } = this.of;
    const { release, quarantine, done } = this.plan;
    const claim = () => this.claim(range);
    this.setAside += yield* transaction(function* () {
      yield* claim();
      yield* execute(release, [run]);
      const rows = yield* execute(quarantine, [version, reason.slice(0, 500), run]);
      yield* execute(done, [run]);
      return rows;
    });
  }

  private *claim(range: Range): Work<void> {
    yield* execute(fill(this.plan.claim, { range: this.conditionOf(range) }), [
      this.of.run,
      ...bindsOf(range),
    ]);
  }

  /** The id in a range before which so many others come; null where there are no more. */
  private *place(range: Range, before: number): Work<string | null> {
    const sql = fill(this.plan.middle, { range: this.conditionOf(range), before: String(before) });
    return (yield* queryScalar(sql, bindsOf(range))) as string | null;
  }

  private *count(range: Range): Work<number> {
    const sql = fill(this.plan.count, { range: this.conditionOf(range) });
    return Number(yield* queryScalar(sql, bindsOf(range)));
  }

  private conditionOf({ after, upTo }: Range): string {
    const { idType } = this.plan;
    const conditions = [
      ...(after === null ? [] : [`ID > ?${idType}`]),
      ...(upTo === null ? [] : [`ID <= ?${idType}`]),
    ];
    return conditions.join(' AND ') || 'TRUE';
  }
}

function bindsOf({ after, upTo }: Range): string[] {
  return [after, upTo].filter((end): end is string => end !== null);
}
