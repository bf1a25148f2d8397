import { isDate, isNumber, namesIn } from './column-rules.js';
import type { Contract } from './contract.js';
import { ALWAYS_ASKED, type Question } from './questions.js';

type Problems = Generator<string, void>;
type Bounds = readonly (number | string)[];

/** Finds what a schema cannot say of `explore:`: which columns there are, and what bounds and levels fit them. */
export function* exploreProblems(contract: Contract): Problems {
  const { levels = {}, bins = {}, questions = [] } = contract.explore ?? {};
  for (const [column, list] of Object.entries(levels)) {
    yield* groupProblems(contract, 'explore.levels', column);
    if (kindOf(contract, column) === 'number')
      yield `explore.levels: ${column} is a number; give it bins instead`;
    const own = contract.features[column]?.levels;
    if (own && own.join() !== list.join())
      yield `explore.levels: ${column} has its levels in features already; leave them out here`;
  }
  for (const [column, bounds] of Object.entries(bins)) {
    const kind = kindOf(contract, column);
    yield* groupProblems(contract, 'explore.bins', column);
    if (kind && kind !== 'number') yield `explore.bins: ${column} is no number`;
    if (!ascending(bounds)) yield `explore.bins: the bounds of ${column} must rise`;
  }
  const ids = new Set<string>(ALWAYS_ASKED);
  for (const question of questions) {
    const key = `explore.questions.${question.id}`;
    if (ids.has(question.id)) yield `${key}: the id is taken; give it another one`;
    ids.add(question.id);
    yield* questionProblems(contract, key, question);
  }
}

/** The same of `excess:`. What only the rows say, MEASURE_EXCESS refuses. */
export function* excessProblems(contract: Contract): Problems {
  const { excess = [], features, admission } = contract;
  if (excess.length > 0 && !admission) yield 'excess: it is told by month; give admission and discharge';
  const families = ([] as string[]).concat(...excess.map(({ by }) => by));
  for (const column of families.filter((family, i) => families.indexOf(family) !== i))
    yield `excess.by: ${column} stands in two comparisons; leave it in one`;
  for (const { by, reference } of excess) {
    for (const column of by) yield* groupProblems(contract, 'excess.by', column);
    for (const name of reference) {
      const feature = features[name];
      const reads = new Set([name, ...namesIn(feature?.sql ?? '')]);
      if (!feature) yield `excess.reference: ${name} is not one of the features`;
      for (const unit of by.filter((column) => reads.has(column)))
        yield `excess.reference: ${name} is the unit ${unit} that is judged by it, or computed from it; leave it out of reference or ${unit} out of by`;
    }
  }
}

/** Whom a column identifies, in words; undefined: none. */
export function subjectOf({ id, patient }: Contract, column: string | undefined): string | undefined {
  if (column === undefined) return undefined;
  if (column === id) return 'an admission';
  return column === patient ? 'a patient' : undefined;
}

/** Kind of a column or feature; undefined: there is none of that name. */
function kindOf({ columns, features }: Contract, name: string): 'number' | 'category' | 'date' | undefined {
  const feature = features[name];
  if (feature) return feature.type === 'numeric' ? 'number' : 'category';
  const type = columns[name];
  if (type === undefined) return undefined;
  if (isNumber(type)) return 'number';
  return isDate(type) ? 'date' : 'category';
}

/** Why stays cannot be grouped by a column. */
function* groupProblems(contract: Contract, key: string, column: string): Problems {
  const whom = subjectOf(contract, column);
  const kind = kindOf(contract, column);
  if (!kind) yield `${key}: ${column} is neither a feature nor one of the columns`;
  else if (whom) yield `${key}: ${column} identifies ${whom}, so it cannot be a group`;
  else if (column === contract.los || column === contract.discharge)
    yield `${key}: ${column} is the stay itself`;
  else if (kind === 'date')
    yield `${key}: ${column} is a date; months and weekdays of admission and discharge are asked anyway`;
}

function* questionProblems(
  contract: Contract,
  key: string,
  { kind, by = [], target, bins = {}, where = {}, count = [] }: Question,
): Problems {
  const conditions = Object.entries(where);
  const grouping = ([] as string[]).concat(...by);
  for (const column of grouping) yield* groupProblems(contract, `${key}.by`, column);
  for (const [column] of conditions) yield* groupProblems(contract, `${key}.where`, column);
  if (kind === 'distribution' && (by.length > 0 || target !== undefined || conditions.length > 0))
    yield `${key}: a distribution is of every feature; leave out by, target and where`;
  if (kind !== 'distribution' && by.length === 0) yield `${key}.by: name the columns that group`;
  if (target !== undefined) {
    if (kind === 'share') yield `${key}: a share has no target`;
    if (kindOf(contract, target) === 'number') yield* groupProblems(contract, `${key}.target`, target);
    else yield `${key}.target: ${target} is no numeric column; leave it out for the stay`;
  }
  for (const column of count)
    if (!kindOf(contract, column)) yield `${key}.count: ${column} is not one of the columns`;
  if (count.length > 0 && kind !== 'distribution') yield `${key}.count: only a distribution counts`;
  for (const [column, bounds] of Object.entries(bins)) {
    if (!grouping.includes(column)) yield `${key}.bins: ${column} is not in its by`;
    yield* boundProblems(contract, `${key}.bins`, column, bounds);
  }
  for (const [column, { upTo, above }] of conditions) {
    const bounds = [upTo, above].filter((each) => each !== undefined);
    yield* boundProblems(contract, `${key}.where`, column, bounds);
  }
}

function* boundProblems(contract: Contract, key: string, column: string, bounds: Bounds): Problems {
  const kind = kindOf(contract, column);
  if (bounds.length === 0 || !kind) return;
  if (kind === 'number') yield* numberBoundProblems(key, column, bounds);
  else {
    const levels = contract.features[column]?.levels ?? contract.explore?.levels?.[column];
    if (levels) yield* levelBoundProblems(key, column, bounds.map(String), levels);
    else yield `${key}: the levels of ${column} have no order; name them in explore.levels, lowest first`;
  }
}

function* numberBoundProblems(key: string, column: string, bounds: Bounds): Problems {
  const numbers = bounds.filter((bound) => typeof bound === 'number');
  if (numbers.length < bounds.length) yield `${key}: the bounds of ${column} must be numbers`;
  else if (!ascending(numbers)) yield `${key}: the bounds of ${column} must rise`;
}

function* levelBoundProblems(
  key: string,
  column: string,
  bounds: readonly string[],
  levels: readonly string[],
): Problems {
  const strange = bounds.find((bound) => !levels.includes(bound));
  const places = bounds.map((bound) => levels.indexOf(bound));
  if (strange !== undefined) yield `${key}: ${strange} is not one of the levels of ${column}`;
  else if (!ascending(places)) yield `${key}: the bounds of ${column} must rise`;
  else if (places[places.length - 1] === levels.length - 1)
    yield `${key}: nothing is above ${bounds[bounds.length - 1]}, the last level of ${column}`;
}

function ascending(bounds: readonly number[]): boolean {
  return bounds.every((bound, i) => i === 0 || bound > Number(bounds[i - 1]));
}
