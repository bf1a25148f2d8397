/**
 * Snowflake's date and time formats as DuckDB's strftime ones.
 * Elements: docs.snowflake.com/en/sql-reference/functions-conversion, "Date and time formats".
 */
const ELEMENTS: [RegExp, string][] = [
  [/^YYYY/i, '%Y'],
  [/^YY/i, '%y'],
  [/^MMMM/i, '%B'],
  [/^MON/i, '%b'],
  [/^MM/i, '%m'],
  [/^DD/i, '%d'],
  [/^DY/i, '%a'],
  [/^HH24/i, '%H'],
  [/^HH12/i, '%I'],
  [/^HH/i, '%H'],
  [/^(AM|PM)/i, '%p'],
  [/^MI/i, '%M'],
  [/^SS/i, '%S'],
  [/^FF0/i, ''],
  [/^FF[1-3]/i, '%g'],
  [/^FF[4-6]/i, '%f'],
  [/^FF[7-9]?/i, '%n'],
  [/^(TZH:?TZM|TZH|TZD)/i, '%z'],
  [/^"([^"]*)"/, ''],
];

/** Each statement asks for those of its session. */
const known = new Map<string, string | undefined>();
const MOST_KNOWN = 500;

/** @returns the strftime / strptime format, or undefined for AUTO and the empty format */
export function duckFormat(format: string): string | undefined {
  if (known.has(format)) return known.get(format);
  if (known.size >= MOST_KNOWN) known.clear();
  const found = translateFormat(format);
  known.set(format, found);
  return found;
}

function translateFormat(format: string): string | undefined {
  if (format === '' || /^auto$/i.test(format)) return undefined;
  let out = '';
  for (let rest = format; rest !== ''; ) {
    const element = ELEMENTS.find(([pattern]) => pattern.test(rest));
    if (element) {
      const [matched, literal] = element[0].exec(rest)!;
      out += rest[0] === '"' ? literal!.replaceAll('%', '%%') : element[1];
      rest = rest.slice(matched.length);
    } else {
      out += rest[0] === '%' ? '%%' : rest[0];
      rest = rest.slice(1);
    }
  }
  return out;
}
