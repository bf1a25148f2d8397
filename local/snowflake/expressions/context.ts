import { createHash } from 'node:crypto';
import { cellLiteral, textConstant } from '../types/cells.js';
import type { Typed } from '../types/coerce.js';
import { ARRAY, DATE, TEXT } from '../types/data-type.js';
import { quote } from '../types/duck-type.js';
import { integerStorage, typeName } from '../types/type-name.js';
import { type CallContext, type FunctionSpec, fn, literal, result } from './function.js';
import { native } from './native.js';
import { lengthWithin } from './value-size.js';

/** A UUID of version 5 (RFC 9562): the same for the same name in the same namespace, which is a UUID itself. */
function nameUuid(space: string, name: string): string {
  const bytes = Buffer.from(space.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16)
    throw new Error(`Invalid argument for function UUID_STRING: '${space}' is no UUID`);
  const hash = createHash('sha1').update(bytes).update(name).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A text that is known when the statement is bound; NULL if undefined. */
const toTyped = (value: string | undefined): Typed =>
  value === undefined ? cellLiteral(TEXT(), null) : textConstant(value);

const describeNames = (names: string, value: (call: CallContext) => string | undefined): FunctionSpec =>
  fn(names, 0, 0, (_args, call) => toTyped(value(call)));

/** The statement's own time: the same wherever it stands in the statement. */
function now({ b }: CallContext): Typed {
  const seconds = `${Math.floor(b.now / 1000)}.${String(b.now % 1000).padStart(3, '0')}000000`;
  return cellLiteral({ kind: 'TIMESTAMP_LTZ', scale: 9 }, seconds);
}

/** The id of an earlier statement: −1 (default) the last one, 1 the session's first. */
const lastQueryId: FunctionSpec['bind'] = ([n], call) => {
  const ids = call.b.session.queryIds.slice(0, -1);
  const index = n ? Number(literal(n, call)) : -1;
  return toTyped(index < 0 ? ids.at(index) : ids[index - 1]);
};

export const contextFunctions: FunctionSpec[] = [
  describeNames('CURRENT_USER', ({ b }) => b.session.user),
  // In a view or function still the session's, where INVOKER_ROLE is the owner's (docs: sql-reference/functions/invoker_role).
  describeNames('CURRENT_ROLE', ({ b }) => b.running.role),
  describeNames('INVOKER_ROLE', ({ b }) => b.session.role),
  describeNames('CURRENT_ROLE_TYPE', ({ b }) => (b.session.role === undefined ? undefined : 'ROLE')),
  describeNames('CURRENT_DATABASE', ({ b }) => b.session.database),
  describeNames('CURRENT_SCHEMA', ({ b }) => b.session.schema),
  describeNames('CURRENT_WAREHOUSE', ({ b }) => b.session.warehouse),
  describeNames('CURRENT_ACCOUNT CURRENT_ACCOUNT_NAME', ({ b }) => b.account.name),
  describeNames('CURRENT_ORGANIZATION_NAME', ({ b }) => b.account.name),
  describeNames('CURRENT_REGION', ({ b }) => b.account.region),
  describeNames('CURRENT_SESSION', ({ b }) => String(b.session.id)),
  describeNames('CURRENT_STATEMENT', ({ b }) => b.text),
  describeNames('CURRENT_VERSION', () => '9.36.0'),
  describeNames('CURRENT_CLIENT', () => 'local'),
  describeNames('CURRENT_IP_ADDRESS', () => '127.0.0.1'),
  describeNames('CURRENT_SECONDARY_ROLES', ({ b }) =>
    JSON.stringify({ roles: '', value: b.session.secondaryRoles ? 'ALL' : '' }),
  ),
  // There are no shares, and no users of an organization.
  describeNames('INVOKER_SHARE CURRENT_ORGANIZATION_USER', () => undefined),
  describeNames('CURRENT_TRANSACTION', ({ b }) =>
    b.session.transaction.explicit ? String(b.session.transaction.id) : undefined,
  ),
  // Variables have upper-case names.
  fn('GETVARIABLE', 1, 1, ([name], call) => {
    const variable = call.b.session.variables.get(String(literal(name!, call)));
    return variable ? call.b.cast(cellLiteral(variable.type, variable.value), TEXT()) : toTyped(undefined);
  }),
  fn('CURRENT_SCHEMAS', 0, 0, (_args, { b }) =>
    toTyped(JSON.stringify(b.session.schema ? [`${b.session.database}.${b.session.schema}`] : [])),
  ),
  fn('CURRENT_AVAILABLE_ROLES', 0, 0, (_args, { b }) => {
    const roles = [
      ...b.account.access.closure(b.account.access.rolesOf({ kind: 'USER', name: b.session.user })),
    ];
    return { sql: `CAST(${quote(JSON.stringify(roles.sort()))} AS JSON)`, type: ARRAY, nullable: false };
  }),
  fn('IS_ROLE_IN_SESSION', 1, 1, ([role], call) => {
    const held = [...call.b.account.access.activeRoles(call.b.running)].map(quote);
    const name = call.b.cast(role!, TEXT());
    return result(`(${name.sql} IN (${held.join(', ')}))`, { kind: 'BOOLEAN' }, [name]);
  }),
  fn('IS_GRANTED_TO_INVOKER_ROLE', 1, 1, ([role], call) => {
    const { access } = call.b.account;
    const held = access.closure([call.b.session.role]).has(String(literal(role!, call)));
    return { sql: held ? 'TRUE' : 'FALSE', type: { kind: 'BOOLEAN' }, nullable: false };
  }),
  fn('CURRENT_TIMESTAMP GETDATE LOCALTIMESTAMP SYSTIMESTAMP', 0, 1, (_args, call) => now(call)),
  fn('SYSDATE', 0, 0, (_args, call) =>
    result(`timezone('UTC', ${now(call).sql})`, { kind: 'TIMESTAMP_NTZ', scale: 9 }, []),
  ),
  fn('CURRENT_DATE', 0, 0, (_args, call) => call.b.cast(now(call), DATE)),
  fn('CURRENT_TIME LOCALTIME', 0, 1, (_args, call) => call.b.cast(now(call), { kind: 'TIME', scale: 9 })),
  fn('LAST_QUERY_ID', 0, 1, lastQueryId),
  fn('UUID_STRING', 0, 2, (args, call) => {
    if (args.length === 1)
      throw call.b.error(
        '000938',
        '22023',
        'not enough arguments for function [UUID_STRING], expected 2, got 1',
        call.at,
      );
    if (args.length === 2) {
      const run = native(call.b, 'uuid_of_name', 2, nameUuid);
      const [space, name] = args.map((arg) => call.b.cast(arg, TEXT()).sql);
      return result(`${run}(${space}, ${name})`, TEXT(36), args);
    }
    call.b.collected.drawn = true;
    return { sql: 'CAST(uuid() AS VARCHAR)', type: TEXT(36), nullable: false };
  }),
  fn('RANDSTR', 2, 2, ([length, gen], call) => {
    const run = native(call.b, 'randstr', 2, randomText);
    const [size, seed] = [length!, gen!].map((arg) => `CAST(${arg.sql} AS VARCHAR)`);
    return { sql: `${run}(${size}, ${seed})`, type: TEXT(), nullable: false };
  }),
  fn('SYSTEM$TYPEOF', 1, 1, ([value]) => textConstant(`${showType(value!)}[${storage(value!)}]`)),
];

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters and digits that follow from a seed; DuckDB would need a list of so many values for it. */
function randomText(length: string, seed: string): string {
  const size = lengthWithin(Math.trunc(Number(length)));
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0)!, 16777619);
  const letters = Buffer.alloc(Math.max(0, size));
  for (let i = 0; i < letters.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    letters[i] = LETTERS.charCodeAt(((mixed ^ (mixed >>> 14)) >>> 0) % LETTERS.length);
  }
  return letters.toString('latin1');
}

const showType = ({ untyped, type }: Typed): string => (untyped ? 'NULL' : typeName(type));

/** The storage class behind a type: how many bytes hold a NUMBER of its digits, or a literal's own value. */
function storage({ type, constant }: Typed): string {
  switch (type.kind) {
    case 'NUMBER': {
      if (typeof constant !== 'number') return integerStorage(type.precision);
      const value = Math.abs(constant) * 10 ** type.scale;
      return `SB${[1, 2, 4, 8].find((size) => value < 2 ** (8 * size - 1)) ?? 16}`;
    }
    case 'FLOAT':
      return 'DOUBLE';
    case 'BOOLEAN':
      return 'SB1';
    case 'DATE':
      return 'SB4';
    case 'TIME':
      return type.scale > 4 ? 'SB8' : 'SB4';
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return type.scale > 6 ? 'SB16' : 'SB8';
    default:
      return 'LOB';
  }
}
