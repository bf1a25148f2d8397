import {
  joinParts,
  type PackedColumn,
  type PackedTexts,
  rowsOf,
  stringsOf,
} from '../../storage/packed-texts.js';
import { fromCell, textConstant, toCell } from '../../types/cells.js';
import { isSemiStructured, type Typed, variantAsFloat } from '../../types/coerce.js';
import type { Row } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import type { Binder, ExternalStep } from '../bind/binder.js';

/** Rows that are worth a command of their own while others are asked about: its plan takes as long as two thousand of them. */
const PART_ROWS = 10_000;

/** Tables, files and streams, of which a part must see none as another has left it, and what counts rows. */
const OTHER_SOURCES = /'(?:[^']|'')*'|("t\d{6,}|\bread_\w+\(|"\$with|\bOVER\b)/g;

export function readsNothingElse({ collected: { deferred } }: Binder, sql: string): boolean {
  if (deferred.some(({ placeholder }) => sql.includes(placeholder))) return false;
  return ![...sql.matchAll(OTHER_SOURCES)].some(([, other]) => other !== undefined);
}

/**
 * Sends the rows of a block out, and puts the answers beside them.
 * @param part uses the rows whose answers are there, of a single call; then they are let go
 * @returns whether all have been used so
 */
export async function sendRows(
  binder: Binder,
  step: ExternalStep,
  part?: () => Promise<void>,
): Promise<boolean> {
  const { session } = binder;
  const { callExternal } = binder.account.features.services;
  const { count, texts: given } = await rowsToSend(binder, step);
  const table = quoteName(step.table);
  const values = quoteName(`${step.table}$values`);
  const texts = quoteName(`${step.table}$texts`);
  // callExternal writes these as JSON: that need not be checked.
  const plain = step.calls.every(({ routine }) => isSemiStructured(routine.returns));
  const single = step.calls.length === 1;
  const few = given !== undefined && count > 0;
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
    if (!few) await connection.run(create);
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
    let from = 0;
    for (const { routine, args, wanted } of step.calls) {
      const own = [from, from + args.length] as const;
      from += args.length;
      const asked = {
        ...{ table, rows: count, args: args.map(argumentJson) },
        ...(given && { texts: given.map((row) => row.slice(...own)) }),
        wanted: few ? { ...wanted, floats: [] } : wanted,
      };
      const answers: PackedColumn[][] = [];
      await callExternal(binder, routine, asked, async (parts) => {
        if (!single || few) answers.push(parts);
        else await append(parts);
        if (!part || !single || !plain || rows - used < PART_ROWS) return;
        await part();
        used = rows;
        await connection.run(`DROP TABLE ${into}; ${create}`);
      });
      if (!single || few) several.push(...joinColumns(answers));
    }
    const cells = columns.map(({ name, float }, i) => {
      if (!plain) return `${fromCell(step.calls[i]!.routine.returns, name)} AS ${name}`;
      const json = `CAST(${name} AS JSON)`;
      return `${float ? variantAsFloat(json) : json} AS ${name}`;
    });
    const select = (from: string) =>
      `CREATE TEMP TABLE ${values} AS SELECT "$n", ${cells.join(', ')} FROM ${from}`;
    if (few && several.every(({ bytes }) => bytes.length <= FEW_BYTES)) {
      const names = columns.map(({ name }) => name).join(', ');
      return connection.defer(select(`(VALUES ${rowLiterals(several)}) AS r("$n", ${names})`));
    }
    if (few) await connection.run(create);
    if (several.length > 0) await append(several);
    if (!plain) await connection.run(select(texts));
  });
  return used > 0 && used === rows;
}

/**
 * Computes a block's rows, with what is to be sent of each, into its table.
 * @returns how many, and of few the texts of all arguments
 */
async function rowsToSend(
  binder: Binder,
  { table, rowsSql, calls }: ExternalStep,
): Promise<{ count: number; texts?: Row[] }> {
  const { session } = binder;
  const args = calls.flatMap((call) => call.args.map(argumentJson));
  const select = (from: string) => `SELECT ${args.join(', ') || 'NULL'} FROM ${from}`;
  if (readsNothingElse(binder, rowsSql)) {
    // The one row of a SELECT without FROM, or none.
    let texts: Row[] = [];
    await session.transaction.scratch(async (connection) => {
      texts = await connection.rowsOfShape(select(`(${rowsSql})`));
      const rows = texts.length > 0 ? '' : ' WHERE false';
      connection.defer(`CREATE TEMP TABLE ${quoteName(table)} AS SELECT CAST(1 AS BIGINT) AS "$n"${rows}`);
    });
    return { count: texts.length, texts };
  }
  // Rows that are written are computed into a table of their own: see insertRows.
  const count = await session.compute(quoteName(table), rowsSql, 'not read');
  if (count === 0 || count > FEW_ROWS) return { count };
  return { count, texts: await session.connection.rows(`${select(quoteName(table))} ORDER BY "$n"`) };
}

const joinColumns = (parts: PackedColumn[][]): PackedTexts[] =>
  (parts[0] ?? []).map((_, column) => joinParts(parts.map((columns) => columns[column] as PackedTexts)));

/** Of so few rows the answers stand in the statement that takes them, if they have no more bytes: a table of texts takes longer. */
const FEW_ROWS = 50;
const FEW_BYTES = 20_000;

function rowLiterals(columns: PackedTexts[]): string {
  const texts = columns.map(stringsOf);
  const rows = texts[0]!.map((_, row) => {
    const cells = texts.map((column) => {
      const text = column[row]!;
      return text === null ? 'CAST(NULL AS VARCHAR)' : textConstant(text).sql;
    });
    return `(${[row + 1, ...cells].join(', ')})`;
  });
  return rows.join(', ');
}

/** JSON text of one argument: numbers, booleans and semi-structured values natively, the rest as strings. */
function argumentJson({ type, there: column }: Typed & { there: string }): string {
  const native = ['NUMBER', 'FLOAT', 'BOOLEAN'].includes(type.kind) || isSemiStructured(type);
  const json = native ? column : `to_json(${type.kind === 'TEXT' ? column : toCell(type, column)})`;
  return `coalesce(CAST(${json} AS VARCHAR), 'null')`;
}
