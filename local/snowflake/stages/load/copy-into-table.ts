import { rm } from 'node:fs/promises';
import { identifier } from '../../catalog/catalog.js';
import type { Column, Table } from '../../catalog/objects.js';
import { invalidIdentifier, invalidValue, SnowflakeError, syntaxError } from '../../errors.js';
import {
  STATEMENT_TYPE,
  type StatementContext,
  type StatementOutcome,
  status,
  textColumn,
} from '../../kernel/statement.js';
import { insertFrom } from '../../query/change/insert-from.js';
import { parseText } from '../../query/compile.js';
import { literal } from '../../storage/storage.js';
import { NUMBER, type ResultColumn } from '../../types/data-type.js';
import { chooseFiles } from '../files/choose.js';
import type { StageFile } from '../files/files.js';
import { type Location, ownStage, resolveLocation } from '../files/location.js';
import { METADATA_COLUMNS } from '../files/metadata.js';
import { type CopyOptions, type OnError, readCopyOptions } from '../formats/copy-options.js';
import { resolveFormat } from '../formats/format.js';
import { fromDuckDb } from '../formats/read.js';
import { checkCopyQuery } from './copy-functions.js';
import { type FileLoad, LoadedBefore, rememberLoads, resultRow, skipRow } from './history.js';
import { badRows, insertFile, type LoadedFile, type LoadPlan, loadFile, NeedsExactReader } from './load.js';
import { abortError } from './load-errors.js';
import { readTransformation, type Transformation, transformFile } from './transformation.js';
import { rememberJob, validateFiles } from './validate.js';

/** A COPY INTO table, read and resolved. */
export interface CopyInto {
  table: Table;
  columns: Column[];
  location: Location;
  transformation: Transformation | undefined;
  options: CopyOptions;
}

const count = (name: string): ResultColumn => ({ name, type: NUMBER(), nullable: true });
const RESULT: ResultColumn[] = [
  textColumn('file'),
  textColumn('status'),
  count('rows_parsed'),
  count('rows_loaded'),
  count('error_limit'),
  count('errors_seen'),
  textColumn('first_error'),
  count('first_error_line'),
  count('first_error_character'),
  textColumn('first_error_column_name'),
];

/** COPY INTO table FROM a stage. Docs: sql-reference/sql/copy-into-table. */
export async function copyIntoTable(context: StatementContext): Promise<StatementOutcome> {
  const copy = read(context);
  const { account, session } = context;
  const { table, location, options } = copy;
  const chosen = await chooseFiles(location, options.files, options.pattern);
  const now = account.clock.now();
  if (options.validation) {
    const before = await LoadedBefore.of(session, table.id, now);
    const wholly = options.validation.kind === 'ERRORS' && options.validation.partlyLoaded;
    const files = options.force ? chosen : chosen.filter((file) => !before.has(file, wholly));
    return validateFiles(context, planOf(context, copy), location.files, files, options.validation);
  }
  await session.lock(table.id, context.signal);
  const before = await LoadedBefore.of(session, table.id, now);
  const due = chosen.filter(
    (file) => options.force || (!before.has(file) && (options.loadUncertain || !before.uncertain(file))),
  );
  const files = limitFiles(due, options.sizeLimit);
  // A file that is asked for by its name is answered for, even if there is nothing to do.
  const skipped = options.files ? chosen.filter((file) => !due.includes(file) && before.has(file)) : [];
  if (files.length === 0 && skipped.length === 0)
    return status('Copy executed with 0 files processed.', STATEMENT_TYPE.COPY);
  const loads = files.length > 0 ? await load(context, copy, files) : [];
  if (options.purge)
    for (const { file, status: state } of loads)
      if (state !== 'LOAD_FAILED') await location.files.remove(file);
  const shown = options.returnFailedOnly ? loads.filter((each) => each.status !== 'LOADED') : loads;
  return {
    statementTypeId: STATEMENT_TYPE.COPY,
    columns: RESULT,
    rows: [...shown.map(resultRow), ...skipped.map(skipRow)],
  };
}

function read(context: StatementContext): CopyInto {
  const { account, session, tokens } = context;
  tokens.expect('COPY', 'INTO');
  const table = account.catalog.resolve('TABLE', tokens.name(), session);
  account.access.require(session, 'INSERT', table);
  let columns = table.columns;
  if (tokens.take('(')) {
    columns = [];
    do columns.push(columnOf(table, tokens.identifier()));
    while (tokens.take(','));
    tokens.expect(')');
  }
  // Without FROM the files lie in the table's own stage.
  const from = tokens.take('FROM');
  const transformation = from && tokens.is('(') ? readTransformation(tokens) : undefined;
  const text = transformation?.location ?? (from ? tokens.location() : ownStage(table));
  const options = readCopyOptions(tokens);
  if (transformation && options.validation)
    throw new SnowflakeError(
      '002303',
      '0A000',
      'SQL compilation error:\nVALIDATION_MODE does not support COPY statements that transform data during a load.',
    );
  if (options.metadata.length > 0 && options.matchByName === 'NONE')
    throw syntaxError('INCLUDE_METADATA needs MATCH_BY_COLUMN_NAME.');
  const location = resolveLocation(account, session, text, 'READ', options.integration);
  const copy = { table, columns, location, transformation, options };
  // What is wrong with the statement is said before a file is looked for.
  if (transformation) checkCopyQuery(parseText(transformation.query), columns.length);
  else planOf(context, copy);
  return copy;
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw invalidIdentifier(identifier(name));
  return column;
}

/** SIZE_LIMIT: the file that passes the limit is loaded still, and the first one in any case. */
function limitFiles(files: StageFile[], limit: number | undefined): StageFile[] {
  if (limit === undefined) return files;
  let bytes = 0;
  return files.filter((file) => {
    const due = bytes < limit;
    bytes += file.size;
    return due;
  });
}

/** How to read the files of a COPY without a transformation. */
function planOf(context: StatementContext, copy: CopyInto): LoadPlan {
  const { account, session } = context;
  const { table, location, options } = copy;
  const format = resolveFormat(account, session, options.fileFormat, location.fileFormat);
  const { matchByName } = options;
  const metadata = options.metadata.map(({ column, source }) => {
    if (!METADATA_COLUMNS.some(({ name }) => name === source)) throw invalidValue('INCLUDE_METADATA', source);
    return { column: columnOf(table, column), source };
  });
  const columns = copy.columns.filter((column) => !metadata.some((each) => each.column === column));
  if (format.type !== 'CSV' && matchByName === 'NONE' && columns.length !== 1)
    throw new SnowflakeError(
      '001145',
      '22000',
      `SQL compilation error:\n${format.type} file format can produce one and only one column of variant, object, or array type. Load data into separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.`,
    );
  if (format.type === 'CSV' && matchByName !== 'NONE' && !format.parseHeader)
    throw syntaxError('MATCH_BY_COLUMN_NAME with CSV files needs PARSE_HEADER = TRUE.');
  return {
    account,
    session,
    table,
    columns,
    metadata,
    matchByName,
    format,
    enforceLength: options.enforceLength,
    now: account.clock.now(),
    keeps: (bad, parsed) => keeps(options.onError, bad, parsed),
  };
}

/** Whether a file with so many bad rows is loaded without them. */
function keeps(onError: OnError, bad: number, parsed: number): boolean {
  if (onError.kind !== 'SKIP') return onError.kind === 'CONTINUE';
  return onError.percent === undefined ? bad < onError.rows! : (bad / parsed) * 100 <= onError.percent;
}

/** The number of bad rows at which a file is given up. */
function errorLimit(onError: OnError, parsed: number): number {
  if (onError.kind === 'ABORT') return 1;
  if (onError.kind === 'CONTINUE') return parsed;
  return onError.rows ?? Math.floor((parsed * onError.percent!) / 100) + 1;
}

/**
 * Good files straight into the table, in half the time that it takes by way of Parquet files.
 * @returns undefined, and nothing is in the table, where that does not do: a file has errors, or needs the exact reader
 */
async function insertGood(
  context: StatementContext,
  { table, location, options }: CopyInto,
  plan: LoadPlan,
  files: StageFile[],
): Promise<LoadedFile[] | undefined> {
  const { transaction } = context.session;
  // Of files of which those with errors are left out, the others would be read twice.
  const together = files.length === 1 || options.onError.kind === 'ABORT';
  if (!together || plan.format.type !== 'CSV' || plan.metadata.length > 0 || !transaction.isUntouched)
    return undefined;
  const names = plan.columns.map(({ name }) => name);
  const insert = (select: string) => insertFrom(context, table, names, select);
  for (const asTexts of [false, true])
    try {
      return await transaction.attempt(async () => {
        const read: LoadedFile[] = [];
        const how = { asTexts, alone: files.length === 1 };
        for (const file of files) read.push(await insertFile(plan, location.files, file, insert, how));
        return read;
      });
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof NeedsExactReader) return undefined;
      // What is wrong, and where, the other ways tell in Snowflake's words.
      if (!(error instanceof SnowflakeError || fromDuckDb(error))) throw error;
    }
  return undefined;
}

/** Brings the files into the table's types, one after the other, and then all of them into the table at once. */
async function load(context: StatementContext, copy: CopyInto, files: StageFile[]): Promise<FileLoad[]> {
  const { account, session } = context;
  const { table, location, options, transformation } = copy;
  const { onError } = options;
  const plan = transformation ? undefined : planOf(context, copy);
  const targets = plan ? [...plan.columns, ...plan.metadata.map(({ column }) => column)] : copy.columns;
  const good = plan && (await insertGood(context, copy, plan, files));
  const read: LoadedFile[] = good ?? [];
  rememberJob(context, table, transformation !== undefined, onError.kind === 'ABORT' ? [] : read);
  try {
    for (const file of good ? [] : files) {
      context.signal.throwIfAborted();
      const one = plan
        ? await loadFile(plan, location.files, file)
        : await transformFile(context, copy, file, (bad, parsed) => keeps(onError, bad, parsed));
      read.push(one);
      if (one.errors.length > 0 && onError.kind === 'ABORT') throw abortError(file, one.errors[0]!);
    }
    const parquet = read.flatMap((one) => one.parquet).map(literal);
    const names = targets.map((column) => column.name);
    if (parquet.length > 0)
      await insertFrom(
        context,
        table,
        names,
        `SELECT ${names.map((_, i) => `v${i + 1}`).join(', ')} FROM read_parquet([${parquet.join(', ')}])`,
      );
    const loads = read.map((one) => outcome(one, onError));
    await rememberLoads(session, table.id, location.shown, loads, account.clock.now());
    return loads;
  } finally {
    for (const path of read.flatMap((one) => one.parquet)) await rm(path, { force: true });
  }
}

function outcome({ file, parsed, loaded, errors, parquet }: LoadedFile, onError: OnError): FileLoad {
  const [first] = errors;
  return {
    file,
    status: !first ? 'LOADED' : parquet.length > 0 && loaded > 0 ? 'PARTIALLY_LOADED' : 'LOAD_FAILED',
    parsed,
    loaded,
    errorLimit: errorLimit(onError, parsed),
    errors: badRows(errors).length,
    first,
  };
}
