import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Bind } from '../../account.js';
import { invalidValue, localRefusal, syntaxError } from '../../errors.js';
import { type OptionValue, readOptions } from '../../kernel/options.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome } from '../../kernel/statement.js';
import { TokenStream } from '../../language/lexer.js';
import { chooseFiles } from './choose.js';
import { LocalFiles } from './local-files.js';
import { resolveLocation } from './location.js';
import { stageDoors } from './stage-doors.js';

/**
 * PUT and GET: the driver moves the files itself, between its machine and where this answer says that the stage lies.
 */
export async function put(context: StatementContext): Promise<StatementOutcome> {
  const { session } = context;
  const { source, location, options } = parse(
    context,
    /^\s*PUT\s+('file:\/\/(?:[^'\\]|\\.|'')*'|file:\/\/\S+)\s+('@[^']*'|@(?:"[^"]*"|[^\s"])+|\?|:1)\s*(.*)$/is,
  );
  checkOptions(options, ['PARALLEL', 'AUTO_COMPRESS', 'SOURCE_COMPRESSION', 'OVERWRITE']);
  const place = resolveLocation(context.account, context.session, location, 'WRITE');
  if (!(place.files instanceof LocalFiles))
    throw localRefusal(
      'PUT to an external stage',
      'Snowflake does not have it either',
      'Upload to the bucket with an S3 client.',
    );
  const folder = place.path === '' ? place.files.folder : place.files.pathOf(place.path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return answer({
    command: 'UPLOAD',
    src_locations: [source],
    autoCompress: options.AUTO_COMPRESS !== false,
    sourceCompression: String(options.SOURCE_COMPRESSION ?? 'auto_detect').toLowerCase(),
    overwrite: options.OVERWRITE === true,
    parallel: Number(options.PARALLEL ?? 4),
    // The size from which drivers would send a file in parts; a stage takes it in one.
    threshold: session.stageForm === 'S3' ? Number.MAX_SAFE_INTEGER : 209_715_200,
    clientShowEncryptionParameter: false,
    encryptionMaterial: null,
    presignedUrls: null,
    stageInfo: stageInfo(context, folder, source),
  });
}

/** GET @stage file://…: tells the driver which files to fetch. */
export async function get(context: StatementContext): Promise<StatementOutcome> {
  const found = parse(
    context,
    /^\s*GET\s+('@[^']*'|@(?:"[^"]*"|[^\s"])+)\s+('file:\/\/(?:[^'\\]|\\.|'')*'|file:\/\/\S+)\s*(.*)$/is,
    true,
  );
  checkOptions(found.options, ['PARALLEL', 'PATTERN']);
  const place = resolveLocation(context.account, context.session, found.location, 'READ');
  if (!(place.files instanceof LocalFiles))
    throw localRefusal(
      'GET from an external stage',
      'Snowflake does not have it either',
      'Download from the bucket with an S3 client.',
    );
  const pattern = found.options.PATTERN === undefined ? undefined : String(found.options.PATTERN);
  const files = await chooseFiles(place, undefined, pattern);
  // The driver writes each file under its base name and reads it at folder + location.
  const folders = new Set(files.map((file) => dirname(file.name)));
  const folder = folders.size === 1 ? join(place.files.folder, [...folders][0]!) : place.files.folder;
  const relative =
    folders.size === 1 ? (name: string) => name.slice(name.lastIndexOf('/') + 1) : (name: string) => name;
  return answer({
    command: 'DOWNLOAD',
    src_locations: files.map((file) => relative(file.name)),
    localLocation: found.source,
    parallel: Number(found.options.PARALLEL ?? 10),
    overwrite: true,
    encryptionMaterial: null,
    presignedUrls: null,
    stageInfo: stageInfo(context, folder),
  });
}

const SOURCES = ['AUTO_DETECT', 'GZIP', 'BZ2', 'BROTLI', 'ZSTD', 'DEFLATE', 'RAW_DEFLATE', 'NONE'];

/** @throws SnowflakeError for an option that PUT or GET does not have, or a value that it does not take */
function checkOptions(options: Record<string, OptionValue>, known: string[]): void {
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key)) throw syntaxError(`invalid parameter '${key}'`);
    const fits =
      key === 'PARALLEL'
        ? typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 99
        : key === 'SOURCE_COMPRESSION'
          ? SOURCES.includes(String(value).toUpperCase())
          : key === 'PATTERN' || typeof value === 'boolean';
    if (!fits) throw invalidValue(key, String(value));
  }
}

/**
 * Where the stage lies. Snowflake's core for all its drivers (Python's from 5.0 on) knows S3, and takes an endpoint with
 * its scheme. The drivers before it put https before any endpoint, so that they could reach none here; they know a
 * folder (LOCAL_FS) instead. A URL that is signed for one file they take as it is.
 * @param source what PUT reads; a file that is not on this machine is a stream of the program's
 */
function stageInfo({ account, session }: StatementContext, folder: string, source?: string) {
  if (session.stageForm === 'S3') return stageDoors(account).open(folder, source !== undefined);
  const streams =
    session.stageForm === 'folder without streams' && source !== undefined && !/[*?]/.test(source);
  if (streams && !existsSync(source)) return stageDoors(account).openFile(folder, basename(source));
  return {
    locationType: 'LOCAL_FS',
    location: `${folder}/`,
    path: '',
    creds: {},
    region: '',
    storageAccount: null,
    isClientSideEncrypted: false,
    endPoint: null,
  };
}

/** The paths are taken from the statement's text: `file://` looks like a comment to the tokenizer. */
function parse({ text, tokens: all, binds }: StatementContext, pattern: RegExp, stageFirst = false) {
  const match = pattern.exec(text.slice(all.peek().start).trim().replace(/;$/, ''));
  if (!match)
    throw syntaxError(
      `expected ${stageFirst ? 'GET @stage[/path] file://directory/' : 'PUT file://path @stage[/path]'} and its options.`,
    );
  const unquote = (part: string) =>
    /^(\?|:1)$/.test(part)
      ? bound(binds['1'])
      : part.startsWith("'")
        ? part.slice(1, -1).replaceAll("''", "'").replace(/\\(.)/g, '$1')
        : part;
  const [first, second] = [unquote(match[1]!), unquote(match[2]!)];
  const tokens = new TokenStream(match[3] ?? '');
  const options = readOptions(tokens);
  tokens.expectEnd();
  const file = (stageFirst ? second : first).replace(/^file:\/\//i, '');
  return { source: file, location: stageFirst ? first : second, options };
}

function bound(bind: Bind | undefined): string {
  if (typeof bind?.value === 'string') return bind.value;
  throw syntaxError('PUT: a value must be bound to the stage.');
}

function answer(transfer: Record<string, unknown>): StatementOutcome {
  return { statementTypeId: STATEMENT_TYPE.DDL, columns: [], rows: [], transfer };
}
