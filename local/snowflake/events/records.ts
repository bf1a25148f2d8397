import type { Account } from '../account.js';
import type { Routine, Table } from '../catalog/objects.js';
import type { Session } from '../sessions/session.js';
import { typeName } from '../types/type-name.js';
import { objectParameter } from './levels.js';
import { DEFAULT_EVENT_TABLE } from './parameters.js';

/** One row of an event table, before it is written. Times are milliseconds since 1970. */
export interface EventRecord {
  table: Table;
  type: 'LOG' | 'SPAN' | 'SPAN_EVENT';
  /** When it was emitted; of a span, its end. */
  time: number;
  /** The start of a span. */
  start?: number;
  observed?: number;
  trace?: Record<string, string>;
  record: Record<string, unknown>;
  attributes?: Record<string, unknown> | undefined;
  /** JSON text. */
  value?: string | null;
  /** JSON text; the same for all records of an execution. */
  resource: string;
}

/** The event table of the routine's database, else of the account; undefined if that has been dropped. */
export function activeEventTable(account: Account, routine: Routine | undefined): Table | undefined {
  const id = objectParameter(account, 'EVENT_TABLE', routine);
  const table =
    id === undefined ? account.catalog.at('TABLE', ...DEFAULT_EVENT_TABLE) : account.catalog.get(Number(id));
  return table?.kind === 'TABLE' && table.event ? table : undefined;
}

/**
 * Where an event comes from. Identifiers that Snowflake documents as its own are those of this account's catalog.
 * docs: developer-guide/logging-tracing/event-table-columns, "RESOURCE_ATTRIBUTES column"
 */
export function resourceAttributes(
  account: Account,
  session: Session,
  routine: Routine | undefined,
  queryId: string,
): Record<string, string | number> {
  const { catalog } = account;
  let root = session;
  while (root.caller) root = root.caller;
  const attributes: Record<string, string | number | undefined> = { 'db.user': root.user };
  if (routine) {
    attributes['snow.database.id'] = catalog.at('DATABASE', routine.database)?.id;
    attributes['snow.database.name'] = routine.database;
    attributes['snow.executable.id'] = routine.id;
    attributes['snow.executable.name'] = executableName(routine);
  }
  attributes['snow.executable.type'] = routine?.kind ?? 'STATEMENT';
  if (routine) {
    attributes['snow.owner.id'] = catalog.at('ROLE', routine.owner)?.id;
    attributes['snow.owner.name'] = routine.owner;
  }
  attributes['snow.query.id'] = queryId;
  if (routine) {
    attributes['snow.schema.id'] = catalog.at('SCHEMA', routine.database, routine.schema)?.id;
    attributes['snow.schema.name'] = routine.schema;
  }
  attributes['snow.session.id'] = root.id;
  attributes['snow.session.role.primary.id'] = catalog.at('ROLE', root.role)?.id;
  attributes['snow.session.role.primary.name'] = root.role;
  attributes['snow.user.id'] = catalog.at('USER', root.user)?.id;
  if (root.warehouse !== undefined) {
    attributes['snow.warehouse.id'] = catalog.at('WAREHOUSE', root.warehouse)?.id;
    attributes['snow.warehouse.name'] = root.warehouse;
  }
  attributes['telemetry.sdk.language'] = routine?.language === 'JAVASCRIPT' ? 'javascript' : 'sql';
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}

/** `ADD_TWO_NUMBERS(A FLOAT, B FLOAT):FLOAT` */
function executableName(routine: Routine): string {
  const list = routine.arguments.map(({ name, type }) => `${name} ${typeName(type, { short: true })}`);
  return `${routine.name}(${list.join(', ')}):${typeName(routine.returns)}`;
}
