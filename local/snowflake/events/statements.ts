import { identifier } from '../catalog/catalog.js';
import type { Retention, Table } from '../catalog/objects.js';
import { existsError, localRefusal, SnowflakeError } from '../errors.js';
import { alterOutcome, keepExisting } from '../kernel/named-object.js';
import {
  type CreateHead,
  clusterKeys,
  createHead,
  type OptionValue,
  readOptions,
} from '../kernel/options.js';
import { readRetention, withoutRetention } from '../kernel/retention.js';
import { schemaOf } from '../kernel/schema-object.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../kernel/statement.js';
import { createTableSql } from '../kernel/table-storage.js';
import type { TokenStream } from '../language/lexer.js';
import { accountStatements } from './alter-parameters.js';
import { eventColumns } from './columns.js';

interface Options {
  comment: string;
  clusterBy?: string;
  copyGrants: boolean;
  retention: Retention;
}

/**
 * CREATE [OR REPLACE] EVENT TABLE [IF NOT EXISTS] name [options]; the columns are always the same.
 * docs: sql-reference/sql/create-event-table
 */
async function create(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'EVENT', 'TABLE');
  if (tokens.is('CLONE')) throw localRefusal('CREATE EVENT TABLE … CLONE', 'events are not copied');
  const options = readTableOptions(tokens);
  tokens.expectEnd();
  const schema = schemaOf(context, head.name);
  account.access.requireCreate(session, 'EVENT TABLE', schema);
  const existing = sameName(context, head);
  const kept = existing && keepExisting(context, head, existing);
  if (kept) return kept;
  const id = account.catalog.nextId();
  const table: Table = {
    kind: 'TABLE',
    event: true,
    id,
    name: head.name[head.name.length - 1]!,
    owner: session.role,
    createdOn: account.clock.now(),
    database: schema.database,
    schema: schema.name,
    comment: options.comment,
    physical: `t${id}`,
    columns: eventColumns(),
    persistence: 'permanent',
    primaryKey: [],
    changeTracking: false,
    ...options.retention,
    ...(options.clusterBy !== undefined && { clusterBy: options.clusterBy }),
  };
  const grants = existing && options.copyGrants ? account.catalog.grantsOn(existing.id) : [];
  await account.catalog.change(session.connection, async (tx) => {
    await tx.run(createTableSql(table));
    if (existing) tx.remove(existing);
    tx.put(table);
    for (const grant of grants)
      tx.put({ ...grant, id: account.catalog.nextId(), on: { kind: 'TABLE', id: table.id } });
  });
  return status(`Event table ${identifier(table.name)} successfully created.`, STATEMENT_TYPE.CREATE);
}

/** The event table that has the name already. @throws SnowflakeError 001998 if something else has it */
function sameName({ account, session }: StatementContext, head: CreateHead): Table | undefined {
  const path = account.catalog.qualify(head.name, session);
  const found = account.catalog.at('TABLE', ...path) ?? account.catalog.at('VIEW', ...path);
  if (!found || (found.kind === 'TABLE' && found.event)) return found as Table | undefined;
  throw new SnowflakeError(
    '001998',
    '42710',
    `SQL compilation error:\nObject '${identifier(found.name)}' already exists as ${found.kind}`,
  );
}

function readTableOptions(tokens: TokenStream): Options {
  const options: Options = { comment: '', copyGrants: false, retention: {} };
  for (;;) {
    if (tokens.take('CLUSTER', 'BY')) options.clusterBy = clusterKeys(tokens);
    else if (tokens.take('COPY', 'GRANTS')) options.copyGrants = true;
    else {
      if (tokens.take('WITH') && !tokens.is('COMMENT'))
        throw localRefusal(
          `CREATE EVENT TABLE … WITH ${tokens.peek().value}`,
          'policies, tags and contacts are not built',
        );
      const read = readOptions(tokens);
      if (Object.keys(read).length === 0) return options;
      const set = storageOptions('CREATE EVENT TABLE …', read);
      options.retention = { ...options.retention, ...set.retention };
      options.comment = set.comment ?? options.comment;
    }
  }
}

/** COMMENT and the options that streams go by; the rest is refused by name. */
function storageOptions(
  statement: string,
  options: Record<string, OptionValue>,
): { retention: Retention; comment?: string } {
  const { retention, rest } = readRetention(options, false);
  const { COMMENT, CHANGE_TRACKING, ...others } = rest;
  for (const key of Object.keys(others))
    throw localRefusal(`${statement} ${key}`, 'this option is not built');
  if (CHANGE_TRACKING === true)
    throw localRefusal(
      'CHANGE_TRACKING = TRUE',
      'the CHANGES clause is not built',
      'Create a stream on the table: it turns the tracking on.',
    );
  return { retention, ...(COMMENT !== undefined && { comment: String(COMMENT) }) };
}

/**
 * What ALTER TABLE changes of an event table, from behind its name: the columns are Snowflake's.
 * docs: sql-reference/sql/alter-table-event-table
 */
export async function alterEventTable(context: StatementContext, table: Table): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const next = changeTable(context, { ...table });
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => tx.put(next));
  return alterOutcome();
}

function changeTable(context: StatementContext, table: Table): Table {
  const { tokens } = context;
  if (tokens.take('RENAME', 'TO')) return { ...table, ...newPlace(context) };
  if (tokens.take('CLUSTER', 'BY')) return { ...table, clusterBy: clusterKeys(tokens) };
  if (tokens.take('DROP', 'CLUSTERING', 'KEY')) {
    delete table.clusterBy;
    return table;
  }
  if (tokens.take('SET')) {
    const { retention, comment } = storageOptions('ALTER TABLE … SET', readOptions(tokens));
    return { ...table, ...retention, ...(comment !== undefined && { comment }) };
  }
  if (tokens.take('UNSET')) {
    let next = table;
    do {
      const key = tokens.identifier();
      const without = withoutRetention(next, key);
      if (!without && key !== 'COMMENT')
        throw localRefusal(`ALTER TABLE … UNSET ${key}`, 'this option is not built');
      next = without ?? { ...next, comment: '' };
    } while (tokens.take(','));
    return next;
  }
  const word = tokens.peek().value;
  throw new SnowflakeError(
    '001420',
    '22023',
    `SQL compilation error:\ninvalid property '${word}' for 'EVENT_TABLE': its columns cannot be changed. Only its name, comment and clustering key can.`,
  );
}

/** Where RENAME TO takes the table. */
function newPlace(context: StatementContext): Pick<Table, 'name' | 'database' | 'schema'> {
  const { account, session, tokens } = context;
  const parts = tokens.name();
  const schema = schemaOf(context, parts);
  account.access.requireCreate(session, 'EVENT TABLE', schema);
  const name = parts[parts.length - 1]!;
  if (account.catalog.findRelation(parts, session)) throw existsError(identifier(name));
  return { name, database: schema.database, schema: schema.name };
}

const TERSE: ShownColumns<Table> = {
  created_on: showTime,
  name: (table) => table.name,
  database_name: (table) => table.database,
  schema_name: (table) => table.schema,
};

const SHOWN: ShownColumns<Table> = {
  ...TERSE,
  owner: (table) => table.owner,
  comment: (table) => table.comment,
  owner_role_type: (table) => (table.owner === '' ? 'APPLICATION' : 'ROLE'),
};

/** docs: sql-reference/sql/show-event-tables */
function show(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('EVENT', 'TABLES');
  return showResult(
    terse ? TERSE : SHOWN,
    listVisible(context, 'TABLE').filter((table) => table.event),
  );
}

export const eventStatements: Statement[] = [
  ...accountStatements,
  { leading: [['CREATE', 'EVENT', 'TABLE']], ddl: true, run: create },
  { leading: [['SHOW', 'EVENT', 'TABLES']], run: show },
];
