import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import type { InSchema, Routine } from '../catalog/objects.js';
import { doesNotExist, SnowflakeError, syntaxError } from '../errors.js';
import { keepExisting } from '../kernel/named-object.js';
import { createStart, refuseBoth } from '../kernel/options.js';
import { schemaOf } from '../kernel/schema-object.js';
import { type StatementContext, type StatementOutcome, status } from '../kernel/statement.js';
import { compileFunctionBody } from '../query/for-ddl.js';
import type { Session } from '../sessions/session.js';
import { type Definition, readDefinition } from './definition.js';

/** CREATE [OR REPLACE | OR ALTER] [SECURE] [EXTERNAL] FUNCTION | PROCEDURE … */
export async function createRoutine(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const start = createStart(tokens);
  for (const word of ['LOCAL', 'GLOBAL', 'TRANSIENT', 'RECURSIVE'])
    if (start.modifiers.has(word)) throw tokens.tokenError();
  const external = tokens.take('EXTERNAL');
  if (!start.modifiers.has('SECURE') && tokens.take('SECURE')) start.modifiers.add('SECURE');
  const kind = tokens.take('FUNCTION') ? 'FUNCTION' : 'PROCEDURE';
  if (kind === 'PROCEDURE') tokens.expect('PROCEDURE');
  const ifNotExists = tokens.take('IF', 'NOT', 'EXISTS');
  refuseBoth(start, ifNotExists);
  const parts = tokens.name();
  const read = readDefinition(tokens, kind, external);
  const definition = { ...read.definition, secure: start.modifiers.has('SECURE') };
  const label = kind === 'FUNCTION' ? 'Function' : 'Procedure';

  const schema = schemaOf(context, parts);
  account.access.requireCreate(session, kind, schema);
  const same = sameSignature(account.catalog.findRoutines(kind, parts, session), definition.arguments);
  const name = parts[parts.length - 1]!;
  const stop = same && keepExisting(context, { ...start, ifNotExists }, same, true);
  if (stop) return stop;
  if (definition.language === 'SQL') await compileBody(context, schema, definition);
  if (definition.external) checkExternal(account, session, definition.external, schema);
  const kept = start.orAlter && same;
  const base: InSchema = {
    id: kept ? same.id : account.catalog.nextId(),
    name,
    owner: kept ? same.owner : session.role,
    comment: kept ? same.comment : '',
    createdOn: kept ? same.createdOn : account.clock.now(),
    database: schema.database,
    schema: schema.name,
  };
  const grants = same && !kept && read.copyGrants ? account.catalog.grantsOn(same.id) : [];
  await account.catalog.change(session.connection, (tx) => {
    if (same && !kept) tx.remove(same);
    const parameters = kept && same.parameters;
    const routine = { ...base, ...definition, ...(parameters && { parameters }) } as Routine;
    tx.put(routine);
    for (const grant of grants)
      tx.put({ ...grant, id: account.catalog.nextId(), on: { kind, id: routine.id } });
    if (!kept) account.access.grantFuture(tx, routine, schema);
  });
  return status(`${label} ${identifier(name)} successfully created.`);
}

/** A SQL function's body must compile when it is made: its names exist, its types fit. @throws SnowflakeError */
async function compileBody(
  { account, session }: StatementContext,
  schema: { database: string; name: string },
  definition: Definition,
): Promise<void> {
  const place = { database: schema.database, schema: schema.name, owner: session.role };
  compileFunctionBody({ account, session }, { ...definition, ...place });
}

/** The overload with exactly these argument types. */
export function sameSignature(
  overloads: Routine[],
  wanted: { type: { kind: string } }[],
): Routine | undefined {
  const signature = wanted.map((argument) => argument.type.kind).join();
  return overloads.find(
    (routine) => routine.arguments.map((argument) => argument.type.kind).join() === signature,
  );
}

/**
 * The integration must exist, be usable and allow the URL; translators must be functions of one OBJECT.
 * Names of translators are stored in full, as they mean it now.
 */
export function checkExternal(
  account: Account,
  session: Session,
  external: NonNullable<Routine['external']>,
  schema: { database: string; name: string },
): void {
  const integration = account.catalog.find('INTEGRATION', [external.integration], session);
  if (integration?.category !== 'API') throw doesNotExist('Integration', identifier(external.integration));
  account.access.require(session, 'USAGE', integration);
  const allowed = integration.properties.API_ALLOWED_PREFIXES as string[];
  const blocked = (integration.properties.API_BLOCKED_PREFIXES ?? []) as string[];
  const matches = (prefix: string) => external.url.startsWith(prefix);
  if (!allowed.some(matches) || blocked.some(matches))
    throw new SnowflakeError(
      '003123',
      '42601',
      `SQL compilation error:\nURL '${external.url}' is not allowed by the API integration '${integration.name}': it must begin with one of its API_ALLOWED_PREFIXES (${allowed.join(', ')}).`,
    );
  for (const key of ['requestTranslator', 'responseTranslator'] as const) {
    const parts = external[key];
    if (!parts) continue;
    const full =
      parts.length === 3
        ? parts
        : parts.length === 2
          ? [schema.database, ...parts]
          : [schema.database, schema.name, ...parts];
    const translator = account.catalog.findRoutines('FUNCTION', full, session).find(isTranslator);
    if (!translator) {
      const what = key === 'requestTranslator' ? 'Request' : 'Response';
      throw syntaxError(
        `${what} translator '${full.map(identifier).join('.')}' does not exist, or is not a JavaScript function that takes one OBJECT and returns an OBJECT.`,
      );
    }
    account.access.require(session, 'USAGE', translator);
    external[key] = full;
  }
}

/** Whether a function may be a request or response translator of an external function. */
export function isTranslator(routine: Routine): boolean {
  return (
    routine.language === 'JAVASCRIPT' &&
    routine.arguments.length === 1 &&
    routine.arguments[0]!.type.kind === 'OBJECT' &&
    routine.returns.kind === 'OBJECT'
  );
}
