import { NUMBER, OBJECT, TEXT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { type FunctionSpec, fn, literal } from '../function.js';
import { native } from '../native.js';

/** The parts of a URL as JSON, with the keys in order. @throws Error that tells what is missing */
export function urlParts(url: string): string {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1];
  if (!scheme) throw new Error('scheme not specified');
  const found = /^(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url.slice(scheme.length + 1))!;
  const [, authority, path = '', query, fragment] = found;
  const port = /:(\d+)$/.exec(authority ?? '')?.[1];
  const host = authority === undefined ? null : port ? authority.slice(0, -port.length - 1) : authority;
  const pairs = query?.split('&').map((pair): [string, string | null] => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair, null] : [pair.slice(0, at), pair.slice(at + 1)];
  });
  const parameters = pairs && Object.fromEntries(pairs.sort(([a], [z]) => (a < z ? -1 : Number(a > z))));
  return JSON.stringify({
    fragment: fragment ?? null,
    host,
    parameters: parameters ?? null,
    path: path.replace(/^\//, ''),
    port: port ?? null,
    query: query ?? null,
    scheme: scheme.toLowerCase(),
  });
}

/** PARSE_URL(url [, permissive]): docs.snowflake.com/en/sql-reference/functions/parse_url. */
export const urlFunctions: FunctionSpec[] = [
  fn('PARSE_URL', 1, 2, ([url, permissive], call) => {
    const lenient = permissive !== undefined && Number(literal(permissive, call)) === 1;
    const run = native(call.b, 'parse_url', 2, (text, mode) => {
      try {
        return urlParts(text);
      } catch (error) {
        const { message } = error as Error;
        if (mode === '1') return JSON.stringify({ error: message });
        throw new Error(`Error parsing URL: ${message}`);
      }
    });
    const sql = `CAST(${run}(${call.b.cast(url!, TEXT()).sql}, ${quote(lenient ? '1' : '0')}) AS JSON)`;
    return { sql, type: OBJECT, nullable: url!.nullable };
  }),
  fn('RTRIMMED_LENGTH', 1, 1, ([value], call) => ({
    sql: `length(rtrim(${call.b.cast(value!, TEXT()).sql}, ' '))`,
    type: NUMBER(18, 0),
    nullable: value!.nullable,
  })),
];
