import { number, type Place, text, time, viewOf } from '../kernel/information-view.js';
import type { QueryRecord } from '../sessions/history.js';
import type { ResultColumn, Row } from '../types/data-type.js';

/** Which statements TABLE(INFORMATION_SCHEMA.QUERY_HISTORY…(…)) lists. */
export interface HistoryFilter {
  sessionId?: number;
  user?: string;
  warehouse?: string;
  limit: number;
}

export const QUERY_HISTORY_DEFAULT_LIMIT = 100;
export const QUERY_HISTORY_MAX_LIMIT = 10_000;

/** Statements that are not called by their first words. */
const TYPES: Record<string, string> = {
  WITH: 'SELECT',
  VALUES: 'SELECT',
  DESC: 'DESCRIBE',
  LS: 'LIST_FILES',
  LIST: 'LIST_FILES',
  RM: 'REMOVE_FILES',
  REMOVE: 'REMOVE_FILES',
  PUT: 'PUT_FILES',
  GET: 'GET_FILES',
  BEGIN: 'BEGIN_TRANSACTION',
  START: 'BEGIN_TRANSACTION',
  TRUNCATE: 'TRUNCATE_TABLE',
};

function typeOf(record: QueryRecord): string {
  const words = record.text
    .replace(/^\s*(?:--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*/, '')
    .toUpperCase()
    .replace(/^CREATE OR (?:REPLACE|ALTER)\b/, 'CREATE')
    .replace(/^CREATE (?:(?:SCOPED|TRANSIENT|TEMPORARY|TEMP|VOLATILE|SECURE|LOCAL|GLOBAL) )+/, 'CREATE ')
    .split(/[\s(;]+/);
  const [first = '', second = ''] = words;
  if (first === 'COPY') return /^\s*COPY\s+INTO\s+(?:'?@|'s3:)/i.test(record.text) ? 'UNLOAD' : 'COPY';
  if (['CREATE', 'ALTER', 'DROP'].includes(first)) return `${first}_${second}`;
  return TYPES[first] ?? first;
}

const view = viewOf<QueryRecord>(
  () => [],
  [
    text('QUERY_ID', (record) => record.id),
    text('QUERY_TEXT', (record) => record.text),
    text('DATABASE_NAME', (record) => record.database ?? null),
    text('SCHEMA_NAME', (record) => record.schema ?? null),
    text('QUERY_TYPE', typeOf),
    number('SESSION_ID', (record) => record.sessionId),
    text('USER_NAME', (record) => record.user),
    text('ROLE_NAME', (record) => record.role),
    text('WAREHOUSE_NAME', (record) => record.warehouse ?? null),
    text('WAREHOUSE_SIZE', (record) => record.warehouseSize ?? null),
    text('WAREHOUSE_TYPE', (record) => record.warehouseType ?? null),
    number('CLUSTER_NUMBER', (record) => (record.warehouseSize === undefined ? null : 1)),
    text('QUERY_TAG', (record) => record.tag),
    text('EXECUTION_STATUS', (record) => (record.status === 'FAILED' ? 'FAILED_WITH_ERROR' : record.status)),
    text('ERROR_CODE', (record) => record.error?.code ?? null),
    text('ERROR_MESSAGE', (record) => record.error?.message ?? null),
    time('START_TIME', (record) => record.startTime),
    time('END_TIME', (record) => record.endTime ?? null),
    number('TOTAL_ELAPSED_TIME', (record) =>
      record.endTime === undefined ? null : record.endTime - record.startTime,
    ),
    number('ROWS_PRODUCED', (record) => record.rowsProduced),
    number('EXTERNAL_FUNCTION_TOTAL_INVOCATIONS', (record) => record.external?.invocations ?? 0),
    number('EXTERNAL_FUNCTION_TOTAL_SENT_ROWS', (record) => record.external?.sentRows ?? 0),
    number('EXTERNAL_FUNCTION_TOTAL_RECEIVED_ROWS', (record) => record.external?.receivedRows ?? 0),
    number('EXTERNAL_FUNCTION_TOTAL_SENT_BYTES', (record) => record.external?.sentBytes ?? 0),
    number('EXTERNAL_FUNCTION_TOTAL_RECEIVED_BYTES', (record) => record.external?.receivedBytes ?? 0),
  ],
);

export const queryHistoryColumns: ResultColumn[] = view.columns;

/** The rows of QUERY_HISTORY, newest first. Users see their own statements; ACCOUNTADMIN sees all. */
export function queryHistoryRows(place: Place, filter: HistoryFilter): Row[] {
  const { account, session } = place;
  const seesAll = account.access.holdsAccount(session, 'MONITOR EXECUTION');
  const found: QueryRecord[] = [];
  for (const record of account.history.all().reverse()) {
    if (found.length >= filter.limit) break;
    if (!seesAll && record.user !== session.user) continue;
    if (filter.sessionId !== undefined && record.sessionId !== filter.sessionId) continue;
    if (filter.user !== undefined && record.user !== filter.user) continue;
    if (filter.warehouse !== undefined && record.warehouse !== filter.warehouse) continue;
    found.push(record);
  }
  return view.rowsOf(found, place);
}
