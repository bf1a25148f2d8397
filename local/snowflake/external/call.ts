import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import type { Routine } from '../catalog/objects.js';
import { doesNotExist, localRefusal } from '../errors.js';
import { handlerSource } from '../javascript/newer-syntax.js';
import type { HandlerSource } from '../javascript/scalar.js';
import type { Wanted } from '../query/bind/binder.js';
import type { ExternalUse } from '../sessions/history.js';
import type { Session } from '../sessions/session.js';
import { joinParts, NONE, type PackedColumn, type PackedTexts } from '../storage/packed-texts.js';
import type { Connection } from '../storage/storage.js';
import { Turns } from '../storage/turns.js';
import type { Row } from '../types/data-type.js';
import { plainJson } from '../types/undefined.js';
import { type Batch, type CallPlan, sendBatch } from './batch.js';
import { WHOLE } from './cells.js';
import { CONCURRENT, flightsOf } from './in-flight.js';
import type { TranslatedFunction } from './translation.js';
import { THREADS } from './translation-threads.js';

/** Without MAX_BATCH_ROWS Snowflake chooses; this many rows keep encoding and transfer overlapped. */
const BATCH_ROWS = 2_000;
/** A batch of fewer is made only where it must be. */
const FEW_ROWS = 500;

/** Rows that an external function is asked about. */
export interface AskedRows {
  /** A temporary table, in quotes, whose "$n" numbers them from 1. */
  readonly table: string;
  readonly rows: number;
  /** DuckDB SQL of each argument's JSON text, never NULL. */
  readonly args: readonly string[];
  /** Of few rows these texts themselves, in the order of the rows. */
  readonly texts?: readonly Row[];
  /** All of each answer where it is left out. */
  readonly wanted?: Wanted;
}

/** So many are asked about before the texts of others are made. */
const FIRST_BATCHES = 4;

/** So many batches' texts are made at once then: those of all rows could be a hundred megabytes. */
const MORE_BATCHES = 32;

/** Answers that wait to be taken, from which on no more is asked. */
const MOST_WAITING = 16;

/**
 * Calls an external function for many rows: in batches, several at once, in no order.
 * @param take is given the answers, in the order of the rows and one part after the other: a cell a row, of the routine's
 *   return type, in each column that is wanted (packedCells). Others are under way meanwhile.
 * @throws SnowflakeError 100335 for a refused request, 100350 if the service cannot be reached, 003167 if the
 *   role cannot be assumed, 100132 from a translator
 */
export async function callExternal(
  account: Account,
  session: Session,
  routine: Routine,
  asked: AskedRows,
  take: (columns: PackedColumn[]) => Promise<void>,
  options: { queryId: string; signal?: AbortSignal },
): Promise<void> {
  const { connection } = session;
  const size = batchSize(asked.rows, Math.min(routine.external!.maxBatchRows ?? BATCH_ROWS, BATCH_ROWS));
  const batches: Batch[] = [];
  /** Whether there are no others. */
  let whole = false;
  const make = async (to: number) => {
    batches.push(...(await batchesOf(connection, asked, size, routine.strict, batches.length, to)));
    whole = batches.length < to || to * size >= asked.rows;
  };
  await make(FIRST_BATCHES);
  const abort = new AbortController();
  const stop = () => abort.abort(options.signal!.reason);
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted) stop();
  const plan: CallPlan = {
    ...prepare(account, session, routine, asked.wanted),
    session,
    queryId: options.queryId,
    use: useOf(account, options.queryId),
    signal: abort.signal,
    inFlight: flightsOf(routine),
  };
  const answers: PackedColumn[][] = [];
  let [next, taken] = [0, 0];
  const turns = new Turns();
  let making: Promise<void> | undefined;
  /** The service has something to do meanwhile. */
  const makeMore = (): Promise<void> => {
    making ??= turns
      .take(() => make(batches.length + MORE_BATCHES))
      .catch((error) => abort.abort(error))
      .finally(() => {
        making = undefined;
      });
    return making;
  };
  /** What is there goes into DuckDB while others are still under way. */
  const takeNext = async () => {
    for (; answers[taken] && !abort.signal.aborted; taken++) {
      await take(answers[taken]!);
      delete answers[taken];
    }
  };
  const work = async () => {
    for (;;) {
      if (!whole && batches.length - next <= CONCURRENT) void makeMore();
      while (next === batches.length && !whole) {
        await makeMore();
        abort.signal.throwIfAborted();
      }
      if (next >= batches.length) return;
      const at = next++;
      const batch = batches[at]!;
      delete batches[at];
      answers[at] = await sendBatch(plan, batch);
      if (routine.strict) continue;
      const taking = turns.take(takeNext);
      taking.catch((error) => abort.abort(error));
      if (at - taken > MOST_WAITING) await taking;
    }
  };
  try {
    await Promise.all(Array.from({ length: whole ? batches.length : CONCURRENT }, work));
    await turns.take(async () => abort.signal.throwIfAborted());
  } catch (error) {
    abort.abort(error); // the first failure ends the query; the other batches need not finish
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await turns.take(async () => undefined);
  }
  if (routine.strict) await take(await placeAnswers(connection, asked, answers));
}

/**
 * Rows of a batch, so that batches are of about one size and the threads that translate them have as many each: all wait for the last
 * one. @param most rows that a batch may have
 */
export function batchSize(rows: number, most: number): number {
  const fewest = Math.max(1, Math.ceil(rows / most));
  const even = Math.ceil(fewest / THREADS) * THREADS;
  return Math.max(1, Math.ceil(rows / (rows >= even * FEW_ROWS ? even : fewest)));
}

/** A STRICT function is not asked about rows with a NULL. */
const hasNoNull = (args: readonly string[]): string =>
  args.map((arg) => `${arg} <> 'null'`).join(' AND ') || 'TRUE';

/**
 * The rows in batches, in their order, in which the table has them. DuckDB makes a batch's text: one by one each row would be a string,
 * and a piece of another.
 * @param from the first batch, from 0
 * @param to the one behind the last, which there need not be
 */
async function batchesOf(
  connection: Connection,
  { table, args, texts }: AskedRows,
  size: number,
  strict: boolean,
  from: number,
  to: number,
): Promise<Batch[]> {
  if (texts) return from > 0 ? [] : fewBatches(texts, size, strict);
  const where = strict ? ` WHERE ${hasNoNull(args)}` : '';
  const place = strict ? 'row_number() OVER (ORDER BY "$n") - 1' : '"$n" - 1';
  const within = `"$place" >= ${from * size} AND "$place" < ${to * size}`;
  const row = ['"$place" % SIZE', ...args].join(` || ',' || `).replace('SIZE', String(size));
  const made = await connection.rows(
    `SELECT '{"data":[[' || string_agg(${row}, '],[') || ']]}', CAST(count(*) AS VARCHAR)
FROM (SELECT *, ${place} AS "$place" FROM ${table}${where}) WHERE ${within} GROUP BY "$place" // ${size} ORDER BY "$place" // ${size}`,
  );
  return made.map(([data, rows]) => ({ data: plainJson(data!), rows: Number(rows) }));
}

/** The same of few rows, whose texts are here. */
function fewBatches(texts: readonly Row[], size: number, strict: boolean): Batch[] {
  const rows = strict ? texts.filter((row) => !row.includes('null')) : texts;
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, batch) => {
    const own = rows.slice(batch * size, (batch + 1) * size);
    const data = own.map((row, at) => `[${[at, ...row].join()}]`);
    return { data: plainJson(`{"data":[${data.join()}]}`), rows: own.length };
  });
}

/** The answers among all rows, NULL for those that were not asked about. */
async function placeAnswers(
  connection: Connection,
  { table, args, texts, wanted = WHOLE }: AskedRows,
  answers: readonly PackedColumn[][],
): Promise<PackedTexts[]> {
  const rows = texts
    ? texts.map((row) => [String(!row.includes('null'))])
    : await connection.rows(`SELECT CAST(${hasNoNull(args)} AS VARCHAR) FROM ${table} ORDER BY "$n"`);
  return Array.from({ length: wanted.members.length + (wanted.whole ? 1 : 0) }, (_, column) => {
    const { bytes, lengths } = joinParts(answers.map((columns) => columns[column] as PackedTexts));
    let at = 0;
    return { bytes, lengths: Uint32Array.from(rows, ([was]) => (was === 'true' ? lengths[at++]! : NONE)) };
  });
}

/** Where the history counts what a statement sends out. */
function useOf(account: Account, queryId: string): ExternalUse {
  const none = { invocations: 0, sentRows: 0, receivedRows: 0, sentBytes: 0, receivedBytes: 0 };
  const record = account.history.get(queryId);
  if (!record) return none;
  record.external ??= none;
  return record.external;
}

function prepare(account: Account, session: Session, routine: Routine, wanted?: Wanted) {
  const external = routine.external!;
  const integration = account.catalog.find('INTEGRATION', [external.integration], session);
  if (integration?.category !== 'API') throw doesNotExist('Integration', identifier(external.integration));
  const translator = (name: string[] | undefined): HandlerSource | undefined => {
    if (!name) return undefined;
    const found = account.catalog
      .findRoutines('FUNCTION', name, session)
      .find((each) => each.arguments.length === 1 && each.arguments[0]!.type.kind === 'OBJECT');
    if (!found) throw doesNotExist('Function', `${name.map(identifier).join('.')}(OBJECT)`);
    return handlerSource(found);
  };
  const [request, response] = [
    translator(external.requestTranslator),
    translator(external.responseTranslator),
  ];
  const translated: TranslatedFunction = {
    name: routine.name,
    returns: routine.returns,
    url: external.url,
    zipped: external.compression !== 'NONE',
    context: contextHeaders(account, session, external.contextHeaders),
    ...(request && { request }),
    ...(response && { response }),
    ...(wanted && { wanted }),
  };
  return { account, routine, integration, translated };
}

/** docs: sql-reference/sql/create-external-function, CONTEXT_HEADERS; names become sf-context-current-user. */
function contextHeaders(account: Account, session: Session, names: string[]): Record<string, string> {
  const values: Record<string, () => string> = {
    CURRENT_ACCOUNT: () => account.name.toUpperCase(),
    CURRENT_DATABASE: () => session.database ?? '',
    CURRENT_DATE: () => new Date(account.clock.now()).toISOString().slice(0, 10),
    CURRENT_REGION: () => account.region,
    CURRENT_ROLE: () => session.role,
    CURRENT_SCHEMA: () => session.schema ?? '',
    CURRENT_SESSION: () => String(session.id),
    CURRENT_TIMESTAMP: () => new Date(account.clock.now()).toISOString(),
    CURRENT_USER: () => session.user,
    CURRENT_WAREHOUSE: () => session.warehouse ?? '',
  };
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = values[name.toUpperCase()];
    if (!value)
      throw localRefusal(`CONTEXT_HEADERS = (${name})`, `only ${Object.keys(values).join(', ')} are built`);
    headers[`sf-context-${name.toLowerCase().replaceAll('_', '-')}`] = value();
  }
  return headers;
}
