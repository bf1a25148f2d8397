import { fill } from '../ground/plan.js';
import { unlessUnreadable } from '../ground/stale.js';
import { withoutValues } from '../ground/without-values.js';
import { execute, query, queryFirst, transaction, type Work } from '../ground/work.js';
import { type Dividing, divideRefused } from '../scoring/batches/divide.js';
import { isOverload, isRefusal } from '../scoring/refusal.js';
import type { RenewPlan } from './plan.js';

/** A part of those who wait that is not made smaller where the endpoint has too much to do: then the next run tries it again. */
export const LEAST_ROWS = 100;
/** So many stays refused one by one, and none answered: then it is not they, and no further one is asked about. */
export const SUSPICIOUS = 8;

/** Counts that a run writes down. */
export interface Renewed {
  readonly rows: number;
  /** Number predicted by the model of the stay, and by the curve of the admission. */
  readonly stay: number;
  readonly admission: number;
  /** Number of them without a prediction, and how many that the model of the stay was asked about and did not answer. */
  readonly without: number;
  readonly refused: number;
}

/** The morning of a run, and whom the model of the stay is asked about. */
export interface Morning {
  /** YYYY-MM-DD HH:MM:SS by the hospital's clock. */
  readonly asOf: string;
  readonly served: number;
  /** The earliest admission of these, YYYY-MM-DD; null: there are none. */
  readonly since: string | null;
}

/** Predicts everybody who waits for the prediction of a morning. @param id the run's */
export function* renewMorning(plan: RenewPlan, id: string, morning: Morning): Work<Renewed> {
  const renewal = new Renewal(plan, id, morning);
  yield* renewal.renewAll();
  yield* execute(plan.rests, [id]);
  const row = yield* queryFirst(renewal.fillIn(plan.counts), [id]);
  const [stay, admission, without, refused] = [row?.STAY, row?.ADMISSION, row?.WITHOUT, row?.REFUSED].map(
    (count) => Number(count || 0),
  ) as [number, number, number, number];
  return { rows: stay + admission, stay, admission, without, refused: Math.max(0, refused - without) };
}

/** Ids that the model of the stay is asked about, in their order. */
type Part = readonly string[];

class Renewal implements Dividing<Part> {
  private answers = false;
  private refusals = 0;

  constructor(
    private readonly plan: RenewPlan,
    private readonly id: string,
    private readonly morning: Morning,
  ) {}

  fillIn(text: string, more: Readonly<Record<string, string>> = {}): string {
    return fill(text, { as_of: `'${this.morning.asOf}'::TIMESTAMP_NTZ`, ...more });
  }

  /**
   * One INSERT; where the model refuses it, those that it is asked about in halves, until what it cannot read stands alone. Without events
   * the curve of the admission goes on.
   */
  *renewAll(): Work<void> {
    try {
      yield* this.insert('TRUE', []);
    } catch (error) {
      const reason = withoutValues(error).message;
      if (this.morning.served === 0) throw error;
      if (!(isOverload(reason) || isRefusal(reason))) {
        const unread = yield* unlessUnreadable(() => execute(this.plan.probe));
        if (unread === undefined) throw error;
        return yield* this.insert('TRUE', [], `Events of stays cannot be read: ${unread}`.slice(0, 500));
      }
      yield* this.insert('NOT SERVED', []);
      const asked = (yield* query<{ CASE_ID: string }>(this.fillIn(this.plan.asked))).map(
        ({ CASE_ID }) => CASE_ID,
      );
      if (asked.length > 0) yield* divideRefused(asked, reason, this);
    }
  }

  *ask(ids: Part): Work<string | null> {
    try {
      yield* this.insert(PART, endsOf(ids));
      this.answers = true;
      return null;
    } catch (error) {
      const reason = withoutValues(error).message;
      const overload = isOverload(reason);
      if (!overload && !isRefusal(reason)) throw error;
      if (overload && ids.length <= LEAST_ROWS) throw error;
      return reason;
    }
  }

  // biome-ignore lint/correctness/useYield: whether it is divided follows from what was answered.
  *halve(ids: Part): Work<readonly [Part, Part] | null> {
    if (ids.length < 2 || (!this.answers && this.refusals >= SUSPICIOUS)) return null;
    const middle = Math.ceil(ids.length / 2);
    return [ids.slice(0, middle), ids.slice(middle)];
  }

  *refuse(ids: Part, reason: string): Work<void> {
    this.refusals += ids.length;
    yield* this.insert(PART, endsOf(ids), reason.slice(0, 500));
  }

  /**
   * In a transaction of its own, which begins when a run at the same time has ended its: what that has written is there then.
   * @param refusal why the model of the stay is not asked
   */
  private *insert(range: string, ends: readonly string[], refusal: string | null = null): Work<void> {
    const { lock, renew, known, unknown } = this.plan;
    const { served, since } = this.morning;
    const asks = refusal === null && served > 0;
    const text = this.fillIn(renew, {
      range,
      asks: asks ? 'TRUE' : 'FALSE',
      known: asks ? fill(known, { since: `'${since}'::TIMESTAMP_NTZ` }) : unknown,
    });
    const binds = [this.id, ...ends, refusal];
    yield* transaction(function* () {
      yield* execute(lock);
      yield* execute(text, binds);
    });
  }
}

/** Ids from one to another, of those that the model of the stay is asked about. */
const PART = 'SERVED AND CASE_ID BETWEEN ? AND ?';

function endsOf(ids: Part): string[] {
  return [ids[0] as string, ids[ids.length - 1] as string];
}
