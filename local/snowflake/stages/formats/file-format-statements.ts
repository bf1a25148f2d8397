import type { FileFormat } from '../../catalog/objects.js';
import { localRefusal, syntaxError } from '../../errors.js';
import { alterObject, dropObject } from '../../kernel/named-object.js';
import { createHead, readOptions } from '../../kernel/options.js';
import { createInSchema, newPlace } from '../../kernel/schema-object.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../../kernel/statement.js';
import { readClone } from '../../objects/tables/clone.js';
import { allOptions, checkFormat, describeOptions } from './format-options.js';

function createFormat(context: StatementContext): Promise<StatementOutcome> {
  const head = createHead(context.tokens, 'FILE', 'FORMAT');
  if (head.orAlter)
    throw localRefusal(
      'CREATE OR ALTER FILE FORMAT',
      'it is not built',
      'Use CREATE OR REPLACE FILE FORMAT.',
    );
  const { account, session } = context;
  const source = context.tokens.is('CLONE')
    ? account.catalog.resolve('FILE FORMAT', readClone(context), session)
    : undefined;
  if (source) account.access.require(session, 'USAGE', source);
  const { COMMENT: comment = source?.comment, ...options } = source
    ? { ...source.options, COMMENT: source.comment }
    : readOptions(context.tokens);
  context.tokens.expectEnd();
  return createInSchema<FileFormat>(context, 'FILE FORMAT', 'File format', head, () => ({
    kind: 'FILE FORMAT',
    options: checkFormat(options),
    comment: String(comment ?? ''),
  }));
}

function alterFormat(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  return alterObject(context, 'FILE FORMAT', (format) => {
    if (tokens.take('RENAME', 'TO')) return { ...format, ...newPlace(context, 'FILE FORMAT') };
    if (tokens.take('UNSET', 'COMMENT')) return { ...format, comment: '' };
    tokens.expect('SET');
    const { COMMENT: comment = format.comment, ...options } = readOptions(tokens);
    if (options.TYPE !== undefined && String(options.TYPE).toUpperCase() !== format.options.TYPE)
      throw syntaxError('the TYPE of a file format cannot be changed. Create it anew.');
    return {
      ...format,
      options: checkFormat({ ...format.options, ...options }),
      comment: String(comment),
    };
  });
}

const SHOWN: ShownColumns<FileFormat> = {
  created_on: showTime,
  name: (format) => format.name,
  database_name: (format) => format.database,
  schema_name: (format) => format.schema,
  type: (format) => String(format.options.TYPE),
  owner: (format) => format.owner,
  comment: (format) => format.comment,
  format_options: (format) => JSON.stringify(allOptions(format.options)),
  owner_role_type: 'ROLE',
};

function showFormats(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'FILE', 'FORMATS');
  return showResult(SHOWN, listVisible(context, 'FILE FORMAT'));
}

function describeFormat(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('FILE', 'FORMAT');
  const format = account.catalog.resolve('FILE FORMAT', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['USAGE', 'OWNERSHIP'], format);
  const rows = describeOptions(format.options);
  return textResult(
    ['property', 'property_type', 'property_value', 'property_default'],
    rows,
    STATEMENT_TYPE.DESCRIBE,
  );
}

/** The statements on file formats. */
export const fileFormatStatements: Statement[] = [
  { leading: [['CREATE', 'FILE', 'FORMAT']], ddl: true, run: createFormat },
  { leading: [['ALTER', 'FILE', 'FORMAT']], ddl: true, run: alterFormat },
  { leading: [['DROP', 'FILE', 'FORMAT']], ddl: true, run: (context) => dropObject(context, 'FILE FORMAT') },
  { leading: [['SHOW', 'FILE', 'FORMATS']], run: showFormats },
  { leading: [['DESCRIBE', 'FILE', 'FORMAT']], run: describeFormat },
];
