import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import type { Work } from '../ground/work.js';
import type { CodedColumn } from './coding.js';
import type { Counts, Facts, LevelPeriod, MeasuredTable } from './facts.js';
import { codesOf, dimensionOf, type Grouping, groupingOf } from './groupings.js';
import { linesOf } from './lines.js';
import type { GroupedTable, Measures } from './measure.js';
import type { QuestionTables } from './question-tables.js';
import { type CheckedGrouping, type Group, markTooSmall } from './too-small.js';

export interface Groups {
  readonly single: ReadonlyMap<number, MeasuredTable>;
  readonly measured: ReadonlyMap<string, readonly MeasuredTable[]>;
  /** Stays that count among the small groups of every table. */
  readonly small: number;
  readonly mix: Facts['mix'];
}

/** Column or question that a grouping belongs to, to leave that out by name. */
type Owner =
  | { readonly column: CodedColumn }
  | { readonly table: QuestionTables['tables'][0]; readonly asked: QuestionTables };

/** Columns that are looked at by groups. */
export interface Coded {
  readonly coded: readonly CodedColumn[];
  readonly asked: readonly QuestionTables[];
  readonly period: CodedColumn | undefined;
}

/** The groupings of which no group may be of fewer than ten patients. */
function groupings({ coded, asked, period }: Coded): { checked: CheckedGrouping[]; owners: Owner[] } {
  const checked: CheckedGrouping[] = [];
  const owners: Owner[] = [];
  for (const column of coded) {
    const dimensions = [dimensionOf(column)];
    const grouped =
      period === undefined || column === period ? dimensions : dimensions.concat(dimensionOf(period));
    checked.push({ ...groupingOf(grouped), optional: column !== period });
    owners.push({ column });
  }
  for (const question of asked)
    for (const table of question.tables) {
      checked.push({ ...groupingOf(table.checked), optional: true });
      owners.push({ table, asked: question });
    }
  return { checked, owners };
}

/** Measures every table, after whatever is too small for one of them has been set aside. */
export function* measureGroups(
  measures: Measures,
  columns: Coded,
  counts: Counts,
  leftOut: string[],
): Work<Groups> {
  const { coded, asked, period } = columns;
  const singles = coded.map((column) => ({ column, grouping: groupingOf([dimensionOf(column)]) }));
  const { checked, owners } = groupings(columns);
  const {
    givenUp,
    small,
    groups: left,
  } = yield* markTooSmall(
    (values) => measures.text('small-groups', values),
    measures.stays,
    checked,
    counts.stays,
  );
  const lost = givenUp.map((place) => owners[place] as Owner);
  const withoutColumn = new Set<string>();
  for (const owner of lost)
    if ('column' in owner) {
      withoutColumn.add(owner.column.name);
      leftOut.push(
        `${owner.column.name} is left out: too many of its groups are of fewer than ${FEWEST_PATIENTS} patients.`,
      );
    }
  const dropLost = (tables: QuestionTables['tables']) =>
    tables.filter(
      (table) =>
        !lost.some((owner) => 'table' in owner && owner.table === table) &&
        !table.grouping.dimensions.some(({ name }) => withoutColumn.has(name)),
    );
  const kept = singles.filter(({ column }) => !withoutColumn.has(column.name));
  const tables: (Omit<GroupedTable, 'key'> & { readonly grouping: Grouping })[] = kept.map(
    ({ column, grouping }) => ({ grouping, target: 'LOS', where: 'TRUE', ends: column.role === 'derived' }),
  );
  const places: { readonly id: string; readonly from: number; readonly to: number }[] = [];
  for (const { question, tables: own } of asked) {
    const these = dropLost(own);
    for (const { grouping } of own.filter((table) => !these.includes(table)))
      leftOut.push(
        `${question.id} by ${grouping.dimensions.map(({ name }) => name).join(' and ')} is left out: too many of these groups are of fewer than ${FEWEST_PATIENTS} patients.`,
      );
    places.push({ id: question.id, from: tables.length, to: tables.length + these.length });
    for (const { grouping, target, where } of these)
      tables.push({ grouping, target, where, ends: question.kind !== 'share' });
  }
  const rows = yield* measures.rowsByGroup(
    tables.map(({ grouping, target, where, ends }) => ({ key: grouping.key, target, where, ends })),
  );
  const linesAt = (place: number): MeasuredTable => {
    const { grouping } = tables[place] as (typeof tables)[0];
    return { grouping, lines: linesOf(grouping, rows[place] || []) };
  };
  const single = new Map(
    kept.map(({ column }, place): [number, MeasuredTable] => [column.place, linesAt(place)]),
  );
  const measured = new Map(
    places.map(({ id, from, to }): [string, readonly MeasuredTable[]] => {
      const own: MeasuredTable[] = [];
      for (let place = from; place < to; place++) own.push(linesAt(place));
      return [id, own];
    }),
  );
  return {
    single,
    measured,
    small,
    mix: mixOf(
      kept.map(({ column }) => column),
      period,
      left,
    ),
  };
}

/** Stays of each level in the two periods. @param left what is left of the groups, those of each column with the period first */
function mixOf(
  columns: readonly CodedColumn[],
  period: CodedColumn | undefined,
  left: readonly Group[],
): Map<number, readonly LevelPeriod[]> {
  const mix = new Map<number, readonly LevelPeriod[]>();
  if (period === undefined) return mix;
  for (const column of columns.filter(({ role }) => role === 'feature')) {
    const grouping = groupingOf([dimensionOf(column), dimensionOf(period)]);
    const own = left.filter(({ PLACE }) => PLACE === column.place);
    mix.set(
      column.place,
      own.map(({ GROUPED, N }): LevelPeriod => {
        const [code, part] = codesOf(grouping, GROUPED) as [number, number];
        return { period: part, code, n: N };
      }),
    );
  }
  return mix;
}
