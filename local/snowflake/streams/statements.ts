import type { Stream, Table } from '../catalog/objects.js';
import { notSupportedLocally } from '../errors.js';
import { alterObject, dropObject, readCommentChange } from '../statements/named-object.js';
import { createHead, readOptions } from '../statements/options.js';
import { createInSchema } from '../statements/schema-object.js';
import { type ShownColumns, shown, shownResult, shownTime } from '../statements/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
} from '../statements/statement.js';
import { quoted } from '../storage/storage.js';
import { duckType } from '../types/duck-type.js';
import { changesOf, initialOf, latestChange } from './source.js';

/** CREATE STREAM s ON TABLE t [APPEND_ONLY = …] [SHOW_INITIAL_ROWS = …] [COMMENT = …] */
async function create(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'STREAM');
  if (tokens.take('COPY', 'GRANTS')) throw notSupportedLocally('COPY GRANTS', 'it is not built for streams');
  tokens.expect('ON');
  const source = tokens.next().value;
  if (source !== 'TABLE')
    throw notSupportedLocally(
      `CREATE STREAM … ON ${source}`,
      'only streams on tables are built',
      'Use ON TABLE.',
    );
  const tableName = tokens.name();
  if (tokens.is('AT') || tokens.is('BEFORE'))
    throw notSupportedLocally('CREATE STREAM … AT | BEFORE', 'tables keep no history (Time Travel) here');
  const options = readOptions(tokens);
  tokens.expectEnd();
  for (const key of Object.keys(options))
    if (!['APPEND_ONLY', 'SHOW_INITIAL_ROWS', 'COMMENT'].includes(key))
      throw notSupportedLocally(`CREATE STREAM … ${key}`, 'it belongs to external and directory tables');
  const table = account.catalog.resolve('TABLE', tableName, session);
  account.access.require(session, 'SELECT', table);
  if (table.persistence === 'temporary')
    throw notSupportedLocally('a stream on a temporary table', 'its changes are not recorded');

  await session.lock(table.id, context.signal);
  const offset = table.changeTracking ? await latestChange(session, table) : 0;
  const initial = options.SHOW_INITIAL_ROWS === true;
  return createInSchema<Stream>(
    context,
    'STREAM',
    'Stream',
    head,
    () => ({
      kind: 'STREAM',
      tableId: table.id,
      mode: options.APPEND_ONLY === true ? 'APPEND_ONLY' : 'DEFAULT',
      offset,
      stale: false,
      ...(initial && { initial }),
      comment: String(options.COMMENT ?? ''),
    }),
    async (tx, stream, replaced) => {
      if (replaced?.initial) await tx.run(`DROP TABLE IF EXISTS ${initialOf(replaced)}`);
      if (!table.changeTracking) {
        await tx.run(changesTable(table));
        tx.put({ ...table, changeTracking: true });
      }
      if (initial)
        await tx.run(`CREATE TABLE ${initialOf(stream)} AS SELECT * FROM ${quoted(table.physical)}`);
    },
  );
}

/** Where DML writes a tracked table's changes; see Table.changeTracking. */
function changesTable(table: Table): string {
  const columns = table.columns
    .map((column) => `, ${quoted(column.physical)} ${duckType(column.type)}`)
    .join('');
  return `CREATE TABLE ${changesOf(table)} ("$seq" BIGINT, "$action" VARCHAR, "$update" BOOLEAN, "$row" BIGINT${columns})`;
}

function drop(context: StatementContext): Promise<StatementOutcome> {
  return dropObject(context, 'STREAM', {
    async also(tx, stream) {
      if (stream.initial) await tx.run(`DROP TABLE IF EXISTS ${initialOf(stream)}`);
    },
  });
}

/** ALTER STREAM s SET COMMENT = '…' | UNSET COMMENT | SET APPEND_ONLY is not allowed by Snowflake either. */
function alter(context: StatementContext): Promise<StatementOutcome> {
  return alterObject(context, 'STREAM', (stream) => ({
    ...stream,
    comment: readCommentChange(context.tokens),
  }));
}

function shownColumns({ account }: StatementContext): ShownColumns<Stream> {
  const { catalog } = account;
  const base = ({ tableId }: Stream) => {
    const table = catalog.get(tableId);
    return table ? catalog.nameOf(table) : 'No privilege or table dropped';
  };
  return {
    created_on: shownTime,
    name: (stream) => stream.name,
    database_name: (stream) => stream.database,
    schema_name: (stream) => stream.schema,
    owner: (stream) => stream.owner,
    comment: (stream) => stream.comment,
    table_name: base,
    source_type: 'Table',
    base_tables: base,
    type: 'DELTA',
    stale: (stream) => String(stream.stale || !catalog.get(stream.tableId)),
    mode: (stream) => stream.mode,
    stale_after: '',
    invalid_reason: (stream) => (catalog.get(stream.tableId) ? 'N/A' : 'The base table was dropped'),
    owner_role_type: 'ROLE',
  };
}

function show(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'STREAMS');
  return shownResult(shownColumns(context), shown(context, 'STREAM'));
}

function describe(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('STREAM');
  const stream = account.catalog.resolve('STREAM', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['SELECT', 'OWNERSHIP'], stream);
  return shownResult(shownColumns(context), [stream], STATEMENT_TYPE.DESCRIBE);
}

/** The statements on streams. */
export const streamStatements: Statement[] = [
  { leading: [['CREATE', 'STREAM']], ddl: true, run: create },
  { leading: [['ALTER', 'STREAM']], ddl: true, run: alter },
  { leading: [['DROP', 'STREAM']], ddl: true, run: drop },
  { leading: [['SHOW', 'STREAMS']], run: show },
  { leading: [['DESCRIBE', 'STREAM']], run: describe },
];
