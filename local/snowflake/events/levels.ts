import type { Account } from '../account.js';
import type { Routine } from '../catalog/objects.js';
import { LOG_LEVELS, TRACE_LEVELS } from '../sessions/parameters.js';
import type { Session } from '../sessions/session.js';
import { accountParameters } from './parameters.js';

export type LogLevel = (typeof LOG_LEVELS)[number];
export type TraceLevel = (typeof TRACE_LEVELS)[number];

/**
 * The level in effect for a routine's messages: what its object hierarchy says (routine, schema, database,
 * account) or what the session says, whichever is more verbose. Rules: docs, developer-guide/logging-tracing/
 * telemetry-levels, "How Snowflake determines the level in effect".
 * @param routine none: a statement outside of any routine, which only the account and the session rule
 */
function levelOf<L extends string>(
  key: 'LOG_LEVEL' | 'TRACE_LEVEL',
  levels: readonly L[],
  account: Account,
  session: Session,
  routine: Routine | undefined,
): L {
  const ofObject = objectParameter(account, key, routine);
  const ofSession = session.own(key);
  const set = [ofObject, ofSession].filter((level) => level !== undefined) as L[];
  return levels.find((level) => set.includes(level)) ?? ('OFF' as L);
}

/** @returns OFF or the least severe level that is recorded */
export function logLevel(account: Account, session: Session, routine?: Routine): LogLevel {
  return levelOf('LOG_LEVEL', LOG_LEVELS, account, session, routine);
}

/**
 * Traces are recorded only where LOG_LEVEL is set too (docs, sql-reference/parameters, TRACE_LEVEL: "When tracing
 * events, you must also set the LOG_LEVEL parameter to one of its supported values").
 */
export function traceLevel(account: Account, session: Session, routine?: Routine): TraceLevel {
  if (logLevel(account, session, routine) === 'OFF') return 'OFF';
  return levelOf('TRACE_LEVEL', TRACE_LEVELS, account, session, routine);
}

/** Whether a message of this severity is recorded at a level. */
export function records(level: LogLevel, severity: LogLevel): boolean {
  return severity !== 'OFF' && LOG_LEVELS.indexOf(severity) >= LOG_LEVELS.indexOf(level);
}

/** What a routine or the nearest of schema, database and account that holds it has set. */
export function objectParameter(
  { catalog }: Account,
  key: string,
  routine: Pick<Routine, 'database' | 'schema' | 'parameters'> | undefined,
): string | undefined {
  const schema = routine && catalog.at('SCHEMA', routine.database, routine.schema);
  const database = routine && catalog.at('DATABASE', routine.database);
  for (const holder of [routine, schema, database]) {
    const value = holder?.parameters?.[key];
    if (value !== undefined) return String(value);
  }
  const value = accountParameters(catalog)[key];
  return value === undefined ? undefined : String(value);
}
