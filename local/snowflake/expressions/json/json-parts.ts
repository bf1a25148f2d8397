/**
 * Takes valid JSON apart one level deep and leaves the parts as they are written, so that numbers keep their digits.
 */

/** The items of an array, or the members of an object (`"key":value`), as text. */
function parts(json: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let begin = -1;
  for (let at = 0; at < json.length; at++) {
    const c = json[at]!;
    if (c === '"') {
      if (begin < 0) begin = at;
      for (at++; json[at] !== '"'; at++) if (json[at] === '\\') at++;
    } else if (c === '[' || c === '{') {
      if (depth++ === 1 && begin < 0) begin = at;
    } else if (c === ']' || c === '}') {
      if (--depth === 0 && begin >= 0) found.push(json.slice(begin, at).trim());
    } else if (c === ',' && depth === 1) {
      found.push(json.slice(begin, at).trim());
      begin = -1;
    } else if (begin < 0 && depth === 1 && /\S/.test(c)) begin = at;
  }
  return found;
}

/** The items of an array; undefined if the text is none. */
export function itemsOf(json: string): string[] | undefined {
  return json.trimStart().startsWith('[') ? parts(json) : undefined;
}

export const arrayOf = (items: string[]): string => `[${items.join(',')}]`;

/** The members of an object by key; undefined if the text is none. */
export function membersOf(json: string): Map<string, string> | undefined {
  if (!json.trimStart().startsWith('{')) return undefined;
  return new Map(
    parts(json).map((member): [string, string] => {
      const key = /^"(?:[^"\\]|\\.)*"/.exec(member)![0];
      const value = member.slice(key.length).replace(/^\s*:\s*/, '');
      return [JSON.parse(key) as string, value];
    }),
  );
}

/** An object with its keys in order, as Snowflake keeps them. */
export function objectOf(members: Map<string, string>): string {
  const sorted = [...members].sort(([a], [z]) => (a < z ? -1 : 1));
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}
