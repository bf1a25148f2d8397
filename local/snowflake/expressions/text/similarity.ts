import { NUMBER, TEXT } from '../../types/data-type.js';
import { type FunctionSpec, fn, result } from '../function.js';
import { native } from '../native.js';

const CODES: Record<string, string> = {};
for (const [code, letters] of Object.entries({
  1: 'BFPV',
  2: 'CGJKQSXZ',
  3: 'DT',
  4: 'L',
  5: 'MN',
  6: 'R',
}))
  for (const letter of letters) CODES[letter] = code;

/**
 * The first letter and three digits for what follows it. Letters of one code count once if nothing, H or W stands
 * between them. @param p123 the second letter counts even if it has the first one's code
 */
export function soundex(text: string, p123 = false): string {
  const letters = [...text.toUpperCase()].filter((c) => c >= 'A' && c <= 'Z');
  const [first, ...rest] = letters;
  if (!first) return '';
  let out = first;
  let before = p123 ? undefined : CODES[first];
  for (const letter of rest) {
    const code = CODES[letter];
    if (code && code !== before) out += code;
    if (letter !== 'H' && letter !== 'W') before = code;
    if (out.length === 4) break;
  }
  // The first letter stays as it is written.
  const written = /[a-z]/i.exec(text)![0];
  return (written + out.slice(1)).padEnd(4, '0');
}

/** How alike two texts are by Jaro and Winkler, as a percentage without its fraction; case does not count. */
export function jaroWinkler(left: string, right: string): number {
  const [a, z] = [[...left.toLowerCase()], [...right.toLowerCase()]];
  if (a.length === 0 || z.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, z.length) / 2) - 1);
  const taken = new Array<boolean>(z.length).fill(false);
  const matched = a.flatMap((c, i) => {
    const from = Math.max(0, i - reach);
    const at = z.findIndex((other, j) => j >= from && j <= i + reach && !taken[j] && other === c);
    if (at < 0) return [];
    taken[at] = true;
    return [c];
  });
  const m = matched.length;
  if (m === 0) return 0;
  const others = z.filter((_c, j) => taken[j]);
  const swaps = Math.floor(matched.filter((c, i) => c !== others[i]).length / 2);
  const jaro = (m / a.length + m / z.length + (m - swaps) / m) / 3;
  // Winkler looks at four letters at most; the documented values need more.
  // Texts that are hardly alike get nothing for how they begin.
  if (jaro <= 0.7) return Math.floor(jaro * 100 + 1e-9);
  let prefix = 0;
  while (prefix < 10 && a[prefix] !== undefined && a[prefix] === z[prefix]) prefix++;
  return Math.floor((jaro + prefix * 0.1 * (1 - jaro)) * 100 + 1e-9);
}

const text = TEXT();

/** docs.snowflake.com/en/sql-reference/functions/jarowinkler_similarity, /soundex, /editdistance. */
export const similarityFunctions: FunctionSpec[] = [
  fn('EDITDISTANCE', 2, 3, (args, { b }) => {
    const [a, z] = args.map((arg) => b.cast(arg, text).sql);
    const distance = `levenshtein(${a}, ${z})`;
    if (!args[2]) return result(distance, NUMBER(18, 0), args);
    const most = `CAST(${b.cast(args[2], NUMBER(38, 0)).sql} AS BIGINT)`;
    return result(
      `CASE WHEN ${most} IS NOT NULL THEN least(${distance}, greatest(${most}, 0)) END`,
      NUMBER(18, 0),
      args,
    );
  }),
  fn('JAROWINKLER_SIMILARITY', 2, 2, (args, { b }) => {
    const run = native(b, 'jarowinkler', 2, (a, z) => String(jaroWinkler(a, z)));
    const list = args.map((arg) => b.cast(arg, text).sql).join(', ');
    return result(`CAST(${run}(${list}) AS BIGINT)`, NUMBER(18, 0), args);
  }),
  ...[false, true].map((p123) =>
    fn(p123 ? 'SOUNDEX_P123' : 'SOUNDEX', 1, 1, (args, { b }) => {
      const run = native(b, p123 ? 'soundex_p123' : 'soundex', 1, (value) => soundex(value, p123));
      return result(`${run}(${b.cast(args[0]!, text).sql})`, text, args);
    }),
  ),
];
