import type { StatementResult } from '../account.js';
import type { SnowflakeError } from '../errors.js';
import { STATEMENT_TYPE } from '../kernel/statement.js';
import type { Session } from '../sessions/session.js';
import type { Row } from '../types/data-type.js';
import type { ArrowResult } from './arrow-results.js';
import { dmlStats } from './dml-stats.js';
import { parameterList } from './logins.js';
import { rowtypeOf } from './rowtype.js';

/** As many cells as this travel in the answer itself, as with Snowflake; the rest in chunks. */
const CELLS_INLINE = 20_000;
/** The size of a chunk; clients fetch several side by side. */
const CELLS_PER_CHUNK = 200_000;

/** A session as a statement has left it, with the parameters that held for it. */
export interface Surroundings {
  /** Where the session stands; clients follow it. */
  place: {
    finalDatabaseName: string | null;
    finalSchemaName: string | null;
    finalWarehouseName: string | null;
    finalRoleName: string;
  };
  /** JSON of `data.parameters`. */
  parameters: string;
  jsonIndent: number;
  /** The client asks for rows of queries in Arrow's format. */
  arrow: boolean;
}

/** The session's surroundings now. */
export function surroundingsOf(session: Session): Surroundings {
  return {
    place: {
      finalDatabaseName: session.database ?? null,
      finalSchemaName: session.schema ?? null,
      finalWarehouseName: session.warehouse ?? null,
      finalRoleName: session.role,
    },
    parameters: parametersJson(session),
    jsonIndent: Number(session.parameter('JSON_INDENT')),
    arrow: session.formatParameter !== undefined && session.parameter(session.formatParameter) !== 'JSON',
  };
}

const parameterCache = new WeakMap<Session, { version: number; json: string }>();

/** What clients follow from result to result; the rest they have no use for. */
const WITH_RESULTS = /_OUTPUT_FORMAT$|^TIMEZONE$|^JS_TREAT_|^CLIENT_|^AUTOCOMMIT$/;

function parametersJson(session: Session): string {
  const cached = parameterCache.get(session);
  if (cached?.version === session.parameterVersion) return cached.json;
  const json = JSON.stringify(parameterList(session).filter(({ name }) => WITH_RESULTS.test(name)));
  parameterCache.set(session, { version: session.parameterVersion, json });
  return json;
}

/**
 * The JSON of a statement's result, whose rows are as they travel (wireRows).
 * @param chunkUrl where rows from..from+count of this result can be fetched
 * @param arrow the same rows for a client that asks for Arrow
 */
export function resultJson(
  result: StatementResult,
  { place, parameters }: Surroundings,
  chunkUrl: (from: number, count: number) => string,
  arrow: ArrowResult | undefined,
): string {
  const { rows, columns } = result;
  const rowsIn = (cells: number) => Math.max(1, Math.floor(cells / Math.max(1, columns.length)));
  const inline = rowsIn(CELLS_INLINE);
  const perChunk = rowsIn(CELLS_PER_CHUNK);
  const chunked = rows.length > inline;
  const chunks = [];
  for (let from = inline; from < rows.length; from += perChunk) {
    const rowCount = Math.min(perChunk, rows.length - from);
    const bytes = rowCount * columns.length * 16;
    chunks.push({ url: chunkUrl(from, rowCount), rowCount, uncompressedSize: bytes, compressedSize: bytes });
  }
  const stats = dmlStats(result);
  const data = {
    rowtype: columns.map(rowtypeOf),
    ...(arrow
      ? { rowsetBase64: arrow.part(0, inline).toString('base64') }
      : { rowset: chunked ? rows.slice(0, inline) : rows }),
    ...(chunked ? { chunks, chunkHeaders: {} } : {}),
    total: rows.length,
    returned: rows.length,
    queryId: result.queryId,
    databaseProvider: null,
    ...place,
    numberOfBinds: result.binds ?? 0,
    arrayBindSupported: true,
    statementTypeId: result.statementTypeId,
    version: 1,
    sendResultTime: Date.now(),
    queryResultFormat: arrow ? 'arrow' : 'json',
    ...(stats ? { stats } : {}),
    ...(result.children ? childIds(result.children) : {}),
    ...result.transfer,
  };
  const json = JSON.stringify(data);
  return `{"data":{"parameters":${parameters},${json.slice(1)},"code":null,"message":null,"success":true}`;
}

/** Only queries answer in Arrow; what SHOW, DML and the like answer is JSON to every client. */
export const isArrow = ({ statementTypeId }: StatementResult, { arrow }: Surroundings): boolean =>
  arrow && statementTypeId === STATEMENT_TYPE.SELECT;

/** Rows of a chunk: comma-joined, without the outer brackets. */
export function chunkBody(rows: Row[], from: number, count: number): string {
  return JSON.stringify(rows.slice(from, from + count)).slice(1, -1);
}

/** The answer to a statement that failed, as JSON. */
export function errorJson(error: SnowflakeError, queryId: string): string {
  const data = {
    internalError: error.code === '000603',
    unredactedFromSecureObject: false,
    errorCode: error.code,
    age: 0,
    sqlState: error.sqlState,
    queryId,
    line: error.position?.line ?? -1,
    pos: error.position?.character ?? -1,
    type: error.message.startsWith('SQL compilation') ? 'COMPILATION' : 'EXECUTION',
  };
  return JSON.stringify({ data, code: error.code, message: error.message, success: false, headers: null });
}

/** The answer while a statement is still running: the client asks again at getResultUrl. */
export function progressJson(queryId: string, async: boolean): string {
  const data = {
    queryId,
    getResultUrl: `/queries/${queryId}/result`,
    queryAbortsAfterSecs: 300,
    progressDesc: null,
  };
  const [code, message] = async
    ? [
        '333334',
        'Asynchronous execution in progress. Use provided query id to perform query monitoring and management.',
      ]
    : ['333333', 'Query execution in progress.'];
  return JSON.stringify({ data, message, code, success: true });
}

function childIds(children: { queryId: string; statementTypeId: number }[]) {
  return {
    resultIds: children.map((child) => child.queryId).join(),
    resultTypes: children.map((child) => child.statementTypeId).join(),
  };
}
