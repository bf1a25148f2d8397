import { rm } from 'node:fs/promises';
import type { Stage } from '../catalog/objects.js';
import { localRefusal, syntaxError } from '../errors.js';
import { alterObject, dropObject } from '../kernel/named-object.js';
import { type CreateHead, createHead, type OptionValue, readOptions } from '../kernel/options.js';
import { createInSchema, newPlace } from '../kernel/schema-object.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textColumn,
  textResult,
} from '../kernel/statement.js';
import { splitName } from '../language/split-name.js';
import { readClone } from '../objects/tables/clone.js';
import { stageFolder } from '../storage/stage-folders.js';
import { NUMBER } from '../types/data-type.js';
import { chooseFiles } from './files/choose.js';
import { checkAllowed, resolveLocation, storageIntegration } from './files/location.js';
import { get, put } from './files/transfer.js';
import { fileFormatStatements } from './formats/file-format-statements.js';
import type { FormatOptions } from './formats/format.js';
import { checkFormat, describeOptions } from './formats/format-options.js';
import { copyIntoTable } from './load/copy-into-table.js';
import { copyIntoLocation } from './unload/copy-into-location.js';

const STAGE_OPTIONS = ['URL', 'STORAGE_INTEGRATION', 'FILE_FORMAT', 'COMMENT', 'ENCRYPTION', 'DIRECTORY'];

/** Options that Snowflake has and this does not. */
const NOT_BUILT: Record<string, [reason: string, instead?: string]> = {
  CREDENTIALS: ['keys in SQL end up in the query history', 'Use STORAGE_INTEGRATION.'],
  COPY_OPTIONS: ['it is not built', 'Give copy options in COPY INTO.'],
  AWS_ACCESS_POINT_ARN: ['access points are not built', 'Name the bucket in URL.'],
  USE_PRIVATELINK_ENDPOINT: ['nothing leaves the machine'],
  ENDPOINT: ['only S3 is reached'],
  TAG: ['tags are not built'],
};

/** Server-side encryption is the store's own matter, so these change nothing; client-side keys would. */
const ENCRYPTIONS = ['SNOWFLAKE_FULL', 'SNOWFLAKE_SSE', 'AWS_SSE_S3', 'NONE'];

function checkStageOptions(options: Record<string, OptionValue>): void {
  for (const [key, value] of Object.entries(options)) {
    const refused = NOT_BUILT[key];
    if (refused) throw localRefusal(`${key} of a stage`, ...refused);
    if (!STAGE_OPTIONS.includes(key)) throw syntaxError(`invalid property '${key}' for 'STAGE'`);
    if (key === 'DIRECTORY' && (value as { ENABLE?: unknown }).ENABLE !== false)
      throw localRefusal('DIRECTORY of a stage', 'directory tables are not built', 'Use LIST.');
    if (key === 'ENCRYPTION') {
      const { TYPE: type, ...others } = value as { [name: string]: OptionValue };
      if (!ENCRYPTIONS.includes(String(type).toUpperCase()) || Object.keys(others).length > 0)
        throw localRefusal(
          `ENCRYPTION = (TYPE = ${type} …) of a stage`,
          'files are not encrypted with keys of one’s own',
          `Use one of ${ENCRYPTIONS.join(', ')}.`,
        );
    }
  }
}

/** SNOWFLAKE_SSE: the kind of encryption that SHOW STAGES tells apart. */
function encryptionOf(value: OptionValue | undefined): Pick<Stage, 'serverSide'> {
  const type = (value as { TYPE?: OptionValue } | undefined)?.TYPE;
  return String(type).toUpperCase() === 'SNOWFLAKE_SSE' ? { serverSide: true } : {};
}

/** The stage's own format: options, or those of the named format as they are now. */
function stageFormat(context: StatementContext, value: OptionValue | undefined): FormatOptions {
  if (value === undefined) return {};
  const { account, session } = context;
  const given =
    typeof value === 'string' ? { FORMAT_NAME: value } : (value as { [key: string]: OptionValue });
  if (given.FORMAT_NAME === undefined) return checkFormat(given);
  const format = account.catalog.resolve('FILE FORMAT', splitName(String(given.FORMAT_NAME)), session);
  account.access.require(session, 'USAGE', format);
  return format.options;
}

function external(
  context: StatementContext,
  options: Record<string, OptionValue>,
): Pick<Stage, 'url' | 'integration'> {
  if (options.URL === undefined) return {};
  const url = String(options.URL);
  if (!/^s3:\/\//i.test(url)) throw localRefusal(`a stage at ${url}`, 'only s3:// URLs are reached');
  if (options.STORAGE_INTEGRATION === undefined)
    throw localRefusal('an external stage without STORAGE_INTEGRATION', 'public buckets are out of reach');
  const integration = storageIntegration(
    context.account,
    context.session,
    String(options.STORAGE_INTEGRATION),
  );
  context.account.access.require(context.session, 'USAGE', integration);
  checkAllowed(integration, url.endsWith('/') ? url : `${url}/`);
  return { url: url.endsWith('/') ? url : `${url}/`, integration: integration.name };
}

function createStage(context: StatementContext): Promise<StatementOutcome> {
  const head = createHead(context.tokens, 'STAGE');
  if (head.orAlter)
    throw localRefusal(
      'CREATE OR ALTER STAGE',
      'it is not built',
      'Use CREATE STAGE IF NOT EXISTS and ALTER STAGE.',
    );
  if (context.tokens.is('CLONE')) return cloneStage(context, head);
  const options = readOptions(context.tokens);
  context.tokens.expectEnd();
  checkStageOptions(options);
  return createInSchema<Stage>(context, 'STAGE', 'Stage area', head, () => ({
    kind: 'STAGE',
    ...external(context, options),
    ...encryptionOf(options.ENCRYPTION),
    fileFormat: stageFormat(context, options.FILE_FORMAT),
    comment: String(options.COMMENT ?? ''),
  }));
}

/** Only external stages can be cloned; docs: sql-reference/sql/create-clone. */
function cloneStage(context: StatementContext, head: CreateHead): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const source = account.catalog.resolve('STAGE', readClone(context), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE', 'READ'], source);
  if (source.url === undefined)
    throw localRefusal('CLONE of an internal stage', 'Snowflake does not have it either', 'Copy the files.');
  const { kind, url, integration, fileFormat, comment } = source;
  return createInSchema<Stage>(context, 'STAGE', 'Stage area', head, () => ({
    kind,
    url,
    ...(integration !== undefined && { integration }),
    fileFormat,
    comment,
  }));
}

function alterStage(context: StatementContext): Promise<StatementOutcome> {
  return alterObject(context, 'STAGE', (stage) => changeStage(context, stage));
}

function changeStage(context: StatementContext, stage: Stage): Stage {
  const { tokens } = context;
  const next = { ...stage };
  if (tokens.take('RENAME', 'TO')) return { ...stage, ...newPlace(context, 'STAGE') };
  if (tokens.take('UNSET', 'COMMENT')) next.comment = '';
  else {
    tokens.expect('SET');
    const options = readOptions(tokens);
    checkStageOptions(options);
    if (options.URL !== undefined || options.STORAGE_INTEGRATION !== undefined)
      Object.assign(
        next,
        external(context, {
          ...(stage.url && { URL: stage.url, STORAGE_INTEGRATION: stage.integration! }),
          ...options,
        }),
      );
    if (options.FILE_FORMAT !== undefined) next.fileFormat = stageFormat(context, options.FILE_FORMAT);
    Object.assign(next, encryptionOf(options.ENCRYPTION));
    if (options.COMMENT !== undefined) next.comment = String(options.COMMENT);
  }
  return next;
}

function dropStage(context: StatementContext): Promise<StatementOutcome> {
  return dropObject(context, 'STAGE', {
    async after(stage) {
      if (stage.url === undefined)
        await rm(stageFolder(context.account, stage), { recursive: true, force: true });
    },
  });
}

const columnsToShow = ({ account }: StatementContext): ShownColumns<Stage> => ({
  created_on: showTime,
  name: (stage) => stage.name,
  database_name: (stage) => stage.database,
  schema_name: (stage) => stage.schema,
  url: (stage) => stage.url ?? '',
  has_credentials: 'N',
  has_encryption_key: 'N',
  owner: (stage) => stage.owner,
  comment: (stage) => stage.comment,
  region: (stage) => (stage.url ? account.network.aws.region : null),
  type: (stage) => (stage.url ? 'EXTERNAL' : stage.serverSide ? 'INTERNAL NO CSE' : 'INTERNAL'),
  cloud: (stage) => (stage.url ? 'AWS' : null),
  notification_channel: null,
  storage_integration: (stage) => stage.integration ?? null,
  endpoint: null,
  owner_role_type: 'ROLE',
  directory_enabled: 'N',
});

function showStages(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'STAGES');
  return showResult(columnsToShow(context), listVisible(context, 'STAGE'));
}

function describeStage(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('STAGE');
  const stage = account.catalog.resolve('STAGE', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['READ', 'WRITE', 'USAGE', 'OWNERSHIP'], stage);
  const rows = describeOptions(stage.fileFormat).map((row) => ['STAGE_FILE_FORMAT', ...row]);
  rows.push(['STAGE_LOCATION', 'URL', 'String', stage.url ? JSON.stringify([stage.url]) : '', '']);
  if (stage.integration)
    rows.push(['STAGE_INTEGRATION', 'STORAGE_INTEGRATION', 'String', stage.integration, '']);
  return textResult(
    ['parent_property', 'property', 'property_type', 'property_value', 'property_default'],
    rows,
    STATEMENT_TYPE.DESCRIBE,
  );
}

/** `LIST @stage [PATTERN = '…']` and REMOVE, also as LS and RM. */
async function listFiles(context: StatementContext, access: 'READ' | 'WRITE') {
  const { account, session, tokens } = context;
  tokens.next();
  const location = resolveLocation(account, session, tokens.location(), access);
  const pattern = tokens.take('PATTERN', '=') ? tokens.string() : undefined;
  tokens.expectEnd();
  return { location, files: await chooseFiles(location, undefined, pattern) };
}

async function list(context: StatementContext): Promise<StatementOutcome> {
  const { files } = await listFiles(context, 'READ');
  const rows = files.map((file) => [
    file.shown,
    String(file.size),
    file.md5,
    new Date(file.modified).toUTCString(),
  ]);
  const columns = [
    textColumn('name'),
    { name: 'size', type: NUMBER(), nullable: true },
    textColumn('md5'),
    textColumn('last_modified'),
  ];
  return { statementTypeId: STATEMENT_TYPE.LIST, columns, rows };
}

async function remove(context: StatementContext): Promise<StatementOutcome> {
  const { location, files } = await listFiles(context, 'WRITE');
  for (const file of files) await location.files.remove(file);
  return textResult(
    ['name', 'result'],
    files.map((file) => [file.shown, 'removed']),
    STATEMENT_TYPE.LIST,
  );
}

function copy(context: StatementContext): Promise<StatementOutcome> {
  const target = context.tokens.peek(2);
  const toLocation = target.value === '@' || (target.kind === 'string' && /^(@|s3:)/i.test(target.value));
  return toLocation ? copyIntoLocation(context) : copyIntoTable(context);
}

/** The statements on stages, file formats and the files in stages. */
export const stageStatements: Statement[] = [
  { leading: [['CREATE', 'STAGE']], ddl: true, run: createStage },
  { leading: [['ALTER', 'STAGE']], ddl: true, run: alterStage },
  { leading: [['DROP', 'STAGE']], ddl: true, run: dropStage },
  { leading: [['SHOW', 'STAGES']], run: showStages },
  { leading: [['DESCRIBE', 'STAGE']], run: describeStage },
  ...fileFormatStatements,
  { leading: [['LIST'], ['LS']], run: list },
  { leading: [['REMOVE'], ['RM']], run: remove },
  { leading: [['COPY', 'INTO']], dml: true, run: copy },
  { leading: [['PUT']], describes: true, run: put },
  { leading: [['GET']], describes: true, run: get },
];
