import { isSemiStructured, variantAsFloat } from '../../types/coerce.js';
import type { Wanted } from './binder.js';
import type { Answers } from './scope.js';

/** A path into a column of a FROM clause's only source; literals are matched so that nothing is looked for in them. */
const EXTRACT = /'(?:[^']|'')*'|json_extract\((("\$t\d+")\.("[^"]+")), ('(?:[^'*]|'')*')\)/g;

/** From so many paths into one value on they are taken at once. */
const MANY = 3;

/** DuckDB's clauses of a block: FROM, and those that may read what it gives. */
interface Clauses {
  from: string;
  clauses: string[];
}

/** A column into which many paths lead, and these. */
interface Shared {
  column: string;
  paths: string[];
}

/**
 * Takes the parts of a semi-structured value out of it at once: DuckDB reads a value's whole text for each path. Out of an external function's
 * answer the members are taken before it is a text.
 * @param answers what the source of FROM has its rows from
 * @returns the clauses, changed if FROM is one subquery and many paths lead into a column of it
 */
export function sharingPaths({ from, clauses }: Clauses, answers?: Answers): Clauses {
  const source = /^ FROM \((.*)\) AS ("\$t\d+")$/s.exec(from);
  if (!source) return { from, clauses };
  const [, inner, alias] = source as unknown as [string, string, string];
  const found = new Map<string, Set<string>>();
  for (const clause of clauses)
    for (const [, , of, column, path] of clause.matchAll(EXTRACT))
      if (of === alias) found.set(column!, (found.get(column!) ?? new Set()).add(path!));
  const shared = [...found]
    .filter(([, paths]) => paths.size >= MANY)
    .map(([column, paths]): Shared => ({ column, paths: [...paths] }));
  let out: Clauses = { from: inner, clauses };
  const rest = shared.filter((each) => {
    const less = answers && readFromAnswers(out, alias, each, answers);
    out = less ?? out;
    return !less;
  });
  if (rest.length === 0) return { from: ` FROM (${out.from}) AS ${alias}`, clauses: out.clauses };
  const parts = rest.map(
    ({ column, paths }, i) => `json_extract(${column}, [${paths.join(', ')}]) AS "$parts${i}"`,
  );
  return {
    from: ` FROM (SELECT *, ${parts.join(', ')} FROM (${out.from})) AS ${alias}`,
    clauses: replaceShared(out.clauses, alias, rest, (i, path) => `${alias}."$parts${i}"[${path + 1}]`),
  };
}

/** The clauses with something else in place of each path. @param by is given a column's and a path's place */
function replaceShared(
  clauses: string[],
  alias: string,
  shared: Shared[],
  by: (column: number, path: number) => string,
): string[] {
  const part = (all: string, _: string, of: string, column: string, path: string): string => {
    const i = of === alias ? shared.findIndex((each) => each.column === column) : -1;
    return i < 0 ? all : by(i, shared[i]!.paths.indexOf(path));
  };
  return clauses.map((clause) => clause.replace(EXTRACT, part));
}

/**
 * @param from the query that the source of FROM is
 * @returns the query with a column for each path, and the clauses that read these; undefined where the column is no answer as
 *   it came, or a path no member's name
 */
function readFromAnswers(
  { from, clauses }: Clauses,
  alias: string,
  { column, paths }: Shared,
  { step, columns }: Answers,
): Clauses | undefined {
  const name = column.slice(1, -1);
  const number = columns.get(name);
  const members = paths.map(memberOf);
  if (number === undefined || members.includes(undefined)) return undefined;
  if (!step.calls.every(({ routine }) => isSemiStructured(routine.returns))) return undefined;
  const answer = `"$external".v${number} AS ${name}`;
  const taken = members.map((_, i) => `"$external".v${number}_${i} AS "${name}$${i}"`);
  const part = (path: number) => `${alias}."${name}$${path}"`;
  let out = replaceShared(clauses, alias, [{ column, paths }], (_, path) => part(path));
  const floats: string[] = [];
  if (step.calls.length === 1 && !step.calls[0]!.routine.strict)
    for (const [path, member] of members.entries()) {
      const without = out.map((clause) => clause.replaceAll(variantAsFloat(part(path)), () => '?'));
      if (without.some((clause) => clause.includes(part(path)))) continue;
      out = out.map((clause) => clause.replaceAll(variantAsFloat(part(path)), () => part(path)));
      floats.push(member!);
    }
  const whole = out.some((clause) => clause.includes(`${alias}.${column}`));
  step.calls[number]!.wanted = { whole, members: members as string[], floats } satisfies Wanted;
  const read = whole ? answer : `CAST(NULL AS JSON) AS ${name}`;
  return { from: from.replace(answer, () => [read, ...taken].join(', ')), clauses: out };
}

/** The member that a path names; undefined for any other path. @param path a literal of DuckDB's */
function memberOf(path: string): string | undefined {
  return /^'\$\."([^"\\]+)"'$/.exec(path)?.[1]?.replaceAll("''", "'");
}
