import fc from 'fast-check';

/**
 * Expressions over NUMBER, DATE, BOOLEAN, VARIANT and NULL, each with the value that the documented rules give it,
 * computed here in plain JavaScript. Dates are days since 1970-01-01; null is SQL NULL.
 */
export interface Sample<T> {
  sql: string;
  value: T | null;
}

type Int = Sample<number>;
type Bool = Sample<boolean>;
type Day = Sample<number>;

const MS = 86_400_000;
const date = (day: number) => new Date(day * MS);
const dayOf = (year: number, month: number, day: number) => Date.UTC(year, month, day) / MS;
export const isoDay = (day: number) => date(day).toISOString().slice(0, 10);

/** The value of f, or NULL if an argument is NULL: what almost every function does. */
function strict<A extends unknown[], R>(
  f: (...args: A) => R | null,
  ...args: { [K in keyof A]: A[K] | null }
): R | null {
  return args.includes(null) ? null : f(...(args as unknown as A));
}

/** AND and OR of ternary logic: sql-reference/ternary-logic. */
const and = (a: boolean | null, z: boolean | null) =>
  a === false || z === false ? false : a === null || z === null ? null : true;
const not = (a: boolean | null) => (a === null ? null : !a);
const or = (a: boolean | null, z: boolean | null) => not(and(not(a), not(z)));

/** Months later, the day cut to the month's last one: functions/dateadd. */
function addMonths(day: number, months: number): number {
  const from = date(day);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  return Math.min(dayOf(year, month, from.getUTCDate()), dayOf(year, month + 1, 0));
}

const PARTS = ['year', 'quarter', 'month', 'week', 'day'] as const;
type Part = (typeof PARTS)[number];

function truncated(part: Part, day: number): number {
  const d = date(day);
  const [year, month] = [d.getUTCFullYear(), d.getUTCMonth()];
  if (part === 'year') return dayOf(year, 0, 1);
  if (part === 'quarter') return dayOf(year, month - (month % 3), 1);
  if (part === 'month') return dayOf(year, month, 1);
  // Weeks begin on Monday.
  return part === 'week' ? day - ((d.getUTCDay() + 6) % 7) : day;
}

function added(part: Part, n: number, day: number): number {
  if (part === 'day') return day + n;
  if (part === 'week') return day + 7 * n;
  return addMonths(day, n * { year: 12, quarter: 3, month: 1 }[part]);
}

/** How often the part changes between two dates: functions/datediff. */
function difference(part: Part, from: number, to: number): number {
  const months = (day: number) => date(day).getUTCFullYear() * 12 + date(day).getUTCMonth();
  if (part === 'day') return to - from;
  if (part === 'week') return (truncated('week', to) - truncated('week', from)) / 7;
  const width = { year: 12, quarter: 3, month: 1 }[part];
  return Math.floor(months(to) / width) - Math.floor(months(from) / width);
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: -1000, max: 1000 }),
    fc.constantFrom('', 'x', 'NULL', 'a b', '"q"', 'é'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c d'), tie('json'), { maxKeys: 3 }),
  ),
}));

interface VariantValue {
  sql: string;
  /** undefined: there is no such element, which is SQL NULL; null is a JSON null. */
  value: Json | undefined;
}

/** A part of a document; what is missing, or is looked for in a value of another kind, is NULL. */
const variant: fc.Arbitrary<VariantValue> = fc
  .tuple(json, fc.array(fc.constantFrom<string | number>('a', 'b', 'c d', 0, 1), { maxLength: 3 }))
  .map(([document, path]) => {
    let value: Json | undefined = document;
    for (const step of path) {
      if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
      else if (typeof value === 'object' && value !== null && !Array.isArray(value)) value = value[step];
      else value = undefined;
    }
    const text = JSON.stringify(document).replaceAll('\\', '\\\\').replaceAll("'", "''");
    const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `['${step}']`)).join('');
    return { sql: `PARSE_JSON('${text}')${steps}`, value };
  });

function kindOf(value: Json | undefined): string | null {
  if (value === undefined) return null;
  if (value === null) return 'NULL_VALUE';
  if (Array.isArray(value)) return 'ARRAY';
  return { boolean: 'BOOLEAN', number: 'INTEGER', string: 'VARCHAR', object: 'OBJECT' }[
    typeof value as string
  ]!;
}

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys(value[key]!)]),
  );
}

/** A VARIANT as text: a string without quotes, JSON null as SQL NULL, compounds as JSON. */
function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(sortedKeys(value));
}

const variantText: fc.Arbitrary<Sample<string>> = fc.oneof(
  variant.map(({ sql, value }) => ({ sql: `${sql}::VARCHAR`, value: textOf(value) })),
  variant.map(({ sql, value }) => ({ sql: `TYPEOF(${sql})`, value: kindOf(value) })),
);

const part = fc.constantFrom(...PARTS);

const trees = fc.letrec<{ int: Int; bool: Bool; day: Day }>((tie) => {
  const int = tie('int');
  const bool = tie('bool');
  const day = tie('day');
  const ints = fc.tuple(int, int);
  return {
    int: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.integer({ min: -9, max: 9 }).map((n): Int => ({ sql: `${n}`, value: n })),
      fc.constant<Int>({ sql: 'NULL::INT', value: null }),
      ints.map(
        ([a, z]): Int => ({ sql: `(${a.sql} + ${z.sql})`, value: strict((x, y) => x + y, a.value, z.value) }),
      ),
      ints.map(
        ([a, z]): Int => ({ sql: `(${a.sql} - ${z.sql})`, value: strict((x, y) => x - y, a.value, z.value) }),
      ),
      ints.map(([a, z]): Int => ({ sql: `COALESCE(${a.sql}, ${z.sql})`, value: a.value ?? z.value })),
      ints.map(
        ([a, z]): Int => ({ sql: `NULLIF(${a.sql}, ${z.sql})`, value: a.value === z.value ? null : a.value }),
      ),
      ints.map(
        ([a, z]): Int => ({ sql: `GREATEST(${a.sql}, ${z.sql})`, value: strict(Math.max, a.value, z.value) }),
      ),
      ints.map(
        ([a, z]): Int => ({
          sql: `DECODE(${a.sql}, ${z.sql}, 1, NULL, 2)`,
          value: a.value === z.value ? 1 : a.value === null ? 2 : null,
        }),
      ),
      int.map((a): Int => ({ sql: `ZEROIFNULL(${a.sql})`, value: a.value ?? 0 })),
      fc.tuple(bool, int, int).map(
        ([test, a, z]): Int => ({
          sql: `IFF(${test.sql}, ${a.sql}, ${z.sql})`,
          value: test.value ? a.value : z.value,
        }),
      ),
      fc.tuple(bool, int).map(
        ([test, a]): Int => ({
          sql: `CASE WHEN ${test.sql} THEN ${a.sql} END`,
          value: test.value ? a.value : null,
        }),
      ),
      fc.tuple(int, int, int).map(
        ([a, b, c]): Int => ({
          sql: `NVL2(${a.sql}, ${b.sql}, ${c.sql})`,
          value: a.value === null ? c.value : b.value,
        }),
      ),
      fc.tuple(part, day, day).map(
        ([p, a, z]): Int => ({
          sql: `DATEDIFF(${p}, ${a.sql}, ${z.sql})`,
          value: strict((x, y) => difference(p, x, y), a.value, z.value),
        }),
      ),
      day.map(
        (d): Int => ({ sql: `DAYOFWEEK(${d.sql})`, value: strict((x) => date(x).getUTCDay(), d.value) }),
      ),
      variant.map(
        ({ sql, value }): Int => ({
          sql: `AS_INTEGER(${sql})`,
          value: typeof value === 'number' ? value : null,
        }),
      ),
      variant.map(
        ({ sql, value }): Int => ({
          sql: `ARRAY_SIZE(${sql})`,
          value: Array.isArray(value) ? value.length : null,
        }),
      ),
    ),
    bool: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom<Bool>(
        { sql: 'TRUE', value: true },
        { sql: 'FALSE', value: false },
        { sql: 'NULL::BOOLEAN', value: null },
      ),
      fc
        .tuple(bool, bool)
        .map(([a, z]): Bool => ({ sql: `(${a.sql} AND ${z.sql})`, value: and(a.value, z.value) })),
      fc
        .tuple(bool, bool)
        .map(([a, z]): Bool => ({ sql: `(${a.sql} OR ${z.sql})`, value: or(a.value, z.value) })),
      bool.map((a): Bool => ({ sql: `(NOT ${a.sql})`, value: not(a.value) })),
      ints.map(
        ([a, z]): Bool => ({
          sql: `(${a.sql} < ${z.sql})`,
          value: strict((x, y) => x < y, a.value, z.value),
        }),
      ),
      ints.map(([a, z]): Bool => ({ sql: `EQUAL_NULL(${a.sql}, ${z.sql})`, value: a.value === z.value })),
      ints.map(
        ([a, z]): Bool => ({ sql: `(${a.sql} IS DISTINCT FROM ${z.sql})`, value: a.value !== z.value }),
      ),
      int.map((a): Bool => ({ sql: `(${a.sql} IS NULL)`, value: a.value === null })),
      fc.tuple(int, fc.array(int, { minLength: 1, maxLength: 3 })).map(
        ([a, list]): Bool => ({
          sql: `(${a.sql} NOT IN (${list.map(({ sql }) => sql).join(', ')}))`,
          value: not(list.map((each) => strict((x, y) => x === y, a.value, each.value)).reduce(or, false)),
        }),
      ),
      fc.tuple(int, int, int).map(
        ([a, low, high]): Bool => ({
          sql: `(${a.sql} BETWEEN ${low.sql} AND ${high.sql})`,
          value: and(
            strict((x, y) => x >= y, a.value, low.value),
            strict((x, y) => x <= y, a.value, high.value),
          ),
        }),
      ),
      fc.tuple(day, day).map(
        ([a, z]): Bool => ({
          sql: `(${a.sql} >= ${z.sql})`,
          value: strict((x, y) => x >= y, a.value, z.value),
        }),
      ),
      variant.map(
        ({ sql, value }): Bool => ({
          sql: `IS_NULL_VALUE(${sql})`,
          value: value === undefined ? null : value === null,
        }),
      ),
    ),
    day: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.integer({ min: -3000, max: 30_000 }).map((d): Day => ({ sql: `'${isoDay(d)}'::DATE`, value: d })),
      fc.constant<Day>({ sql: 'NULL::DATE', value: null }),
      // MOD keeps the years within four digits.
      fc.tuple(part, int, day).map(
        ([p, n, d]): Day => ({
          sql: `DATEADD(${p}, MOD(${n.sql}, 50), ${d.sql})`,
          value: strict((x, y) => added(p, x % 50, y), n.value, d.value),
        }),
      ),
      fc.tuple(part, day).map(
        ([p, d]): Day => ({
          sql: `DATE_TRUNC('${p}', ${d.sql})`,
          value: strict((x) => truncated(p, x), d.value),
        }),
      ),
      day.map(
        (d): Day => ({
          sql: `LAST_DAY(${d.sql})`,
          value: strict((x) => addMonths(truncated('month', x), 1) - 1, d.value),
        }),
      ),
      fc
        .tuple(day, day)
        .map(([a, z]): Day => ({ sql: `NVL(${a.sql}, ${z.sql})`, value: a.value ?? z.value })),
      fc.tuple(day, int).map(
        ([d, n]): Day => ({
          sql: `(${d.sql} + MOD(${n.sql}, 1000))`,
          value: strict((x, y) => x + (y % 1000), d.value, n.value),
        }),
      ),
    ),
  };
});

/** An expression with the text of its value, as a client is given it. */
export const expression: fc.Arbitrary<Sample<string>> = fc.oneof(
  trees.int.map(({ sql, value }) => ({ sql, value: value === null ? null : String(value) })),
  trees.bool.map(({ sql, value }) => ({ sql, value: value === null ? null : String(value) })),
  trees.day.map(({ sql, value }) => ({ sql, value: value === null ? null : isoDay(value) })),
  variantText,
);
