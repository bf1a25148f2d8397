import type { Place } from '../ground/names.js';
/** The settings that FORECAST_BEDS heeds. */
export interface BedsSettings extends Place {
  readonly timeZone: string;
  /** `silent`: days of a silent period, in which notes say nothing of a forecast; null: there is none. */
  readonly tasks: { readonly silent: number | null };
}

/** Fills in what is the same for all statements of a forecast. @param more other placeholders */
export type FillIn = (text: string, more?: Readonly<Record<string, string>>) => string;

/**
 * What FORECAST_BEDS is compiled with: its statements, rendered from sql/beds/ for one dataset (statements.ts). Of the
 * places that are left in them `{{from}}` is the last day known, as an SQL date, `{{until}}` the moment by which a
 * prediction must have been made to be known. Only types: nothing of this file is in the body.
 */
export interface BedsPlan {
  readonly dataset: string;
  readonly runLog: string;
  /** The hospital's time zone. */
  readonly zone: string;
  /** Statements; null: the contract has no dates of admission and discharge. */
  readonly sql: BedsSql | null;
}

export interface BedsSql {
  /** The last day of which the data know; `{{over}}`: the last day that is over. */
  readonly known: string;
  /** How many admissions there were by a day, `{{from}}`, and how many days it is before the last: one row, N and AGO. */
  readonly before: string;
  /** Who was in during the past year. */
  readonly stays: readonly string[];
  /** Who lay where; and the same, had they stayed in the ward of admission. null: the contract has no moves. */
  readonly places: { readonly read: string; readonly unread: string } | null;
  /**
   * What follows: days (`{{first}}`: the one on which the window begins), wards that look closed, and how long patients stay. Here and below
   * `{{census}}` says by which ward they count.
   */
  readonly prepare: readonly string[];
  /** DAY, WEEKDAY and HOLIDAY of the nights to come, in order. */
  readonly daysAhead: string;
  /** WEEKDAY (0: Sunday, or a holiday) and FACTOR. */
  readonly weekdays: string;
  /** What the past alone expects. `{{starts}}`: SELECT of the days to forecast from; `{{factors}}`: seven numbers as JSON. */
  readonly past: readonly string[];
  /** `{{pace}}`: a factor for each night, `{{parts}}`: how far past stays count in it, as JSON. */
  readonly leaving: string;
  readonly each: string;
  readonly here: readonly string[];
  /** HORIZON and PART: how far past stays were nearer than curves. */
  readonly heldPast: string;
  readonly unrehearsed: string;
  readonly forgetRehearsed: string;
  readonly rehearsed: string;
  /** Past stays by type of admission, for who comes by a list or a what_if; without types in the contract all are of one. `{{factors}}`: as above. */
  readonly byType: string;
  /** What the list of planned admissions takes; null: the contract names none. */
  readonly list: ListSql | null;
  /** What dates of discharge that people expect take; null: the contract names none. */
  readonly dates: DatesSql | null;
  /** What of tonight people have decided or expect: one row; null: the contract names nothing of it. */
  readonly tonight: string | null;
  readonly whatIf: WhatIfSql;
  /** The forecast, which is then kept. `{{pace}}`: as above. */
  readonly made: readonly string[];
  /** The temporary table that it is in. */
  readonly madeTable: string;
  /** SELECT of the beds that people have closed: LEVEL, UNIT, NIGHT (1: the first) and BEDS. */
  readonly closures: string;
  /** N and BEDS of a unit (bound: level, name). */
  readonly unit: string;
  /** LEVEL, UNIT and TAKEN; WARD, DEPARTMENT and N: how many patients they have in common. */
  readonly unitsNow: string;
  readonly shared: string;
  /** Forecasts that are there for this day already. */
  readonly replace: string;
  /** Under which lines readers of figures see units is bound, as JSON. */
  readonly kept: string;
  /** Nights of the window that are there already. */
  readonly forgetNights: string;
  readonly nights: string;
  readonly facts: string;
  /** What of the hospital's changes is held: one row, or none. */
  readonly held: string;
  readonly worse: string;
  readonly units: string;
  /** Drops the temporary tables. */
  readonly drop: readonly string[];
  /** Days that the window holds. */
  readonly window: number;
  /** Days of the past that widths of bands are learned from. */
  readonly judged: number;
  /** Whether the contract names wards or departments. */
  readonly wards: boolean;
  /** Nights that are forecast. */
  readonly ahead: number;
}

/** Statements about dates of discharge that people expect. */
export interface DatesSql {
  /** Reads them beside our own forecast of each patient. */
  readonly read: string;
  /** Learns what they tell. `{{readiness}}`: STAY, SINCE and RECORDED of who is fit to leave. */
  readonly learn: string;
  /** SELECT of these; null: the contract names none. */
  readonly readiness: string | null;
  /** Changes each patient's chances to stay by it. */
  readonly blend: string;
  /** Drops what was kept of this evening while it was the last one known; keeps it. */
  readonly replace: string;
  readonly keep: string;
}

/** Statements about the list of planned admissions. */
export interface ListSql {
  /** SELECT of each of the lists that are one, and what it is called. */
  readonly lists: readonly { readonly name: string; readonly rows: string }[];
  /** Reads them. `{{lists}}`: their rows. */
  readonly read: string;
  /** Makes an empty one, where none can be read. */
  readonly unread: string;
  /** Who is on it, and with which chances to come. */
  readonly prepare: readonly string[];
  /** VERSION of the champion: one row. */
  readonly champion: string;
  /** Has the champion (bound) predict who is new. `{{live}}`: TRUE, or FALSE where a past day is asked for. */
  readonly ask: string;
  /** Drops what it said before of who is predicted again; keeps what it said now. */
  readonly replace: string;
  readonly keep: string;
  /** What the list explains of the arrivals of each type. */
  readonly count: readonly string[];
  /** Its patients, in the census. `{{pace}}`, `{{parts}}`: as above. */
  readonly patients: string;
  /** BOOKED and WITHOUT (a curve), LISTED and MATCHED (past bookings, and those whose admission came), SINCE: one row. */
  readonly facts: string;
}

/** Statements of what_if. */
export interface WhatIfSql {
  /** Temporary table of the forecast as things are. */
  readonly base: string;
  /** Makes what a contract without a list lacks. */
  readonly prepare: readonly string[];
  /** Planned patients, and those who would not come, as JSON (bound); null: there is no list. */
  readonly plan: string | null;
  readonly cancel: string | null;
  /** Those who would come for certain, as JSON (bound). */
  readonly extras: string;
  readonly patients: string;
  /** Drops answers of days before; writes one down by its name (bound). */
  readonly forget: string;
  readonly answer: string;
  /** Columns of the contract that follow from what a planned patient is asked about with. */
  readonly inputs: Readonly<Partial<Record<'day' | 'ward' | 'department' | 'kind', string>>>;
  /** Type of those whose type is not said. */
  readonly alike: string;
  readonly drop: readonly string[];
}
