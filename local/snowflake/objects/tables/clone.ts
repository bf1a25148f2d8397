// CREATE SCHEMA | DATABASE … CLONE. Docs: user-guide/object-clone.
import { type CatalogTransaction, identifier, pathOf } from '../../catalog/catalog.js';
import type { CatalogObject, Schema, Sequence, Stream, Table, TrackedTable } from '../../catalog/objects.js';
import { moveFrom, withNames } from '../../catalog/references.js';
import { tracks } from '../../catalog/tracked-tables.js';
import { localRefusal } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';
import { createChangeLogSql, createTableSql, fillTableSql } from '../../kernel/table-storage.js';
import { quoteText } from '../../storage/storage.js';
import { streamKeeper } from '../../streams/keeper.js';
import { latestChange } from '../../streams/source.js';

/** Reads `CLONE name`: the name. @throws SnowflakeError for what belongs to Time Travel, and for internal stages */
export function readClone({ tokens }: StatementContext): string[] {
  tokens.expect('CLONE');
  const name = tokens.name();
  if (tokens.is('AT') || tokens.is('BEFORE'))
    throw localRefusal('CLONE … AT | BEFORE', 'tables keep no past versions');
  if (tokens.is('IGNORE') || tokens.is('INCLUDE'))
    throw localRefusal(
      `CLONE … ${tokens.peek().value}`,
      'internal stages and hybrid tables are left out of a clone in any case',
    );
  return name;
}

/**
 * Copies what schemas contain into others: tables with their rows, streams that begin anew, suspended tasks.
 * Internal stages are left out, as in Snowflake. Grants on the contents go along.
 * @param container the schema or database that is cloned, and its clone: names inside it are changed
 */
export async function cloneSchemas(
  context: StatementContext,
  tx: CatalogTransaction,
  pairs: { source: Schema; target: Schema }[],
  container: { from: string[]; to: string[] },
): Promise<void> {
  const { catalog } = context.account;
  const cloned = pairs.map(({ source, target }) => ({
    target,
    contents: catalog
      .contents(source)
      .filter((each) => !(each.kind === 'SEQUENCE' && each.hidden) && !(each.kind === 'STAGE' && !each.url)),
  }));
  const ids = new Map(
    cloned.flatMap(({ contents }) => contents.map((each) => [each.id, catalog.nextId()] as const)),
  );
  for (const { target, contents } of cloned)
    await cloneContents(context, tx, contents, target, ids, container);
}

async function cloneContents(
  context: StatementContext,
  tx: CatalogTransaction,
  contents: CatalogObject[],
  target: Schema,
  ids: Map<number, number>,
  container: { from: string[]; to: string[] },
): Promise<void> {
  const { account, session } = context;
  const { catalog } = account;
  const place = { database: target.database, schema: target.name, createdOn: account.clock.now() };
  const streams = catalog.list('STREAM').filter((each) => ids.has(each.id));
  for (const each of contents) {
    const base = {
      ...withNames(each, moveFrom(container.from, container.to)),
      ...place,
      id: ids.get(each.id)!,
    };
    let clone = base as CatalogObject;
    if (each.kind === 'TABLE') {
      const read = streams.some((stream) => tracks(stream, each.id));
      clone = await cloneTable(context, tx, { ...(base as Table), changeTracking: read }, each, ids);
    } else if (each.kind === 'SEQUENCE') clone = cloneSequence(context, base as Sequence, each);
    else if (each.kind === 'TASK') clone = { ...(base as typeof each), state: 'suspended' };
    else if (each.kind === 'STREAM') {
      const moved = moveFrom(container.from, container.to);
      /** The table or view in the clone, if it is there too, with nothing that a stream on it has not seen. */
      const track = async ({ tableId, tableName }: TrackedTable): Promise<TrackedTable> => {
        const inClone = ids.get(tableId);
        const source = catalog.get(tableId);
        if (inClone !== undefined && source && 'schema' in source)
          return { tableId: inClone, tableName: moved(pathOf(source)).map(identifier).join('.'), offset: 0 };
        const offset = source?.kind === 'TABLE' ? await latestChange(account, session, source) : 0;
        return { tableId, ...(tableName !== undefined && { tableName }), offset };
      };
      const { initial: _, spent: __, ...stream } = base as Stream;
      clone = {
        ...stream,
        ...(await track(each)),
        ...(each.below && { below: await Promise.all(each.below.map(track)) }),
        consumedOn: place.createdOn,
        stale: each.stale && !ids.has(each.tableId),
      };
      const made = clone;
      session.connection.runAfterCommit(() => streamKeeper(account).recordStream(made));
    }
    tx.put(clone);
    for (const grant of catalog.grantsOn(each.id))
      tx.put({ ...grant, id: catalog.nextId(), on: { kind: clone.kind, id: clone.id } });
  }
}

async function cloneTable(
  context: StatementContext,
  tx: CatalogTransaction,
  base: Table,
  source: Table,
  ids: Map<number, number>,
): Promise<Table> {
  const { catalog } = context.account;
  const columns = [];
  for (const column of source.columns) {
    const sequence = column.sequence === undefined ? undefined : catalog.get(column.sequence);
    if (sequence?.kind !== 'SEQUENCE') columns.push(column);
    else {
      const id = catalog.nextId();
      const { database, schema, createdOn } = base;
      const own = { ...sequence, id, name: `$${id}`, database, schema, createdOn };
      const made = cloneSequence(context, own, sequence);
      tx.put(made);
      columns.push({ ...column, sequence: made.id });
    }
  }
  const table: Table = {
    ...base,
    physical: `t${base.id}`,
    columns,
    ...(source.constraints && {
      constraints: source.constraints.map(({ references, ...constraint }) => ({
        ...constraint,
        ...(references && {
          references: { ...references, tableId: ids.get(references.tableId) ?? references.tableId },
        }),
      })),
    }),
  };
  await tx.run(createTableSql(table));
  if (table.changeTracking) await tx.run(createChangeLogSql(table));
  const names = columns.map((column) => quoteText(column.physical)).join();
  await tx.run(fillTableSql(table, columns, `SELECT ${names} FROM ${quoteText(source.physical)}`));
  return table;
}

/** A clone goes on from where its source is. */
function cloneSequence({ account }: StatementContext, base: Sequence, source: Sequence): Sequence {
  const clone = { ...base, physical: `s${base.id}` };
  const { sequences } = account.storage;
  sequences.begin(clone.physical, sequences.next(source), source.increment);
  return clone;
}
