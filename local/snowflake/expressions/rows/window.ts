import type { Typed } from '../../types/coerce.js';
import { BOOLEAN, FLOAT, NUMBER } from '../../types/data-type.js';
import { type CallContext, type FunctionSpec, fn, literal, literalNumber, wholeNumber } from '../function.js';
import { divide, numeric } from '../numbers/arithmetic.js';

function win(names: string, min: number, max: number, bind: FunctionSpec['bind']): FunctionSpec {
  return fn(names, min, max, bind, { group: 'window' });
}

function rank(name: string, duck: string): FunctionSpec {
  return win(name, 0, 0, (_args, call) => ({
    sql: `${duck}()${call.over}`,
    type: NUMBER(18, 0),
    nullable: false,
  }));
}

const nulls = (call: CallContext): string => (call.ignoreNulls ? ' IGNORE NULLS' : '');

/** LAG and LEAD: value, offset, default. */
function shiftFunction(duck: string): FunctionSpec['bind'] {
  return ([value, offset, otherwise], call) => {
    const args = [value!.sql];
    if (offset) literal(offset, call);
    if (offset) args.push(`CAST(${wholeNumber(offset, call)} AS INTEGER)`);
    if (otherwise) args.push(call.b.cast(otherwise, value!.type).sql);
    return {
      sql: `${duck}(${args.join(', ')}${nulls(call)})${call.over}`,
      type: value!.type,
      nullable: true,
    };
  };
}

/** Without a frame Snowflake's FIRST_VALUE and LAST_VALUE look at the whole partition. */
function edge(duck: string): FunctionSpec['bind'] {
  return ([value, nth], call) => {
    const over = / (ROWS|RANGE) BETWEEN /.test(call.over)
      ? call.over
      : call.over.replace(/\)$/, ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)');
    const n = nth ? `, ${literalNumber(nth, call, 1, 1000)}` : '';
    return {
      sql: `${duck}(${(value as Typed).sql}${n}${nulls(call)})${over}`,
      type: value!.type,
      nullable: true,
    };
  };
}

/** The events of a partition are counted up to the row itself, and not to the last row that sorts like it. */
function frameUpToRow({ b, name, over, at }: CallContext): string {
  if (/ (ROWS|RANGE) BETWEEN /.test(over))
    throw b.error('002303', '42601', `Window function type [${name}] does not allow a window frame.`, at);
  return over.replace(/\)$/, ' ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)');
}

/** @throws SnowflakeError 001015 for a literal number of buckets that is none */
function requirePositive(n: Typed, call: CallContext): void {
  if (typeof n.constant === 'number' && n.constant < 1)
    throw call.b.error(
      '001015',
      '22023',
      `argument of function ${call.name} must be positive, found ${n.constant}`,
      call.at,
    );
}

const EVENT = NUMBER(18, 0);

export const windowFunctions: FunctionSpec[] = [
  rank('ROW_NUMBER', 'row_number'),
  rank('RANK', 'rank'),
  rank('DENSE_RANK', 'dense_rank'),
  win('PERCENT_RANK', 0, 0, (_args, call) => ({
    sql: `percent_rank()${call.over}`,
    type: FLOAT,
    nullable: false,
  })),
  win('CUME_DIST', 0, 0, (_args, call) => ({ sql: `cume_dist()${call.over}`, type: FLOAT, nullable: false })),
  win('NTILE', 1, 1, ([n], call) => {
    literal(n!, call);
    requirePositive(n!, call);
    return { sql: `ntile(${wholeNumber(n!, call)})${call.over}`, type: NUMBER(18, 0), nullable: false };
  }),
  win('LAG', 1, 3, shiftFunction('lag')),
  win('LEAD', 1, 3, shiftFunction('lead')),
  win('FIRST_VALUE', 1, 1, edge('first_value')),
  win('LAST_VALUE', 1, 1, edge('last_value')),
  win('NTH_VALUE', 2, 2, edge('nth_value')),
  win('CONDITIONAL_TRUE_EVENT', 1, 1, ([value], call) => ({
    sql: `count(CASE WHEN ${call.b.cast(value!, BOOLEAN).sql} THEN 1 END)${frameUpToRow(call)}`,
    type: EVENT,
    nullable: false,
  })),
  // DuckDB cannot put LAG into SUM, so the values up to the row are looked at as a list. Beside a
  // NULL nothing is a change.
  win('CONDITIONAL_CHANGE_EVENT', 1, 1, ([value], call) => {
    const seen = `list(${value!.sql})${frameUpToRow(call)}`;
    const changes = 'list_filter(range(2, len(l) + 1), lambda i: l[i] <> l[i - 1])';
    const sql = `coalesce(list_transform([${seen}], lambda l: len(${changes}))[1], 0)`;
    return { sql: `CAST(${sql} AS BIGINT)`, type: EVENT, nullable: false };
  }),
  win('RATIO_TO_REPORT', 1, 1, ([value], call) => {
    const part = numeric(value!, call);
    const total = `nullif(sum(${part.sql})${call.over}, 0)`;
    if (part.type.kind !== 'NUMBER') return { sql: `(${part.sql} / ${total})`, type: FLOAT, nullable: true };
    const whole: Typed = { sql: total, type: NUMBER(38, part.type.scale), nullable: true, constant: 1 };
    return { ...divide(part, whole), nullable: true };
  }),
];
