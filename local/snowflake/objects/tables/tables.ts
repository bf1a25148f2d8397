import { identifier } from '../../catalog/catalog.js';
import { constraintsOf } from '../../catalog/constraints.js';
import type { Column, Retention, Sequence, Table } from '../../catalog/objects.js';
import { physicalColumn } from '../../catalog/physical.js';
import { existsError, localRefusal, SnowflakeError, syntaxError, wrongKind } from '../../errors.js';
import { dropOutcome, findOrRefuse, readName } from '../../kernel/named-object.js';
import {
  type CreateHead,
  clusterKeys,
  createHead,
  type OptionValue,
  readOptions,
} from '../../kernel/options.js';
import { refusePolicies } from '../../kernel/refused.js';
import { readRetention } from '../../kernel/retention.js';
import { schemaOf } from '../../kernel/schema-object.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';
import { fillTableSql } from '../../kernel/table-storage.js';
import { createAsSelect, queryColumns } from '../../query/for-ddl.js';
import { quoteText } from '../../storage/storage.js';
import { alterColumnsTo } from './alter-columns.js';
import type { ConstraintDefinition } from './constraints.js';
import { checkDefault } from './defaults.js';
import { isTemporary, putTable, refuseToHide, type TableOptions } from './table-creation.js';
import { type ColumnDefinition, readTableDefinition, type TableDefinition } from './table-definition.js';
import { templateDefinition } from './table-template.js';
import { dropForNow } from './undrop.js';

const NOTHING: TableDefinition = { columns: [], constraints: [] };

async function createTable(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'TABLE');
  // CLUSTER BY stands behind the columns, or before them as GET_DDL writes it.
  const first = tokens.take('CLUSTER', 'BY') ? clusterKeys(tokens) : undefined;
  const definition = tokens.take('USING', 'TEMPLATE')
    ? await templateDefinition(context)
    : tokens.is('(')
      ? readTableDefinition(tokens, true)
      : NOTHING;
  const options = readTableOptions(context, head);
  if (first !== undefined) options.clusterBy = first;
  const existing = existingTable(context, head);
  if (existing && head.ifNotExists)
    return status(`${identifier(existing.name)} already exists, statement succeeded.`);
  if (tokens.take('LIKE')) return createFrom(context, head, options, false);
  if (tokens.take('CLONE')) return createFrom(context, head, options, true);
  if (tokens.take('AS')) return createAs(context, head, definition, options);
  tokens.expectEnd();
  if (definition.columns.length === 0) throw tokens.tokenError();
  if (head.orAlter && existing) {
    await alterColumnsTo(context, existing, definition, options);
    return status(`${identifier(existing.name)} successfully altered.`);
  }
  const columns = definition.columns.map(({ column }) => {
    if (!column.type) throw syntaxError(`column '${column.name}' has no type.`);
    return column as Column;
  });
  for (const column of columns) await checkDefault(context, column);
  await account.catalog.change(session.connection, async (tx) => {
    await putTable(context, tx, head, { columns, definition, options }, existing);
  });
  return createOutcome(head);
}

/** CREATE TABLE … AS query: the query's columns, renamed and cast to what the definition says. */
async function createAs(
  context: StatementContext,
  head: CreateHead,
  definition: TableDefinition,
  options: TableOptions,
): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const query = tokens.rest();
  const from = await queryColumns(context, query, definition.columns.length > 0);
  if (definition.columns.length > 0 && definition.columns.length !== from.length) {
    throw new SnowflakeError('002026', '42601', `SQL compilation error:\nInvalid column definition list`);
  }
  const defined: ColumnDefinition[] =
    definition.columns.length > 0 ? definition.columns : plainColumns(from.map((column) => column.name));
  const columns = defined.map(({ column }, i) => ({ ...column, type: column.type ?? from[i]!.type }));
  const existing = existingTable(context, head);
  // The table, its rows and the new offsets of the streams that they came from: all or nothing.
  await session.transaction.open();
  let inserted = 0;
  await account.catalog.change(session.connection, async (tx) => {
    const table = await putTable(context, tx, head, { columns, definition, options }, existing);
    inserted = await createAsSelect(context, table, query);
  });
  return { ...createOutcome(head), changed: { inserted } };
}

function plainColumns(names: string[]): ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  for (const name of names) {
    if (columns.some(({ column }) => column.name === name)) {
      throw new SnowflakeError('002025', '42S21', `SQL compilation error:\nduplicate column name '${name}'`);
    }
    const physical = physicalColumn(
      name,
      columns.map(({ column }) => column),
    );
    columns.push({ column: { name, physical, nullable: true, comment: '' }, constraints: [] });
  }
  return columns;
}

/** CREATE TABLE … LIKE copies the definition; CLONE the rows as well. */
async function createFrom(
  context: StatementContext,
  head: CreateHead,
  options: TableOptions,
  withRows: boolean,
): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const source = account.catalog.resolve('TABLE', tokens.name(), session);
  if (tokens.is('AT') || tokens.is('BEFORE'))
    throw localRefusal('CREATE TABLE … CLONE … AT | BEFORE', 'there is no Time Travel');
  const more = readTableOptions(context, head);
  tokens.expectEnd();
  account.access.require(session, 'SELECT', source);
  const columns: Column[] = [];
  const definition: TableDefinition = { columns: [], constraints: copyConstraints(context, source) };
  for (const { sequence: id, ...column } of source.columns) {
    const sequence = id === undefined ? undefined : (account.catalog.get(id) as Sequence);
    // A clone goes on where its rows end.
    const start = sequence && (withRows ? Number(account.storage.sequences.next(sequence)) : sequence.start);
    columns.push(column);
    definition.columns.push({
      column,
      constraints: [],
      ...(sequence && {
        autoincrement: {
          start: start!,
          increment: sequence.increment,
          ...(sequence.ordered && { ordered: true as const }),
        },
      }),
    });
  }
  const existing = existingTable(context, head);
  await account.catalog.change(session.connection, async (tx) => {
    const comment = options.comment || more.comment || source.comment;
    const clusterBy = options.clusterBy ?? more.clusterBy ?? source.clusterBy;
    const table = await putTable(
      context,
      tx,
      head,
      {
        columns,
        definition,
        options: {
          ...options,
          comment,
          copyGrants: options.copyGrants || more.copyGrants,
          retention: { ...retentionGiven(source), ...options.retention, ...more.retention },
          ...(clusterBy !== undefined && { clusterBy }),
        },
      },
      existing,
    );
    // Where nothing is replaced, COPY GRANTS means those of the table that is copied.
    if (!existing && (options.copyGrants || more.copyGrants))
      for (const grant of account.catalog.grantsOn(source.id))
        tx.put({ ...grant, id: account.catalog.nextId(), on: { kind: 'TABLE', id: table.id } });
    const names = columns.map((column) => quoteText(column.physical)).join();
    if (withRows)
      await tx.run(fillTableSql(table, columns, `SELECT ${names} FROM ${quoteText(source.physical)}`));
  });
  return createOutcome(head);
}

function retentionGiven({ retentionDays, extensionDays }: Table): Retention {
  return {
    ...(retentionDays !== undefined && { retentionDays }),
    ...(extensionDays !== undefined && { extensionDays }),
  };
}

/** The constraints of a table for a copy of it; names that the system gave are given anew. */
function copyConstraints({ account }: StatementContext, source: Table): ConstraintDefinition[] {
  return constraintsOf(source).flatMap(({ name, references, ...rest }) => {
    const target = references && account.catalog.get(references.tableId);
    if (references && target?.kind !== 'TABLE') return []; // dropped since
    const path = target === source || !target ? [source.name] : [source.database, source.schema, source.name];
    if (target?.kind === 'TABLE') path.splice(0, 3, target.database, target.schema, target.name);
    return [
      {
        ...rest,
        ...(!name.startsWith('SYS_CONSTRAINT_') && { name }),
        ...(references && { references: { table: path, columns: references.columns } }),
      },
    ];
  });
}

function createOutcome(head: CreateHead): StatementOutcome {
  return status(
    `Table ${identifier(head.name[head.name.length - 1]!)} successfully created.`,
    STATEMENT_TYPE.CREATE,
  );
}

/** The table that has the name already. @throws SnowflakeError if CREATE may not stand beside or replace it */
function existingTable(context: StatementContext, head: CreateHead): Table | undefined {
  const { account, session } = context;
  const schema = schemaOf(context, head.name);
  const temporary = isTemporary(head);
  if (!temporary) account.access.requireCreate(session, 'TABLE', schema);
  else account.access.require(session, 'USAGE', schema);
  const path = account.catalog.qualify(head.name, session);
  // A temporary table stands beside a permanent one of the same name, and hides it.
  const existing = temporary
    ? session.temporary.get(path.join('\0'))
    : account.catalog.find('TABLE', head.name, session);
  if (temporary) refuseToHide(context, path);
  const view = temporary ? undefined : account.catalog.find('VIEW', head.name, session);
  if (view)
    throw new SnowflakeError(
      '001998',
      '42710',
      `SQL compilation error:\nObject '${identifier(view.name)}' already exists as VIEW`,
    );
  if (!existing || head.ifNotExists) return existing;
  if (!head.orReplace && !head.orAlter) throw existsError(account.catalog.nameOf(existing));
  account.access.requireOwnership(session, existing);
  return existing;
}

/** What may stand between the columns and AS. */
function readTableOptions(context: StatementContext, head: CreateHead): TableOptions {
  const { tokens } = context;
  const options: TableOptions = { comment: '', copyGrants: false, retention: {} };
  const transient = isTemporary(head) || head.modifiers.has('TRANSIENT');
  for (;;) {
    if (tokens.take('CLUSTER', 'BY')) options.clusterBy = clusterKeys(tokens);
    else if (tokens.take('COPY', 'GRANTS')) options.copyGrants = true;
    else {
      refusePolicies(tokens, 'CREATE TABLE');
      const read = readOptions(tokens, ['AS', 'LIKE', 'CLONE']);
      if (Object.keys(read).length === 0) return options;
      const { retention, rest } = readRetention(read, transient);
      options.retention = { ...options.retention, ...retention };
      options.comment = tableComment(rest, options.comment);
      if (rest.CHANGE_TRACKING !== undefined) options.changeTracking = rest.CHANGE_TRACKING === true;
    }
  }
}

function tableComment(read: Record<string, OptionValue>, before: string): string {
  const { COMMENT, CHANGE_TRACKING: _, ...rest } = read;
  for (const key of Object.keys(rest))
    throw localRefusal(`CREATE TABLE … ${key}`, 'this option is not built');
  return COMMENT === undefined ? before : String(COMMENT);
}

async function dropTable(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('DROP', 'TABLE');
  const { parts: name, ifExists } = readName(tokens, 'TABLE');
  const restrict = !tokens.take('CASCADE') && tokens.take('RESTRICT');
  tokens.expectEnd();
  const isTable = account.catalog.find('TABLE', name, session) !== undefined;
  if (!ifExists && !isTable && account.catalog.find('VIEW', name, session)) throw wrongKind('VIEW', 'TABLE');
  const table = findOrRefuse(context, 'TABLE', name, ifExists);
  if (!table) return dropOutcome(name, false);
  if (restrict) refuseReferenced(context, table);
  if (table.session !== undefined) {
    await session.connection.run(`DROP TABLE IF EXISTS ${quoteText(table.physical)}`);
    session.temporary.delete(account.catalog.qualify(name, session).join('\0'));
  } else {
    account.access.requireOwnership(session, table);
    await account.catalog.change(session.connection, (tx) => dropForNow(context, tx, table));
  }
  return dropOutcome(name, true);
}

/** RESTRICT: a table that foreign keys of others refer to stays. Docs: sql-reference/sql/drop-table. */
function refuseReferenced({ account }: StatementContext, table: Table): void {
  for (const other of account.catalog.list('TABLE'))
    for (const { name, references } of other.id === table.id ? [] : constraintsOf(other))
      if (references?.tableId === table.id)
        throw new SnowflakeError(
          '003540',
          '2BP01',
          `SQL compilation error:\nTable '${identifier(table.name)}' cannot be dropped: foreign key '${identifier(name)}' of table '${account.catalog.nameOf(other)}' refers to it. Use CASCADE, or drop the key first.`,
        );
}

export const tableStatements: Statement[] = [
  { leading: [['CREATE', 'TABLE']], ddl: true, run: createTable },
  { leading: [['DROP', 'TABLE']], ddl: true, run: dropTable },
];
