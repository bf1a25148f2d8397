import { SnowflakeError } from '../../errors.js';
import type { Statement, StatementContext, StatementOutcome } from '../../kernel/statement.js';
import { splitStatements } from '../../language/split.js';

/** EXECUTE IMMEDIATE 'statement' | $variable | $$ statement $$ */
async function executeImmediate(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens, signal } = context;
  tokens.expect('EXECUTE', 'IMMEDIATE');
  const token = tokens.next();
  let text = token.value;
  if (token.kind === 'variable') {
    const variable = session.variables.get(token.value);
    if (!variable)
      throw new SnowflakeError(
        '000904',
        '42000',
        `SQL compilation error: error line 1 at position ${token.start}\nSession variable '$${token.value}' does not exist`,
      );
    text = variable.value ?? '';
  } else if (token.kind !== 'string') throw tokens.tokenError();
  tokens.expectEnd();
  const [piece, ...more] = splitStatements(text);
  if (!piece || more.length > 0) {
    throw new SnowflakeError(
      '000006',
      '0A000',
      `Multiple SQL statements in a single API call are not supported; use one API call per statement instead.`,
    );
  }
  const { queryId: _id, ...outcome } = await account.run(session, piece.text, { signal });
  return outcome;
}

export const executeImmediateStatements: Statement[] = [
  { leading: [['EXECUTE', 'IMMEDIATE']], compound: true, run: executeImmediate },
];
