import type { Cell, ResultColumn, Row } from '../types/data-type.js';
import { showUndefined } from '../types/undefined.js';

/**
 * Rows as they travel: a TIME or TIMESTAMP has as many fractional digits as its type's scale, which clients rely on
 * (the Python connector takes the last `scale` characters for the fraction; cells themselves carry nine), and
 * semi-structured values are laid out by JSON_INDENT, with `undefined` for undefined elements.
 * @param jsonIndent spaces for each level; 0: all in one line
 */
export function wireRows(columns: readonly ResultColumn[], rows: Row[], jsonIndent: number): Row[] {
  const changes: { at: number; change: (cell: string) => string }[] = [];
  columns.forEach(({ type }, at) => {
    if (type.kind.startsWith('TIME') && 'scale' in type)
      changes.push({ at, change: (cell) => withFraction(cell, type.scale) });
    else if (['VARIANT', 'OBJECT', 'ARRAY'].includes(type.kind))
      changes.push({ at, change: (cell) => showUndefined(jsonIndent > 0 ? indent(cell, jsonIndent) : cell) });
  });
  if (changes.length === 0) return rows;
  return rows.map((row) => {
    const wire: Cell[] = row.slice();
    for (const { at, change } of changes) {
      const cell = row[at];
      if (typeof cell === 'string') wire[at] = change(cell);
    }
    return wire;
  });
}

/** JSON with a line for each element. Digits stay as they are: JavaScript's numbers would not hold them all. */
function indent(json: string, spaces: number): string {
  if (json[0] !== '{' && json[0] !== '[') return json;
  const parts = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? [];
  let out = '';
  let depth = 0;
  const line = () => `\n${' '.repeat(depth * spaces)}`;
  parts.forEach((part, i) => {
    if (part === '{' || part === '[') {
      out += part;
      if (parts[i + 1] === '}' || parts[i + 1] === ']') return;
      depth++;
      out += line();
    } else if (part === '}' || part === ']') {
      if (parts[i - 1] !== '{' && parts[i - 1] !== '[') {
        depth--;
        out += line();
      }
      out += part;
    } else if (part === ',') out += `,${line()}`;
    else if (part === ':') out += ': ';
    else out += part;
  });
  return out;
}

/** `-12.340000000 1860` with a scale of 2 → `-12.34 1860` */
function withFraction(cell: string, scale: number): string {
  const space = cell.indexOf(' ');
  const end = space < 0 ? cell.length : space;
  const dot = cell.indexOf('.');
  const seconds = cell.slice(0, dot < 0 ? end : dot);
  const digits = dot < 0 ? '' : cell.slice(dot + 1, Math.min(end, dot + 1 + scale));
  const fraction = scale === 0 ? '' : `.${digits.padEnd(scale, '0')}`;
  return `${seconds}${fraction}${cell.slice(end)}`;
}
