import { SnowflakeError } from '../../errors.js';
import type { SystemFunction } from '../../feature.js';
import type { Binder } from '../../query/bind/binder.js';
import type { QueryRecord } from '../../sessions/history.js';
import { type Cell, TEXT } from '../../types/data-type.js';

/** What these functions begin with: clients send them while the statement that they mean holds up their session. */
export const CANCELLING =
  /^\s*(?:SELECT|CALL)\s+SYSTEM\$(?:CANCEL_QUERY|CANCEL_ALL_QUERIES|ABORT_SESSION)\s*\(/i;

const NOT_RUNNING = 'Identified SQL statement is not currently executing.';

/** One's own; others' as owner of their user, as operator of the warehouse, or as account administrator. */
function mayCancel(
  { account, session }: Binder,
  record: { user: string; warehouse?: string | undefined },
): boolean {
  const { access, catalog } = account;
  if (record.user === session.user || access.activeRoles(session).has('ACCOUNTADMIN')) return true;
  const user = catalog.find('USER', [record.user], session);
  if (user && access.holds(session, user, 'OWNERSHIP')) return true;
  const warehouse = record.warehouse && catalog.find('WAREHOUSE', [record.warehouse], session);
  return !!warehouse && access.holds(session, warehouse, 'OPERATE', 'OWNERSHIP');
}

function requireCancel(b: Binder, record: { user: string; warehouse?: string | undefined }): void {
  if (mayCancel(b, record)) return;
  throw new SnowflakeError(
    '003001',
    '42501',
    `SQL access control error:\nInsufficient privileges to cancel the statements of user '${record.user}'.`,
  );
}

/** The statements that a session runs now, but for the one that asks. */
function runningIn(b: Binder, sessionId: number): QueryRecord[] {
  const own = b.session.queryIds.at(-1);
  return b.account.history
    .all()
    .filter((record) => record.sessionId === sessionId && record.cancel && record.id !== own);
}

function sessionOf(b: Binder, id: Cell | undefined) {
  const found = b.account.sessions().find((session) => session.id === Number(id) && session !== b.session);
  if (found) return found;
  throw new SnowflakeError('000606', '57014', `Session ${id} does not exist.`);
}

/** docs: sql-reference/functions/system_cancel_query */
const cancelQuery: SystemFunction = {
  name: 'SYSTEM$CANCEL_QUERY',
  arity: [1, 1],
  returns: TEXT(),
  run: (b, [id]) => {
    const record = b.account.history.get(id ?? '');
    if (!record?.cancel) return NOT_RUNNING;
    requireCancel(b, record);
    record.cancel();
    return `query [${record.id}] terminated.`;
  },
};

/** docs: sql-reference/functions/system_cancel_all_queries */
const cancelAllQueries: SystemFunction = {
  name: 'SYSTEM$CANCEL_ALL_QUERIES',
  arity: [1, 1],
  returns: TEXT(),
  run: (b, [id]) => {
    const session = sessionOf(b, id);
    requireCancel(b, session);
    for (const record of runningIn(b, session.id)) record.cancel!();
    return 'all queries terminated.';
  },
};

/** docs: sql-reference/functions/system_abort_session */
const abortSession: SystemFunction = {
  name: 'SYSTEM$ABORT_SESSION',
  arity: [1, 1],
  returns: TEXT(),
  run: async (b, [id]) => {
    const session = sessionOf(b, id);
    requireCancel(b, session);
    for (const record of runningIn(b, session.id)) record.cancel!();
    await session.exclusive(() => b.account.closeSession(session));
    return `session [${session.id}] terminated.`;
  },
};

export const cancelFunctions: SystemFunction[] = [cancelQuery, cancelAllQueries, abortSession];
