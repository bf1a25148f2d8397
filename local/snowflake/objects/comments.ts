import { GRANTABLE } from '../access/privileges.js';
import type { Routine, Table } from '../catalog/objects.js';
import { invalidIdentifier } from '../errors.js';
import { findOrRefuse } from '../kernel/named-object.js';
import { type Statement, type StatementContext, type StatementOutcome, status } from '../kernel/statement.js';
import { sameSignature } from '../routines/create.js';
import { readTypes } from './users/grants.js';

/** COMMENT [IF EXISTS] ON kind name IS '…', and ON COLUMN table.column. */
async function comment(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('COMMENT');
  const ifExists = tokens.take('IF', 'EXISTS');
  tokens.expect('ON');
  if (tokens.take('COLUMN')) return commentOnColumn(context);
  if (tokens.peek(1).value === 'INTEGRATION') tokens.next();
  const found = GRANTABLE.find(({ singular }) => tokens.take(...singular));
  if (!found) throw tokens.tokenError();
  const name = tokens.name();
  const routine = found.kind === 'FUNCTION' || found.kind === 'PROCEDURE' ? found.kind : undefined;
  const object = routine
    ? routineNamed(context, routine, name, ifExists)
    : findOrRefuse(context, found.kind, name, ifExists);
  tokens.expect('IS');
  const text = tokens.string();
  tokens.expectEnd();
  if (object) {
    account.access.requireOwnership(session, object);
    await account.catalog.change(session.connection, (tx) => tx.put({ ...object, comment: text }));
  }
  return status('Statement executed successfully.');
}

function routineNamed(
  { account, session, tokens }: StatementContext,
  kind: 'FUNCTION' | 'PROCEDURE',
  name: string[],
  ifExists: boolean,
): Routine | undefined {
  const types = readTypes(tokens);
  if (
    ifExists &&
    !sameSignature(
      account.catalog.findRoutines(kind, name, session),
      types.map((type) => ({ type })),
    )
  )
    return undefined;
  return account.catalog.resolveRoutine(kind, name, types, session);
}

async function commentOnColumn({ account, session, tokens }: StatementContext): Promise<StatementOutcome> {
  const parts = tokens.name();
  const column = parts.pop()!;
  const relation =
    account.catalog.find('TABLE', parts, session) ??
    account.catalog.find('VIEW', parts, session) ??
    account.catalog.resolve('TABLE', parts, session);
  tokens.expect('IS');
  const text = tokens.string();
  tokens.expectEnd();
  account.access.requireOwnership(session, relation);
  if (!relation.columns.some((each) => each.name === column)) throw invalidIdentifier(column);
  const columns = relation.columns.map((each) => (each.name === column ? { ...each, comment: text } : each));
  await account.catalog.change(session.connection, (tx) => tx.put({ ...relation, columns } as Table));
  return status('Statement executed successfully.');
}

export const commentStatements: Statement[] = [{ leading: [['COMMENT']], ddl: true, run: comment }];
