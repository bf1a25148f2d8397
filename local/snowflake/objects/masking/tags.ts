// Tags of columns, and the masking policies that they carry; docs: sql-reference/sql/create-tag, alter-tag, drop-tag, show-tags,
// user-guide/tag-based-masking-policies.
import { identifier } from '../../catalog/catalog.js';
import type { MaskingPolicy, Tag } from '../../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import { alterObject, dropObject } from '../../kernel/named-object.js';
import { createHead } from '../../kernel/options.js';
import { createInSchema } from '../../kernel/schema-object.js';
import { listVisible, type ShownColumns, showResult, showTime } from '../../kernel/show.js';
import type { Statement, StatementContext, StatementOutcome } from '../../kernel/statement.js';
import type { TokenStream } from '../../language/lexer.js';

/** CREATE [OR REPLACE] TAG [IF NOT EXISTS] t [ALLOWED_VALUES '…' [, '…']] [COMMENT = '…'] */
async function createTag(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'TAG');
  let allowed: string[] | undefined;
  let comment = '';
  while (!tokens.done && !tokens.is(';')) {
    if (tokens.take('ALLOWED_VALUES')) allowed = readValues(tokens);
    else if (tokens.take('COMMENT')) {
      tokens.take('=');
      comment = tokens.string();
    } else if (tokens.is('PROPAGATE') || tokens.is('ON_CONFLICT'))
      throw localRefusal(`CREATE TAG … ${tokens.peek().value}`, 'tags are not handed on here');
    else throw tokens.tokenError();
  }
  tokens.expectEnd();
  const existing = account.catalog.find('TAG', head.name, session);
  if (existing && head.orReplace) refuseUsed(existing);
  return createInSchema<Tag>(context, 'TAG', 'Tag', head, () => ({
    kind: 'TAG',
    policies: [],
    comment,
    ...(allowed && { allowed }),
  }));
}

/** `'a' [, 'b']`, with or without an equals sign before. */
function readValues(tokens: TokenStream): string[] {
  tokens.take('=');
  const values: string[] = [];
  do values.push(tokens.string());
  while (tokens.take(','));
  return values;
}

/** ALTER TAG t { SET | UNSET } { MASKING POLICY p [, MASKING POLICY q] [FORCE] | ALLOWED_VALUES … | COMMENT … } */
function alterTag(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  if (takesPolicies(tokens)) return alterPolicies(context);
  return alterObject(context, 'TAG', (tag) => {
    const set = tokens.take('SET');
    if (!set) tokens.expect('UNSET');
    if (tokens.take('COMMENT')) {
      tokens.take('=');
      return { ...tag, comment: set ? tokens.string() : '' };
    }
    if (tokens.take('ALLOWED_VALUES')) {
      const { allowed: _, ...rest } = tag;
      return set ? { ...tag, allowed: readValues(tokens) } : rest;
    }
    throw localRefusal(
      `ALTER TAG … ${tokens.peek().value}`,
      'only masking policies, ALLOWED_VALUES and COMMENT of a tag can be changed',
    );
  });
}

/** Whether MASKING POLICY stands behind SET or UNSET. */
function takesPolicies(tokens: TokenStream): boolean {
  for (let at = 0; tokens.peek(at).kind !== 'end' && at < 12; at++)
    if (['SET', 'UNSET'].includes(tokens.peek(at).value)) return tokens.peek(at + 1).value === 'MASKING';
  return false;
}

/** "Grants the ability … to set a masking policy on a tag": APPLY MASKING POLICY on the account (docs: security-access-control-privileges). */
function alterPolicies(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  account.access.requireAccount(session, 'APPLY MASKING POLICY');
  return alterObject(context, 'TAG', (tag) => {
    const set = tokens.take('SET');
    if (!set) tokens.expect('UNSET');
    const policies: MaskingPolicy[] = [];
    do {
      tokens.expect('MASKING', 'POLICY');
      policies.push(account.catalog.resolve('MASKING POLICY', tokens.name(), session));
    } while (tokens.take(','));
    const ids = policies.map(({ id }) => id);
    if (!set) return { ...tag, policies: tag.policies.filter((id) => !ids.includes(id)) };
    const force = tokens.take('FORCE');
    const kept = tag.policies.filter((id) => !ids.includes(id)).map((id) => account.catalog.get(id));
    const sameType = (each: MaskingPolicy) =>
      kept.find((other) => other?.kind === 'MASKING POLICY' && other.type.kind === each.type.kind);
    const taken = policies.find(sameType);
    if (taken && !force) throw anotherPolicy(tag, sameType(taken)!.name);
    const others = kept.filter((other) => other && !policies.some((each) => sameType(each) === other));
    return { ...tag, policies: [...others.map((other) => other!.id), ...ids] };
  });
}

/** "The tag can support one masking policy for each data type"; the words and the code are on no page. */
function anotherPolicy(tag: Tag, policy: string): SnowflakeError {
  return new SnowflakeError(
    '003552',
    '42601',
    `SQL compilation error:\nTag ${identifier(tag.name)} already has a masking policy of this data type, ${identifier(policy)}. Use FORCE to replace it.`,
  );
}

/** "If a masking policy is assigned to a tag, the tag cannot be dropped" (docs: sql-reference/sql/drop-tag); its words are on no page. */
function refuseUsed(tag: Tag): void {
  if (tag.policies.length > 0)
    throw new SnowflakeError(
      '003552',
      '42601',
      `SQL compilation error:\nTag ${identifier(tag.name)} cannot be dropped/replaced as a masking policy is assigned to it.`,
    );
}

const SHOWN: ShownColumns<Tag> = {
  created_on: (tag) => showTime(tag),
  name: ({ name }) => name,
  database_name: ({ database }) => database,
  schema_name: ({ schema }) => schema,
  owner: ({ owner }) => owner,
  comment: ({ comment }) => comment,
  allowed_values: ({ allowed }) => (allowed ? JSON.stringify(allowed) : null),
  owner_role_type: 'ROLE',
  propagate: 'NONE',
  on_conflict: null,
};

function showTags(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'TAGS');
  return showResult(SHOWN, listVisible(context, 'TAG'));
}

export const tagStatements: Statement[] = [
  { leading: [['CREATE', 'TAG']], ddl: true, run: createTag },
  { leading: [['ALTER', 'TAG']], ddl: true, run: alterTag },
  {
    leading: [['DROP', 'TAG']],
    ddl: true,
    run: (context) => dropObject(context, 'TAG', { also: (_tx, tag) => refuseUsed(tag) }),
  },
  { leading: [['SHOW', 'TAGS']], run: showTags },
];
