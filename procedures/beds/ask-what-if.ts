import { flatMap } from '../ground/lists.js';
import { execute, queryFirst, Refused, transaction, type Work } from '../ground/work.js';
import { makeEach } from './dates/learn-dates.js';
import { readList } from './list.js';
import type { BedsSql, FillIn } from './plan.js';
import { type Change, closedSql, dayBeyond, daysBetween } from './what-if.js';

/** What the forecast of now is filled in with. */
export interface Fill {
  readonly madeOn: string;
  /** Whether that is the last day known. */
  readonly live: boolean;
  /** Why people's dates could not be read, if so. */
  readonly undated: string | undefined;
  readonly at: FillIn;
  /** Factors of the nights, too. */
  readonly fillIn: FillIn;
}

/**
 * Makes the forecast once more with some things otherwise, and writes both down side by side in LOS_BED_WHAT_IFS. Expects the steps of the forecast as
 * things are in its temporary tables.
 * @returns the name under which the answer stands
 * @throws Refused for a ward without patients or beds that the contract does not say, a day that is not forecast, and a booking that is not on the list
 */
export function* askWhatIf(sql: BedsSql, changes: readonly Change[], fill: Fill): Work<string> {
  const { whatIf } = sql;
  const { at, fillIn, madeOn } = fill;
  yield* requireUnits(sql, changes, fill);
  yield* execute(`CREATE OR REPLACE TEMPORARY TABLE ${whatIf.base} AS SELECT * FROM ${sql.madeTable}`);
  yield* makeEach(sql, at, fill.undated);
  for (const step of whatIf.prepare) yield* execute(fillIn(step));
  if (sql.list !== null) yield* readList(sql.list, at, fill.live, () => changeList(sql, changes, fill));
  const extras = flatMap(changes, ({ admissions, ward, kind, day }) => {
    if (admissions === undefined) return [];
    const chances = new Array<number>(sql.ahead).fill(0);
    chances[daysBetween(madeOn, day as string) - 1] = 1;
    return [{ admissions, ward, type: kind || whatIf.alike, chances }];
  });
  if (extras.length > 0) yield* execute(at(whatIf.extras), [JSON.stringify(extras)]);
  yield* execute(fillIn(whatIf.patients));
  for (const step of sql.here) yield* execute(at(step));
  const closed = closedSql(changes, madeOn, sql.ahead, at(sql.closures));
  for (const step of sql.made) yield* execute(fillIn(step, { closed }));
  const name = String((yield* queryFirst<{ ID: string }>('SELECT UUID_STRING() AS ID'))?.ID);
  yield* transaction(function* () {
    yield* execute(whatIf.forget);
    yield* execute(whatIf.answer, [name]);
  });
  for (const drop of whatIf.drop) yield* execute(drop);
  return name;
}

function* changeList({ whatIf }: BedsSql, changes: readonly Change[], { at }: Fill): Work<void> {
  const cancelled = flatMap(changes, ({ cancel_planned: each }) =>
    each === undefined ? [] : [typeof each === 'string' ? { id: each } : each],
  );
  for (const each of cancelled) {
    const changed = yield* execute(at(whatIf.cancel as string), [JSON.stringify([each])]);
    if (changed === 0)
      throw new Refused(
        'cancel_planned in what_if names no booking that is on the list on that evening.',
        'Look at the view of planned admissions, or ask about a ward or a day that has some.',
      );
  }
  const planned = flatMap(changes, ({ planned: each }) => {
    if (each === undefined) return [];
    const features: Record<string, unknown> = {};
    for (const key of Object.keys(whatIf.inputs) as (keyof typeof whatIf.inputs)[])
      if (each[key] !== undefined) features[whatIf.inputs[key] as string] = each[key];
    const known = each.features || {};
    for (const name of Object.keys(known)) features[name] = known[name];
    return [{ ...each, features }];
  });
  if (planned.length > 0) yield* execute(at(whatIf.plan as string), [JSON.stringify(planned)]);
}

function* requireUnits(sql: BedsSql, changes: readonly Change[], { at, madeOn }: Fill): Work<void> {
  const beyond = dayBeyond(changes, madeOn, sql.ahead);
  if (beyond !== undefined)
    throw new Refused(
      `The day ${beyond} in what_if is none of the ${sql.ahead} that are forecast from ${madeOn} on.`,
      'Name one of these.',
    );
  for (const { ward, close, planned } of changes) {
    const unit = ward || planned?.ward;
    if (unit === undefined && close === undefined) continue;
    const row = yield* queryFirst<{ N: number; BEDS: number | null }>(at(sql.unit), [
      unit === undefined ? 'all' : 'ward',
      unit === undefined ? '(all)' : unit,
    ]);
    if (Number(row?.N || 0) === 0)
      throw new Refused(
        `No ward is called ${unit}, or the contract names none.`,
        'Write it as the data have it: LOS_BEDS shows wards.',
      );
    if (close !== undefined && (row?.BEDS === null || row?.BEDS === undefined))
      throw new Refused(
        `How many beds ${unit === undefined ? 'the hospital' : unit} has is not known, so none can be closed.`,
        'Say so with capacity: in the contract.',
      );
  }
}
