import { CALLER, literal, type Place, placeOf, qualify } from '../../ground/names.js';
import { execute, queryFirst, Refused, type Work } from '../../ground/work.js';
import type { Constants, PlanSource } from '../../object.js';
import { quote, readOptions } from '../../options.js';
import type { BedsSettings } from '../plan.js';

/** What CLOSE_BEDS and OPEN_BEDS are compiled with. */
export interface ClosuresPlan {
  readonly place: Place;
  /** Beds by ward, as the contract says them. */
  readonly capacity: Readonly<Record<string, number>>;
  /** ID for a closure, and TODAY by the clock of the hospital: one row. */
  readonly begin: string;
  /** Writes a closure down: id, ward, beds, from, to, reason. */
  readonly close: string;
  /** Opens what is closed: id. */
  readonly open: string;
}

/** Options of CLOSE_BEDS. Days are nights: from that day to the next. */
export interface Closing {
  /** As the contract's capacity calls it. */
  readonly ward?: string;
  readonly beds?: number;
  /** YYYY-MM-DD; left out: today, and until they are opened. */
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
}

/** What CLOSE_BEDS answers. */
export interface Closed {
  readonly closure: string;
  readonly ward: string;
  readonly beds: number;
}

const EXAMPLE = "CALL CLOSE_BEDS({'ward': 'ICU', 'beds': 4, 'from': '2026-12-08', 'to': '2026-12-12'});";

/** Constants of both procedures. */
export function closuresConstants({ contract, settings }: PlanSource<BedsSettings>): Constants {
  const { '*': _, ...capacity } = contract.capacity ?? {};
  const table = qualify(settings, 'LOS_BED_CLOSURES');
  const dataset = literal(contract.name);
  return {
    PLAN: {
      place: placeOf(settings),
      capacity,
      begin: `SELECT UUID_STRING() AS ID, TO_VARCHAR(CONVERT_TIMEZONE(${literal(settings.timeZone)}, CURRENT_TIMESTAMP()), 'YYYY-MM-DD') AS TODAY`,
      close: `INSERT INTO ${table} (CLOSURE_ID, DATASET, WARD, BEDS, FROM_DAY, UNTIL_DAY, REASON, CLOSED_AT, CLOSED_BY)
SELECT ?, ${dataset}, ?, ?::NUMBER, TO_DATE(?, 'YYYY-MM-DD'), TO_DATE(?, 'YYYY-MM-DD'), ?, CURRENT_TIMESTAMP(), ${CALLER}`,
      open: `UPDATE ${table} SET OPENED_AT = CURRENT_TIMESTAMP(), OPENED_BY = ${CALLER}
WHERE DATASET = ${dataset} AND CLOSURE_ID = ? AND OPENED_AT IS NULL`,
    } satisfies ClosuresPlan,
  };
}

/**
 * Writes a closure of beds down.
 * @throws Refused for a ward whose beds the contract does not say, more beds than it has, and days that are none
 */
export function* closeBeds(plan: ClosuresPlan, given: Closing | null): Work<Closed> {
  const { ward, beds, from, to, reason } = readOptions('CLOSE_BEDS', given, {
    ward: 'text',
    beds: 'whole number',
    from: 'day',
    to: 'day',
    reason: 'text',
  });
  if (ward === undefined || beds === undefined)
    throw new Refused('CLOSE_BEDS has to know which ward and how many of its beds.', EXAMPLE);
  const known = Object.keys(plan.capacity);
  if (known.indexOf(ward) < 0)
    throw new Refused(
      `How many beds ${quote(ward)} has is not in the contract, so none can be closed.`,
      known.length === 0
        ? 'Say so with capacity: in the contract, and apply it.'
        : `Its capacity: names ${known.join(', ')}.`,
    );
  const most = plan.capacity[ward] as number;
  if (beds < 1 || beds > most)
    throw new Refused(
      `${ward} has ${most} beds: ${beds} cannot be closed.`,
      `Write a whole number from 1 to ${most}.`,
    );
  const begun = yield* queryFirst(plan.begin);
  const first = from ?? String(begun?.TODAY);
  if (to !== undefined && to < first)
    throw new Refused(`The last day, ${to}, is before the first, ${first}.`, 'Swap them, or leave one out.');
  const closure = String(begun?.ID);
  yield* execute(plan.close, [closure, ward, beds, first, to ?? null, reason ?? null]);
  return { closure, ward, beds };
}

/**
 * Opens beds before the last day that was said, or those that were closed without one.
 * @param closure as CLOSE_BEDS answered it
 * @throws Refused where nothing is closed by that name
 */
export function* openBeds(plan: ClosuresPlan, closure: string | null): Work<{ readonly closure: string }> {
  const opened = closure === null ? 0 : yield* execute(plan.open, [closure]);
  if (closure === null || opened === 0)
    throw new Refused(
      `No beds are closed under ${quote(closure)}.`,
      'SELECT * FROM LOS_BED_CLOSURES WHERE OPENED_AT IS NULL; shows what is.',
    );
  return { closure };
}
