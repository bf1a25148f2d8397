import { fromEntries } from '../../ground/lists.js';
import { literal, type Place, qualify } from '../../ground/names.js';
import { isNumber } from '../column-rules.js';
import type { Contract } from '../contract.js';
import { quoteIdentifier } from '../raw.js';
import { doorProblems } from './door.js';
import type { PlannedSource, Relation, RelationColumn } from './feeds.js';
import { relationsBelow } from './grants.js';
import { trimQuery } from './query-text.js';

/** A relation that a contract reads beside the admissions. */
export interface OtherOrigin {
  /** Key under which the contract names it: `events[0]`. */
  readonly key: string;
  readonly relation: Relation;
  /** Columns that are read of it, by the names of the contract's keys. */
  readonly columns: Readonly<Record<string, RelationColumn>>;
  /** Keys of those that are moments, of which it matters whether they are days, or of a clock elsewhere. */
  readonly times: readonly string[];
}

/** Tells whether rows are read that are not ours to delete. */
export function readsOthers(contract: Contract): boolean {
  return contract.origin !== undefined || originsOf(contract).length > 0;
}

/** Keys of the contract that name rows beside the admissions, and which columns of theirs are moments. */
const MOMENTS = {
  moves: ['from', 'recorded'],
  events: ['time', 'recorded'],
  planned: ['day', 'recorded'],
  decisions: ['day', 'recorded'],
  expectedDischarge: ['day', 'recorded'],
  readyForDischarge: ['since', 'recorded'],
} as const;
type OtherKey = keyof typeof MOMENTS;

/** All relations that a contract reads beside the admissions. */
export function originsOf(contract: Pick<Contract, OtherKey>): OtherOrigin[] {
  const others: OtherOrigin[] = [];
  for (const key of Object.keys(MOMENTS) as OtherKey[]) {
    const named = contract[key];
    if (named === undefined) continue;
    const sources = (Array.isArray(named) ? named : [named]) as readonly (Relation &
      Pick<PlannedSource, 'features'>)[];
    sources.forEach(({ table, source, query, features, ...columns }, i) => {
      others.push({
        key: key === 'events' ? `events[${i}]` : key,
        relation: doorOf({ table, source, query }),
        columns: { ...(columns as OtherOrigin['columns']), ...columnMap(features) },
        times: MOMENTS[key],
      });
    });
  }
  return others;
}

function doorOf({
  table,
  source,
  query,
}: { readonly [key in keyof Relation]: string | undefined }): Relation {
  return {
    ...(table === undefined ? {} : { table }),
    ...(source === undefined ? {} : { source }),
    ...(query === undefined ? {} : { query }),
  };
}

/** A contract without the texts of queries, which are long, and in the views that procedures read. */
export function withoutQueries({
  origin,
  events,
  moves: _moves,
  planned: _planned,
  decisions: _decisions,
  expectedDischarge: _expected,
  readyForDischarge: _ready,
  ...others
}: Contract): Contract {
  const drop = <T extends { readonly query?: string }>({ query: _query, ...rest }: T) => rest;
  return {
    ...others,
    ...(origin ? { origin: drop(origin) } : {}),
    ...(events ? { events: events.map(drop) as unknown as Contract['events'] & object } : {}),
  };
}

/** Columns of the contract that another relation has, by the names that it has for them. @param known names, or names by names */
export function columnMap(
  known: readonly string[] | Readonly<Record<string, string>> = [],
): Readonly<Record<string, string>> {
  if (!Array.isArray(known)) return known as Readonly<Record<string, string>>;
  return fromEntries((known as readonly string[]).map((name): [string, string] => [name, name]));
}

/** Finds what is wrong with where one is. @param key where the contract names it */
export function relationProblems(key: string, relation: Relation): string[] {
  return doorProblems({ name: key, ...relation }).map((problem) => `${key}: ${problem}`);
}

/** Text after FROM to read it. */
export function relationSql({ table, source, query }: Relation, place: Place): string {
  if (query !== undefined) return `(\n${trimQuery(query)}\n)`;
  return table === undefined ? (source as string) : qualify(place, table);
}

/** The relations that have to be readable for it: DATABASE.SCHEMA.NAME each. */
export function relationsOf({ table, ...door }: Relation, place: Place): string[] {
  if (table !== undefined) return [qualify(place, table)];
  return relationsBelow({ ...door, columns: {} }, place.snowflake.database);
}

/** Those that are others' to grant: DATABASE.SCHEMA.NAME each, once; undefined: all rows are in tables of the product's schema. */
export function otherRelations(contract: Contract, place: Place): string[] | undefined {
  const foreign = originsOf(contract).filter(({ relation }) => relation.table === undefined);
  const names = ([] as string[]).concat(...foreign.map(({ relation }) => relationsOf(relation, place)));
  return foreign.length === 0 ? undefined : names.filter((name, i) => names.indexOf(name) === i);
}

/** Its name there. */
export function columnName(column: RelationColumn): string {
  return typeof column === 'string' ? column : column.column;
}

/** The type that the contract gives it, if it does. */
export function columnType(column: RelationColumn): string | undefined {
  return typeof column === 'string' ? undefined : column.type;
}

/**
 * Finds what is wrong with a relation's columns, as it has them there.
 * @param types of its columns, by name, without their length
 * @returns what is wrong and what to do about it
 */
export function columnProblem(
  { columns, times }: OtherOrigin,
  name: string,
  types: Readonly<Record<string, string | undefined>>,
): { readonly what: string; readonly next: string } | undefined {
  const keys = Object.keys(columns);
  const nameOf = (key: string) => columnName(columns[key] as RelationColumn);
  const missing = keys.map(nameOf).filter((each) => types[each] === undefined);
  if (missing.length > 0) return describeMissing(name, missing, Object.keys(types));
  for (const key of keys) {
    const [type, own] = [types[nameOf(key)] as string, columnType(columns[key] as RelationColumn)];
    const isTime = times.indexOf(key) >= 0;
    if (!isTime && isNumber(own || '') && !isNumber(type))
      return {
        what: `${name}.${nameOf(key)} is a ${type}, and the contract reads it as ${own}.`,
        next: `Write ${key}: ${nameOf(key)}; what in it is a number is then read as one.`,
      };
    // A day that is planned has no hour.
    if (isTime && type !== (own || (key === 'day' && type === 'DATE' ? type : 'TIMESTAMP_NTZ')))
      return {
        what: `${name}.${nameOf(key)} is a ${type}, and the contract reads it as ${own || 'TIMESTAMP_NTZ'}.`,
        next: /^(DATE|TIMESTAMP)/.test(type)
          ? `Write ${key}: { column: ${nameOf(key)}, type: ${type} }.`
          : `Give a query: that makes a time of it, as TRY_TO_TIMESTAMP_NTZ(${nameOf(key)}).`,
      };
  }
  return undefined;
}

/** A relation lacks columns. @param present those that it has */
export function describeMissing(relation: string, missing: readonly string[], present: readonly string[]) {
  return {
    what: `${relation} has no ${missing.join(', ')}, which the contract reads. It has ${present.join(', ')}.`,
    next: 'Give each column’s name in that table as source: in the contract, or leave the columns out.',
  };
}

/** The column in SQL. */
export function columnSql(column: RelationColumn): string {
  return quoteIdentifier(columnName(column));
}

/** Name that people call it by. */
export function relationName({ key, relation: { table, source } }: OtherOrigin): string {
  return table || source || `the query of ${key}`;
}

/**
 * SQL of a column's time on the hospital's clock, TIMESTAMP_NTZ. A DATE is the begin of the day.
 * @param zone the hospital's
 */
export function clockTime(column: RelationColumn, zone: string): string {
  const type = columnType(column) || 'TIMESTAMP_NTZ';
  const value = columnSql(column);
  return /^TIMESTAMP_L?TZ/.test(type)
    ? `CONVERT_TIMEZONE(${literal(zone)}, ${value})::TIMESTAMP_NTZ`
    : `${value}::TIMESTAMP_NTZ`;
}
