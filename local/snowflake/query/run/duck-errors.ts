import { localRefusal, SnowflakeError } from '../../errors.js';
import { handlerError } from '../../javascript/udf.js';
import { integerStorage } from '../../types/type-name.js';

function rangeError(precision: number, scale: number, value: string): SnowflakeError {
  return new SnowflakeError(
    '100046',
    '22003',
    `Number out of representable range: type FIXED[${integerStorage(precision)}](${precision},${scale}){nullable}, value ${value}`,
  );
}

const nulls = new WeakMap<SnowflakeError, string>();

/** The column that a NULL was not for, by DuckDB's name. */
export const nullIn = (error: SnowflakeError): string | undefined => nulls.get(error);

/** What DuckDB says when a value does not fit, as Snowflake says it. */
const RULES: [RegExp, (match: RegExpExecArray) => SnowflakeError][] = [
  [/(Cannot unload empty string .*)/s, (m) => new SnowflakeError('100067', '22000', m[1]!)],
  [/Division by zero/i, () => new SnowflakeError('100051', '22012', 'Division by zero')],
  [
    /(?:Invalid Input Error: )?((Date|Timestamp|Boolean value|Time) '(.*)' is not recognized)/s,
    (m) =>
      new SnowflakeError(
        { Date: '100040', Timestamp: '100035', Time: '100108' }[m[2]!] ?? '100037',
        m[2] === 'Boolean value' ? '22018' : '22007',
        m[1]!,
      ),
  ],
  [
    /Could not convert string ['"](.*)['"] to (?:DECIMAL|DOUBLE|U?BIGINT|INT|HUGEINT)/s,
    (m) =>
      /^\s*[-+]?\d+(\.\d*)?\s*$/.test(m[1]!)
        ? new SnowflakeError('100039', '22003', `Numeric value '${m[1]}' is out of range`)
        : new SnowflakeError('100038', '22018', `Numeric value '${m[1]}' is not recognized`),
  ],
  [
    /(Can't parse '.*' as (?:date|time|timestamp) with format '.*')/s,
    (m) => new SnowflakeError('100096', '22007', m[1]!),
  ],
  [
    // DuckDB's words end at a zero byte of the value.
    /(Numeric value '.*?)(?:' is not recognized.*)?$/s,
    (m) => new SnowflakeError('100038', '22018', `${m[1]}' is not recognized`),
  ],
  [/(Decfloat out of representable range, .*)/s, (m) => new SnowflakeError('100046', '22003', m[1]!)],
  [/(Can't parse '.*' as number with format '.*')/s, (m) => new SnowflakeError('100140', '22007', m[1]!)],
  [
    /Could not convert string ['"](.*)['"] to BOOL/s,
    (m) => new SnowflakeError('100037', '22018', `Boolean value '${m[1]}' is not recognized`),
  ],
  [
    /Casting value ['"](.*?)['"] to type DECIMAL\((\d+),(\d+)\) failed|Could not cast value (\S+) to DECIMAL\((\d+),(\d+)\)/s,
    (m) => rangeError(Number(m[2] ?? m[5]), Number(m[3] ?? m[6]), (m[1] ?? m[4])!),
  ],
  [
    /invalid (date|timestamp|time) field format: ['"](.*?)['"]|(?:Could not parse string|date\/time field value out of range:|time field value out of range:) ['"](.*?)['"]/s,
    (m) => {
      const kind = m[1] === 'date' ? 'Date' : m[1] === 'time' ? 'Time' : 'Timestamp';
      return new SnowflakeError(
        kind === 'Date' ? '100040' : '100035',
        '22007',
        `${kind} '${m[2] ?? m[3]}' is not recognized`,
      );
    },
  ],
  [
    /NOT NULL constraint failed: \S*?\.?"?([^".\s]+)"?$/m,
    (m) => {
      const error = new SnowflakeError('100072', '22000', 'NULL result in a non-nullable column');
      nulls.set(error, m[1]!);
      return error;
    },
  ],
  [/(Error parsing JSON: .*)/s, (m) => new SnowflakeError('100069', '22P02', m[1]!)],
  [/(Error parsing XML: .*)/s, (m) => new SnowflakeError('100100', '22P02', m[1]!)],
  [
    /frame (?:starting from|start|end|ending)[^\n]*/i,
    () => new SnowflakeError('002303', '42601', 'SQL compilation error:\nInvalid window frame'),
  ],
  [/(invalid day of week .*)/s, (m) => new SnowflakeError('001035', '22023', m[1]!)],
  [/(Max LOB size .*)/s, (m) => new SnowflakeError('100082', '22000', m[1]!)],
  [/(String '.*' is too long and would be truncated)/s, (m) => new SnowflakeError('100078', '22000', m[1]!)],
  [/(Failed to cast variant value .*)/s, (m) => new SnowflakeError('100071', '22000', m[1]!)],
  [
    /(The following string is not a legal \w+-encoded value: .*)/s,
    (m) => new SnowflakeError('100115', '22000', m[1]!),
  ],
  [/(Invalid UTF8 detected .*)/s, (m) => new SnowflakeError('100144', '22000', m[1]!)],
  [/(Not an array: .*)/s, (m) => new SnowflakeError('100107', '22000', m[1]!)],
  // The numbers of these are not documented.
  [
    /((?:Invalid character code|Duplicate field key|Invalid argument for function) .*)/s,
    (m) => new SnowflakeError('000603', 'XX000', m[1]!),
  ],
  [/(Error parsing URL: .*)/s, (m) => new SnowflakeError('100139', '22P02', m[1]!)],
  [
    /column "?(.+?)"? must appear in the GROUP BY clause/,
    (m) =>
      new SnowflakeError(
        '000979',
        '42601',
        `SQL compilation error:\n[${m[1]}] is not a valid group by expression`,
      ),
  ],
  [
    /More than one row returned by a subquery/,
    () => new SnowflakeError('090150', '22000', 'Single-row subquery returns more than one row.'),
  ],
  [
    /GROUPING statement cannot be used without groups|GROUPING child .* must be a grouping column/,
    () =>
      new SnowflakeError(
        '000979',
        '42601',
        'SQL compilation error:\nthe argument of GROUPING is not a valid group by expression',
      ),
  ],
  [
    /cannot contain window function/,
    () =>
      localRefusal(
        'a function that numbers rows in WHERE or in an aggregate',
        'the rows have no numbers there',
        'Compute it in a subquery.',
      ),
  ],
  // Its words are those of RE2, which Snowflake uses too.
  [
    /Invalid Input Error: ((?:missing [\])]|trailing \\|invalid \w+ (?:sequence|operator|class|group|repetition|UTF-8|capture)|no argument for repetition|bad repetition|unexpected \)|duplicate capture).*)/s,
    (m) => {
      const pattern = /: (.*)$/s.exec(m[1]!)?.[1] ?? '\\';
      return new SnowflakeError('100048', '2201B', `Invalid regular expression: '${pattern}', ${m[1]}`);
    },
  ],
  [/(Invalid regular expression: .*)/s, (m) => new SnowflakeError('100048', '2201B', m[1]!)],
  [/(Invalid floating point operation: .*)/, (m) => new SnowflakeError('100132', 'P0000', m[1]!)],
  [/Unknown TimeZone '(.*)'/s, (m) => new SnowflakeError('100042', '22023', `Unknown timezone: '${m[1]}'`)],
  [
    /Invalid number format '(.*)'/s,
    (m) => new SnowflakeError('100140', '22007', `Can't parse number with format '${m[1]}'`),
  ],
  [
    /Invalid input for hex digit|Invalid Input Error: Cannot decode|hex string/i,
    () => new SnowflakeError('100115', '22000', 'The following string is not a legal hex-encoded value'),
  ],
  [
    /Like pattern must not end with escape character/,
    () => new SnowflakeError('100197', '22025', 'Escape character at end of LIKE pattern'),
  ],
  [
    /Invalid escape string/,
    () => new SnowflakeError('100197', '22025', 'The escape string of LIKE must be one character.'),
  ],
  [
    /Failed to cast value to numerical: (.*?)(?: when casting from source column .*)?$/s,
    (m) => new SnowflakeError('100071', '22000', `Failed to cast variant value ${m[1]} to FIXED`),
  ],
  [
    /(?:Type \w+ with value|Failed to cast decimal value) (\S+) (?:can't be cast|to type)/,
    (m) => new SnowflakeError('100039', '22003', `Numeric value '${m[1]}' is out of range`),
  ],
  [
    /Date out of range: (\S+)|(Date|Timestamp) .*out of range|not in timestamp range/i,
    (m) => new SnowflakeError('100040', '22007', `Date '${m[1] ?? 'that was computed'}' is out of range`),
  ],
  [
    /(Invalid argument for function .*|Invalid day of week .*)/is,
    (m) => new SnowflakeError('000603', 'XX000', m[1]!),
  ],
  [
    /Overflow in|out of range|overflow/i,
    (m) =>
      new SnowflakeError(
        '100046',
        '22003',
        `Number out of representable range: ${/\(?-?[\d.]+ [-+*] -?[\d.]+\)?/.exec(m.input)?.[0] ?? 'the result of a function'}`,
      ),
  ],
];

/** The client's error for one of DuckDB's; anything unknown is passed on as it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof SnowflakeError || !(error instanceof Error)) return error;
  const thrown = handlerError(error);
  if (thrown) return thrown;
  if (/Interrupted|INTERRUPT/.test(error.message)) return error;
  // Behind it DuckDB shows the part of its own statement that it was about.
  const message = error.message.replace(/\n+LINE \d+:.*$/s, '');
  for (const [pattern, make] of RULES) {
    const match = pattern.exec(message);
    if (match) return make(match);
  }
  return error;
}
