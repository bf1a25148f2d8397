import { fill } from '../ground/plan.js';
import { withoutValues } from '../ground/without-values.js';
import { queryValues, run, runInTransaction } from '../runs.js';
import { isOverload, isRefusal } from '../scoring/refusal.js';
import type { RenewPlan } from './plan.js';

/** A part of those who wait that is not made smaller where the endpoint has too much to do: then the next run tries it again. */
const LEAST_ROWS = 100;
/** So many stays refused one by one, and none answered: then it is not they, and no further one is asked about. */
const SUSPICIOUS = 8;

/** What a run writes down. */
export interface Renewed {
  readonly rows: number;
  /** How many by the model of the stay, and by the curve of the admission. */
  readonly stay: number;
  readonly admission: number;
  /** How many of them without a prediction, and how many that the model of the stay was asked about and did not answer. */
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
export function renewMorning(plan: RenewPlan, id: string, morning: Morning): Renewed {
  const renewal = new Renewal(plan, id, morning);
  renewal.renewAll();
  run(plan.rests, [id]);
  const [stay = 0, admission = 0, without = 0, refused = 0] = queryValues(renewal.at(plan.counts), [id]).map(
    Number,
  );
  return { rows: stay + admission, stay, admission, without, refused: Math.max(0, refused - without) };
}

class Renewal {
  private answers = false;
  private refusals = 0;

  constructor(
    private readonly plan: RenewPlan,
    private readonly id: string,
    private readonly morning: Morning,
  ) {}

  at(text: string, more: Readonly<Record<string, string>> = {}): string {
    return fill(text, { as_of: `'${this.morning.asOf}'::TIMESTAMP_NTZ`, ...more });
  }

  /** One INSERT; where the model refuses it, those that it is asked about in halves, until what it cannot read stands alone. */
  renewAll(): void {
    try {
      this.insert('TRUE', []);
    } catch (error) {
      const reason = withoutValues(error).message;
      if (this.morning.served === 0 || !(isOverload(reason) || isRefusal(reason))) throw error;
      this.insert('NOT SERVED', []);
      const asked: string[] = [];
      const rows = snowflake.execute({ sqlText: this.at(this.plan.asked) });
      while (rows.next()) asked.push(String(rows.getColumnValue(1)));
      this.divide(asked, reason);
    }
  }

  private renewPart(ids: readonly string[]): void {
    try {
      this.insert(PART, endsOf(ids));
      this.answers = true;
    } catch (error) {
      const reason = withoutValues(error).message;
      const overload = isOverload(reason);
      if (!overload && !isRefusal(reason)) throw error;
      if (overload && ids.length <= LEAST_ROWS) throw error;
      this.divide(ids, reason);
    }
  }

  private divide(ids: readonly string[], reason: string): void {
    if (ids.length === 0) return;
    if (ids.length > 1 && (this.answers || this.refusals < SUSPICIOUS)) {
      const middle = Math.ceil(ids.length / 2);
      this.renewPart(ids.slice(0, middle));
      this.renewPart(ids.slice(middle));
      return;
    }
    this.refusals += ids.length;
    this.insert(PART, endsOf(ids), reason.slice(0, 500));
  }

  /**
   * In a transaction of its own, which begins when a run at the same time has ended its: what that has written is there then.
   * @param refusal why the model of the stay is not asked
   */
  private insert(range: string, ends: readonly string[], refusal: string | null = null): void {
    const { lock, renew, known, unknown } = this.plan;
    const { served, since } = this.morning;
    const asks = refusal === null && served > 0;
    const text = this.at(renew, {
      range,
      asks: asks ? 'TRUE' : 'FALSE',
      known: asks ? fill(known, { since: `'${since}'::TIMESTAMP_NTZ` }) : unknown,
    });
    runInTransaction(() => {
      run(lock);
      run(text, [this.id, ...ends, refusal]);
    });
  }
}

/** Ids from one to another, of those that the model of the stay is asked about. */
const PART = 'SERVED AND CASE_ID BETWEEN ? AND ?';

function endsOf(ids: readonly string[]): string[] {
  return [ids[0] as string, ids[ids.length - 1] as string];
}
