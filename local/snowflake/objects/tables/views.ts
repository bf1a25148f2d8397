import { type CatalogTransaction, identifier } from '../../catalog/catalog.js';
import type { View } from '../../catalog/objects.js';
import {
  insufficientForStream,
  invalidIdentifier,
  localRefusal,
  SnowflakeError,
  wrongKind,
} from '../../errors.js';
import {
  alterObject,
  dropOutcome,
  findOrRefuse,
  keepExisting,
  readCommentChange,
  readName,
} from '../../kernel/named-object.js';
import { createHead, isTemporary, readOptions } from '../../kernel/options.js';
import { refusePolicies } from '../../kernel/refused.js';
import { newPlace, schemaOf } from '../../kernel/schema-object.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';
import { createChangeLogSql } from '../../kernel/table-storage.js';
import type { TokenStream } from '../../language/lexer.js';
import { viewQueryColumns } from '../../query/for-ddl.js';
import { keepForSession } from '../../sessions/temporary.js';
import { readTags, startsTags } from '../masking/column-tags.js';
import { columnName } from './table-definition.js';

async function createView(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens, text } = context;
  const head = createHead(tokens, 'VIEW');
  if (head.modifiers.has('RECURSIVE'))
    throw localRefusal(
      'CREATE RECURSIVE VIEW',
      'a view cannot name itself here',
      'Use WITH RECURSIVE in it.',
    );
  const named = tokens.is('(') ? readViewColumns(tokens) : undefined;
  const { comment, copyGrants, changeTracking } = readViewOptions(tokens);
  tokens.expect('AS');
  const query = tokens.rest();

  const schema = schemaOf(context, head.name);
  account.access.requireCreate(session, 'VIEW', schema);
  const name = head.name[head.name.length - 1]!;
  const existing = account.catalog.find('VIEW', head.name, session);
  if (account.catalog.find('TABLE', head.name, session)) {
    throw new SnowflakeError(
      '001998',
      '42710',
      `SQL compilation error:\nObject '${identifier(name)}' already exists as TABLE`,
    );
  }
  const kept = existing && keepExisting(context, head, existing, true);
  if (kept) return kept;
  const columns = await viewColumns(
    context,
    { database: schema.database, schema: schema.name, owner: session.role, query },
    named,
  );
  const id = head.orAlter && existing ? existing.id : account.catalog.nextId();
  const temporary = isTemporary(head.modifiers);
  if (temporary) keepForSession(session, id, existing);
  await account.catalog.change(session.connection, async (tx) => {
    const view: View = {
      kind: 'VIEW',
      id,
      name,
      database: schema.database,
      schema: schema.name,
      owner: head.orAlter && existing ? existing.owner : session.role,
      comment,
      createdOn: account.clock.now(),
      query,
      columns,
      text: text.trim().replace(/;$/, ''),
      secure: head.modifiers.has('SECURE'),
      ...(temporary && { temporary }),
      changeTracking: changeTracking ?? (head.orAlter && existing?.changeTracking === true),
    };
    await trackTables(context, tx, view);
    const grants = existing && copyGrants ? account.catalog.grantsOn(existing.id) : [];
    if (existing && view.id !== existing.id) tx.remove(existing);
    for (const grant of grants)
      tx.put({ ...grant, id: account.catalog.nextId(), on: { kind: 'VIEW', id: view.id } });
    tx.put(view);
    if (view.id !== existing?.id) account.access.grantFuture(tx, view, schema);
  });
  return status(`View ${identifier(name)} successfully created.`, STATEMENT_TYPE.CREATE);
}

async function viewColumns(
  context: StatementContext,
  view: { database: string; schema: string; owner: string; query: string },
  named: { name: string; comment: string }[] | undefined,
): Promise<View['columns']> {
  const columns = await viewQueryColumns(context, view, named !== undefined);
  if (named && named.length !== columns.length) {
    throw new SnowflakeError('002026', '42601', 'SQL compilation error:\nInvalid column definition list');
  }
  const all = columns.map(({ type, nullable, name }, i) => ({
    name: named?.[i]?.name ?? name,
    type,
    nullable,
    comment: named?.[i]?.comment ?? '',
  }));
  const seen = new Set<string>();
  for (const { name } of all) {
    if (seen.has(name))
      throw new SnowflakeError('002025', '42S21', `SQL compilation error:\nduplicate column name '${name}'`);
    seen.add(name);
  }
  return all;
}

function readViewColumns(tokens: TokenStream): { name: string; comment: string }[] {
  const columns: { name: string; comment: string }[] = [];
  tokens.expect('(');
  do {
    const name = columnName(tokens);
    if (tokens.is('WITH') || tokens.is('MASKING') || tokens.is('TAG'))
      throw localRefusal('policies and tags on columns', 'they are not built');
    columns.push({ name, comment: tokens.take('COMMENT') ? tokens.string() : '' });
  } while (tokens.take(','));
  tokens.expect(')');
  return columns;
}

interface ViewOptions {
  comment: string;
  copyGrants: boolean;
  changeTracking?: boolean;
}

function readViewOptions(tokens: TokenStream): ViewOptions {
  const options: ViewOptions = { comment: '', copyGrants: false };
  while (!tokens.is('AS')) {
    if (tokens.take('COPY', 'GRANTS')) options.copyGrants = true;
    else {
      refusePolicies(tokens, 'CREATE VIEW');
      const read = readOptions(tokens, ['AS']);
      const { COMMENT, CHANGE_TRACKING, ...rest } = read;
      for (const key of Object.keys(rest))
        throw localRefusal(`CREATE VIEW … ${key}`, 'this option is not built');
      if (Object.keys(read).length === 0) throw tokens.tokenError();
      if (COMMENT !== undefined) options.comment = String(COMMENT);
      if (CHANGE_TRACKING !== undefined) options.changeTracking = CHANGE_TRACKING === true;
    }
  }
  return options;
}

async function dropView(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('DROP', 'VIEW');
  const { parts, ifExists } = readName(tokens, 'VIEW');
  // On no page of the documentation, yet dbt-snowflake sends it to every account.
  if (!tokens.take('CASCADE')) tokens.take('RESTRICT');
  tokens.expectEnd();
  if (!ifExists && account.catalog.find('TABLE', parts, session)) throw wrongKind('TABLE', 'VIEW');
  const view = findOrRefuse(context, 'VIEW', parts, ifExists);
  if (!view) return dropOutcome(parts, false);
  account.access.requireOwnership(session, view);
  await account.catalog.change(session.connection, (tx) => tx.remove(view));
  return dropOutcome(parts, true);
}

/**
 * "When either creating or altering a view to specify CHANGE_TRACKING, the associated dependent database objects are
 * automatically updated to enable change tracking" (docs: user-guide/streams-manage), those of the same owner.
 * @throws SnowflakeError 091926 for what has none, 003001 for a table of another owner whose change tracking is off
 */
async function trackTables(
  { account, session }: StatementContext,
  tx: CatalogTransaction,
  view: View,
): Promise<void> {
  if (!view.changeTracking) return;
  const roles = account.access.activeRoles(session);
  for (const table of account.features.services.trackableTables(account, session, view)) {
    if (table.changeTracking) continue;
    if (!account.access.owns(roles, table)) throw insufficientForStream(table.name);
    await tx.run(createChangeLogSql(table));
    tx.put({ ...table, changeTracking: true });
  }
}

function alterView(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  const change = (before: View): View => {
    const view = { ...before, ddlOn: context.account.clock.now() };
    if (tokens.take('RENAME', 'TO')) return { ...view, ...newPlace(context, 'VIEW') };
    if (tokens.take('SET', 'SECURE')) return { ...view, secure: true };
    if (tokens.take('UNSET', 'SECURE')) return { ...view, secure: false };
    if (tokens.take('SET', 'CHANGE_TRACKING')) {
      tokens.expect('=');
      const on = tokens.take('TRUE');
      if (!on) tokens.expect('FALSE');
      return { ...view, changeTracking: on };
    }
    if (['MODIFY', 'ALTER'].includes(tokens.peek().value)) return tagColumns(context, view);
    const next = tokens.is('SET') || tokens.is('UNSET') ? tokens.peek(1).value : tokens.peek().value;
    if (['TAG', 'ADD', 'DROP'].includes(next))
      throw localRefusal(
        `ALTER VIEW … ${next}`,
        'tags of views, and policies set on them directly, are not built',
      );
    return { ...view, comment: readCommentChange(tokens) };
  };
  const follow = (tx: CatalogTransaction, view: View) => trackTables(context, tx, view);
  return alterObject(context, 'VIEW', change, follow);
}

/** ALTER VIEW v MODIFY COLUMN a { SET | UNSET } TAG … [, COLUMN b …] */
function tagColumns(context: StatementContext, view: View): View {
  const { tokens } = context;
  tokens.next();
  let { columns } = view;
  do {
    tokens.take('COLUMN');
    const name = tokens.identifier();
    if (!columns.some((column) => column.name === name)) throw invalidIdentifier(identifier(name));
    if (!startsTags(context))
      throw localRefusal(`ALTER VIEW … MODIFY COLUMN … ${tokens.peek().value}`, 'only tags can be set');
    columns = columns.map((column) =>
      column.name === name ? { ...column, tags: readTags(context, column.tags) } : column,
    );
  } while (tokens.take(','));
  return { ...view, columns };
}

export const viewStatements: Statement[] = [
  { leading: [['CREATE', 'VIEW']], ddl: true, run: createView },
  { leading: [['DROP', 'VIEW']], ddl: true, run: dropView },
  { leading: [['ALTER', 'VIEW']], ddl: true, run: alterView },
];
