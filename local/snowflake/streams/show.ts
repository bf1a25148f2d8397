import type { Stream, Table, View } from '../catalog/objects.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../kernel/show.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome } from '../kernel/statement.js';
import { isIntact } from './source.js';
import { existingTables, isStale, staleAfter } from './staleness.js';

/** What Snowflake shows in place of a table that is gone, or that the role may not see. */
const NO_TABLE = 'No privilege or table dropped';

/** docs: sql-reference/sql/show-streams */
function fullColumns({ account, session }: StatementContext): ShownColumns<Stream> {
  const sourceOf = ({ tableId }: Stream): Table | View | undefined => {
    const source = account.catalog.get(tableId);
    const exists = source?.kind === 'TABLE' || source?.kind === 'VIEW';
    return exists && account.access.visible(session, source) ? source : undefined;
  };
  const name = (object: Table | View | undefined) => (object ? account.catalog.nameOf(object) : NO_TABLE);
  return {
    created_on: showTime,
    name: (stream) => stream.name,
    database_name: (stream) => stream.database,
    schema_name: (stream) => stream.schema,
    owner: (stream) => stream.owner,
    comment: (stream) => stream.comment,
    table_name: (stream) => name(sourceOf(stream)),
    source_type: ({ below }) => (below ? 'View' : 'Table'),
    base_tables: (stream) =>
      stream.below && sourceOf(stream)
        ? existingTables(account, stream).map(name).join(',') || NO_TABLE
        : name(sourceOf(stream)),
    type: 'DELTA',
    stale: (stream) => String(!isIntact(account, stream) || isStale(account, stream)),
    mode: (stream) => stream.mode,
    stale_after: (stream) =>
      sourceOf(stream) && isIntact(account, stream) ? showTime(staleAfter(account, stream)) : null,
    // "This column supports future functionality. Currently, the only value returned is N/A."
    invalid_reason: 'N/A',
    owner_role_type: 'ROLE',
  };
}

function terseColumns(context: StatementContext): ShownColumns<Stream> {
  const { created_on, name, type, database_name, schema_name, table_name } = fullColumns(context);
  return {
    created_on: created_on!,
    name: name!,
    kind: type!,
    database_name: database_name!,
    schema_name: schema_name!,
    tableOn: table_name!,
  };
}

/** SHOW [TERSE] STREAMS */
export function show(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW');
  const terse = context.tokens.take('TERSE');
  context.tokens.expect('STREAMS');
  return showResult(terse ? terseColumns(context) : fullColumns(context), listVisible(context, 'STREAM'));
}

/** DESCRIBE STREAM: what SHOW shows of it. */
export function describe(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('STREAM');
  const stream = account.catalog.resolve('STREAM', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['SELECT', 'OWNERSHIP'], stream);
  return showResult(fullColumns(context), [stream], STATEMENT_TYPE.DESCRIBE);
}
