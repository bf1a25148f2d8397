import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import type { Routine } from '../catalog/objects.js';
import { doesNotExist, notSupportedLocally, SnowflakeError } from '../errors.js';
import type { ScalarHandler } from '../javascript/scalar.js';
import { scalarHandler } from '../javascript/udf.js';
import type { ExternalUse } from '../sessions/history.js';
import type { Session } from '../sessions/session.js';
import type { Cell, DataType } from '../types/data-type.js';
import { type CallPlan, sendBatch, textOf } from './batch.js';

/** Without MAX_BATCH_ROWS Snowflake chooses; this many rows keep encoding and transfer overlapped. */
const BATCH_ROWS = 2_000;
const CONCURRENT = 8;

/**
 * Calls an external function for many rows: in batches, several at once, in no order.
 * @param rows each row's arguments as a JSON array, `[1,"a",null]`
 * @returns one cell a row, of the routine's return type
 * @throws SnowflakeError 100335 for a refused request, 100350 if the service cannot be reached, 003167 if the
 *   role cannot be assumed, 100132 from a translator
 */
export async function callExternal(
  account: Account,
  session: Session,
  routine: Routine,
  rows: string[],
  options: { queryId: string; signal?: AbortSignal },
): Promise<Cell[]> {
  const results: Cell[] = new Array(rows.length).fill(null);
  // A STRICT function is not asked about rows with a NULL.
  const asked = rows
    .map((_, i) => i)
    .filter((i) => !routine.strict || !(JSON.parse(rows[i]!) as unknown[]).includes(null));
  if (asked.length === 0) return results;
  const size = Math.min(routine.external!.maxBatchRows ?? BATCH_ROWS, BATCH_ROWS);
  const batches: number[][] = [];
  for (let at = 0; at < asked.length; at += size) batches.push(asked.slice(at, at + size));

  const abort = new AbortController();
  const stop = () => abort.abort(options.signal!.reason);
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted) stop();
  let allowed = CONCURRENT;
  const plan: CallPlan = {
    ...prepare(account, session, routine),
    queryId: options.queryId,
    use: useOf(account, options.queryId),
    signal: abort.signal,
    slowDown: () => {
      allowed = Math.max(1, allowed >> 1);
    },
  };
  const toCell = cellWriter(routine, (value) => textOf(plan, value));
  const work = async (lane: number) => {
    while (batches.length > 0 && lane < allowed) {
      const batch = batches.shift()!;
      const asked = batch.map((row) => rows[row]!);
      const cells = await sendBatch(plan, asked, toCell);
      for (const [at, row] of batch.entries()) results[row] = cells[at]!;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(CONCURRENT, batches.length) }, (_, lane) => work(lane)));
  } catch (error) {
    abort.abort(error); // the first failure ends the query; the other batches need not finish
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
  return results;
}

/** Where the history counts what a statement sends out. */
function useOf(account: Account, queryId: string): ExternalUse {
  const none = { invocations: 0, sentRows: 0, receivedRows: 0, sentBytes: 0, receivedBytes: 0 };
  const record = account.history.get(queryId);
  if (!record) return none;
  record.external ??= none;
  return record.external;
}

function prepare(account: Account, session: Session, routine: Routine) {
  const external = routine.external!;
  const integration = account.catalog.find('INTEGRATION', [external.integration], session);
  if (integration?.category !== 'API') throw doesNotExist('Integration', identifier(external.integration));
  const plan = {
    account,
    routine,
    integration,
    context: contextHeaders(account, session, external.contextHeaders),
  };
  const translators: { requestTranslator?: ScalarHandler; responseTranslator?: ScalarHandler } = {};
  for (const key of ['requestTranslator', 'responseTranslator'] as const) {
    const name = external[key];
    if (!name) continue;
    const found = account.catalog
      .findRoutines('FUNCTION', name, session)
      .find((each) => each.arguments.length === 1 && each.arguments[0]!.type.kind === 'OBJECT');
    if (!found) throw doesNotExist('Function', `${name.map(identifier).join('.')}(OBJECT)`);
    translators[key] = scalarHandler(found);
  }
  return { ...plan, ...translators };
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
      throw notSupportedLocally(
        `CONTEXT_HEADERS = (${name})`,
        `only ${Object.keys(values).join(', ')} are built`,
      );
    headers[`sf-context-${name.toLowerCase().replaceAll('_', '-')}`] = value();
  }
  return headers;
}

/**
 * Turns the values of a response into cells of the return type.
 * @param textOf a value's JSON; undefined for what has none
 */
function cellWriter(
  routine: Routine,
  textOf: (value: unknown) => string | undefined,
): (value: unknown) => Cell {
  const type: DataType = routine.returns;
  const wrong = (value: unknown) =>
    new SnowflakeError(
      '100339',
      '22018',
      `External function ${routine.name} returned ${textOf(value)?.slice(0, 100)}, which is no ${type.kind}.`,
    );
  /** As it would come out of JSON: what a translator returns may be a date, or no finite number. */
  const plain = (value: unknown): unknown =>
    typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
      ? value
      : JSON.parse(textOf(value) ?? 'null');
  const semiStructured = (value: unknown, first: string): Cell => {
    const text = textOf(value);
    if (text?.[0] !== first) throw wrong(value);
    return text;
  };
  return (given) => {
    if (type.kind === 'VARIANT') return textOf(given) ?? null;
    if (given === null || given === undefined) return null;
    if (type.kind === 'OBJECT') return semiStructured(given, '{');
    if (type.kind === 'ARRAY') return semiStructured(given, '[');
    const value = plain(given);
    if (value === null) return null;
    switch (type.kind) {
      case 'FLOAT':
      case 'NUMBER': {
        const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
        if (typeof number !== 'number' || Number.isNaN(number)) throw wrong(value);
        return String(value).trim();
      }
      case 'BOOLEAN':
        if (typeof value !== 'boolean') throw wrong(value);
        return value ? '1' : '0';
      case 'TEXT':
        return typeof value === 'string' ? value : JSON.stringify(value);
      case 'DATE': {
        const ms = Date.parse(`${value}Z`);
        if (Number.isNaN(ms)) throw wrong(value);
        return String(Math.floor(ms / 86_400_000));
      }
      default:
        throw notSupportedLocally(
          `an external function that returns ${type.kind}`,
          'its conversion is not built',
        );
    }
  };
}
