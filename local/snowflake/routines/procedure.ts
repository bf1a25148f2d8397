import type { Account, StatementResult } from '../account.js';
import type { Routine } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import { events } from '../events/events.js';
import type { ExecuteAnswer, Request } from '../javascript/procedure-api.js';
import { runHandler } from '../javascript/procedure-host.js';
import { Binder } from '../query/bind/binder.js';
import type { Session } from '../sessions/session.js';
import { cellLiteral } from '../types/cells.js';
import { type Cell, type DataType, TEXT } from '../types/data-type.js';

/**
 * Runs a JavaScript procedure. Owner's rights: with the owner's role, in the procedure's own schema, without
 * the caller's variables; caller's rights: in the caller's session.
 * Rules: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-rights.
 * @param values one cell an argument
 */
export async function runProcedure(
  account: Account,
  caller: Session,
  routine: Routine,
  values: Cell[],
  signal?: AbortSignal,
): Promise<Cell> {
  if (routine.strict && values.includes(null)) return null;
  const session = routine.executeAs === 'CALLER' ? caller : await ownersSession(account, caller, routine);
  const nested = caller.transaction.explicit;
  try {
    const call = {
      name: routine.name,
      parameters: routine.arguments.map(({ name, type }) => ({ name, kind: type.kind })),
      values,
      body: routine.body,
      returns: routine.returns.kind,
      timezone: session.timezone,
    };
    const value = await events(account).runInProcedure(session, caller, routine, (execution) =>
      runHandler(
        call,
        {
          answer: (request) => answer(account, session, request, signal),
          tell: (telling) => execution.tell(telling),
          recordFailure: (error) => execution.recordFailure(error),
        },
        signal,
      ),
    );
    await closeScope(caller, nested, true);
    return value;
  } catch (error) {
    await closeScope(caller, nested, false);
    throw error;
  } finally {
    if (session !== caller) await account.closeSession(session);
  }
}

function ownersSession(account: Account, caller: Session, routine: Routine): Promise<Session> {
  return account.internalSession({
    user: caller.user,
    role: routine.owner,
    database: routine.database,
    schema: routine.schema,
    ...(caller.warehouse !== undefined && { warehouse: caller.warehouse }),
    caller,
  });
}

/** A transaction that a procedure began must end in it (docs: sql-reference/transactions, "scoped transactions"). */
async function closeScope(caller: Session, nested: boolean, succeeded: boolean): Promise<void> {
  if (nested || !caller.transaction.explicit || !caller.autocommit) return;
  await caller.transaction.rollback();
  if (succeeded)
    throw new SnowflakeError(
      '090232',
      'P0000',
      'Stored procedure execution error: Scoped transaction started in stored procedure is incomplete and it was rolled back.',
    );
}

async function answer(
  account: Account,
  session: Session,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<ExecuteAnswer | string> {
  if ('text' in request) return valueText(account, session, request);
  const binds = Object.fromEntries(request.binds.map((bind, i) => [String(i + 1), bind]));
  try {
    const result = await account.run(session, request.execute, { binds, ...(signal && { signal }) });
    // Only a client moves files: no procedure has one.
    if (result.transfer)
      throw new SnowflakeError(
        '000002',
        '0A000',
        "Unsupported feature 'unsupported_requested_format:snowflake'.",
      );
    return executeAnswer(result);
  } catch (error) {
    // The dispatcher has given it Snowflake's form; what failed on the way to it has none.
    if (!(error instanceof SnowflakeError)) throw error;
    return { error: { code: error.code, state: error.sqlState, message: error.message } };
  }
}

/** A date or time as the session's formats write it. */
async function valueText(
  account: Account,
  session: Session,
  { text, kind, scale }: Extract<Request, { text: string }>,
): Promise<string> {
  const value = cellLiteral({ kind, scale } as DataType, text);
  const [row] = await session.connection.rows(
    `SELECT ${new Binder(account, session, '').cast(value, TEXT()).sql}`,
  );
  return row![0]!;
}

const DML_TYPES = { first: 0x3100, last: 0x3fff };

function executeAnswer({ queryId, statementTypeId, columns, rows }: StatementResult): ExecuteAnswer {
  const result: ExecuteAnswer = {
    queryId,
    rows,
    columns: columns.map(({ name, type, nullable }) => ({
      name,
      kind: type.kind,
      scale: 'scale' in type ? type.scale : 0,
      nullable,
    })),
  };
  if (statementTypeId >= DML_TYPES.first && statementTypeId <= DML_TYPES.last) {
    const count = (what: string) =>
      Number(rows[0]?.[columns.findIndex((column) => column.name === `number of rows ${what}`)] ?? 0);
    const multiJoined = columns.findIndex((column) => column.name === 'number of multi-joined rows updated');
    result.dml = {
      inserted: count('inserted'),
      updated: count('updated'),
      deleted: count('deleted'),
      multiJoined: Number(rows[0]?.[multiJoined] ?? 0),
    };
  }
  return result;
}
