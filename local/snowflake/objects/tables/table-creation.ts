import type { CatalogTransaction } from '../../catalog/catalog.js';
import type { Column, Retention, Schema, Table } from '../../catalog/objects.js';
import { insufficientPrivileges, takenUnseen } from '../../errors.js';
import type { CreateHead } from '../../kernel/options.js';
import { schemaOf } from '../../kernel/schema-object.js';
import type { StatementContext } from '../../kernel/statement.js';
import { createChangeLogSql, createTableSql, putHiddenSequence } from '../../kernel/table-storage.js';
import { quoteText } from '../../storage/storage.js';
import { constraintFields, resolveConstraints } from './constraints.js';
import type { TableDefinition } from './table-definition.js';
import { dropForNow } from './undrop.js';

export interface TableOptions {
  comment: string;
  copyGrants: boolean;
  clusterBy?: string;
  retention?: Retention;
  /** Whether roles that do not own the table may make the first stream on it. */
  changeTracking?: boolean;
}

/** Whether CREATE says that the table lasts as long as the session. */
export function isTemporary(head: CreateHead): boolean {
  return ['TEMPORARY', 'TEMP', 'VOLATILE'].some((word) => head.modifiers.has(word));
}

/**
 * A temporary table hides a permanent one from its whole session, procedures with other roles' rights among it, so that
 * only who owns the permanent one may make it. Docs: release-notes/bcr-bundles/2023_03/bcr-427, which does not give the
 * error: it is the one that CREATE has for names of objects on which a role has other privileges, or none.
 * @throws SnowflakeError 003001 or 003041
 */
export function refuseToHide({ account, session }: StatementContext, path: [string, string, string]): void {
  const hidden = account.catalog.at('TABLE', ...path);
  if (hidden === undefined || account.access.owns(account.access.activeRoles(session), hidden)) return;
  throw account.access.visible(session, hidden)
    ? insufficientPrivileges('table', hidden.name)
    : takenUnseen('Table', hidden.name);
}

/** Makes a table in DuckDB and puts it in the catalog, in place of the one that it replaces. */
export async function putTable(
  context: StatementContext,
  tx: CatalogTransaction,
  head: CreateHead,
  given: { columns: Column[]; definition: TableDefinition; options: TableOptions },
  replaced: Table | undefined,
): Promise<Table> {
  const { account, session } = context;
  const schema = schemaOf(context, head.name);
  const id = account.catalog.nextId();
  const temporary = isTemporary(head);
  const base = {
    owner: session.role,
    createdOn: account.clock.now(),
    database: schema.database,
    schema: schema.name,
  };
  for (const { column, autoincrement } of given.definition.columns) {
    const own = given.columns.find((each) => each.name === column.name);
    if (autoincrement && own) own.sequence = putHiddenSequence(context, tx, base, autoincrement).id;
  }
  const table: Table = {
    kind: 'TABLE',
    id,
    name: head.name[head.name.length - 1]!,
    ...base,
    comment: given.options.comment,
    physical: `t${id}`,
    columns: given.columns,
    persistence: temporary
      ? 'temporary'
      : head.modifiers.has('TRANSIENT') || schema.transient
        ? 'transient'
        : 'permanent',
    primaryKey: [],
    changeTracking: !temporary && given.options.changeTracking === true,
    ...given.options.retention,
    ...(given.options.clusterBy !== undefined && { clusterBy: given.options.clusterBy }),
    ...(temporary && { session: String(session.id) }),
  };
  Object.assign(table, constraintFields(resolveConstraints(context, table, given.definition.constraints)));
  if (temporary) await putTemporary(context, tx, table, replaced);
  else await putPermanent(context, tx, table, schema, replaced, given.options.copyGrants);
  return table;
}

async function putTemporary(
  context: StatementContext,
  tx: CatalogTransaction,
  table: Table,
  replaced: Table | undefined,
): Promise<void> {
  const { session } = context;
  if (replaced) await tx.run(`DROP TABLE IF EXISTS ${quoteText(replaced.physical)}`);
  await tx.run(createTableSql(table));
  session.connection.runAfterCommit(() =>
    session.temporary.set([table.database, table.schema, table.name].join('\0'), table),
  );
}

async function putPermanent(
  context: StatementContext,
  tx: CatalogTransaction,
  table: Table,
  schema: Schema,
  replaced: Table | undefined,
  copyGrants: boolean,
): Promise<void> {
  const { account } = context;
  await tx.run(createTableSql(table));
  if (table.changeTracking) await tx.run(createChangeLogSql(table));
  if (replaced) {
    dropForNow(context, tx, replaced);
    for (const grant of copyGrants ? account.catalog.grantsOn(replaced.id) : []) {
      tx.put({ ...grant, id: account.catalog.nextId(), on: { kind: 'TABLE', id: table.id } });
    }
  }
  tx.put(table);
  account.access.grantFuture(tx, table, schema);
}
