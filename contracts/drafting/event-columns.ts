import { UserError } from '../../deploy/errors.js';
import { isNumber } from '../../procedures/dataset/column-rules.js';
import type { EventSource } from '../../procedures/dataset/origin/events.js';
import type { Relation, RelationColumn } from '../../procedures/dataset/origin/relation.js';
import { isCalled } from '../naming/column-names.js';

interface Column {
  readonly name: string;
  readonly type: string;
}

const isTime = ({ type }: Column) => /^(DATE|TIMESTAMP)/.test(type);

/**
 * Which columns of a relation say of which stay, when, what and how much; by their types and by what they are called.
 * @param id what the contract calls an admission's id
 * @throws UserError where one of the first three cannot be told
 */
export function findEventColumns(
  relation: Relation,
  columns: readonly Column[],
  id: string,
  name: string,
): EventSource {
  const first = (...tests: readonly ((column: Column) => boolean)[]) => {
    for (const test of tests) {
      const found = columns.find((column) => !taken.has(column) && test(column));
      if (!found) continue;
      taken.add(found);
      return found;
    }
    return undefined;
  };
  const called = (like: string) => (column: Column) => isCalled(like, column.name);
  const taken = new Set<Column>();
  const stay = first(
    (column) => column.name.toUpperCase() === id,
    (column) => called('id')(column) && called('stay')(column),
  );
  const recorded = first((column) => isTime(column) && called('eventRecorded')(column));
  const time = first(
    (column) => isTime(column) && called('eventTime')(column),
    (column) => isTime(column) && !called('discharge')(column),
  );
  const value = first(called('eventValue'));
  const what = first((column) => !isTime(column) && called('eventName')(column));
  const missing = Object.entries({ stay, time: time ?? recorded, name: what }).filter(([, found]) => !found);
  if (missing.length > 0)
    throw new UserError(
      `In ${name} it cannot be told which column is ${missing.map(([key]) => key).join(', ')} of an event. It has ${columns.map((column) => column.name).join(', ')}.`,
      {
        next: 'Give a file with a SELECT that calls them so: --events events.sql, with SELECT … AS STAY_ID, … AS EVENT_TIME, … AS NAME, … AS VALUE, … AS RECORDED.',
      },
    );
  return {
    ...relation,
    stay: columnOf(stay as Column),
    time: columnOf((time ?? recorded) as Column),
    name: columnOf(what as Column),
    ...(value ? { value: columnOf(value) } : {}),
    ...(recorded && time ? { recorded: columnOf(recorded) } : {}),
  };
}

function columnOf({ name, type }: Column): RelationColumn {
  const kind = type.replace(/\(.*/, '');
  return isNumber(kind) || ['DATE', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'].includes(kind)
    ? { column: name, type: kind }
    : name;
}
