import type { ResultColumn, Row } from '../types/data-type.js';

/**
 * Rows as they travel: a TIME or TIMESTAMP has as many fractional digits as its type's scale, which clients rely on
 * (the Python connector takes the last `scale` characters for the fraction). Cells themselves carry nine.
 */
export function wireRows(columns: readonly ResultColumn[], rows: Row[]): Row[] {
  const scaled = columns.flatMap(({ type }, at) =>
    type.kind.startsWith('TIME') && 'scale' in type ? [{ at, scale: type.scale }] : [],
  );
  if (scaled.length === 0) return rows;
  return rows.map((row) => {
    const wire = row.slice();
    for (const { at, scale } of scaled) {
      const cell = row[at];
      if (typeof cell === 'string') wire[at] = withFraction(cell, scale);
    }
    return wire;
  });
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
