import { UserError } from '../../../deploy/errors.js';
import type { EventSource, Relation } from '../../../procedures/dataset/origin/feeds.js';
import { type Column, columnFinder, columnOf, isLike, isTime } from './find-column.js';

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
  const first = columnFinder(columns);
  const stay = first(
    (column) => column.name.toUpperCase() === id,
    (column) => isLike('id')(column) && isLike('stay')(column),
  );
  const recorded = first((column) => isTime(column) && isLike('eventRecorded')(column));
  const time = first(
    (column) => isTime(column) && isLike('eventTime')(column),
    (column) => isTime(column) && !isLike('discharge')(column),
  );
  const value = first(isLike('eventValue'));
  const what = first((column) => !isTime(column) && isLike('eventName')(column));
  const missing = Object.entries({ stay, time: time ?? recorded, name: what }).filter(([, found]) => !found);
  if (missing.length > 0)
    throw new UserError(
      `In ${name} it cannot be told which column is ${missing.map(([key]) => key).join(', ')} of an event. It has ${columns.map((column) => column.name).join(', ')}.`,
      {
        next: 'Give a file with a SELECT of these columns: --events events.sql, with SELECT … AS STAY_ID, … AS EVENT_TIME, … AS NAME, … AS VALUE, … AS RECORDED.',
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
