import { ChangingHospital, type Facts, USUAL } from '../../../demo/simulate/hospital.js';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import { random } from '../../../procedures/ground/random.js';

/** Day 0, a Monday. */
export const FIRST = Date.parse('2026-03-02T00:00:00Z');
const DAY_MS = 86_400_000;

/** YYYY-MM-DD of a day, counted from day 0. */
export const dateOf = (day: number) => new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10);

/** What is true of an admission, whatever any table says. */
export interface Stay extends Facts {
  readonly id: number;
  /** Days are counted from day 0. */
  readonly came: number;
  /** Day of the discharge, once the hospital knows it. */
  left: number | null;
  /** Day on which it will happen. */
  readonly leaves: number;
  /** The admission was a mistake: its row has been deleted. */
  cancelled: boolean;
  SEVERITY_OF_ILLNESS: string;
}

/** What a hospital knows, to be kept in a file. */
export interface Saved {
  readonly stays: readonly Stay[];
}

const TABLE = 'PREDICT_LOS.LOS.HEALTH_ADMISSIONS';

/** The table's columns, and what of a stay stands in each, as SQL. */
const COLUMNS: Readonly<Record<string, (stay: Stay) => string>> = {
  CASE_ID: ({ id }) => String(id),
  PATIENTID: ({ id }) => String(id),
  AGE: ({ AGE }) => `'${AGE}'`,
  SEVERITY_OF_ILLNESS: (stay) => `'${stay.SEVERITY_OF_ILLNESS}'`,
  WARD_TYPE: ({ WARD_TYPE }) => `'${WARD_TYPE}'`,
  DEPARTMENT: ({ DEPARTMENT }) => `'${DEPARTMENT}'`,
  ADMISSION_DEPOSIT: (stay) => String(stay.ADMISSION_DEPOSIT),
  ADMISSION_DATE: ({ came }) => `'${dateOf(came)}'::DATE`,
  DISCHARGE_DATE: ({ left }) => (left === null ? 'NULL::DATE' : `'${dateOf(left)}'::DATE`),
};

/**
 * A hospital of which everything is true that it says of itself: it keeps its own books, and writes what happens into its table
 * in Snowflake. What that table refuses it keeps, and brings later, as an interface does.
 */
export class Hospital {
  readonly stays = new Map<number, Stay>();
  private readonly patients: ChangingHospital;
  private readonly next: () => number;
  /** Statements that the table has not taken yet; undefined: there is nothing that it could take of it. */
  private readonly undelivered: (() => string | undefined)[] = [];
  /** What columns are called now that were renamed; null: the hospital has dropped it. */
  readonly renamed = new Map<string, string | null>();

  constructor(seed: number, saved?: Saved) {
    for (const stay of saved?.stays ?? []) this.stays.set(stay.id, { ...stay });
    this.patients = new ChangingHospital(seed, () => USUAL, Math.max(1_000_000, ...this.stays.keys()));
    this.next = random(seed);
  }

  save(): Saved {
    return { stays: [...this.stays.values()] };
  }

  /** So many come on a day. */
  admit(day: number, count: number): readonly Stay[] {
    const come = this.patients.admissions(day, count).map(
      ({ stay, ...patient }): Stay => ({
        ...patient,
        left: null,
        leaves: day + Math.max(1, stay),
        cancelled: false,
      }),
    );
    for (const stay of come) this.stays.set(stay.id, stay);
    if (come.length > 0) {
      // As they are now: what is corrected later is brought later.
      const rows = come.map((stay) => ({ ...stay }));
      this.undelivered.push(() => this.insertOf(rows));
    }
    return come;
  }

  /** All who leave by the end of a day are discharged. */
  discharge(day: number): void {
    const leave = this.inside().filter(({ leaves }) => leaves <= day);
    for (const stay of leave) stay.left = stay.leaves;
    this.update(
      leave.map(({ id, left }) => [id, `'${dateOf(left!)}'::DATE`]),
      'DISCHARGE_DATE',
    );
  }

  /** A severity is corrected, of one who is in. @returns undefined where none is */
  correct(): Stay | undefined {
    const stay = this.pick(this.inside().filter((one) => one.SEVERITY_OF_ILLNESS !== 'Extreme'));
    if (!stay) return undefined;
    stay.SEVERITY_OF_ILLNESS = 'Extreme';
    this.update([[stay.id, "'Extreme'"]], 'SEVERITY_OF_ILLNESS');
    return stay;
  }

  /** An admission turns out to be a mistake. @returns undefined where none is in */
  cancel(): Stay | undefined {
    const stay = this.pick(this.inside());
    if (!stay) return undefined;
    stay.cancelled = true;
    this.undelivered.push(() => `DELETE FROM ${TABLE} WHERE CASE_ID = ${stay.id}`);
    return stay;
  }

  /** Who is in, as the hospital knows it. */
  inside(): Stay[] {
    return [...this.stays.values()].filter(({ left, cancelled }) => left === null && !cancelled);
  }

  /** Who was in at the end of a day. */
  takenAt(day: number): number {
    return [...this.stays.values()].filter(
      ({ came, left, cancelled }) => !cancelled && came <= day && (left === null || left > day),
    ).length;
  }

  /** Brings what has happened, in order, as far as the table takes it. @returns whether it took all */
  async deliver(to: Snowflake): Promise<boolean> {
    while (this.undelivered.length > 0) {
      const statement = this.undelivered[0]!();
      try {
        if (statement !== undefined) await to.execute(statement);
      } catch {
        return false;
      }
      this.undelivered.shift();
    }
    return true;
  }

  /** Loads everything once more: what is in the table is emptied first, as a nightly load does. */
  async reload(to: Snowflake): Promise<void> {
    await to.execute('BEGIN');
    await to.execute(`DELETE FROM ${TABLE}`);
    const there = [...this.stays.values()].filter(({ cancelled }) => !cancelled);
    for (let i = 0; i < there.length; i += 2000) await to.execute(this.insertOf(there.slice(i, i + 2000)));
    await to.execute('COMMIT');
    this.undelivered.length = 0;
  }

  /** Everything in the table was a mistake: the hospital begins anew, with an empty table. */
  forgetAll(): void {
    for (const stay of this.stays.values()) stay.cancelled = true;
    this.undelivered.length = 0;
  }

  private pick(among: readonly Stay[]): Stay | undefined {
    return among[Math.floor(this.next() * among.length)];
  }

  private insertOf(stays: readonly Stay[]): string {
    const columns = Object.entries(COLUMNS).flatMap(([column, sqlOf]) => {
      const name = this.nameOf(column);
      return name === null ? [] : [{ name, sqlOf }];
    });
    const values = stays.map((stay) => `(${columns.map(({ sqlOf }) => sqlOf(stay)).join(', ')})`);
    return `INSERT INTO ${TABLE} (${columns.map(({ name }) => name).join(', ')})
SELECT ${columns.map((_, i) => `$${i + 1}`).join(', ')} FROM VALUES ${values.join(', ')}`;
  }

  /** What a column is called now; null: it is gone. */
  private nameOf(column: string): string | null {
    const renamed = this.renamed.get(column);
    return renamed === undefined ? column : renamed;
  }

  private update(values: readonly (readonly [id: number, sql: string])[], column: string): void {
    if (values.length === 0) return;
    const rows = values.map(([id, sql]) => `(${id}, ${sql})`).join(', ');
    this.undelivered.push(() => {
      const name = this.nameOf(column);
      return name === null
        ? undefined
        : `UPDATE ${TABLE} AS r SET ${name} = e.V FROM (SELECT $1 AS ID, $2 AS V FROM VALUES ${rows}) AS e WHERE r.CASE_ID = e.ID`;
    });
  }
}
