import { syntaxError } from '../../errors.js';
import type { Connection } from '../../storage/storage.js';
import { literal, quoteText } from '../../storage/storage.js';
import type { ParquetFormat } from './format.js';

/** A column of a Parquet file, with DuckDB's name of its type. */
export interface ParquetColumn {
  name: string;
  type: string;
}

/** DuckDB's reader; BINARY_AS_TEXT reads columns without a logical type as texts, as Snowflake does by default. */
function reader(path: string, format: ParquetFormat): string {
  return `read_parquet(${literal(path)}, binary_as_string=${format.binaryAsText}, file_row_number=true)`;
}

/** The columns of a Parquet file. @throws SnowflakeError for a file that is none */
export async function parquetColumns(
  connection: Connection,
  path: string,
  format: ParquetFormat,
): Promise<ParquetColumn[]> {
  try {
    return await connection.describe(`SELECT * EXCLUDE (file_row_number) FROM ${reader(path, format)}`);
  } catch (error) {
    throw syntaxError(`the file is no Parquet file: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** A query of the file's rows: "$n", and in c1 the row as a JSON object by the columns' names. */
export async function parquetDocuments(
  connection: Connection,
  path: string,
  format: ParquetFormat,
): Promise<string> {
  const columns = await parquetColumns(connection, path, format);
  const members = columns.map(
    (column) => `${literal(`${JSON.stringify(column.name)}:`)} || ${memberJson(column, format)}`,
  );
  const list = members.length > 0 ? `concat_ws(',', ${members.join(', ')})` : "''";
  return `SELECT file_row_number AS "$n", '{' || ${list} || '}' AS c1 FROM ${reader(path, format)} ORDER BY file_row_number`;
}

/** The JSON text of one value. DuckDB's JSON has doubles only: a DECIMAL with more digits becomes a string. */
function memberJson({ name, type }: ParquetColumn, format: ParquetFormat): string {
  const column = quoteText(name);
  if (type === 'VARCHAR') {
    const trimmed = format.trimSpace ? `trim(${column})` : column;
    const nulls = format.nullIf.map(literal).join(', ');
    const value = nulls === '' ? trimmed : `CASE WHEN ${trimmed} IN (${nulls}) THEN NULL ELSE ${trimmed} END`;
    return `coalesce(CAST(to_json(${value}) AS VARCHAR), 'null')`;
  }
  if (/^DECIMAL/.test(type)) {
    const digits = `regexp_replace(CAST(${column} AS VARCHAR), '^(-?)\\.', '\\10.')`;
    const long = `length(replace(ltrim(${digits}, '-0.'), '.', '')) > 15`;
    return `coalesce(CASE WHEN ${long} THEN '"' || ${digits} || '"' ELSE ${digits} END, 'null')`;
  }
  if (/^U?HUGEINT$/.test(type)) return `coalesce('"' || CAST(${column} AS VARCHAR) || '"', 'null')`;
  if (type === 'BLOB') return `coalesce(CAST(to_json(hex(${column})) AS VARCHAR), 'null')`;
  return `coalesce(CAST(to_json(${column}) AS VARCHAR), 'null')`;
}
