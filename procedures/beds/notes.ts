import type { Row } from '../ground/work.js';
import { describeHeld, type HeldRow } from '../scoring/held-words.js';

/** What sql/beds/facts.sql finds. */
export interface Facts extends Row {
  /** Patients who are in, and stays of the past year that have ended. */
  readonly HERE: number;
  readonly ENDED: number;
  /** Days since the last admission and the last discharge; null: there was none. */
  readonly SINCE_CAME: number | null;
  readonly SINCE_WENT: number | null;
  /** Discharges a day, over the four weeks before the last one. */
  readonly A_DAY: number;
  /** Patients in for longer than any stay of the past year that has ended, and than 30 days. */
  readonly OUTSTAYED: number;
  /** Patients in without a curve. */
  readonly WITHOUT: number;
  /** Stays that end before they begin; rows without a day of admission. */
  readonly NEGATIVE: number;
  readonly UNDATED: number;
  /** Nights of the past whose beds occupied have been corrected since the last forecast, and by how many at most. */
  readonly CORRECTED: number;
  readonly CORRECTED_BY: number | null;
  /** Names of wards and departments whose first patient came within six weeks. */
  readonly YOUNG: string | null;
  /** Names of wards and departments that look closed, each with the last day of a patient. */
  readonly CLOSED: string | null;
  /** Rows of the forecast before that counted wards otherwise: where patients lie, or by the ward of admission. */
  readonly AFRESH: number;
  /** When the features changed last, by the clock of the hospital. */
  readonly LAST_BUILT: string | null;
}

/** What sql/beds/worse.sql finds: mean absolute errors in beds. */
export interface Worse extends Row {
  readonly N: number;
  readonly OWN: number | null;
  readonly BEST: number | null;
}

/** A day of the nights to come: WEEKDAY 0 is a Sunday or a holiday, which HOLIDAY names. */
export interface DayAhead extends Row {
  readonly DAY: string;
  readonly WEEKDAY: number;
  readonly HOLIDAY: string | null;
}

/** With fewer ended stays than this the past says little of how long patients stay. */
const FEW_STAYS = 100;
/** So many days without an admission are no holiday any more. */
const MISSED_DAYS = 14;
/** So many discharges are missed before a pause counts as missing data. */
const MISSED_DISCHARGES = 20;
/** Nights × horizons of four weeks; fewer are chance. */
const ENOUGH = 40;

/**
 * Sentences for readers of the forecast; they hold only counts of the operation.
 * @param wards whether the contract names wards or departments
 */
export function notesOf(facts: Facts | undefined, worse: Worse | undefined, wards: boolean): string[] {
  if (!facts) return [];
  const of = (name: keyof Facts & string) => Number(facts[name] || 0);
  const notes: string[] = [];
  if (of('HERE') === 0)
    notes.push('No patient is currently admitted: the forecast counts expected admissions only.');
  if (of('SINCE_CAME') >= MISSED_DAYS)
    notes.push(
      `No admission for ${of('SINCE_CAME')} days: check whether admissions are missing. The forecast treats these days as empty.`,
    );
  if (of('ENDED') < FEW_STAYS)
    notes.push(
      `${of('ENDED') === 0 ? 'No stay of the past year has' : `Only ${of('ENDED')} ${of('ENDED') === 1 ? 'stay of the past year has' : 'stays of the past year have'}`} ended, so the length of stay of expected admissions is hardly known.`,
    );
  if (of('AFRESH') > 0)
    notes.push(
      'Patients count in other wards than in the forecast before (moves in the contract): bands of wards start afresh.',
    );
  if (of('WITHOUT') > 0)
    notes.push(
      `${patients(of('WITHOUT'))} currently admitted without a predicted curve; past stays are used instead. los score predicts them.`,
    );
  if (of('OUTSTAYED') > 0)
    notes.push(
      `${patients(of('OUTSTAYED'))} currently admitted for longer than any stay that ended in the past year: check whether discharges are missing. They count as beds occupied, and as late discharges.`,
    );
  if (
    facts.SINCE_WENT !== null &&
    of('SINCE_WENT') * of('A_DAY') >= MISSED_DISCHARGES &&
    of('SINCE_WENT') >= 2
  )
    notes.push(
      `No discharge has been recorded for ${of('SINCE_WENT')} days, where there are about ${Math.round(of('A_DAY'))} a day: beds occupied are overestimated until discharges are loaded.`,
    );
  if (of('NEGATIVE') > 0)
    notes.push(
      `${of('NEGATIVE')} ${of('NEGATIVE') === 1 ? 'stay ends before it begins; its patient is' : 'stays end before they begin; their patients are'} not counted. Correct the dates.`,
    );
  if (of('CORRECTED') > 0)
    notes.push(
      `Since the last forecast corrections have changed the beds occupied on ${of('CORRECTED')} ${of('CORRECTED') === 1 ? 'night' : 'nights'} of the past, by ${of('CORRECTED_BY')} at most: LOS_BED_NIGHTS has what is known now.`,
    );
  if (of('UNDATED') > 0)
    notes.push(`${of('UNDATED')} admissions have no date and are not counted. Complete their rows.`);
  if (facts.CLOSED)
    notes.push(
      `Without a patient or an admission for longer than chance would have it, so taken for closed and forecast empty: ${facts.CLOSED}.`,
    );
  if (facts.YOUNG)
    notes.push(
      `Less than six weeks old, so their forecast rests mostly on the whole hospital: ${facts.YOUNG}.`,
    );
  if (
    worse &&
    Number(worse.N) >= ENOUGH &&
    worse.OWN !== null &&
    worse.BEST !== null &&
    Number(worse.OWN) > Number(worse.BEST)
  )
    notes.push(
      `Over the last four weeks the forecasts of the next three nights were ${beds(worse.OWN)} beds off, a simple rule ${beds(worse.BEST)}: see LOS_BED_ACCURACY, and consider a new training.`,
    );
  if (!wards)
    notes.push(
      'The contract names neither ward nor department, so only the whole hospital is forecast: see ward: and department: in docs/beds.md.',
    );
  return notes;
}

/** Which of the days to come are forecast as Sundays because LOS_HOLIDAYS has them. */
export function holidayNotes(ahead: readonly DayAhead[]): string[] {
  const days = ahead
    .filter(({ HOLIDAY }) => HOLIDAY !== null)
    .map(({ DAY, HOLIDAY }) => `${DAY} (${HOLIDAY})`);
  return days.length === 0 ? [] : [`Forecast as Sundays, because LOS_HOLIDAYS has them: ${days.join(', ')}.`];
}

/**
 * That the data end earlier than the days that are over.
 * @param madeOn the last day known, @param over the last that is over, YYYY-MM-DD
 */
export function lateNote(madeOn: string, over: string, days: number): string {
  return `The admissions end on ${madeOn}, ${days === 1 ? 'a day' : `${days.toLocaleString('en-US')} days`} before the last day that is over (${over}), so nights are counted from there: see whether a load is late. If no patient came since, CALL FORECAST_BEDS({'as_of': '${over}'}) counts on.`;
}

/** Of which moment the data are. @param zone the hospital's */
export function asOfNote({ LAST_BUILT }: Facts, zone: string): string[] {
  return LAST_BUILT === null || LAST_BUILT === undefined
    ? []
    : [`Data as of ${LAST_BUILT} (${zone}): nothing has changed since.`];
}

/** That it is not known where patients lie. @param why what Snowflake says of the moves */
export function unmovedNote(why: string): string {
  return `Moves between wards cannot be read, so patients count in the ward of admission: ${why}`;
}

/** That the forecast goes on from what was known before a load that looks like an accident. */
export function noteOfHold(held: HeldRow): string {
  return `${describeHeld(held)} The forecast counts on from what was known before.`;
}

function patients(n: number): string {
  return n === 1 ? '1 patient is' : `${n} patients are`;
}

function beds(value: number): string {
  return Number(value).toFixed(1);
}
