import { localRefusal } from '../../errors.js';
import { balance } from '../../expressions/balanced.js';
import { arithmetic, concat } from '../../expressions/numbers/arithmetic.js';
import type { Expr } from '../../language/ast.js';
import type { Typed } from '../../types/coerce.js';
import { BOOLEAN, type DataType, FLOAT } from '../../types/data-type.js';
import { duckType } from '../../types/duck-type.js';
import { bindExpression } from './bind-expression.js';
import type { Binder } from './binder.js';
import type { Scope } from './scope.js';

/**
 * Long chains of one operator: `a + b - c + …`, `a || b || …`, `a AND b AND …`. DuckDB takes about the cube of a
 * tree's depth to simplify it, so a chain becomes a flat list, or a tree as deep as the logarithm of its length.
 */

type Binary = Expr & { kind: 'binary' };

/** Shorter chains are bound pair by pair. */
const SHORTEST = 12;
/** Of texts all are put together at once, however few, so that their sizes are added up. */
const SHORTEST_TEXT = 3;
/** Chains of other operators stay as deep as they are written; division is many operations. */
const DEEPEST = 150;
const DEEPEST_DIVISION = 20;

const FAMILIES: Record<string, string[]> = {
  AND: ['AND'],
  OR: ['OR'],
  '||': ['||'],
  '+': ['+', '-'],
  '-': ['+', '-'],
};

interface Link {
  op: string;
  expr: Expr;
  at: number;
}

/**
 * The chain that ends in this operator; undefined if it is short enough to be bound pair by pair.
 * @throws SnowflakeError 000002 for one that is long and of operators that do not come in any order
 */
export function bindChain(b: Binder, e: Binary, scope: Scope): Typed | undefined {
  const family = FAMILIES[e.op] ?? [e.op];
  if (e.left.kind !== 'binary' || !family.includes(e.left.op)) return undefined;
  const links = linksOf(e, family);
  if (links.length < (e.op === '||' ? SHORTEST_TEXT : SHORTEST)) return undefined;
  const bind = (expr: Expr) => bindExpression(b, expr, scope);
  if (e.op === 'AND' || e.op === 'OR') {
    const parts = links.map(({ expr }) => bind(expr));
    const sql = `(${parts.map((part) => b.cast(part, BOOLEAN).sql).join(` ${e.op} `)})`;
    return { sql, type: BOOLEAN, nullable: parts.some(({ nullable }) => nullable) };
  }
  if (links.some(({ expr }) => expr.kind === 'interval')) return bindShort(links, e);
  if (!FAMILIES[e.op]) return bindShort(links, e);
  const values = links.map(({ expr }) => bind(expr));
  if (e.op === '||') {
    const kinds = new Set(values.map(({ type, untyped }) => (untyped ? 'TEXT' : type.kind)));
    if (!kinds.has('BINARY') || kinds.size === 1) return concat(b, values, '||', e.at);
  } else {
    const sum = bindSum(b, links, values);
    if (sum) return sum;
  }
  if (links.length > DEEPEST) throw lengthError(e.op, links.length, DEEPEST);
  return values.reduce((left, right, i) =>
    e.op === '||'
      ? concat(b, [left, right], '||', e.at)
      : arithmetic(b, left, links[i]!.op, right, links[i]!.at),
  );
}

function bindShort(links: Link[], { op }: Binary): undefined {
  const most = op === '/' || op === '%' ? DEEPEST_DIVISION : DEEPEST;
  if (links.length > most) throw lengthError(op, links.length, most);
  return undefined;
}

function lengthError(op: string, length: number, most: number): Error {
  return localRefusal(
    `a chain of ${length} operands with ${op}`,
    `it is computed one after the other, ${most} deep at most`,
    'Compute parts of it in subqueries.',
  );
}

/** The operands from left to right, each with the operator before it. */
function linksOf(e: Binary, family: string[]): Link[] {
  const links: Link[] = [];
  let left: Expr = e;
  while (left.kind === 'binary' && family.includes(left.op)) {
    links.push({ op: left.op, expr: left.right, at: left.at });
    left = left.left;
  }
  links.push({ op: '+', expr: left, at: left.at });
  return links.reverse();
}

/** A sum of numbers: NUMBERs in any order, FLOATs from left to right, as their sum depends on it. */
function bindSum(b: Binder, links: Link[], values: Typed[]): Typed | undefined {
  if (values.some(({ type, untyped }) => untyped || (type.kind !== 'NUMBER' && type.kind !== 'FLOAT')))
    return undefined;
  const nullable = values.some((value) => value.nullable);
  const firstFloat = values.findIndex(({ type }) => type.kind === 'FLOAT');
  const exact = firstFloat < 0 ? values.length : firstFloat;
  const isSigned = (sql: string, i: number) => (links[i]!.op === '-' ? `(-${sql})` : sql);
  const numbers = values.slice(0, exact);
  const terms: string[] = [];
  if (numbers.length > 0) {
    const type = sumType(b, links, numbers);
    const wide = duckType(type);
    const casts = numbers.map(({ sql }, i) => isSigned(`CAST(${sql} AS ${wide})`, i));
    const sql = `CAST(${balance(casts, '+')} AS ${wide})`;
    if (exact === values.length) return { sql, type, nullable };
    terms.push(b.cast({ sql, type, nullable }, FLOAT).sql);
  }
  values.slice(exact).forEach((value, i) => {
    terms.push(isSigned(b.cast(value, FLOAT).sql, exact + i));
  });
  return { sql: `list_reduce([${terms.join(', ')}], lambda x, y: x + y)`, type: FLOAT, nullable };
}

/** The type that adding one after the other would give. */
function sumType(b: Binder, links: Link[], numbers: Typed[]): DataType {
  const bare = (type: DataType): Typed => ({ sql: '0', type, nullable: true });
  return numbers
    .slice(1)
    .reduce(
      (type, number, i) => arithmetic(b, bare(type), links[i + 1]!.op, bare(number.type)).type,
      numbers[0]!.type,
    );
}
