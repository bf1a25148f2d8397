import type { CatalogObject, Database, Schema } from '../catalog/objects.js';
import { localRefusal } from '../errors.js';
import { alterOutcome, readNamed } from '../kernel/named-object.js';
import { readOptionValue } from '../kernel/options.js';
import type { Statement, StatementContext, StatementOutcome } from '../kernel/statement.js';
import type { TokenStream } from '../language/lexer.js';
import { SESSION_PARAMETERS } from '../sessions/parameters.js';
import { ACCOUNT, type Change, changeParameters, isObjectParameter } from './parameters.js';

/** True at `SET` or `UNSET` before a parameter that objects of this kind have. */
export function isParameterChange(tokens: TokenStream, kind: CatalogObject['kind']): boolean {
  return (tokens.is('SET') || tokens.is('UNSET')) && isObjectParameter(kind, tokens.peek(1).value);
}

/** Reads `SET k = v [, …]` or `UNSET k [, …]` to the end of the statement. @param known whether a key may stand there */
export function readChanges(tokens: TokenStream, known: (key: string) => boolean): Change[] {
  const set = tokens.take('SET');
  if (!set) tokens.expect('UNSET');
  const changes: Change[] = [];
  do {
    tokens.take(',');
    const unexpected = tokens.tokenError();
    const key = tokens.identifier();
    if (!known(key)) throw unexpected;
    if (!set) changes.push({ key });
    else {
      tokens.expect('=');
      if (key === 'EVENT_TABLE') changes.push({ key, value: readTableName(tokens) });
      else changes.push({ key, value: readOptionValue(tokens) as string | number | boolean });
    }
  } while (!tokens.done && !tokens.is(';'));
  tokens.expectEnd();
  return changes;
}

/** A table's name in its parts; a string may carry it too. */
function readTableName(tokens: TokenStream): string[] {
  if (tokens.peek().kind !== 'string') return tokens.name();
  return tokens
    .string()
    .split('.')
    .map((part) => part.toUpperCase());
}

/**
 * `ALTER DATABASE | SCHEMA [IF EXISTS] name { SET | UNSET } LOG_LEVEL …`.
 * @returns undefined, and the tokens where they were, if the statement is about something else
 */
export async function alterContainerParameters(
  context: StatementContext,
  kind: 'DATABASE' | 'SCHEMA',
): Promise<StatementOutcome | undefined> {
  const { account, session, tokens } = context;
  const at = tokens.peek().start;
  tokens.expect('ALTER', kind);
  const named = readNamed(context, kind);
  if (!isParameterChange(tokens, kind)) {
    tokens.seek(at);
    return undefined;
  }
  const object = named.object as Database | Schema | undefined;
  const changes = readChanges(tokens, (key) => isObjectParameter(kind, key));
  if (!object) return alterOutcome();
  const parameters = changeParameters(account, session, object, changes);
  await account.catalog.change(session.connection, (tx) => tx.put({ ...object, parameters }));
  return alterOutcome();
}

/** ALTER ACCOUNT SET | UNSET: object parameters, and what sessions that begin later have as their defaults. */
async function alterAccount(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'ACCOUNT');
  const changes = readChanges(tokens, (key) => {
    if (isObjectParameter('ACCOUNT', key) || SESSION_PARAMETERS[key] !== undefined) return true;
    throw localRefusal(
      `ALTER ACCOUNT SET ${key}`,
      'only session parameters, EVENT_TABLE, LOG_LEVEL and TRACE_LEVEL are built',
    );
  });
  const parameters = changeParameters(account, session, undefined, changes);
  const existing = account.catalog.at('ACCOUNT', ACCOUNT);
  await account.catalog.change(session.connection, (tx) =>
    tx.put(
      existing
        ? { ...existing, parameters }
        : {
            kind: 'ACCOUNT',
            id: account.catalog.nextId(),
            name: ACCOUNT,
            owner: '',
            comment: '',
            createdOn: account.clock.now(),
            parameters,
          },
    ),
  );
  return alterOutcome();
}

export const accountStatements: Statement[] = [
  { leading: [['ALTER', 'ACCOUNT']], ddl: true, run: alterAccount },
];
