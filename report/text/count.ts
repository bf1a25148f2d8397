/** A number with its noun: `1 row`, `2,000 rows`, `3 categories`. @param many the plural, where it takes more than an s */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
