// COPY INTO t FROM (SELECT … FROM @stage …).
import { rm } from 'node:fs/promises';
import type { Column } from '../../catalog/objects.js';
import { SnowflakeError, syntaxError } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';
import type { Token, TokenStream } from '../../language/lexer.js';
import { convertColumns } from '../../query/change/insert.js';
import { compileQuery } from '../../query/compile.js';
import { translateError } from '../../query/run/duck-errors.js';
import { prepare } from '../../query/run/run.js';
import { type Connection, literal } from '../../storage/storage.js';
import type { StageFile } from '../files/files.js';
import { resolveFormat } from '../formats/format.js';
import { toParquet } from '../formats/read.js';
import type { CopyInto } from './copy-into-table.js';
import type { LoadedFile } from './load.js';
import type { LoadError } from './load-errors.js';
import { type FileRows, ROWS_CONDITION, STAGED_FILE, type StagedFile } from './stage-source.js';

/** `(SELECT … FROM @stage …)` of a COPY. */
export interface Transformation {
  /** The SELECT, as written. */
  query: string;
  location: string;
}

/** Reads the parenthesized query of COPY INTO t FROM (SELECT … FROM @stage). */
export function readTransformation(tokens: TokenStream): Transformation {
  const open = tokens.peek().start;
  const query = tokens.parenthesesText();
  const after = tokens.lastEnd;
  // By the tokens, not by the text: blanks and comments may stand anywhere between them.
  const isStage = ({ kind, value }: Token) => /^(?:operator|string)$/.test(kind) && value.startsWith('@');
  const within = tokens.tokens.filter(({ start }) => start > open && start < after);
  const stage = within.find((token, i) => isStage(token) && within[i - 1]?.value === 'FROM');
  if (!stage) throw syntaxError('a COPY transformation must select FROM a stage.');
  tokens.seek(stage.start);
  const location = tokens.location();
  tokens.seek(after);
  return { query, location };
}

/**
 * One file through the SELECT, in which the stage stands for it. A transformation sees one row at a time (Snowflake
 * allows neither joins nor aggregates in it), so a row that fails is found by trying halves of the file.
 * @param keeps whether the good rows are wanted in spite of so many bad ones
 */
export async function transformFile(
  context: StatementContext,
  copy: CopyInto,
  file: StageFile,
  keeps: (bad: number, parsed: number) => boolean,
): Promise<LoadedFile> {
  const { account, session } = context;
  const { columns, location, options, transformation } = copy;
  const staged: StagedFile = {
    file,
    files: location.files,
    format: resolveFormat(account, session, options.fileFormat, location.fileFormat),
  };
  session.notes.set(STAGED_FILE, staged);
  const connection = await account.storage.connect();
  try {
    connection.set('TimeZone', literal(session.timezone));
    const query = compileQuery(context, transformation!.query, true);
    const select = fillColumns(convertColumns(query.binder, query, columns), columns);
    return await prepare(query.binder, select, async (sql) => {
      const halves = new Halves(context, connection, sql, staged.raw!, copy);
      return halves.load(file, keeps);
    });
  } finally {
    session.notes.delete(STAGED_FILE);
    connection.close();
    if (staged.raw) await rm(staged.raw.path, { force: true });
  }
}

/** The columns as v1 … vN, with NULL in a NOT NULL column as an error of its row. */
function fillColumns(select: string, columns: Column[]): string {
  const values = columns.map(({ nullable }, i) => {
    const value = `c${i + 1}`;
    const error = `error(concat('NULL result in a non-nullable column', ${value}))`;
    return `${nullable ? value : `CASE WHEN ${value} IS NULL THEN ${error} ELSE ${value} END`} AS v${i + 1}`;
  });
  return `SELECT ${values.join(', ')} FROM (${select})`;
}

/** Finds the rows of a file that the SELECT does not take. */
class Halves {
  private readonly parquet: string[] = [];
  private readonly errors: LoadError[];
  private loaded = 0;

  constructor(
    private readonly context: StatementContext,
    private readonly connection: Connection,
    private readonly sql: string,
    private readonly raw: FileRows,
    private readonly copy: CopyInto,
  ) {
    this.errors = [...raw.malformed];
  }

  async load(file: StageFile, keeps: (bad: number, parsed: number) => boolean): Promise<LoadedFile> {
    const { rows: parsed } = this.raw;
    const goOn = () => this.errors.length === 0 || keeps(this.errors.length, parsed);
    if (goOn()) await this.range(0, parsed, goOn);
    this.errors.sort((a, b) => a.row - b.row);
    const kept = goOn();
    return {
      file,
      parsed,
      parquet: kept ? this.parquet : [],
      loaded: kept ? this.loaded : 0,
      errors: this.errors,
    };
  }

  /** Rows from `from` to before `to`; what is bad in them is noted. */
  private async range(from: number, to: number, goOn: () => boolean): Promise<void> {
    this.context.signal.throwIfAborted();
    try {
      const done = await toParquet(this.context.account, this.connection, this.only(from, to));
      this.parquet.push(done.path);
      this.loaded += done.rows;
      return;
    } catch (error) {
      const shown = translateError(error);
      if (!(shown instanceof SnowflakeError)) throw error;
      if (to - from <= 1) {
        this.errors.push(await this.errorOf(from, shown));
        return;
      }
    }
    const middle = (from + to) >> 1;
    await this.range(from, middle, goOn);
    if (goOn()) await this.range(middle, to, goOn);
  }

  private only(from: number, to: number): string {
    const { rows, rowNumber } = this.raw;
    const all = from === 0 && to === rows;
    return this.sql.replaceAll(
      ROWS_CONDITION,
      all ? '' : `WHERE ${rowNumber} >= ${from} AND ${rowNumber} < ${to}`,
    );
  }

  private async errorOf(row: number, { message, code }: SnowflakeError): Promise<LoadError> {
    const column = await this.failingColumn(row);
    const { table, columns } = this.copy;
    const name = columns[column];
    const nulls = message.startsWith('NULL result');
    return {
      message: nulls ? 'NULL result in a non-nullable column' : message,
      code,
      category: 'conversion',
      column: `${JSON.stringify(table.name)}[${name ? `${JSON.stringify(name.name)}:${column + 1}` : column + 1}]`,
      row,
      line: row + 1,
      character: 1,
      byteOffset: 0,
      startLine: row + 1,
      rejected: '',
    };
  }

  /** DuckDB computes only the columns that are asked for. */
  private async failingColumn(row: number): Promise<number> {
    for (const i of this.copy.columns.keys()) {
      const failed = await this.connection
        .rows(`SELECT CAST(count(v${i + 1}) AS VARCHAR) FROM (${this.only(row, row + 1)})`)
        .then(
          () => false,
          () => true,
        );
      if (failed) return i;
    }
    return 0;
  }
}
