/**
 * DuckDB SQL of an associative operator over terms, as deep as the logarithm of their number: DuckDB takes about the
 * cube of a tree's depth to simplify it.
 */
export function balance(terms: string[], op: string): string {
  if (terms.length === 1) return terms[0]!;
  const half = terms.length >> 1;
  return `(${balance(terms.slice(0, half), op)} ${op} ${balance(terms.slice(half), op)})`;
}
