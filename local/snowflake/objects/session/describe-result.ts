import { SnowflakeError } from '../../errors.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../../kernel/statement.js';
import { evaluateText } from '../../query/for-ddl.js';
import { typeName } from '../../types/type-name.js';

/** DESCRIBE RESULT { 'query id' | LAST_QUERY_ID() }: the columns of a result that RESULT_SCAN can read. */
async function describeResult(context: StatementContext): Promise<StatementOutcome> {
  const { account, tokens } = context;
  tokens.next();
  tokens.expect('RESULT');
  const id = await evaluateText(context, tokens.rest());
  const outcome = id === null ? undefined : account.history.get(id)?.outcome;
  if (!outcome)
    throw new SnowflakeError('000709', '02000', `SQL compilation error:\nStatement ${id} not found`);
  const rows = outcome.columns.map((column) => [
    column.name,
    typeName(column.type),
    'COLUMN',
    column.nullable ? 'Y' : 'N',
    null,
    'N',
    'N',
    null,
    null,
    null,
    null,
  ]);
  return textResult(
    [
      'name',
      'type',
      'kind',
      'null?',
      'default',
      'primary key',
      'unique key',
      'check',
      'expression',
      'comment',
      'policy name',
    ],
    rows,
    STATEMENT_TYPE.DESCRIBE,
  );
}

export const describeResultStatements: Statement[] = [
  { leading: [['DESCRIBE', 'RESULT']], run: describeResult },
];
