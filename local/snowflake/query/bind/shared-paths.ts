/** A path into a column of a FROM clause's only source; literals are matched so that nothing is looked for in them. */
const EXTRACT = /'(?:[^']|'')*'|json_extract\((("\$t\d+")\.("[^"]+")), ('(?:[^'*]|'')*')\)/g;

/** From so many paths into one value on they are taken at once. */
const MANY = 3;

/** DuckDB's clauses of a block: FROM, and those that may read what it gives. */
interface Clauses {
  from: string;
  clauses: string[];
}

/**
 * Takes the parts of a semi-structured value out of it at once: DuckDB reads a value's whole text for each path.
 * @returns the clauses, changed if FROM is one subquery and many paths lead into a column of it
 */
export function sharingPaths({ from, clauses }: Clauses): Clauses {
  const source = /^ FROM \((.*)\) AS ("\$t\d+")$/s.exec(from);
  if (!source) return { from, clauses };
  const [, inner, alias] = source;
  const paths = new Map<string, Set<string>>();
  for (const clause of clauses)
    for (const [, , of, column, path] of clause.matchAll(EXTRACT))
      if (of === alias) paths.set(column!, (paths.get(column!) ?? new Set()).add(path!));
  const shared = [...paths]
    .filter(([, of]) => of.size >= MANY)
    .map(([column, of]) => ({ column, of: [...of] }));
  if (shared.length === 0) return { from, clauses };
  const parts = shared.map(
    ({ column, of }, i) => `json_extract(${column}, [${of.join(', ')}]) AS "$parts${i}"`,
  );
  const part = (all: string, _: string, of: string, column: string, path: string): string => {
    const i = of === alias ? shared.findIndex((each) => each.column === column) : -1;
    return i < 0 ? all : `${alias}."$parts${i}"[${shared[i]!.of.indexOf(path) + 1}]`;
  };
  return {
    from: ` FROM (SELECT *, ${parts.join(', ')} FROM (${inner})) AS ${alias}`,
    clauses: clauses.map((clause) => clause.replace(EXTRACT, part)),
  };
}
