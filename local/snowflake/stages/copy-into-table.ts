import { rm } from 'node:fs/promises';
import { identifier } from '../catalog/catalog.js';
import type { Column, Table } from '../catalog/objects.js';
import { invalidIdentifier, notSupportedLocally, SnowflakeError, syntaxError } from '../errors.js';
import { insertFrom } from '../query/index.js';
import { type OptionValue, readOptions } from '../statements/options.js';
import {
  STATEMENT_TYPE,
  type StatementContext,
  type StatementOutcome,
  status,
  textColumn,
} from '../statements/statement.js';
import { literal } from '../storage/storage.js';
import { NUMBER, type ResultColumn, type Row } from '../types/data-type.js';
import { chooseFiles } from './choose.js';
import type { StageFile } from './files.js';
import { resolveFormat } from './format.js';
import { loadedBefore, rememberLoads } from './history.js';
import { abortedBy, type LoadedFile, type LoadPlan, loadFile } from './load.js';
import { type Location, ownStage, readLocationText, resolveLocation } from './location.js';
import { copyTransformed, readTransformation, type Transformation } from './transformation.js';

/** Copy options with the values that are built; docs: sql-reference/sql/copy-into-table. */
const OPTIONS = [
  'FILES',
  'PATTERN',
  'FILE_FORMAT',
  'ON_ERROR',
  'SIZE_LIMIT',
  'PURGE',
  'RETURN_FAILED_ONLY',
  'MATCH_BY_COLUMN_NAME',
  'ENFORCE_LENGTH',
  'TRUNCATECOLUMNS',
  'FORCE',
  'LOAD_UNCERTAIN_FILES',
  'VALIDATION_MODE',
  'STORAGE_INTEGRATION',
];

interface CopyInto {
  table: Table;
  columns: Column[];
  location: Location;
  transformation: Transformation | undefined;
  options: Record<string, OptionValue>;
}

const RESULT: ResultColumn[] = [
  textColumn('file'),
  textColumn('status'),
  { name: 'rows_parsed', type: NUMBER(), nullable: true },
  { name: 'rows_loaded', type: NUMBER(), nullable: true },
  { name: 'error_limit', type: NUMBER(), nullable: true },
  { name: 'errors_seen', type: NUMBER(), nullable: true },
  textColumn('first_error'),
  { name: 'first_error_line', type: NUMBER(), nullable: true },
  { name: 'first_error_character', type: NUMBER(), nullable: true },
  textColumn('first_error_column_name'),
];

/** COPY INTO table FROM a stage. */
export async function copyIntoTable(context: StatementContext): Promise<StatementOutcome> {
  const copy = read(context);
  const { account, session } = context;
  const { table, location, options } = copy;
  const names = options.FILES === undefined ? undefined : [options.FILES].flat().map(String);
  const chosen = await chooseFiles(
    location,
    names,
    options.PATTERN === undefined ? undefined : String(options.PATTERN),
  );
  await session.lock(table.id, context.signal);
  const before =
    options.FORCE === true
      ? new Map<string, string>()
      : await loadedBefore(session, account.storage, table.id);
  const files = chosen.filter((file) => before.get(file.shown) !== file.md5);
  if (files.length === 0) return status('Copy executed with 0 files processed.', STATEMENT_TYPE.COPY);
  if (
    copy.transformation &&
    String(options.ON_ERROR ?? 'ABORT_STATEMENT').toUpperCase() !== 'ABORT_STATEMENT'
  )
    throw notSupportedLocally(
      `ON_ERROR = ${options.ON_ERROR} in COPY with a SELECT`,
      'its rows are not judged one by one',
      'Use TRY_ functions in the SELECT.',
    );
  const rows = copy.transformation
    ? await copyTransformed(context, {
        table,
        columns: copy.columns,
        location,
        transformation: copy.transformation,
        files,
        format: resolveFormat(account, session, options.FILE_FORMAT, location.fileFormat),
      })
    : await loadAll(context, copy, files);
  if (options.PURGE === true) for (const file of files) await location.files.remove(file);
  return { statementTypeId: STATEMENT_TYPE.COPY, columns: RESULT, rows };
}

function read(context: StatementContext): CopyInto {
  const { account, session, tokens } = context;
  tokens.expect('COPY', 'INTO');
  const table = account.catalog.resolve('TABLE', tokens.name(), session);
  account.access.require(session, 'INSERT', table);
  let columns = table.columns;
  if (tokens.take('(')) {
    columns = [];
    do {
      const name = tokens.identifier();
      const column = table.columns.find((each) => each.name === name);
      if (!column) throw invalidIdentifier(identifier(name));
      columns.push(column);
    } while (tokens.take(','));
    tokens.expect(')');
  }
  // Without FROM the files lie in the table's own stage.
  const from = tokens.take('FROM');
  const transformation = from && tokens.is('(') ? readTransformation(tokens) : undefined;
  const text = transformation?.location ?? (from ? readLocationText(tokens) : ownStage(table));
  const options = readOptions(tokens);
  if (options.VALIDATION_MODE !== undefined || tokens.is('VALIDATION_MODE'))
    throw notSupportedLocally(
      'VALIDATION_MODE',
      'it is not built',
      'Load into a scratch table with ON_ERROR = CONTINUE.',
    );
  tokens.expectEnd();
  for (const key of Object.keys(options))
    if (!OPTIONS.includes(key)) throw syntaxError(`invalid parameter '${key}'`);
  for (const key of ['SIZE_LIMIT', 'TRUNCATECOLUMNS'])
    if (options[key] !== undefined && options[key] !== false)
      throw notSupportedLocally(`COPY … ${key}`, 'it is not built');
  if (options.ENFORCE_LENGTH === false)
    throw notSupportedLocally(
      'ENFORCE_LENGTH = FALSE',
      'texts are not cut',
      'Use LEFT() in a COPY with a SELECT.',
    );
  const integration = options.STORAGE_INTEGRATION;
  const location = resolveLocation(
    account,
    session,
    text,
    'READ',
    integration === undefined ? undefined : String(integration),
  );
  return { table, columns, location, transformation, options };
}

async function loadAll(context: StatementContext, copy: CopyInto, files: StageFile[]): Promise<Row[]> {
  const { account, session } = context;
  const { table, columns, location, options } = copy;
  const format = resolveFormat(account, session, options.FILE_FORMAT, location.fileFormat);
  const matchByName = String(options.MATCH_BY_COLUMN_NAME ?? 'NONE').toUpperCase() as LoadPlan['matchByName'];
  const onError = String(options.ON_ERROR ?? 'ABORT_STATEMENT').toUpperCase();
  if (!['ABORT_STATEMENT', 'CONTINUE', 'SKIP_FILE'].includes(onError))
    throw notSupportedLocally(
      `ON_ERROR = ${onError}`,
      'error limits are not built',
      'Use ABORT_STATEMENT, CONTINUE or SKIP_FILE.',
    );
  if (format.type !== 'CSV' && matchByName === 'NONE' && columns.length !== 1)
    throw new SnowflakeError(
      '001145',
      '22000',
      'SQL compilation error:\nJSON file format can produce one and only one column of variant, object, or array type. Load data into separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.',
    );
  if (format.type === 'CSV' && matchByName !== 'NONE' && !format.parseHeader)
    throw syntaxError('MATCH_BY_COLUMN_NAME with CSV files needs PARSE_HEADER = TRUE.');
  const plan: LoadPlan = {
    account,
    session,
    table,
    columns,
    matchByName,
    format,
    tolerant: onError === 'CONTINUE',
  };

  const loaded: LoadedFile[] = [];
  try {
    for (const file of files) {
      context.signal.throwIfAborted();
      const one = await loadFile(plan, location.files, file);
      loaded.push(one);
      if (one.errors.length > 0 && onError === 'ABORT_STATEMENT')
        throw abortedBy(file, one.errors[0]!, table);
    }
    const parquet = loaded.filter((one) => one.parquet !== undefined);
    if (parquet.length > 0) {
      const list = parquet.map((one) => literal(one.parquet!)).join(', ');
      const values = columns.map((_, i) => `v${i + 1}`).join(', ');
      await insertFrom(
        context,
        table,
        columns.map((column) => column.name),
        `SELECT ${values} FROM read_parquet([${list}])`,
      );
    }
    await rememberLoads(
      session,
      table.id,
      parquet.map((one) => one.file),
      account.clock.now(),
    );
  } finally {
    // In an explicit transaction the insert may have to be made again from these files; see Transaction.
    if (!session.transaction.explicit)
      for (const one of loaded) if (one.parquet) await rm(one.parquet, { force: true });
  }
  // LOAD_UNCERTAIN_FILES has nothing to decide: no load is ever forgotten here.
  const shown = options.RETURN_FAILED_ONLY === true ? loaded.filter((one) => one.errors.length > 0) : loaded;
  return shown.map(resultRow);
}

function resultRow({ file, parsed, loaded, errors, parquet }: LoadedFile): Row {
  const first = errors[0];
  const bad = new Set(errors.map((error) => error.row)).size;
  const state = !first ? 'LOADED' : parquet !== undefined && loaded > 0 ? 'PARTIALLY_LOADED' : 'LOAD_FAILED';
  return [
    file.shown,
    state,
    String(parsed),
    String(loaded),
    String(first ? parsed : 1),
    String(bad),
    first?.message ?? null,
    first ? String(first.line) : null,
    first ? String(first.character) : null,
    first?.column ?? null,
  ];
}
