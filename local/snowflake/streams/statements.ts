import { identifier } from '../catalog/catalog.js';
import type { Stream, Table, TrackedTable, View } from '../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../errors.js';
import { alterOutcome, dropOutcome, readCommentChange, readNamed } from '../kernel/named-object.js';
import { createHead, type OptionValue, readOptions } from '../kernel/options.js';
import { createInSchema } from '../kernel/schema-object.js';
import { type Statement, type StatementContext, type StatementOutcome, status } from '../kernel/statement.js';
import { createChangeLogSql } from '../kernel/table-storage.js';
import type { TokenStream } from '../language/lexer.js';
import { splitName } from '../language/split-name.js';
import { quoteText } from '../storage/storage.js';
import { initialRows } from './changes.js';
import { streamKeeper } from './keeper.js';
import { lockSource } from './lock-source.js';
import { describe, show } from './show.js';
import { latestChange, readableTables } from './source.js';

/** What CREATE STREAM says behind the name. */
interface Definition {
  source: { table: string[] } | { view: string[] } | { clone: string[] };
  /** AT (STREAM => '…') */
  at?: string[];
  copyGrants: boolean;
  options: Record<string, OptionValue>;
}

/**
 * CREATE [OR REPLACE | OR ALTER] STREAM s [COPY GRANTS] { ON TABLE t [AT (STREAM => '…')] [APPEND_ONLY = …]
 * [SHOW_INITIAL_ROWS = …] [COMMENT = …] | ON VIEW v [SHOW_INITIAL_ROWS = …] [COMMENT = …] | CLONE s0 }; docs:
 * sql-reference/sql/create-stream.
 */
async function create(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'STREAM');
  const definition = readDefinition(tokens);
  tokens.expectEnd();
  const existing = account.catalog.find('STREAM', head.name, session);
  if (existing && head.orAlter) return alterTo(context, existing, definition);

  const { options } = definition;
  const from = startingPoint(context, definition);
  const resolved = sourceToTrack(context, definition, from);
  account.access.require(session, 'SELECT', resolved);
  if (from && from.tableId !== resolved.id)
    throw localRefusal(
      'AT (STREAM => …) with a stream on another table',
      'tables keep no history (Time Travel) here',
      'Name a stream on the same table.',
    );
  if (existing) await session.lock(existing.id, context.signal);
  const { source, tables } = await lockSource(context, resolved);
  const offsets: number[] = [];
  for (const table of tables) {
    const offset = from?.offset ?? (table.changeTracking ? await latestChange(account, session, table) : 0);
    streamKeeper(account).hold(session.transaction, table.id, offset);
    offsets.push(offset);
  }
  const track = (object: Table | View, offset: number): TrackedTable => ({
    tableId: object.id,
    tableName: account.catalog.nameOf(object),
    offset,
  });
  const initial = options.SHOW_INITIAL_ROWS === true;
  const initialSql = !initial
    ? ''
    : source.kind === 'TABLE'
      ? `SELECT * FROM ${quoteText(source.physical)}`
      : await account.features.services.viewChanges(account, session, source);
  const appendOnly =
    'clone' in definition.source ? from!.mode === 'APPEND_ONLY' : options.APPEND_ONLY === true;
  if (from?.mode === 'APPEND_ONLY' && !appendOnly)
    throw localRefusal(
      `a stream of all changes that starts where the append-only '${identifier(from.name)}' stands`,
      'for append-only streams nothing but inserted rows is written down',
      'Add APPEND_ONLY = TRUE.',
    );
  const outcome = await createInSchema<Stream>(
    context,
    'STREAM',
    'Stream',
    head,
    () => ({
      kind: 'STREAM',
      ...track(source, source.kind === 'TABLE' ? offsets[0]! : 0),
      ...(source.kind === 'VIEW' && { below: tables.map((table, i) => track(table, offsets[i]!)) }),
      mode: appendOnly ? 'APPEND_ONLY' : 'DEFAULT',
      consumedOn: from?.consumedOn ?? account.clock.now(),
      stale: false,
      ...(initial && { initial }),
      comment: String(options.COMMENT ?? ('clone' in definition.source ? from!.comment : '')),
    }),
    async (tx, stream, replaced) => {
      if (source.kind === 'VIEW' && !source.changeTracking) tx.put({ ...source, changeTracking: true });
      for (const table of tables.filter(({ changeTracking }) => !changeTracking)) {
        await tx.run(createChangeLogSql(table));
        tx.put({ ...table, changeTracking: true, ddlOn: account.clock.now() });
      }
      if (initial) await tx.run(`CREATE TABLE ${initialRows(stream)} AS ${initialSql}`);
      for (const grant of replaced && definition.copyGrants ? account.catalog.grantsOn(replaced.id) : [])
        tx.put({ ...grant, id: account.catalog.nextId(), on: { kind: 'STREAM', id: stream.id } });
      if (replaced) session.connection.runAfterCommit(() => streamKeeper(account).recordStream(replaced));
      session.connection.runAfterCommit(() => streamKeeper(account).recordStream(stream));
    },
  );
  return outcome;
}

/** The table or view that a new stream is on. @throws SnowflakeError 002003, 002203 */
function sourceToTrack(
  { account, session }: StatementContext,
  { source }: Definition,
  from: Stream | undefined,
): Table | View {
  const { catalog } = account;
  const resolved =
    'table' in source
      ? catalog.resolve('TABLE', source.table, session)
      : 'view' in source
        ? catalog.resolve('VIEW', source.view, session)
        : readableTables(account, session, from!)[0]!;
  if (resolved.kind === 'TABLE' ? resolved.persistence === 'temporary' : resolved.temporary)
    throw localRefusal(
      `a stream on a temporary ${resolved.kind.toLowerCase()}`,
      'its changes are not recorded',
    );
  return resolved;
}

function readDefinition(tokens: TokenStream): Definition {
  if (tokens.take('CLONE')) {
    const clone = tokens.name();
    return { source: { clone }, copyGrants: tokens.take('COPY', 'GRANTS'), options: {} };
  }
  const copyGrants = tokens.take('COPY', 'GRANTS');
  tokens.expect('ON');
  if (tokens.is('EVENT', 'TABLE')) tokens.next();
  const kind = tokens.next().value;
  if (kind !== 'TABLE' && kind !== 'VIEW')
    throw localRefusal(
      `CREATE STREAM … ON ${kind}`,
      'only streams on tables and views are built',
      'Use ON TABLE or ON VIEW.',
    );
  const name = tokens.name();
  const at = readPoint(tokens);
  if (at && kind === 'VIEW')
    throw localRefusal('CREATE STREAM … ON VIEW … AT', 'only streams on tables begin where another stands');
  const options = readOptions(tokens);
  for (const [key, value] of Object.entries(options)) {
    if (!['APPEND_ONLY', 'SHOW_INITIAL_ROWS', 'COMMENT'].includes(key))
      throw localRefusal(`CREATE STREAM … ${key}`, 'it belongs to external and directory tables');
    if (key !== 'COMMENT' && typeof value !== 'boolean')
      throw new SnowflakeError(
        '001008',
        '22023',
        `SQL compilation error:\ninvalid value [${value}] for parameter '${key}'`,
      );
  }
  if (kind === 'TABLE') return { source: { table: name }, copyGrants, options, ...(at && { at }) };
  if (options.APPEND_ONLY === true)
    throw localRefusal(
      'CREATE STREAM … ON VIEW … APPEND_ONLY',
      'only streams of all changes are built on views',
      "Leave it out, and read the records whose METADATA$ACTION is 'INSERT'.",
    );
  return { source: { view: name }, copyGrants, options };
}

/** `AT (STREAM => 'name')`; the other points in time need a history of the table. */
function readPoint(tokens: TokenStream): string[] | undefined {
  if (!tokens.is('AT') && !tokens.is('BEFORE')) return undefined;
  const word = tokens.next().value;
  tokens.expect('(');
  if (word !== 'AT' || !tokens.take('STREAM'))
    throw localRefusal(
      `CREATE STREAM … ${word} (${tokens.peek().value} => …)`,
      'tables keep no history (Time Travel) here',
      "Use AT (STREAM => '…') to start where another stream stands.",
    );
  tokens.expect('=>');
  const parts = splitName(tokens.string());
  tokens.expect(')');
  return parts;
}

/** The stream whose offset the new one gets, if it names one. @throws SnowflakeError 002003, 000707, 091901 */
function startingPoint({ account, session }: StatementContext, definition: Definition): Stream | undefined {
  const parts = 'clone' in definition.source ? definition.source.clone : definition.at;
  if (!parts) return undefined;
  const stream = account.catalog.resolve('STREAM', parts, session);
  account.access.require(session, 'SELECT', stream);
  readableTables(account, session, stream);
  if (stream.below)
    throw localRefusal(
      `starting a stream where '${identifier(stream.name)}' stands`,
      'it is on a view',
      'Make a new stream on the view.',
    );
  if (stream.initial)
    throw localRefusal(
      `starting a stream where '${identifier(stream.name)}' stands`,
      'it has not given out its initial rows yet',
      'Consume it first.',
    );
  return stream;
}

/** CREATE OR ALTER of a stream that exists: only its comment can change (docs: create-stream, usage notes). */
async function alterTo(
  context: StatementContext,
  found: Stream,
  { source, options }: Definition,
): Promise<StatementOutcome> {
  const { account, session } = context;
  const existing = (await lockStream(context, found)) ?? found;
  const named =
    'table' in source
      ? account.catalog.resolve('TABLE', source.table, session)
      : 'view' in source
        ? account.catalog.resolve('VIEW', source.view, session)
        : undefined;
  const mode = options.APPEND_ONLY === true ? 'APPEND_ONLY' : 'DEFAULT';
  if (named?.id !== existing.tableId || mode !== existing.mode)
    throw new SnowflakeError(
      '002062',
      '0A000',
      `SQL compilation error:\nUnsupported feature 'CREATE OR ALTER STREAM' changing the source or APPEND_ONLY of stream ${identifier(existing.name)}: drop it and create a new one.`,
    );
  const comment = String(options.COMMENT ?? '');
  await account.catalog.change(session.connection, (tx) => tx.put({ ...existing, comment }));
  return status(`Stream ${identifier(existing.name)} successfully created.`);
}

/**
 * A stream to change or drop, under its lock: who is consuming it writes its new offset when the transaction ends,
 * and must not be overwritten, or write a stream that is gone.
 * @throws SnowflakeError 003001 unless it is the role's own
 */
async function lockStream(
  { account, session, signal }: StatementContext,
  stream: Stream,
): Promise<Stream | undefined> {
  account.access.requireOwnership(session, stream);
  await session.lock(stream.id, signal);
  return account.catalog.get(stream.id) as Stream | undefined;
}

async function drop(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('DROP', 'STREAM');
  const { parts, object } = readNamed(context, 'STREAM');
  tokens.expectEnd();
  const stream = object && (await lockStream(context, object));
  if (!stream) return dropOutcome(parts, false);
  await account.catalog.change(session.connection, (tx) => tx.remove(stream));
  streamKeeper(account).recordStream(stream);
  return dropOutcome(parts, true);
}

/** ALTER STREAM s SET COMMENT = '…' | UNSET COMMENT; docs: sql-reference/sql/alter-stream. */
async function alter(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'STREAM');
  const { object } = readNamed(context, 'STREAM');
  const comment = readCommentChange(tokens);
  tokens.expectEnd();
  const stream = object && (await lockStream(context, object));
  if (stream) await account.catalog.change(session.connection, (tx) => tx.put({ ...stream, comment }));
  return alterOutcome();
}

/** The statements on streams. */
export const streamStatements: Statement[] = [
  { leading: [['CREATE', 'STREAM']], ddl: true, run: create },
  { leading: [['ALTER', 'STREAM']], ddl: true, run: alter },
  { leading: [['DROP', 'STREAM']], ddl: true, run: drop },
  { leading: [['SHOW', 'STREAMS']], run: show },
  { leading: [['DESCRIBE', 'STREAM']], run: describe },
];
