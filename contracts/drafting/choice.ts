import { isDate } from '../../procedures/dataset/column-rules.js';
import { isCalled, topicAfterAdmission } from '../naming/column-names.js';
import { type ColumnProfile, MAX_LEVELS } from '../profiling/profile.js';
import type { Roles } from './roles.js';
import type { Omissions } from './types.js';

/** Share of rows with a value of their own: where nearly every row has one, it is of that row and not of a kind of patients. */
const OWN_VALUES = 0.9;

/** Choice of what may become features, and what does not. */
export interface Choice {
  readonly candidates: readonly ColumnProfile[];
  /** With what each is of. */
  readonly after: ReadonlyMap<ColumnProfile, string>;
  readonly leftOut: Omissions;
}

/** Divides the columns that have no part of their own into candidates, those that are known too late, and those that no model needs. */
export function choose(columns: readonly ColumnProfile[], rows: number, roles: Roles): Choice {
  const { id, patient, admission, discharge, los, split } = roles;
  const taken = new Set([id, patient, admission, discharge, los, split]);
  // What is there for those who have left, and for no one else, was written down when they left. Where words say that a value
  // is not known, it was asked for: that as many lack it as are still in is chance.
  const ended = discharge?.values ?? los?.values ?? rows;
  const after = new Map<ColumnProfile, string>();
  const leftOut: Omissions = new Map();
  const candidates: ColumnProfile[] = [];
  for (const column of columns) {
    if (taken.has(column)) continue;
    const what =
      ended < rows && column.values === ended && !column.nulls?.length && !column.mostly
        ? 'there as often as the discharge'
        : topicAfterAdmission(column.header ?? column.name);
    if (what) after.set(column, what);
    else {
      const why = reasonAgainst(column);
      if (why) leftOut.set(column, why);
      else candidates.push(column);
    }
  }
  return { candidates, after, leftOut };
}

function reasonAgainst(column: ColumnProfile): string | undefined {
  const { name, type, values, distinct, text } = column;
  // Of a day of birth an age can be made.
  if (isDate(type) && isCalled('birth', name)) return undefined;
  if (
    (isCalled('person', name) && distinct > values / 100) ||
    (isCalled('something', name) && distinct > values / 10)
  )
    return 'called like a number or name of one patient';
  if (column.contradictory) return 'dates in no one order of day and month';
  if (column.mostly?.kind === 'dates') return 'dates, and texts among them';
  if (isCalled('postcode', name) && distinct > MAX_LEVELS)
    return 'a postcode, which is neither amount nor kind';
  if (text || (isCalled('freeText', name) && type === 'VARCHAR' && distinct > MAX_LEVELS)) return 'free text';
  // A date or a time may be a feature's, by an expression.
  if (isDate(type) || column.clock) return undefined;
  if (type !== 'FLOAT' && !column.mostly && values > 0 && distinct > Math.max(1, values * OWN_VALUES))
    return 'nearly every row has a value of its own';
  return undefined;
}
