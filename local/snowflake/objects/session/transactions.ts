import { localRefusal } from '../../errors.js';
import { STATEMENT_TYPE, type Statement, type StatementContext, status } from '../../kernel/statement.js';
import { refuseBlock } from '../../language/split.js';
import { openStreams } from '../../streams/source.js';

const successOutcome = (statementTypeId: number) =>
  status('Statement executed successfully.', statementTypeId);

/** BEGIN inside an open transaction is accepted and does nothing, as in Snowflake. */
async function begin({ account, session, tokens }: StatementContext) {
  refuseBlock(tokens);
  tokens.take('START');
  tokens.take('BEGIN');
  if (!tokens.take('TRANSACTION')) tokens.take('WORK');
  const name = tokens.take('NAME') ? tokens.identifier() : '';
  tokens.expectEnd();
  if (!session.transaction.explicit) {
    session.transaction.begin(account.clock.now(), name);
    await openStreams(account, session);
  }
  return successOutcome(STATEMENT_TYPE.BEGIN);
}

async function commit({ session, tokens }: StatementContext) {
  tokens.expect('COMMIT');
  tokens.take('WORK');
  tokens.expectEnd();
  await session.transaction.commit();
  return successOutcome(STATEMENT_TYPE.COMMIT);
}

async function rollback({ session, tokens }: StatementContext) {
  tokens.expect('ROLLBACK');
  tokens.take('WORK');
  tokens.expectEnd();
  await session.transaction.rollback();
  return successOutcome(STATEMENT_TYPE.ROLLBACK);
}

export const transactionStatements: Statement[] = [
  { leading: [['BEGIN'], ['START', 'TRANSACTION']], run: begin },
  // Compound: they end the transaction themselves.
  { leading: [['COMMIT']], compound: true, run: commit },
  { leading: [['ROLLBACK']], compound: true, run: rollback },
  {
    leading: [['DECLARE']],
    run() {
      throw localRefusal(
        'Snowflake Scripting block',
        'only JavaScript procedures are built',
        'Write the block as a JavaScript procedure, or run its statements one by one.',
      );
    },
  },
];
