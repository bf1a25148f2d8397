import type { Contract } from '../../procedures/dataset/contract.js';
import { ALWAYS_ASKED, type Question } from '../../procedures/dataset/questions.js';

/** What a schema cannot say of `explore:`: which columns there are, and what bounds and levels fit them. */
export function exploreProblems(contract: Contract): string[] {
  const { explore } = contract;
  if (explore === undefined) return [];
  const problems: string[] = [];
  const known = knownOf(contract);
  const grouping = (key: string, column: string) => {
    if (!known.has(column)) problems.push(`${key}: ${column} is neither a feature nor one of the columns`);
    else if (column === contract.id || column === contract.patient)
      problems.push(
        `${key}: ${column} identifies ${column === contract.id ? 'an admission' : 'a patient'}, so it cannot be a group`,
      );
    else if (column === contract.los || column === contract.discharge)
      problems.push(`${key}: ${column} is the stay itself`);
    else if (known.get(column) === 'date')
      problems.push(
        `${key}: ${column} is a date; months and weekdays of admission and discharge are asked anyway`,
      );
  };
  for (const [column, levels] of Object.entries(explore.levels ?? {})) {
    grouping('explore.levels', column);
    if (known.get(column) === 'number')
      problems.push(`explore.levels: ${column} is a number; give it bins instead`);
    const own = contract.features[column]?.levels;
    if (own && own.join() !== levels.join())
      problems.push(`explore.levels: ${column} has its levels in features already; leave them out here`);
  }
  for (const [column, bounds] of Object.entries(explore.bins ?? {})) {
    grouping('explore.bins', column);
    if (known.has(column) && known.get(column) !== 'number')
      problems.push(`explore.bins: ${column} is no number`);
    if (!ascending(bounds)) problems.push(`explore.bins: the bounds of ${column} must rise`);
  }
  const ids = new Set<string>(ALWAYS_ASKED);
  for (const question of explore.questions ?? []) {
    const key = `explore.questions.${question.id}`;
    if (ids.has(question.id)) problems.push(`${key}: the id is taken; give it another one`);
    ids.add(question.id);
    problems.push(...questionProblems(contract, question, key, known, grouping));
  }
  return problems;
}

type Kind = 'number' | 'category' | 'date';

/** Every column and feature, and what it is like. */
function knownOf({ columns, features }: Contract): Map<string, Kind> {
  const known = new Map<string, Kind>();
  for (const [name, type] of Object.entries(columns))
    known.set(
      name,
      /^(NUMBER|FLOAT)/.test(type) ? 'number' : /^(DATE|TIMESTAMP)/.test(type) ? 'date' : 'category',
    );
  for (const [name, { type }] of Object.entries(features))
    known.set(name, type === 'numeric' ? 'number' : 'category');
  return known;
}

function questionProblems(
  contract: Contract,
  question: Question,
  key: string,
  known: ReadonlyMap<string, Kind>,
  grouping: (key: string, column: string) => void,
): string[] {
  const problems: string[] = [];
  const { kind, by = [], target, bins = {}, where = {}, count = [] } = question;
  for (const column of by.flat()) grouping(`${key}.by`, column);
  for (const column of Object.keys(where)) grouping(`${key}.where`, column);
  if (kind === 'distribution' && (by.length > 0 || target !== undefined || Object.keys(where).length > 0))
    problems.push(`${key}: a distribution is of every feature; leave out by, target and where`);
  if (kind !== 'distribution' && by.length === 0) problems.push(`${key}.by: name the columns that group`);
  if (target !== undefined && kind === 'share') problems.push(`${key}: a share has no target`);
  if (target !== undefined && known.get(target) !== 'number')
    problems.push(`${key}.target: ${target} is no numeric column; leave it out for the stay`);
  else if (target !== undefined) grouping(`${key}.target`, target);
  for (const column of count)
    if (!known.has(column)) problems.push(`${key}.count: ${column} is not one of the columns`);
  if (count.length > 0 && kind !== 'distribution') problems.push(`${key}.count: only a distribution counts`);
  for (const [column, bounds] of Object.entries(bins)) {
    if (!by.some((columns) => columns.includes(column)))
      problems.push(`${key}.bins: ${column} is not in its by`);
    problems.push(...boundProblems(contract, `${key}.bins`, column, bounds, known));
  }
  for (const [column, { upTo, above }] of Object.entries(where)) {
    const bounds = [upTo, above].filter((each) => each !== undefined);
    problems.push(...boundProblems(contract, `${key}.where`, column, bounds, known));
  }
  return problems;
}

function boundProblems(
  { features, explore }: Contract,
  key: string,
  column: string,
  bounds: readonly (number | string)[],
  known: ReadonlyMap<string, Kind>,
): string[] {
  if (bounds.length === 0 || !known.has(column)) return [];
  if (known.get(column) === 'number') {
    if (bounds.some((bound) => typeof bound !== 'number'))
      return [`${key}: the bounds of ${column} must be numbers`];
    return ascending(bounds as readonly number[]) ? [] : [`${key}: the bounds of ${column} must rise`];
  }
  const levels = features[column]?.levels ?? explore?.levels?.[column];
  if (levels === undefined)
    return [`${key}: the levels of ${column} have no order; name them in explore.levels, lowest first`];
  const places = bounds.map((bound) => levels.indexOf(String(bound)));
  const strange = bounds.find((_, i) => places[i]! < 0);
  if (strange !== undefined) return [`${key}: ${strange} is not one of the levels of ${column}`];
  if (!ascending(places)) return [`${key}: the bounds of ${column} must rise`];
  return places[places.length - 1] === levels.length - 1
    ? [`${key}: nothing is above ${bounds[bounds.length - 1]}, the last level of ${column}`]
    : [];
}

function ascending(bounds: readonly number[]): boolean {
  return bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!);
}
