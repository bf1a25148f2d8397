import { literal, type Place } from '../../ground/names.js';
import type { Contract } from '../contract.js';
import { datasetNames } from '../names.js';
import type { EventFeature, EventSource, RelationColumn, Summary } from './feeds.js';
import { expressionProblem } from './query-text.js';
import { clockTime, columnSql, columnType, originsOf, relationProblems, relationSql } from './relation.js';

/** Those that are made of numbers: of a name that has one, rows without a number do not count. */
export const NUMERIC_SUMMARIES: readonly Summary[] = ['last', 'change', 'step', 'least', 'most', 'mean'];

/** Tells whether a contract says of what happens during a stay. */
export function hasEvents({ eventFeatures }: Pick<Contract, 'eventFeatures'>): boolean {
  return eventFeatures !== undefined;
}

/** Events so many days before an admission are still of it: those of an emergency department, or of a visit to prepare it. */
export const EVENT_DAYS_BEFORE = 30;

/** Finds what a schema cannot say of `events:` and `eventFeatures:`. */
export function* eventProblems(contract: Contract): Generator<string, void> {
  const { events, eventFeatures, admission } = contract;
  if ((events === undefined) !== (eventFeatures === undefined))
    yield 'events and eventFeatures must be given together: where events are, and what becomes a feature of which';
  if (events !== undefined && admission === undefined)
    yield 'events: they need admission and discharge, between which they happen';
  const { raw: _raw, ...made } = datasetNames(contract);
  const names = Object.keys(made).map((key) => made[key as keyof typeof made]);
  for (const { key, relation } of originsOf(contract)) {
    yield* relationProblems(key, relation);
    if (relation.table !== undefined && names.indexOf(relation.table) >= 0)
      yield `${key}.table: ${relation.table} is a name that los makes itself`;
  }
  for (const name of Object.keys(eventFeatures || {})) {
    const feature = (eventFeatures as Readonly<Record<string, EventFeature>>)[name] as EventFeature;
    const problem = 'sql' in feature ? expressionProblem(feature.sql) : undefined;
    if (problem !== undefined) yield `eventFeatures.${name}.sql: ${problem}`;
    if ('sql' in feature && /\bSELECT\b/i.test(feature.sql))
      yield `eventFeatures.${name}: sql is one aggregate of AT, NAME, NUMBER, TEXT, RECORDED and AS_OF, without a SELECT`;
  }
}

/**
 * SELECT of all events by our names (STAY, AT, NAME, NUMBER, TEXT, RECORDED): what a view of them is made of.
 * @param zone the hospital's, by whose clock moments are read
 */
export function eventRows({ events = [] }: Pick<Contract, 'events'>, place: Place, zone: string): string {
  return events.map((source) => rowsOf(source, place, zone)).join('\nUNION ALL\n');
}

function rowsOf(source: EventSource, place: Place, zone: string): string {
  const { stay, time, name, value, recorded } = source;
  const at = clockTime(time, zone);
  // A day says nothing of the hour: it is known when the day is over.
  const known = columnType(time) === 'DATE' ? `DATEADD(day, 1, ${at})` : at;
  const since = recorded === undefined ? undefined : clockTime(recorded, zone);
  const { number, text } = valueSql(value);
  return `SELECT TO_VARCHAR(${columnSql(stay)}) AS STAY, ${at} AS AT, TO_VARCHAR(${columnSql(name)}) AS NAME, ${number} AS NUMBER, ${text} AS TEXT, ${
    since === undefined
      ? known
      : `COALESCE(${columnType(recorded as RelationColumn) === 'DATE' ? `DATEADD(day, 1, ${since})` : since}, ${known})`
  } AS RECORDED
FROM ${relationSql(source, place)}`;
}

/** SQL of an event's value. What a model would not take for a number is none. */
function valueSql(value: RelationColumn | undefined): { number: string; text: string } {
  if (value === undefined) return { number: '1::FLOAT', text: literal('1') };
  const text = `NULLIF(TRIM(TO_VARCHAR(${columnSql(value)})), '')`;
  const number = /^(NUMBER|FLOAT)/.test(columnType(value) || '')
    ? `${columnSql(value)}::FLOAT`
    : `TRY_TO_DOUBLE(${text})`;
  return { number: `IFF(ABS(${number}) <= 3.4e38, ${number}, NULL)`, text };
}
