/**
 * A plan in whose statements lists of columns are written out (statements/each.ts).
 * @param given lists; `others` are the columns but for the id
 * @example
 * expand('SELECT /*each columns~r.#1~, *\/', { columns: ['A', 'B'] }); // "SELECT r.A, r.B"
 */
export function expand<T>(value: T, given: Readonly<Record<string, readonly string[]>>): T {
  const { columns = [], id = [] } = given;
  const lists: typeof given = { ...given, others: columns.filter((name) => id.indexOf(name) < 0) };
  return mapTexts(value, (text) =>
    text.replace(/\/\*each (\w+)~([^~]*)~([^~]*?)\*\//g, (_, list: string, each: string, between: string) =>
      (lists[list] as readonly string[])
        .map((column) => {
          const words = column.split(' ');
          return each.replace(/#(\d)/g, (__, place: string) => words[Number(place) - 1] as string);
        })
        .join(between),
    ),
  );
}

/** A value with each of its texts replaced. */
export function mapTexts<T>(value: T, map: (text: string) => string): T {
  if (typeof value === 'string') return map(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map)) as T;
  if (value === null || typeof value !== 'object') return value;
  const made: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) made[key] = mapTexts(item, map);
  return made as T;
}
