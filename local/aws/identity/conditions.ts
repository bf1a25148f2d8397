// The Condition block of a policy statement.
// Rules: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Policy variables".
import { arnMatches, ITSELF, wildcardMatches } from './arn.js';

/** Condition keys (lower-case) with their value or values. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

export interface Condition {
  /** Without prefix and suffix, e.g. `StringLike`. */
  operator: string;
  quantifier?: 'ForAllValues' | 'ForAnyValue';
  ifExists: boolean;
  key: string;
  values: string[];
}

type Test = (given: string, wanted: string) => boolean;

const number =
  (compare: (a: number, b: number) => boolean): Test =>
  (given, wanted) => {
    const [a, b] = [Number(given), Number(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };
const date =
  (compare: (a: number, b: number) => boolean): Test =>
  (given, wanted) => {
    const [a, b] = [instant(given), instant(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };

/** Operators by name. A negated one is true when none of the wanted values matches. */
const OPERATORS: Record<string, { test: Test; negated?: boolean }> = {
  StringEquals: { test: (a, b) => a === b },
  StringNotEquals: { test: (a, b) => a === b, negated: true },
  StringEqualsIgnoreCase: { test: (a, b) => a.toLowerCase() === b.toLowerCase() },
  StringNotEqualsIgnoreCase: { test: (a, b) => a.toLowerCase() === b.toLowerCase(), negated: true },
  StringLike: { test: (a, b) => wildcardMatches(b, a) },
  StringNotLike: { test: (a, b) => wildcardMatches(b, a), negated: true },
  ArnEquals: { test: (a, b) => arnMatches(b, a) },
  ArnNotEquals: { test: (a, b) => arnMatches(b, a), negated: true },
  ArnLike: { test: (a, b) => arnMatches(b, a) },
  ArnNotLike: { test: (a, b) => arnMatches(b, a), negated: true },
  Bool: { test: (a, b) => a.toLowerCase() === b.toLowerCase() },
  NumericEquals: { test: number((a, b) => a === b) },
  NumericNotEquals: { test: number((a, b) => a === b), negated: true },
  NumericLessThan: { test: number((a, b) => a < b) },
  NumericLessThanEquals: { test: number((a, b) => a <= b) },
  NumericGreaterThan: { test: number((a, b) => a > b) },
  NumericGreaterThanEquals: { test: number((a, b) => a >= b) },
  DateEquals: { test: date((a, b) => a === b) },
  DateNotEquals: { test: date((a, b) => a === b), negated: true },
  DateLessThan: { test: date((a, b) => a < b) },
  DateLessThanEquals: { test: date((a, b) => a <= b) },
  DateGreaterThan: { test: date((a, b) => a > b) },
  DateGreaterThanEquals: { test: date((a, b) => a >= b) },
  IpAddress: { test: isInRange },
  NotIpAddress: { test: isInRange, negated: true },
};

/** Reads `{Operator: {key: value | [value…]}}`. Throws Error with AWS's complaint for an unknown operator. */
export function parseConditions(block: unknown): Condition[] {
  if (block === undefined) return [];
  if (!isObject(block)) throw new Error('Syntax errors in policy.');
  return Object.entries(block).flatMap(([name, keys]) => {
    const parts = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name)!;
    const operator = parts[2]!;
    if (!(operator in OPERATORS) && operator !== 'Null')
      throw new Error(`Invalid Condition type : ${operator}.`);
    if (!isObject(keys)) throw new Error('Syntax errors in policy.');
    return Object.entries(keys).map(([key, value]) => ({
      operator,
      ...(parts[1] && { quantifier: parts[1] as 'ForAllValues' | 'ForAnyValue' }),
      ifExists: parts[3] !== undefined,
      key: key.toLowerCase(),
      values: (Array.isArray(value) ? value : [value]).map(String),
    }));
  });
}

/** Whether a condition holds. A key that the request lacks fails it, unless negated, IfExists or ForAllValues. */
export function conditionHolds(condition: Condition, context: ConditionContext): boolean {
  const given = context.get(condition.key);
  if (condition.operator === 'Null')
    return condition.values.some((value) => (value.toLowerCase() === 'true') === (given === undefined));
  const { test, negated = false } = OPERATORS[condition.operator]!;
  if (given === undefined || given.length === 0)
    return negated || condition.ifExists || condition.quantifier === 'ForAllValues';
  const isPattern = /Like$|^Arn/.test(condition.operator);
  const wanted = condition.values.map((value) => substituteVariables(value, context, isPattern));
  const holds = (value: string) => wanted.some((want) => test(value, want)) !== negated;
  return condition.quantifier === 'ForAllValues' ? given.every(holds) : given.some(holds);
}

/**
 * Replaces `${aws:username}` and the like; a variable without a value leaves text that matches nothing real.
 * @param isPattern whether what comes out has wildcards, which `${*}` and `${?}` are not
 */
export function substituteVariables(text: string, context: ConditionContext, isPattern: boolean): string {
  if (!text.includes('${')) return text;
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name === '*' || name === '?' || name === '$') return (isPattern && ITSELF[name]) || name;
    return context.get(name.toLowerCase())?.[0] ?? whole;
  });
}

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function isInRange(address: string, range: string): boolean {
  const [base, bits = '32'] = range.split('/') as [string, string?];
  const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
