const CLASSES: Record<string, string> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

const compiled = new Map<string, RegExp>();

/** What is wrong with a pattern, as RE2 says it: DuckDB's functions and Snowflake's do. */
function describeError(error: string): string {
  if (/Unterminated group/.test(error)) return 'missing )';
  if (/Unterminated character class/.test(error)) return 'missing ]';
  if (/Nothing to repeat/.test(error)) return 'no argument for repetition operator';
  if (/Unmatched '\)'/.test(error)) return 'unexpected )';
  return /\\ at end/.test(error) ? 'trailing \\' : 'invalid pattern';
}

/** A POSIX pattern, as Snowflake takes it, for JavaScript: `[[:digit:]]` becomes `[0-9]`. */
function toRegExp(pattern: string, parameters: string): RegExp {
  const key = `${parameters}\0${pattern}`;
  let regexp = compiled.get(key);
  if (!regexp) {
    const source = pattern.replace(/\[:(\w+):\]/g, (all, name: string) => CLASSES[name] ?? all);
    const flags = [...parameters].filter((flag) => 'ims'.includes(flag)).join('');
    try {
      regexp = new RegExp(source, `g${flags}`);
    } catch (error) {
      throw new Error(
        `Invalid regular expression: '${pattern}', ${describeError(String(error))}: ${pattern}`,
      );
    }
    if (compiled.size > 1000) compiled.clear();
    compiled.set(key, regexp);
  }
  return regexp;
}

/**
 * REGEXP_INSTR: where the n-th match from a position on begins, or (option 1) what follows it; with parameter e or a
 * group's number, of that group. 0 if there is no such match.
 */
export function matchPosition(
  subject: string,
  pattern: string,
  position: string,
  occurrence: string,
  option: string,
  parameters: string,
  group: string,
): string {
  const wanted = group === '' ? (parameters.includes('e') ? 1 : 0) : Number(group);
  const regexp = new RegExp(toRegExp(pattern, parameters), `d${toRegExp(pattern, parameters).flags}`);
  // The pattern sees nothing of what stands before the position.
  const before = Number(position) - 1;
  const matches = subject.slice(before).matchAll(regexp);
  let count = 0;
  for (const match of matches)
    if (++count === Number(occurrence)) {
      const [begin, end] = match.indices![wanted] ?? match.indices![0]!;
      return String(before + (option === '1' ? end : begin) + 1);
    }
  return '0';
}

/**
 * What a group of each match is, from a position on; null where there is none of that number.
 * @param group its number; '': with parameter e the first if the pattern has one, else the whole match
 */
function* matchesFrom(
  subject: string,
  pattern: string,
  position: string,
  parameters: string,
  group = '',
): Generator<string | null> {
  const matches = subject.slice(Number(position) - 1).matchAll(toRegExp(pattern, parameters));
  for (const match of matches) {
    const first = parameters.includes('e') && match.length > 1 ? 1 : 0;
    yield match[group === '' ? first : Number(group)] ?? null;
  }
}

/** REGEXP_SUBSTR: the n-th match, or a group of it; null if there is none. */
export function matchText(
  subject: string,
  pattern: string,
  position: string,
  occurrence: string,
  parameters: string,
  group: string,
): string | null {
  let count = 0;
  for (const found of matchesFrom(subject, pattern, position, parameters, group))
    if (++count === Number(occurrence)) return found;
  return null;
}

/** REGEXP_SUBSTR_ALL: the matches from the n-th on, as JSON. */
export function matchAll(
  subject: string,
  pattern: string,
  position: string,
  occurrence: string,
  parameters: string,
  group: string,
): string {
  const found = [...matchesFrom(subject, pattern, position, parameters, group)];
  return JSON.stringify(found.slice(Number(occurrence) - 1));
}

/** REGEXP_COUNT. */
export function countMatches(subject: string, pattern: string, position: string, parameters: string): string {
  return String([...matchesFrom(subject, pattern, position, parameters.replaceAll('e', ''))].length);
}

/** REGEXP_LIKE: 1 where the pattern matches all of the text. */
export function matchesWhole(subject: string, pattern: string, parameters: string): string {
  const regexp = toRegExp(`^(?:${pattern})$`, parameters.replaceAll('m', ''));
  regexp.lastIndex = 0;
  return regexp.test(subject) ? '1' : '0';
}

/**
 * REGEXP_REPLACE from a position on (1 is the first character), of the n-th match only or, with 0, of all.
 * `\1` in the replacement is a group of the match.
 */
export function replaceOccurrence(
  subject: string,
  pattern: string,
  replacement: string,
  position: string,
  occurrence: string,
  parameters: string,
): string {
  const from = Number(position) - 1;
  const wanted = Number(occurrence);
  let count = 0;
  const replaced = subject
    .slice(from)
    .replace(toRegExp(pattern, parameters), (match, ...groups: unknown[]) => {
      count++;
      if (wanted !== 0 && count !== wanted) return match;
      return replacement.replace(/\\(\d)/g, (_all, n: string) =>
        n === '0' ? match : String(groups[Number(n) - 1] ?? ''),
      );
    });
  return subject.slice(0, from) + replaced;
}
