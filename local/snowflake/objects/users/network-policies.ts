// Network policies of users; docs: sql-reference/sql/create-network-policy, user-guide/network-policies.
import { BlockList, isIPv4 } from 'node:net';
import { identifier } from '../../catalog/catalog.js';
import type { NetworkPolicy } from '../../catalog/objects.js';
import { invalidProperty, localRefusal, SnowflakeError } from '../../errors.js';
import { alterObject, keepExisting } from '../../kernel/named-object.js';
import { createHead, type OptionValue, readOptions } from '../../kernel/options.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';

/** Properties that Snowflake has and this does not. */
const NOT_BUILT = ['ALLOWED_NETWORK_RULE_LIST', 'BLOCKED_NETWORK_RULE_LIST', 'BLOCKED_IP_LIST'];

/** Reads `ALLOWED_IP_LIST = ('…' [, …]) COMMENT = '…'`. */
function withProperties(policy: NetworkPolicy, options: Record<string, OptionValue>): NetworkPolicy {
  const changed = { ...policy };
  for (const [key, value] of Object.entries(options)) {
    if (key === 'COMMENT') changed.comment = String(value);
    else if (key === 'ALLOWED_IP_LIST') changed.allowed = readAddresses(value);
    else if (NOT_BUILT.includes(key))
      throw localRefusal(`${key} of a network policy`, 'only ALLOWED_IP_LIST is built');
    else throw invalidProperty(key, 'NETWORK_POLICY');
  }
  return changed;
}

function readAddresses(value: OptionValue): string[] {
  const addresses = [value].flat().map(String);
  for (const address of addresses) {
    const [ip = '', bits = '32', more] = address.split('/');
    if (!isIPv4(ip) || !/^\d\d?$/.test(bits) || Number(bits) > 32 || more !== undefined)
      throw new SnowflakeError(
        '001008',
        '22023',
        `SQL compilation error:\ninvalid value [${address}] for parameter 'ALLOWED_IP_LIST'`,
      );
  }
  return addresses;
}

/** Whether a client at this address may log in. @param address as the socket says it; IPv4 is checked alone, as by Snowflake */
export function isAllowed({ allowed }: NetworkPolicy, address: string): boolean {
  if (allowed.length === 0) return true;
  const list = new BlockList();
  for (const each of allowed) {
    const [ip = '', bits = '32'] = each.split('/');
    list.addSubnet(ip, Number(bits));
  }
  return list.check(address.replace(/^::ffff:/, ''));
}

async function create(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'NETWORK', 'POLICY');
  if (head.orAlter || head.orReplace)
    throw localRefusal(
      `CREATE OR ${head.orAlter ? 'ALTER' : 'REPLACE'} NETWORK POLICY`,
      'only a new one can be created here',
      'Use CREATE NETWORK POLICY IF NOT EXISTS and ALTER NETWORK POLICY … SET.',
    );
  const options = readOptions(tokens);
  tokens.expectEnd();
  account.access.requireCreate(session, 'NETWORK POLICY');
  const name = head.name[0]!;
  const existing = account.catalog.find('NETWORK POLICY', [name], session);
  const kept = existing && keepExisting(context, head, existing);
  if (kept) return kept;
  const policy = withProperties(
    {
      kind: 'NETWORK POLICY',
      id: account.catalog.nextId(),
      name,
      owner: session.role,
      comment: '',
      createdOn: account.clock.now(),
      allowed: [],
    },
    options,
  );
  await account.catalog.change(session.connection, (tx) => tx.put(policy));
  return status(`Network policy ${identifier(name)} successfully created.`, STATEMENT_TYPE.CREATE);
}

function alter(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  return alterObject(context, 'NETWORK POLICY', (policy) => {
    if (!tokens.take('SET'))
      throw localRefusal(`ALTER NETWORK POLICY … ${tokens.peek().value}`, 'only SET is built');
    return withProperties(policy, readOptions(tokens));
  });
}

export const networkPolicyStatements: Statement[] = [
  { leading: [['CREATE', 'NETWORK', 'POLICY']], ddl: true, run: create },
  { leading: [['ALTER', 'NETWORK', 'POLICY']], ddl: true, run: alter },
];
