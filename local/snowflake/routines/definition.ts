import type { Argument, ExternalFunction, Routine } from '../catalog/objects.js';
import { localRefusal, SnowflakeError, syntaxError } from '../errors.js';
import { handlerType } from '../javascript/values.js';
import { type OptionValue, readOptionValue } from '../kernel/options.js';
import type { TokenStream } from '../language/lexer.js';
import { parseType } from '../language/parse-type.js';
import { type DataType, VARIANT } from '../types/data-type.js';
import { typeName } from '../types/type-name.js';
import { ClauseOrder, refuseImports } from './clause-order.js';

/** What a CREATE FUNCTION or PROCEDURE says, without its name. */
export type Definition = Omit<Routine, 'id' | 'name' | 'owner' | 'createdOn' | 'database' | 'schema'>;

/** `( [name type [DEFAULT expression]] , … )` */
export function readArguments(tokens: TokenStream): Argument[] {
  const list: Argument[] = [];
  tokens.expect('(');
  while (!tokens.take(')')) {
    const name = tokens.identifier();
    const type = parseType(tokens);
    if (list.some((each) => each.name === name))
      throw new SnowflakeError(
        '002025',
        '42710',
        `SQL compilation error:\nduplicate argument name '${name}'`,
      );
    const argument: Argument = { name, type };
    if (tokens.take('DEFAULT')) argument.default = expressionText(tokens);
    list.push(argument);
    if (!tokens.is(')')) tokens.expect(',');
  }
  return list;
}

/** The text of an expression up to the next `,` or `)` outside parentheses, brackets and braces. */
export function expressionText(tokens: TokenStream): string {
  const from = tokens.peek().start;
  let to = from;
  for (let depth = 0; ; ) {
    const token = tokens.peek();
    if (token.kind === 'end') throw syntaxError('unexpected end of statement.');
    if (token.kind === 'operator') {
      if (depth === 0 && (token.value === ',' || token.value === ')')) return tokens.text.slice(from, to);
      if (['(', '[', '{'].includes(token.value)) depth++;
      if ([')', ']', '}'].includes(token.value)) depth--;
    }
    to = tokens.next().end;
  }
}

/** `(type, …)`, as DROP, ALTER and DESCRIBE name an overload. */
export function readArgumentTypes(tokens: TokenStream): DataType[] {
  const types: DataType[] = [];
  tokens.expect('(');
  while (!tokens.take(')')) {
    types.push(parseType(tokens));
    if (!tokens.is(')')) tokens.expect(',');
  }
  return types;
}

/** Everything from the arguments on: `(…) RETURNS … LANGUAGE … AS '…'`. */
export function readDefinition(
  tokens: TokenStream,
  kind: Routine['kind'],
  external: boolean,
): { definition: Definition; copyGrants: boolean } {
  const definition: Definition = {
    kind,
    language: external ? 'EXTERNAL' : 'SQL',
    arguments: readArguments(tokens),
    returns: VARIANT,
    nullable: true,
    strict: false,
    volatility: 'VOLATILE',
    executeAs: 'OWNER',
    secure: false,
    body: '',
    comment: '',
  };
  const copyGrants = tokens.take('COPY', 'GRANTS');
  tokens.expect('RETURNS');
  if (tokens.take('TABLE')) definition.returnsTable = readArguments(tokens);
  else definition.returns = parseType(tokens);
  if (tokens.take('NOT', 'NULL')) definition.nullable = false;
  else tokens.take('NULL');
  const options: Record<string, OptionValue> = {};
  const order = new ClauseOrder();
  while (!tokens.take('AS')) {
    order.check(tokens);
    readClause(tokens, definition, options);
  }
  definition.body = tokens.string();
  tokens.expectEnd();
  if (external) definition.external = externalFunction(options, definition.body);
  check(definition);
  return { definition, copyGrants };
}

function readClause(tokens: TokenStream, definition: Definition, options: Record<string, OptionValue>): void {
  if (tokens.take('LANGUAGE')) {
    const language = tokens.identifier();
    if (language !== 'JAVASCRIPT' && language !== 'SQL')
      throw localRefusal(`LANGUAGE ${language}`, 'only JAVASCRIPT and SQL handlers run here');
    definition.language = language;
  } else if (tokens.take('CALLED', 'ON', 'NULL', 'INPUT')) definition.strict = false;
  else if (tokens.take('RETURNS', 'NULL', 'ON', 'NULL', 'INPUT') || tokens.take('STRICT'))
    definition.strict = true;
  else if (tokens.take('VOLATILE')) definition.volatility = 'VOLATILE';
  else if (tokens.take('IMMUTABLE')) definition.volatility = 'IMMUTABLE';
  else if (tokens.take('MEMOIZABLE')) {
    // It is the last of these.
    if (['CALLED', 'RETURNS', 'STRICT', 'VOLATILE', 'IMMUTABLE'].includes(tokens.peek().value))
      throw tokens.tokenError();
    throw localRefusal('MEMOIZABLE', 'results of functions are not kept');
  } else if (tokens.is('IMPORTS')) throw refuseImports();
  else if (definition.kind === 'FUNCTION' && tokens.is('EXECUTE', 'AS'))
    throw new SnowflakeError(
      '002112',
      '42601',
      'SQL compilation error:\nUnsupported invocation type for function: only procedures have EXECUTE AS.',
    );
  else if (tokens.take('EXECUTE', 'AS')) definition.executeAs = readRights(tokens);
  else if (tokens.take('COMMENT')) {
    tokens.expect('=');
    definition.comment = tokens.string();
  } else if (definition.language === 'EXTERNAL' && tokens.peek(1).value === '=') {
    const key = tokens.identifier();
    tokens.expect('=');
    options[key] = readExternalOption(tokens, key);
  } else throw tokens.tokenError();
}

/** Reads what stands after EXECUTE AS. */
export function readRights(tokens: TokenStream): Routine['executeAs'] {
  if (tokens.take('OWNER')) return 'OWNER';
  if (tokens.is('RESTRICTED'))
    throw localRefusal('EXECUTE AS RESTRICTED CALLER', 'caller grants are not built');
  tokens.expect('CALLER');
  return 'CALLER';
}

/** `HEADERS = ('k' = 'v')` has quoted keys; names of translators may have dots and quotes. */
export function readExternalOption(tokens: TokenStream, key: string): OptionValue {
  if (key === 'HEADERS') {
    const headers: { [name: string]: OptionValue } = {};
    tokens.expect('(');
    while (!tokens.take(')')) {
      const name = tokens.string();
      tokens.expect('=');
      headers[name] = tokens.string();
      tokens.take(',');
    }
    return headers;
  }
  if (key === 'REQUEST_TRANSLATOR' || key === 'RESPONSE_TRANSLATOR') return tokens.name();
  return readOptionValue(tokens);
}

/** Sets one property of an external function; shared by CREATE and ALTER … SET. */
export function withExternalOption(
  external: ExternalFunction,
  key: string,
  value: OptionValue | undefined,
): ExternalFunction {
  const next = { ...external };
  switch (key) {
    case 'API_INTEGRATION':
      next.integration = String(value);
      break;
    case 'HEADERS':
      next.headers = (value ?? {}) as Record<string, string>;
      break;
    case 'CONTEXT_HEADERS':
      next.contextHeaders = ((value ?? []) as OptionValue[]).map(String);
      break;
    case 'MAX_BATCH_ROWS':
      if (value === undefined) delete next.maxBatchRows;
      else next.maxBatchRows = Number(value);
      break;
    case 'COMPRESSION':
      next.compression = String(value ?? 'AUTO').toUpperCase() as ExternalFunction['compression'];
      break;
    case 'REQUEST_TRANSLATOR':
      if (value === undefined) delete next.requestTranslator;
      else next.requestTranslator = value as string[];
      break;
    case 'RESPONSE_TRANSLATOR':
      if (value === undefined) delete next.responseTranslator;
      else next.responseTranslator = value as string[];
      break;
    default:
      throw syntaxError(`invalid property '${key}' for 'FUNCTION'`);
  }
  return next;
}

function externalFunction(options: Record<string, OptionValue>, url: string): ExternalFunction {
  if (options.API_INTEGRATION === undefined)
    throw syntaxError('Missing option(s): [API_INTEGRATION] of an external function.');
  let external: ExternalFunction = {
    integration: '',
    url,
    headers: {},
    contextHeaders: [],
    compression: 'AUTO',
  };
  for (const [key, value] of Object.entries(options)) external = withExternalOption(external, key, value);
  return external;
}

function check(definition: Definition): void {
  if (definition.kind === 'PROCEDURE' && definition.language === 'SQL')
    throw localRefusal(
      'a procedure in LANGUAGE SQL',
      'Snowflake Scripting is not built',
      'Write it in JavaScript.',
    );
  if (definition.returnsTable && definition.language !== 'SQL')
    throw localRefusal(
      `RETURNS TABLE of a ${definition.language} ${definition.kind.toLowerCase()}`,
      'only scalar handlers are built',
    );
  if (definition.language !== 'JAVASCRIPT') return;
  for (const type of [...definition.arguments.map((a) => a.type), definition.returns])
    if (!handlerType(type))
      throw new SnowflakeError(
        '002112',
        '42601',
        `SQL compilation error:\nLanguage JAVASCRIPT does not support type '${typeName(type)}' for argument or return type.`,
      );
}
