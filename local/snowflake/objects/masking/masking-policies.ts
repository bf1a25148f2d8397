// Masking policies; docs: sql-reference/sql/create-masking-policy, alter-masking-policy, drop-masking-policy, show-masking-policies,
// desc-masking-policy. Here tags alone carry them.
import { identifier } from '../../catalog/catalog.js';
import type { MaskingPolicy } from '../../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import { alterObject, dropObject, readCommentChange } from '../../kernel/named-object.js';
import { createHead } from '../../kernel/options.js';
import { createInSchema } from '../../kernel/schema-object.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
} from '../../kernel/statement.js';
import { parseExpression } from '../../language/parse-expression.js';
import { parseType } from '../../language/parse-type.js';
import { Binder } from '../../query/bind/binder.js';
import { bindPolicy } from '../../query/bind/masked.js';
import type { DataType } from '../../types/data-type.js';
import { typeName } from '../../types/type-name.js';

/**
 * "This feature requires Enterprise Edition (or higher)" (docs: user-guide/security-column-intro); its words are those of features that an
 * edition lacks.
 */
function requireEnterprise({ edition }: StatementContext['account']): void {
  if (edition === 'STANDARD')
    throw new SnowflakeError('000002', '0A000', "Unsupported feature 'MASKING POLICY'.");
}

/** CREATE MASKING POLICY p AS (value TYPE) RETURNS TYPE -> expression [COMMENT = '…'] [EXEMPT_OTHER_POLICIES = FALSE] */
async function createPolicy(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'MASKING', 'POLICY');
  requireEnterprise(account);
  tokens.expect('AS');
  tokens.expect('(');
  const argument = tokens.identifier();
  const type = parseType(tokens);
  if (tokens.is(','))
    throw localRefusal(
      'a masking policy of several columns',
      'conditional masking is not built',
      'Give it the masked column alone.',
    );
  tokens.expect(')');
  tokens.expect('RETURNS');
  const returns = parseType(tokens);
  const body = readBody(context, argument, type);
  let comment = '';
  while (!tokens.done && !tokens.is(';')) {
    if (tokens.take('COMMENT')) {
      tokens.take('=');
      comment = tokens.string();
    } else {
      tokens.expect('EXEMPT_OTHER_POLICIES');
      tokens.expect('=');
      if (!tokens.take('FALSE'))
        throw localRefusal('EXEMPT_OTHER_POLICIES = TRUE', 'there are no other policies that could name it');
    }
  }
  tokens.expectEnd();
  if (typeName(returns) !== typeName(type))
    throw new SnowflakeError(
      '003503',
      '42601',
      `SQL compilation error:\nMasking policy function argument and return type mismatch.`,
    );
  const existing = account.catalog.find('MASKING POLICY', head.name, session);
  if (existing && head.orReplace) refuseUsed(context, existing);
  return createInSchema<MaskingPolicy>(context, 'MASKING POLICY', 'Masking policy', head, () => ({
    kind: 'MASKING POLICY',
    argument,
    type,
    body,
    comment,
  }));
}

/** Reads `-> expression` and gives its text. @throws SnowflakeError if it is wrong, or of another type than its argument */
function readBody(context: StatementContext, argument: string, type: DataType): string {
  const { account, session, tokens, text } = context;
  tokens.expect('->');
  const { start } = tokens.peek();
  parseExpression(tokens);
  const body = text.slice(start, tokens.done ? undefined : tokens.peek().start).replace(/[\s;]+$/, '');
  if (/\bSELECT\b/i.test(body))
    throw localRefusal(
      'a subquery in a masking policy',
      'its body is an expression over its argument, roles and functions here',
    );
  const b = new Binder(account, session, body);
  const made = bindPolicy(b, { argument, body }, { sql: 'NULL', type, nullable: true });
  if (!made.untyped && made.type.kind !== type.kind)
    throw new SnowflakeError(
      '003503',
      '42601',
      `SQL compilation error:\nMasking policy function argument and return type mismatch.`,
    );
  return body;
}

function alterPolicy(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  return alterObject(context, 'MASKING POLICY', (policy) => {
    if (tokens.take('SET', 'BODY'))
      return { ...policy, body: readBody(context, policy.argument, policy.type) };
    if (tokens.is('SET', 'COMMENT') || tokens.is('UNSET', 'COMMENT'))
      return { ...policy, comment: readCommentChange(tokens) };
    throw localRefusal('this change of a masking policy', 'only its body and its comment can be changed');
  });
}

/** The words are those that accounts answer; the code is on no page. */
function refuseUsed({ account }: StatementContext, policy: MaskingPolicy): void {
  if (account.catalog.list('TAG').some(({ policies }) => policies.includes(policy.id)))
    throw new SnowflakeError(
      '003531',
      '42601',
      `SQL compilation error:\nPolicy ${identifier(policy.name)} cannot be dropped/replaced as it is associated with one or more entities.`,
    );
}

const SHOWN: ShownColumns<MaskingPolicy> = {
  created_on: (policy) => showTime(policy),
  name: ({ name }) => name,
  database_name: ({ database }) => database,
  schema_name: ({ schema }) => schema,
  kind: 'MASKING_POLICY',
  owner: ({ owner }) => owner,
  comment: ({ comment }) => comment,
  owner_role_type: 'ROLE',
  options: '',
};

function showPolicies(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'MASKING', 'POLICIES');
  return showResult(SHOWN, listVisible(context, 'MASKING POLICY'));
}

const DESCRIBED: ShownColumns<MaskingPolicy> = {
  name: ({ name }) => name,
  signature: ({ argument, type }) => `(${identifier(argument)} ${typeName(type)})`,
  return_type: ({ type }) => typeName(type),
  body: ({ body }) => body,
};

function describePolicy(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('MASKING', 'POLICY');
  const policy = account.catalog.resolve('MASKING POLICY', tokens.name(), session);
  tokens.expectEnd();
  if (!account.access.holdsAccount(session, 'APPLY MASKING POLICY'))
    account.access.requireAny(session, ['APPLY', 'OWNERSHIP'], policy);
  return showResult(DESCRIBED, [policy], STATEMENT_TYPE.DESCRIBE);
}

export const maskingPolicyStatements: Statement[] = [
  { leading: [['CREATE', 'MASKING', 'POLICY']], ddl: true, run: createPolicy },
  { leading: [['ALTER', 'MASKING', 'POLICY']], ddl: true, run: alterPolicy },
  {
    leading: [['DROP', 'MASKING', 'POLICY']],
    ddl: true,
    run: (context) =>
      dropObject(context, 'MASKING POLICY', { also: (_tx, policy) => refuseUsed(context, policy) }),
  },
  { leading: [['SHOW', 'MASKING', 'POLICIES']], run: showPolicies },
  { leading: [['DESCRIBE', 'MASKING', 'POLICY']], run: describePolicy },
];
