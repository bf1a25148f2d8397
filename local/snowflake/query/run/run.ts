import { toCell } from '../../types/cells.js';
import type { ResultColumn, Row } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import type { Binder, ExternalStep } from '../bind/binder.js';
import { translateError } from './duck-errors.js';
import { readsNothingElse, sendRows } from './sent-rows.js';

/** A query that is ready to run: DuckDB SQL with columns c1 … cn. */
export interface CompiledQuery {
  sql: string;
  columns: ResultColumn[];
  binder: Binder;
}

/** Runs DuckDB work and gives its errors Snowflake's words. */
export async function runInDuck<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateError(error);
  }
}

/**
 * Does what must happen before the query can run: external calls, streams and stages. Gives the query's final
 * SQL to `use`, and drops the temporary tables afterwards.
 */
export function prepare<T>(binder: Binder, sql: string, use: (sql: string) => Promise<T>): Promise<T> {
  return runInParts(binder, sql, undefined, use).then((parts) => parts[0]!);
}

/**
 * The same where `use` may take rows as they come.
 * @param answers the calls from which the query has each of its rows. As the answers come, `use` is given the query's SQL for some
 *   after the other, in their order, while others are under way.
 * @returns what `use` gave, each time
 */
export async function runInParts<T>(
  binder: Binder,
  sql: string,
  answers: ExternalStep | undefined,
  use: (sql: string) => Promise<T>,
): Promise<T[]> {
  const { deferred, steps, tables: read } = binder.collected;
  await binder.session.transaction.refresh(read.keys());
  const texts = new Map<string, string>();
  const all = [sql, ...steps.map((step) => (step.kind === 'external' ? step.rowsSql : ''))].join('\n');
  for (const source of deferred) texts.set(source.placeholder, await source.sql(all));
  const final = (text: string) => {
    let out = text;
    for (const [placeholder, source] of texts) out = out.replaceAll(placeholder, source);
    return out;
  };
  const tables: string[] = [];
  const parts: T[] = [];
  const part = async () => {
    parts.push(await runInDuck(() => use(final(sql))));
  };
  const inTurn = answers && readsNothingElse(binder, sql) ? answers : undefined;
  let used = false;
  try {
    for (const step of steps) {
      if (step.kind === 'prepare') await step.run();
      else {
        tables.push(step.table, `${step.table}$values`, `${step.table}$texts`);
        const call = { ...step, rowsSql: final(step.rowsSql) };
        used = await runInDuck(() => sendRows(binder, call, step === inTurn ? part : undefined));
      }
    }
    if (!used) await part();
    return parts;
  } finally {
    // In a transaction that failed the tables are gone already, and nothing can be run.
    if (!binder.session.connection.failed) for (const table of tables) binder.session.drop(quoteName(table));
  }
}

/** Puts in the sources that a text names by their placeholders; for SQL that is made after `prepare` has begun. */
export async function resolvePlaceholders(binder: Binder, sql: string): Promise<string> {
  let out = sql;
  for (const { placeholder, sql: source } of binder.collected.deferred)
    if (out.includes(placeholder)) out = out.replaceAll(placeholder, await source());
  return out;
}

/** A SELECT of nothing but literals, whose row is always the same. */
const LITERALS =
  /^SELECT (?:(?:CAST\(-?[\d.]+ AS DECIMAL\(\d+,\d+\)\)|'(?:[^']|'')*'|true|false) AS c\d+(?:, |$))+$/;
/** Texts, put as empty ones, and what connects them: a task's WHEN with the answers of its streams. */
const CONNECTED = /^SELECT (?:AS c\d+\b|(?:IN|OR|AND|NOT|TRUE|FALSE|NULL)\b|''|[(), ])+$/i;
const isFixedRow = (sql: string): boolean =>
  sql.length < 1000 && (LITERALS.test(sql) || CONNECTED.test(sql.replace(/'(?:[^']|'')*'/g, "''")));
const MOST_LITERALS = 500;
/** Rows of such SELECTs by their DuckDB text: drivers and pools send `SELECT 1` all the time. */
const literalRows = new Map<string, Row>();

async function literals(sql: string, fetch: () => Promise<Row[]>): Promise<Row[]> {
  const known = literalRows.get(sql);
  if (known) return [[...known]];
  const rows = await fetch();
  if (literalRows.size >= MOST_LITERALS) literalRows.clear();
  literalRows.set(sql, [...rows[0]!]);
  return rows;
}

/** Runs a query and gives its rows as cells. */
export function fetchRows(query: CompiledQuery): Promise<Row[]> {
  const cells = query.columns.map(({ type }, i) => `${toCell(type, `c${i + 1}`)} AS c${i + 1}`);
  return prepare(query.binder, query.sql, (sql) => {
    const text = `SELECT ${cells.join(', ')} FROM (${sql})`;
    const fetch = () => query.binder.session.connection.rows(text);
    return isFixedRow(sql) ? literals(text, fetch) : fetch();
  });
}
