/** Numbers as the container writes them: Python's text of a double. */

/**
 * Python's repr of a float: the shortest text that reads back as the same double, with a point or an exponent.
 * Where JavaScript's text differs: whole numbers ("3.0"), the bounds and the padding of exponents ("1e-05", "1e+16").
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16))
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  if (Number.isInteger(value)) return `${Object.is(value, -0) ? '-0' : value}.0`;
  return String(value);
}

/** The same in json.dumps, which writes NaN and Infinity. */
export function pythonJsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return pythonFloat(value);
}
