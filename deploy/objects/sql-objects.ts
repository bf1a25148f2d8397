import { qualify, schemaPath } from '../../procedures/ground/names.js';
import { UserError } from '../errors.js';
import { firstSentence } from '../ground/description.js';
import type { Declaration, FileKind } from '../headers/header.js';
import { type Resource, type ResourceId, ref } from '../resources/resource.js';
import {
  COMMENT_CLAUSE,
  commentClause,
  type SqlDefinition,
  sqlResource,
  tableResource,
} from '../resources/snowflake/definition.js';
import { externalFunctionKind } from '../resources/snowflake/external-function.js';
import { type Scope, withFile } from './scope.js';

/** The resource of what a file declares. @throws Error with the file before what is wrong in it */
export function makeResource(kind: Exclude<FileKind, 'task'>, declared: Declaration, scope: Scope): Resource {
  return withFile(declared, () => makers[kind](declared, scope));
}

/** Makers of each kind of object. */
const makers: Readonly<Record<Exclude<FileKind, 'task'>, (declared: Declaration, scope: Scope) => Resource>> =
  {
    table,
    view: (declared, scope) => ofStatement('view', declared, scope),
    'file-format': (declared, scope) => ofStatement('file-format', declared, scope),
    stage: (declared, scope) => ofStatement('stage', declared, scope),
    function: (declared, scope) => ofStatement('function', declared, scope),
    stream,
    'external-function': externalFunction,
  };

/** As SHOW reports it: with the types of its arguments, where it is a function. */
export function showName({ header }: Declaration, scope: Scope): string {
  const name = scope.name(header.name);
  return header.arguments === undefined ? name : `${name}(${typesOf(argumentsOf(header.arguments, scope))})`;
}

function ofStatement(
  kind: 'view' | 'file-format' | 'stage' | 'function',
  declared: Declaration,
  scope: Scope,
): Resource<SqlDefinition> {
  const { text, needs } = scope.statement(declared.text, placeholdersOf(declared, scope));
  return sqlResource(
    `snowflake.${kind}`,
    showName(declared, scope),
    { create: text },
    { dependsOn: dependencies(declared, scope, needs), ...earlierNames(declared, scope) },
  );
}

function table(declared: Declaration, scope: Scope): Resource<SqlDefinition> {
  const { header } = declared;
  const source = header['source of'];
  const statement = (create: string) =>
    scope.statement(declared.text, { ...placeholdersOf(declared, scope), create });
  return tableResource(scope.name(header.name), (create) => statement(create).text, {
    dependsOn: dependencies(declared, scope, statement('CREATE TABLE').needs),
    ...earlierNames(declared, scope),
    // It runs when all is made: what it calls depends on the table.
    ...(header.again === undefined
      ? {}
      : { again: header.again.map((each) => scope.render(each).text).join(';') }),
    ...(header.recomputed === undefined
      ? {}
      : { recomputed: scope.render(header.recomputed).text.split(', ') }),
    ...(header.adopt === undefined ? {} : { adopt: true }),
    ...(header.holds === 'records' ? { records: true } : {}),
    ...(source === undefined ? {} : { sourceOf: qualify(scope.settings, scope.name(source)) }),
  });
}

/** Replacing a stream loses its offset, so it is done only where everything is to be read again. */
function stream(declared: Declaration, scope: Scope): Resource<SqlDefinition> {
  const values = { ...placeholdersOf(declared, scope), comment: COMMENT_CLAUSE };
  const { text, needs } = scope.statement(declared.text, values);
  const again = (declared.header.again ?? []).map((each) => scope.render(each, values));
  return sqlResource(
    'snowflake.stream',
    scope.name(declared.header.name),
    {
      create: text,
      update: [...again.map((each) => each.text), `ALTER STREAM ${values.name} SET ${COMMENT_CLAUSE}`],
    },
    {
      dependsOn: dependencies(declared, scope, [...needs, ...again.flatMap((each) => each.needs)]),
      ...earlierNames(declared, scope),
    },
  );
}

function externalFunction(declared: Declaration, scope: Scope): Resource {
  const { header } = declared;
  const { settings } = scope;
  const { snowflake, aws } = settings;
  const api: ResourceId = `aws.rest-api:${aws.restApi.name}`;
  const { request = '', response = '', returns = '', rows = '', path = '' } = header;
  const [integration, role] =
    path === '/control'
      ? [snowflake.integrations.control, aws.roles.snowflakeControl]
      : [snowflake.integrations.api, aws.roles.snowflakeApi];
  const chosen = header.chosen === undefined ? undefined : scope.render(header.chosen);
  return externalFunctionKind.resource(
    showName(declared, scope),
    {
      head: `${placeholdersOf(declared, scope).name}(${argumentsOf(header.arguments ?? '', scope)})`,
      returns,
      description: declared.prose,
      apiIntegration: integration,
      requestTranslator: qualify(settings, request),
      ...(chosen === undefined ? {} : { chosen: chosen.text }),
      responseTranslator: qualify(settings, response),
      maxBatchRows: Number(scope.render(rows).text),
      ...(header.readers === 'owner' ? { ownerAlone: true as const } : {}),
      url: `${ref(api, 'invokeUrl')}${path}`,
    },
    {
      dependsOn: [
        ...dependencies(declared, scope, [
          ...(chosen?.needs ?? []),
          ...scope.idsOf(request),
          ...scope.idsOf(response),
        ]),
        // Which version it starts with is a question to the registry.
        ...(chosen === undefined ? [] : [`snowflake.warehouse:${snowflake.warehouse.name}`]),
        `snowflake.api-integration:${integration}`,
        `aws.trust:${role}`,
        api,
      ],
      ...earlierNames(declared, scope),
    },
  );
}

/** Earlier names, with the types of arguments as SHOW has them. */
function earlierNames(declared: Declaration, scope: Scope): { readonly formerly?: readonly string[] } {
  const { formerly } = declared.header;
  const types = /\(.*/.exec(showName(declared, scope))?.[0] ?? '';
  return formerly === undefined ? {} : { formerly: formerly.map((name) => `${scope.name(name)}${types}`) };
}

/** Bytes of name and arguments that Snowflake takes, less what the type of a result may have (BCR-2303 of bundle 2026_04). */
const LONGEST_SIGNATURE = 9_800 - 40;

/** Placeholders of an object alone. @throws UserError where a function of all columns of the contract has too many */
export function placeholdersOf(
  declared: Declaration,
  scope: Scope,
): Readonly<Record<'name' | 'schema' | 'comment' | 'arguments', string>> {
  const name = qualify(scope.settings, scope.name(declared.header.name));
  const list = argumentsOf(declared.header.arguments ?? '', scope);
  const bytes = Buffer.byteLength(`${name}(${list})`);
  if (bytes > LONGEST_SIGNATURE)
    throw new UserError(
      `The contract has too many columns: with its ${list.split(', ').length} arguments ${name} has ${bytes.toLocaleString('en-US')} bytes, and Snowflake takes ${LONGEST_SIGNATURE.toLocaleString('en-US')}.`,
      { next: 'Take columns that no feature needs out of columns: and features:, or shorten their names.' },
    );
  return {
    name,
    schema: schemaPath(scope.settings),
    comment: commentClause(firstSentence(declared.prose)),
    arguments: list,
  };
}

/** Ids of what an object needs: what its text refers to, and what its header names. */
export function dependencies(
  { header }: Declaration,
  scope: Scope,
  referred: readonly ResourceId[],
): ResourceId[] {
  const named = (header.needs ?? []).flatMap((name) => scope.idsOf(name));
  return [...new Set([scope.schema, ...referred, ...named])];
}

function argumentsOf(text: string, scope: Scope): string {
  return scope.render(text).text;
}

/** `FEATURES OBJECT, STAY FLOAT` → `OBJECT, FLOAT`. */
function typesOf(text: string): string {
  return text
    .split(', ')
    .filter((each) => each !== '')
    .map((each) => each.slice(each.indexOf(' ') + 1))
    .join(', ');
}
