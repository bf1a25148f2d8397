import type { Column, Table } from '../catalog/objects.js';
import { syntaxError } from '../errors.js';
import type { Relation } from '../query/bind-source.js';
import type { Binder } from '../query/binder.js';
import { compileQuery, insertFrom, prepared } from '../query/index.js';
import { converted } from '../query/insert.js';
import { stageSource } from '../query/plugins.js';
import type { TokenStream } from '../statements/lexer.js';
import type { StatementContext } from '../statements/statement.js';
import { literal } from '../storage/storage.js';
import type { Typed } from '../types/coerce.js';
import { NUMBER, type Row, TEXT, VARIANT } from '../types/data-type.js';
import { chooseFiles } from './choose.js';
import type { StageFile } from './files.js';
import { type Format, resolveFormat } from './format.js';
import { rememberLoads } from './history.js';
import { type Location, readLocationText, resolveLocation } from './location.js';
import { openPlain } from './plain-file.js';
import {
  duckCsv,
  exactRows,
  fieldSql,
  firstRecord,
  fromDuckDb,
  readableByDuckDb,
  toParquet,
} from './read.js';

/** `(SELECT … FROM @stage …)` of a COPY. */
export interface Transformation {
  /** The SELECT, as written. */
  query: string;
  location: string;
}

/** What a running COPY wants the stage in its SELECT to mean; kept in the session's notes. */
interface Chosen {
  format: Format;
  files: StageFile[];
  location: Location;
}
const NOTE = 'copy transformation';

/** Reads the parenthesized query of COPY INTO t FROM (SELECT … FROM @stage). */
export function readTransformation(tokens: TokenStream): Transformation {
  const at = tokens.peek().end;
  const query = tokens.parenthesized();
  const found = /\bFROM\s+(@|'@)/i.exec(query);
  if (!found) throw syntaxError('a COPY transformation must select FROM a stage.');
  const inner = at + found.index + found[0].length - found[1]!.length;
  const after = tokens.peek().start;
  tokens.seek(inner);
  const location = readLocationText(tokens);
  tokens.seek(after);
  return { query, location };
}

/** Loads file by file: an INSERT … SELECT in which the stage stands for the one file. */
export async function copyTransformed(
  context: StatementContext,
  copy: Chosen & { table: Table; columns: Column[]; transformation: Transformation },
): Promise<Row[]> {
  const { account, session } = context;
  const { table, columns, transformation } = copy;
  const names = columns.map((column) => column.name);
  const rows: Row[] = [];
  for (const file of copy.files) {
    const chosen: Chosen = { format: copy.format, location: copy.location, files: [file] };
    session.notes.set(NOTE, chosen);
    try {
      const query = compileQuery(context, transformation.query, true);
      const select = converted(query.binder, query, columns);
      const count = await prepared(query.binder, select, (sql) => insertFrom(context, table, names, sql));
      rows.push([file.shown, 'LOADED', String(count), String(count), '1', '0', null, null, null, null]);
    } finally {
      session.notes.delete(NOTE);
    }
  }
  await rememberLoads(session, table.id, copy.files, account.clock.now());
  return rows;
}

/** `FROM @stage`: `$1` … and METADATA$ columns, read when the statement runs. */
stageSource.bind = (b: Binder, text: string, options: Map<string, Typed>): Relation => {
  const note = b.session.notes.get(NOTE) as Chosen | undefined;
  const constant = (name: string) => {
    const value = options.get(name)?.constant;
    return value === undefined || value === null ? undefined : String(value);
  };
  const location = note?.location ?? resolveLocation(b.account, b.session, text, 'READ');
  const format =
    note?.format ?? resolveFormat(b.account, b.session, constant('FILE_FORMAT'), location.fileFormat);
  const width = Math.max(1, ...[...b.text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
  const type = format.type !== 'CSV' ? VARIANT : TEXT();
  const columns: Relation['columns'] = Array.from({ length: width }, (_, i) => ({
    name: `$${i + 1}`,
    physical: `c${i + 1}`,
    type,
    nullable: true,
  }));
  columns.push(
    { name: 'METADATA$FILENAME', physical: 'METADATA$FILENAME', type: TEXT(), nullable: false, hidden: true },
    {
      name: 'METADATA$FILE_ROW_NUMBER',
      physical: 'METADATA$FILE_ROW_NUMBER',
      type: NUMBER(),
      nullable: false,
      hidden: true,
    },
  );
  const placeholder = `(SELECT '$stage ${b.collected.next()}')`;
  b.collected.deferred.push({
    placeholder,
    sql: async () => {
      const files = note?.files ?? (await chooseFiles(location, undefined, constant('PATTERN')));
      const parts: string[] = [];
      for (const file of files) parts.push(await rawFile(b, location, file, format, width));
      const empty = Array.from(
        { length: width },
        (_, i) => `CAST(NULL AS ${format.type !== 'CSV' ? 'JSON' : 'VARCHAR'}) AS c${i + 1}`,
      ).join(', ');
      if (parts.length === 0)
        parts.push(
          `SELECT ${empty}, '' AS "METADATA$FILENAME", CAST(0 AS DECIMAL(38,0)) AS "METADATA$FILE_ROW_NUMBER" WHERE FALSE`,
        );
      return `(${parts.join(' UNION ALL ')})`;
    },
  });
  return { sql: placeholder, columns };
};

/** One file's raw rows as a query of `width` columns. */
async function rawFile(
  b: Binder,
  location: Location,
  file: StageFile,
  format: Format,
  width: number,
): Promise<string> {
  const plain = await openPlain(b.account, location.files, file, format.compression);
  const connection = await b.account.storage.connect();
  try {
    let parquet: string | undefined;
    let has = 1;
    if (readableByDuckDb(plain, format)) {
      has = Math.max(1, (await firstRecord(plain, format)).length);
      const fields = Array.from(
        { length: has },
        (_, i) => `${fieldSql(`c${i + 1}`, format)} AS c${i + 1}`,
      ).join(', ');
      parquet = await toParquet(
        b.account,
        connection,
        `SELECT ${fields} FROM ${duckCsv(plain, format, has).relation}`,
      )
        .then((done) => done.path)
        .catch((error) => {
          if (!fromDuckDb(error)) throw error;
          return undefined; // uneven rows: the exact reader takes them
        });
    }
    if (parquet === undefined) {
      const raw = await exactRows(connection, plain, format);
      has = raw.width;
      const fields = Array.from(
        { length: has },
        (_, i) => `${format.type === 'CSV' ? fieldSql(`c${i + 1}`, format) : `c${i + 1}`} AS c${i + 1}`,
      ).join(', ');
      parquet = (
        await toParquet(b.account, connection, `SELECT ${fields} FROM ${raw.relation} ORDER BY "$n"`)
      ).path;
    }
    const cast = format.type !== 'CSV' ? 'JSON' : 'VARCHAR';
    const columns = Array.from(
      { length: width },
      (_, i) => `CAST(${i < has ? `c${i + 1}` : 'NULL'} AS ${cast}) AS c${i + 1}`,
    ).join(', ');
    return `SELECT ${columns}, ${literal(file.shown)} AS "METADATA$FILENAME", CAST(file_row_number + 1 AS DECIMAL(38,0)) AS "METADATA$FILE_ROW_NUMBER" FROM read_parquet(${literal(parquet)}, file_row_number=true)`;
  } finally {
    connection.close();
    await plain.dispose();
  }
}
