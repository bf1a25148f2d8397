import { likePattern } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../../kernel/statement.js';
import { typeName } from '../../types/type-name.js';

function showVariables({ session, tokens }: StatementContext): StatementOutcome {
  tokens.expect('SHOW', 'VARIABLES');
  const like = tokens.take('LIKE') ? likePattern(tokens.string()) : undefined;
  tokens.expectEnd();
  const rows = [...session.variables]
    .filter(([name]) => !like || like.test(name))
    .map(([name, { type, value }]) => [
      String(session.id),
      null,
      null,
      name,
      value,
      typeName(type).replace(/\(.*/, '').toLowerCase(),
      '',
    ]);
  return textResult(
    ['session_id', 'created_on', 'updated_on', 'name', 'value', 'type', 'comment'],
    rows,
    STATEMENT_TYPE.SHOW,
  );
}

function showTransactions({ account, session, tokens }: StatementContext): StatementOutcome {
  tokens.expect('SHOW', 'TRANSACTIONS');
  const all = tokens.take('IN', 'ACCOUNT');
  tokens.expectEnd();
  const sessions = all ? account.sessions() : [session];
  const rows = sessions
    .filter((each) => each.transaction.explicit && !each.caller)
    .map((each) => [
      String(each.transaction.id),
      each.user,
      String(each.id),
      each.transaction.name || String(each.transaction.id),
      `${(each.transaction.id / 1000).toFixed(3)}000000`,
      'running',
      null,
    ]);
  return textResult(
    ['id', 'user', 'session', 'name', 'started_on', 'state', 'scope'],
    rows,
    STATEMENT_TYPE.SHOW,
  );
}

/** SHOW LOCKS [IN ACCOUNT]: the session's own, or everybody's. A statement that waits has its transaction's id. */
function showLocks({ account, session, tokens }: StatementContext): StatementOutcome {
  tokens.expect('SHOW', 'LOCKS');
  const all = tokens.take('IN', 'ACCOUNT');
  tokens.expectEnd();
  const sessions = (all ? account.sessions() : [session]).filter((each) => !each.caller);
  const time = (ms: number) => `${(ms / 1000).toFixed(3)}000000`;
  const rows = account.locks.list().flatMap(({ id, owner, since }) => {
    const holder = sessions.find((each) => each.transaction === owner);
    if (!holder) return [];
    const object = account.catalog.get(id);
    const begun = holder.transaction.id;
    return [
      [
        object ? account.catalog.nameOf(object) : `temporary table ${id}`,
        'PARTITIONS',
        String(begun),
        holder.transaction.explicit ? time(begun) : null,
        since === undefined ? 'WAITING' : 'HOLDING',
        since === undefined ? null : time(since),
        holder.queryIds[holder.queryIds.length - 1] ?? null,
      ],
    ];
  });
  return textResult(
    ['resource', 'type', 'transaction', 'transaction_started_on', 'status', 'acquired_on', 'query_id'],
    rows,
    STATEMENT_TYPE.SHOW,
  );
}

export const showSessionStatements: Statement[] = [
  { leading: [['SHOW', 'VARIABLES']], run: showVariables },
  { leading: [['SHOW', 'TRANSACTIONS']], run: showTransactions },
  { leading: [['SHOW', 'LOCKS']], run: showLocks },
];
