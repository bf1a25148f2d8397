import { dateLiteral } from '../ground/names.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import type { Work } from '../ground/work.js';
import type { Exploration, Overview } from './answer.js';
import { answersOf } from './answers/all.js';
import type { CodedColumn } from './coding.js';
import { type Column, contractColumns, DERIVED } from './columns.js';
import type { Counts, Facts, LevelPeriod, MeasuredTable } from './facts.js';
import { codesOf, dimensionOf, type Grouping, groupingOf } from './groupings.js';
import { linesOf } from './lines.js';
import { type Boundary, type GroupedTable, Measures } from './measure.js';
import { type NumberFacts, STAY } from './numbers.js';
import type { ExplorePlan } from './plan.js';
import { type QuestionTables, questionTables } from './question-tables.js';
import { questionsOf } from './questions.js';
import { type CheckedGrouping, type Group, markTooSmall } from './too-small.js';
import { dayOf } from './words.js';

/**
 * Explores the raw admissions: every question of the contract and those that are asked of all, answered in tables and
 * sentences. All of it is about ended stays, in two temporary tables, so that a statement answers many questions at once.
 */
export function* explore(plan: ExplorePlan): Work<Exploration> {
  const measures = new Measures(plan);
  try {
    return yield* explorationOf(plan, measures);
  } finally {
    yield* measures.drop();
  }
}

function* explorationOf(plan: ExplorePlan, measures: Measures): Work<Exploration> {
  const { contract, longStayDays } = plan;
  const leftOut: string[] = [];
  const columns = yield* makeValueTable(measures, contractColumns(contract), leftOut);
  const counts = yield* measures.counts();
  const base = { dataset: contract.name, longStayDays };
  if (counts.patients < FEWEST_PATIENTS)
    return {
      ...base,
      overview: overviewOf(counts, undefined),
      highlights: [
        counts.stays === 0
          ? 'No stay has ended yet.'
          : `The stays of fewer than ${FEWEST_PATIENTS} patients have ended, too few to say anything of them.`,
      ],
      questions: [],
      leftOut,
    };
  const boundary = boundaryOf(plan, counts);
  const numbers = yield* measures.numbers(columns);
  const coded = yield* measures.code(columns, numbers, boundary);
  const asked = questionTables(questionsOf(contract), coded, leftOut);
  const period = coded.find(({ name, role }) => role === 'derived' && name === DERIVED.period);
  const { single, measured, small, mix } = yield* groups(measures, coded, asked, period, counts, leftOut);
  const facts: Facts = {
    contract,
    longStayDays,
    counts,
    columns: coded,
    stay: numbers.get(STAY) as NumberFacts,
    numbers,
    single,
    associations: yield* measures.associations(
      coded.filter(({ role, place }) => role !== 'derived' && single.has(place)),
    ),
    mix,
    far: yield* measures.findOutliers(coded, numbers),
    weeks: yield* measures.weeks(counts),
    boundary: boundary === null ? null : boundary.words,
  };
  const overview = overviewOf(counts, facts.stay);
  const { questions, highlights } = answersOf(facts, measured, small, leftOut);
  return { ...base, overview, highlights, questions, leftOut };
}

/** Makes the table of values, without what cannot be computed of some row. */
function* makeValueTable(
  measures: Measures,
  columns: readonly Column[],
  leftOut: string[],
): Work<readonly Column[]> {
  try {
    yield* measures.makeValues(columns);
    return columns;
  } catch (error) {
    const failing: string[] = [];
    for (const column of columns.filter(({ source }) => source?.ofInputs))
      try {
        yield* measures.makeValues([column]);
      } catch {
        failing.push(column.name);
      }
    if (failing.length === 0) throw error;
    for (const name of failing)
      leftOut.push(
        `${name} is left out: its expression in the contract fails on some row. See LOS_QUARANTINE and los dataset check.`,
      );
    const others = columns.filter(({ name }) => !failing.includes(name));
    yield* measures.makeValues(others);
    return others;
  }
}

function overviewOf(counts: Counts, stay: NumberFacts | undefined): Overview {
  const days = (value: number | undefined) => (value === undefined ? null : Math.round(value * 100) / 100);
  return {
    admissions: counts.admissions,
    stays: counts.stays,
    stillInHospital: counts.unfinished,
    negative: counts.negative,
    patients: counts.patients < FEWEST_PATIENTS ? null : counts.patients,
    meanLos: days(stay?.mean),
    medianLos: days(stay?.median),
    p90Los: days(stay?.p90),
  };
}

/** Two periods of the same number of stays; without dates the sides of the split. */
function boundaryOf({ contract }: ExplorePlan, { middleDay, firstDay, lastDay }: Counts): Boundary | null {
  const { admission, split } = contract;
  if (
    admission !== undefined &&
    middleDay !== null &&
    firstDay !== null &&
    lastDay !== null &&
    middleDay > firstDay
  )
    return {
      later: `CAME >= ${dateLiteral(dayOf(middleDay))}`,
      words: `Admissions from ${dayOf(middleDay)} on against those before`,
    };
  if (admission === undefined && split !== undefined)
    return {
      later: `SIDE = '${split.holdout.split("'").join("''")}'`,
      words: `${split.column} ${split.holdout} against the rest`,
    };
  return null;
}

interface Groups {
  readonly single: ReadonlyMap<number, MeasuredTable>;
  readonly measured: ReadonlyMap<string, readonly MeasuredTable[]>;
  /** Stays that count among the small groups of every table. */
  readonly small: number;
  readonly mix: Facts['mix'];
}

/** Measures every table, after whatever is too small for one of them has been set aside. */
function* groups(
  measures: Measures,
  coded: readonly CodedColumn[],
  asked: readonly QuestionTables[],
  period: CodedColumn | undefined,
  counts: Counts,
  leftOut: string[],
): Work<Groups> {
  const singles = coded.map((column) => ({ column, grouping: groupingOf([dimensionOf(column)]) }));
  const checked: CheckedGrouping[] = [];
  // Of which column or question a grouping is, to leave that out by name.
  const owners: (
    | { readonly column: CodedColumn }
    | { readonly table: QuestionTables['tables'][0]; readonly asked: QuestionTables }
  )[] = [];
  for (const { column } of singles) {
    const dimensions = [dimensionOf(column)];
    const apart =
      period === undefined || column === period ? dimensions : dimensions.concat(dimensionOf(period));
    checked.push({ ...groupingOf(apart), optional: column !== period });
    owners.push({ column });
  }
  for (const question of asked)
    for (const table of question.tables) {
      checked.push({ ...groupingOf(table.checked), optional: true });
      owners.push({ table, asked: question });
    }
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
  const lost = givenUp.map((place) => owners[place] as (typeof owners)[0]);
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
