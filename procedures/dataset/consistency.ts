import { isDate, isNumber, namesIn, OURS, RESERVED, RESERVED_WORDS } from './column-rules.js';
import { type Contract, columnsUnknownOnArrival, type Feature } from './contract.js';
import { excessProblems, exploreProblems, subjectOf } from './explore-consistency.js';
import { datasetNames } from './names.js';
import { eventProblems } from './origin/events.js';
import { expectedProblems } from './origin/expected.js';
import { moveProblems } from './origin/moves.js';
import { bookingProblems } from './origin/planned.js';
import { expressionProblem } from './origin/query-text.js';
import { headerOf, sourceOf } from './raw.js';

type Problems = Generator<string, void>;

/** `*` in the place of a column, as in HASH(*). */
const ALL_COLUMNS = /[(,]\s*\*\s*[,)]|\.\s*\*/;

/**
 * Finds what a schema cannot say: which keys must fit together.
 * @param taken names of objects that the project makes itself
 */
export function inconsistencies(contract: Contract, taken: readonly string[]): string[] {
  const parts = [
    columnProblems,
    stayProblems,
    placeProblems,
    featureProblems,
    exploreProblems,
    excessProblems,
    eventProblems,
    moveProblems,
    bookingProblems,
    expectedProblems,
  ];
  return [...nameProblems(contract, taken)].concat(...parts.map((problemsOf) => [...problemsOf(contract)]));
}

/** Names that SQL or los has for itself, and those that stand for two. */
function* nameProblems(contract: Contract, taken: readonly string[]): Problems {
  const { columns, features } = contract;
  for (const [key, names] of Object.entries({ columns, features }))
    for (const name of Object.keys(names)) {
      const advice = `call it otherwise${key === 'columns' ? `, as ${name}_ with source: ${name}` : ''}`;
      if (RESERVED_WORDS.has(name)) yield `${key}.${name}: the name is a reserved word of SQL; ${advice}`;
      if (OURS.test(name)) yield `${key}.${name}: los reckons with a column of this name; ${advice}`;
    }
  const names = Object.keys(columns);
  for (const source of duplicatesOf(names.map((name) => sourceOf(contract, name))))
    yield `columns: two of them are called ${source} in the table`;
  for (const header of duplicatesOf(names.map((name) => headerOf(contract, name).trim().toUpperCase())))
    yield `columns: two of them are called ${header} in a file (header:)`;
  const { raw, ...derived } = datasetNames(contract);
  if ([...Object.values(derived), ...taken].includes(raw))
    yield `table: ${raw} is the name of a table or function that los makes itself`;
}

/** Columns that are named and are none, or of another type than they are named for. */
function* columnProblems(contract: Contract): Problems {
  const { columns, split, afterAdmission } = contract;
  const groups = ([] as string[]).concat(...contract.groups);
  const named = [
    ...(
      ['id', 'patient', 'admission', 'discharge', 'los', 'ward', 'department', 'admissionType'] as const
    ).map((key) => [key, contract[key]] as const),
    ['split.column', split?.column] as const,
    ...afterAdmission.map((column) => ['afterAdmission', column] as const),
    ...groups.map((column) => ['groups', column] as const),
  ];
  for (const [key, column] of named)
    if (column !== undefined && !(column in columns)) yield `${key}: ${column} is not one of the columns`;
  for (const [name, { order, decimal }] of Object.entries(contract.written ?? {})) {
    const type = columns[name] ?? '';
    if (order && !isDate(type)) yield `columns.${name}: order is of dates, and it is ${type}`;
    if (decimal && !isNumber(type)) yield `columns.${name}: decimal is of numbers, and it is ${type}`;
  }
  for (const name of groups) {
    const whom = subjectOf(contract, name);
    if (whom) yield `groups: ${name} identifies ${whom}, so it cannot be a group`;
  }
}

/** Problems of what says how long a stay is. */
function* stayProblems(contract: Contract): Problems {
  const { columns, admission, discharge, los } = contract;
  if ((admission === undefined) !== (discharge === undefined))
    yield 'admission and discharge must be given together';
  if (!admission && !discharge && !los) yield 'either admission and discharge, or los is needed';
  if (admission && discharge && los) yield 'los and admission/discharge exclude each other';
  for (const [key, column] of Object.entries({ admission, discharge }))
    if (!isDate(columns[column ?? ''] ?? 'DATE')) yield `${key}: ${column} must be a DATE`;
  if (!isNumber(columns[los ?? ''] ?? 'NUMBER')) yield `los: ${los} must be a number`;
}

function* placeProblems(contract: Contract): Problems {
  const late = columnsUnknownOnArrival(contract);
  for (const key of ['ward', 'department', 'admissionType'] as const) {
    const column = contract[key];
    const whom = subjectOf(contract, column);
    if (column && late.includes(column)) yield `${key}: ${column} is known only after admission`;
    else if (whom) yield `${key}: ${column} identifies ${whom}`;
  }
  if (
    !contract.ward &&
    !contract.department &&
    Object.keys(contract.capacity ?? {}).some((name) => name !== '*')
  )
    yield 'capacity: beds by ward need ward:, the column that says it, or department:; * is the whole hospital';
  const grouped = ([] as string[]).concat(...(contract.wardGroups ?? []));
  for (const name of grouped) {
    if (contract.capacity?.[name] === undefined || name === '*')
      yield `wardGroups: capacity: says no beds of ${name}`;
    if (grouped.indexOf(name) !== grouped.lastIndexOf(name)) {
      yield `wardGroups: ${name} stands in two groups`;
      break;
    }
  }
}

function* featureProblems(contract: Contract): Problems {
  const { id, patient, admission, split, features } = contract;
  for (const [name, feature] of Object.entries(features)) {
    const key = `features.${name}`;
    if ([...RESERVED, id, patient, admission, split?.column].includes(name))
      yield `${key}: the name is taken; give the feature another one, with sql: ${name}`;
    if (feature.history) continue;
    yield* inputProblems(contract, key, name, feature);
    yield* levelProblems(key, feature);
  }
}

/** Problems of what a feature is computed from. */
function* inputProblems(contract: Contract, key: string, name: string, { type, sql }: Feature): Problems {
  const { columns, features } = contract;
  const late = columnsUnknownOnArrival(contract);
  if (sql === undefined) {
    if (!(name in columns)) yield `${key}: ${name} is not one of the columns`;
    if (type === 'numeric' && !/^(NUMBER|FLOAT|BOOLEAN)/.test(columns[name] ?? 'NUMBER'))
      yield `${key}: numeric, but the column is ${columns[name]}`;
    if (late.includes(name)) yield `${key}: it is known only after admission`;
  }
  const problem = sql === undefined ? undefined : expressionProblem(sql);
  if (problem !== undefined) yield `${key}.sql: ${problem}`;
  for (const word of namesIn(sql ?? name)) {
    const whom = subjectOf(contract, word);
    if (features[word]?.history) yield `${key}: ${word} is of the history, and no expression sees that`;
    if (sql !== undefined && late.includes(word)) yield `${key}: it uses ${word}, known only after admission`;
    if (whom) yield `${key}: ${word} identifies ${whom}, so it cannot be a feature`;
  }
  if (ALL_COLUMNS.test(sql ?? ''))
    yield `${key}: * stands for all columns, identifiers among them; name those that it needs`;
}

function* levelProblems(key: string, { type, levels, default: standIn }: Feature): Problems {
  if ((type === 'ordered') !== (levels !== undefined))
    yield `${key}: levels are needed for an ordered feature, and for no other`;
  if (type === 'ordered' && standIn !== undefined && !levels?.includes(String(standIn)))
    yield `${key}.default is not one of its levels`;
  if (type === 'numeric' && typeof standIn === 'string') yield `${key}.default must be a number`;
}

function duplicatesOf(names: readonly string[]): Set<string> {
  return new Set(names.filter((name, i) => names.indexOf(name) !== i));
}
