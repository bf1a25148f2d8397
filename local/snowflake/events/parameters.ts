// The parameters that ALTER ACCOUNT, DATABASE, SCHEMA, FUNCTION and PROCEDURE set on objects.
import type { Account } from '../account.js';
import type { Catalog } from '../catalog/catalog.js';
import { identifier } from '../catalog/catalog.js';
import type { CatalogObject, ObjectParameters, Table } from '../catalog/objects.js';
import { doesNotExist, insufficientPrivileges, localRefusal, wrongKind } from '../errors.js';
import { checkParameter, type ParameterValue } from '../sessions/parameters.js';
import type { Session } from '../sessions/session.js';

/** The one object that holds what ALTER ACCOUNT has set, by its name in the catalog. */
export const ACCOUNT = 'ACCOUNT';

/** Parameters that objects have, by the kinds of object that ALTER … SET takes them for. */
const HELD_BY: Record<string, CatalogObject['kind'][]> = {
  LOG_LEVEL: ['ACCOUNT', 'DATABASE', 'SCHEMA', 'FUNCTION', 'PROCEDURE'],
  TRACE_LEVEL: ['ACCOUNT', 'DATABASE', 'SCHEMA', 'FUNCTION', 'PROCEDURE'],
  EVENT_TABLE: ['ACCOUNT', 'DATABASE'],
};

/** The object parameters that objects of this kind have. */
export function parametersOf(kind: CatalogObject['kind']): string[] {
  return Object.keys(HELD_BY).filter((key) => HELD_BY[key]!.includes(kind));
}

export function isObjectParameter(kind: CatalogObject['kind'], key: string): boolean {
  return HELD_BY[key]?.includes(kind) ?? false;
}

const NONE: ObjectParameters = {};

/** What ALTER ACCOUNT has set. */
export function accountParameters(catalog: Catalog): ObjectParameters {
  return catalog.at('ACCOUNT', ACCOUNT)?.parameters ?? NONE;
}

/** One parameter that a statement sets, or unsets if it gives no value. */
export interface Change {
  key: string;
  /** A name in its parts for EVENT_TABLE. */
  value?: string | number | boolean | string[];
}

/**
 * The parameters of an object after SET or UNSET.
 * @param object none: the account
 * @throws SnowflakeError 003001 for a missing privilege, 001008 for a value that does not fit, 002003 for a table
 */
export function changeParameters(
  account: Account,
  session: Session,
  object: Extract<CatalogObject, { parameters?: ObjectParameters }> | undefined,
  changes: Change[],
): ObjectParameters {
  const parameters = { ...(object ? object.parameters : accountParameters(account.catalog)) };
  for (const { key, value } of changes) {
    if (isLevel(key)) requireLevel(account, session, key, object);
    else requireAccountAdmin(account, session);
    if (value === undefined) delete parameters[key];
    else if (Array.isArray(value)) parameters[key] = eventTable(account, session, value).id;
    else parameters[key] = checkParameter(key, value);
  }
  return parameters;
}

const isLevel = (key: string): boolean => key === 'LOG_LEVEL' || key === 'TRACE_LEVEL';

/** docs: telemetry-levels, "Privileges needed": on the account, and MODIFY on the object. */
function requireLevel(
  account: Account,
  session: Session,
  key: string,
  object: CatalogObject | undefined,
): void {
  account.access.requireAccount(session, `MODIFY ${key.replace('_', ' ')}`);
  if (object) account.access.requireAny(session, ['MODIFY', 'OWNERSHIP'], object);
}

/** For ALTER SESSION SET LOG_LEVEL and TRACE_LEVEL. @throws SnowflakeError 003001 */
export function requireSessionLevel(account: Account, session: Session, key: string): void {
  if (isLevel(key)) account.access.requireAccount(session, `MODIFY SESSION ${key.replace('_', ' ')}`);
}

export function requireAccountAdmin({ access }: Account, session: Session): void {
  if (!access.activeRoles(session).has('ACCOUNTADMIN'))
    throw insufficientPrivileges('account', access.accountName);
}

/** The event table that EVENT_TABLE = db.schema.name means; setting it takes OWNERSHIP or INSERT on it. */
function eventTable(account: Account, session: Session, parts: string[]): Table {
  const shown = parts.map(identifier).join('.');
  if (parts.length !== 3)
    throw localRefusal(
      `EVENT_TABLE = ${shown}`,
      'Snowflake takes a full name only',
      'Write database.schema.table.',
    );
  const table = account.catalog.at('TABLE', ...parts);
  if (!table) throw doesNotExist('Event table', shown);
  if (!table.event) throw wrongKind('TABLE', 'EVENT_TABLE');
  account.access.requireAny(session, ['INSERT', 'OWNERSHIP'], table);
  return table;
}

/** Where events go that no EVENT_TABLE sends elsewhere: docs, event-table-setting-up, "Use the default event table". */
export const DEFAULT_EVENT_TABLE = ['SNOWFLAKE', 'TELEMETRY', 'EVENTS'] as const;

/** What SHOW PARAMETERS prints for EVENT_TABLE. @param id the table's id, as the parameter holds it */
export function eventTableName({ catalog }: Account, id: unknown): string {
  if (id === undefined) return DEFAULT_EVENT_TABLE.join('.').toLowerCase();
  const table = catalog.get(Number(id));
  return table ? catalog.nameOf(table) : '';
}

/** What ALTER ACCOUNT says of the parameters of sessions; levels are looked up when they are needed. */
export function accountDefaults(catalog: Catalog): [string, ParameterValue][] {
  return Object.entries(accountParameters(catalog)).filter(([key]) => !isObjectParameter('ACCOUNT', key));
}
