import { joinParts, type PackedColumn, type PackedTexts, rowsOf } from '../../storage/packed-texts.js';
import { fromCell, toCell } from '../../types/cells.js';
import { isSemiStructured, type Typed, variantAsFloat } from '../../types/coerce.js';
import type { ResultColumn, Row } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import type { Binder, ExternalStep } from '../bind/binder.js';
import { translateError } from './duck-errors.js';

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

/** Rows that are worth a command of their own while others are asked about: its plan takes as long as two thousand of them. */
const PART_ROWS = 10_000;

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
        used = await runInDuck(() => runExternal(binder, call, step === inTurn ? part : undefined));
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

/** Tables, files and streams, of which a part must see none as another has left it, and what counts rows. */
const OTHER_SOURCES = /'(?:[^']|'')*'|("t\d{6,}|\bread_\w+\(|"\$with|\bOVER\b)/g;

function readsNothingElse({ collected: { deferred } }: Binder, sql: string): boolean {
  if (deferred.some(({ placeholder }) => sql.includes(placeholder))) return false;
  return ![...sql.matchAll(OTHER_SOURCES)].some(([, other]) => other !== undefined);
}

/**
 * Sends the rows of a block out, and puts the answers beside them.
 * @param part uses the rows whose answers are there, of a single call; then they are let go
 * @returns whether all have been used so
 */
async function runExternal(binder: Binder, step: ExternalStep, part?: () => Promise<void>): Promise<boolean> {
  const { session } = binder;
  const { callExternal } = binder.account.features.services;
  // Rows that are written are computed into a table of their own: see insertRows.
  const count = await session.compute(quoteName(step.table), step.rowsSql, 'not read');
  const table = quoteName(step.table);
  const values = quoteName(`${step.table}$values`);
  const texts = quoteName(`${step.table}$texts`);
  // callExternal writes these as JSON: that need not be checked.
  const plain = step.calls.every(({ routine }) => isSemiStructured(routine.returns));
  const single = step.calls.length === 1;
  let used = 0;
  let rows = 0;
  await session.transaction.scratch(async (connection) => {
    const [into, type] = plain ? [values, 'JSON'] : [texts, 'VARCHAR'];
    const columns = step.calls.flatMap(({ wanted: { whole, members, floats = [] } }, i) => [
      ...(whole ? [{ name: `v${i}`, float: false }] : []),
      ...members.map((member, at) => ({ name: `v${i}_${at}`, float: floats.includes(member) })),
    ]);
    const typeSql = (name: string, typeOf: (float: boolean) => string) =>
      `CREATE TEMP TABLE ${name} ("$n" BIGINT${columns.map((column) => `, ${column.name} ${typeOf(column.float)}`).join('')})`;
    const create = typeSql(into, (float) => (float ? 'DOUBLE' : type));
    await connection.run(create);
    const append = async (parts: PackedColumn[]) => {
      const first = rows + 1;
      rows += rowsOf(parts[0]!);
      if (!columns.some(({ float }, i) => float && !('numbers' in parts[i]!)))
        return await connection.appendPacked(into, parts, first);
      // An answer has something else where a number was expected: DuckDB's cast of JSON knows what becomes of it.
      const read = columns.map(({ name, float }) => (float ? variantAsFloat(name) : name));
      await connection.run(typeSql(texts, () => type));
      await connection.appendPacked(texts, parts, first);
      await connection.run(
        `INSERT INTO ${into} SELECT "$n", ${read.join(', ')} FROM ${texts}; DROP TABLE ${texts}`,
      );
    };
    const several: PackedTexts[] = [];
    for (const { routine, args, wanted } of step.calls) {
      const asked = { table, rows: count, args: args.map((arg) => argumentJson(arg, arg.there)), wanted };
      const answers: PackedColumn[][] = [];
      await callExternal(binder, routine, asked, async (parts) => {
        if (!single) answers.push(parts);
        else await append(parts);
        if (!part || !single || !plain || rows - used < PART_ROWS) return;
        await part();
        used = rows;
        await connection.run(`DROP TABLE ${into}; ${create}`);
      });
      if (!single) several.push(...joinColumns(answers));
    }
    if (several.length > 0) await append(several);
    if (plain) return;
    const cells = step.calls.map(({ routine }, i) => `${fromCell(routine.returns, `v${i}`)} AS v${i}`);
    await connection.run(`CREATE TEMP TABLE ${values} AS SELECT "$n", ${cells.join(', ')} FROM ${texts}`);
  });
  return used > 0 && used === rows;
}

const joinColumns = (parts: PackedColumn[][]): PackedTexts[] =>
  (parts[0] ?? []).map((_, column) => joinParts(parts.map((columns) => columns[column] as PackedTexts)));

/** JSON text of one argument: numbers, booleans and semi-structured values natively, the rest as strings. */
function argumentJson({ type }: Typed, column: string): string {
  const native = ['NUMBER', 'FLOAT', 'BOOLEAN'].includes(type.kind) || isSemiStructured(type);
  const json = native ? column : `to_json(${type.kind === 'TEXT' ? column : toCell(type, column)})`;
  return `coalesce(CAST(${json} AS VARCHAR), 'null')`;
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
