import type { Call, Expr, OrderItem } from '../../language/ast.js';
import { quote } from '../../types/duck-type.js';
import { typeName } from '../../types/type-name.js';
import type { Binder } from './binder.js';
import { identifierText, type Scope, type ScopeColumn } from './scope.js';

/**
 * An expression as Snowflake's messages show it: names qualified by their source, `(T.A) + 1` with brackets around
 * compound operands, windows with the order of NULLs spelled out.
 */
export function describe(b: Binder, e: Expr, scope: Scope): string {
  const show = (expr: Expr) => describe(b, expr, scope);
  const operand = (expr: Expr) => (SIMPLE.has(expr.kind) ? show(expr) : `(${show(expr)})`);
  switch (e.kind) {
    case 'number':
      return e.text;
    case 'string':
      return quote(e.value);
    case 'boolean':
      return String(e.value).toUpperCase();
    case 'null':
      return 'null';
    case 'column':
      return columnText(e.parts, scope);
    case 'call':
      return callText(b, e, scope);
    case 'unary':
      return e.op === 'NOT' ? `NOT ${operand(e.operand)}` : `${e.op}${operand(e.operand)}`;
    case 'binary':
      return `${operand(e.left)} ${e.op} ${operand(e.right)}`;
    case 'is':
      return `${operand(e.operand)} IS ${e.not ? 'NOT ' : ''}${e.what}`;
    case 'cast':
      return `${e.tolerant ? 'TRY_CAST' : 'CAST'}(${show(e.operand)} AS ${typeName(e.type)})`;
    default:
      return b.text.slice(e.at, e.end).toUpperCase();
  }
}

const SIMPLE = new Set<Expr['kind']>(['number', 'string', 'boolean', 'null', 'column', 'call', 'cast']);

/** The name with which messages show a column: `T.A`, or as it is written if no source has it. */
export function columnText(parts: string[], scope: Scope): string {
  for (let each: Scope | undefined = scope; each; each = each.parent) {
    const column = each.ownAll(parts)[0];
    if (column) return qualifyColumn(column, each);
  }
  return parts.map(identifierText).join('.');
}

/** A column with the alias, or the name of the table, that it comes from. */
export function qualifyColumn(column: ScopeColumn, scope: Scope): string {
  const table = scope.tables.find(({ columns }) => columns.includes(column));
  const qualifier = table?.path.at(-1);
  const name = identifierText(column.name);
  return qualifier === undefined ? name : `${identifierText(qualifier)}.${name}`;
}

function callText(b: Binder, call: Call, scope: Scope): string {
  const show = (expr: Expr) => (expr.kind === 'star' ? '*' : describe(b, expr, scope));
  const named = call.named.map(({ name, value }) => `${name} => ${show(value)}`);
  const args = [...call.args.map(show), ...named].join(', ');
  const order = (items: OrderItem[]) =>
    `ORDER BY ${items.map((item) => orderText(show(item.expr), item)).join(', ')}`;
  let text = `${call.name.join('.')}(${call.distinct ? 'DISTINCT ' : ''}${args})`;
  if (call.withinGroup) text += ` WITHIN GROUP (${order(call.withinGroup)})`;
  if (!call.over) return text;
  const { partitionBy, orderBy } = call.over;
  const parts = [
    ...(partitionBy.length > 0 ? [`PARTITION BY ${partitionBy.map(show).join(', ')}`] : []),
    ...(orderBy.length > 0 ? [order(orderBy)] : []),
  ];
  return `${text} OVER (${parts.join(' ')})`;
}

function orderText(expr: string, { descending, nullsFirst }: OrderItem): string {
  return `${expr} ${descending ? 'DESC' : 'ASC'} NULLS ${(nullsFirst ?? descending) ? 'FIRST' : 'LAST'}`;
}
