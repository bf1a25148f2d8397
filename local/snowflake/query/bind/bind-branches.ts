import { localRefusal } from '../../errors.js';
import { balance } from '../../expressions/balanced.js';
import type { QueryBody } from '../../language/ast.js';
import { unify } from '../../types/common-type.js';
import { bindBody, branchWidth } from './bind-query.js';
import type { Binder } from './binder.js';
import type { BoundQuery, OutputColumn, Scope } from './scope.js';

type SetBody = QueryBody & { kind: 'set' };

/** DuckDB needs about a second for so many, and the square of it for twice as many. */
const MOST_BRANCHES = 1000;

/**
 * The queries of a chain of one set operator, from left to right; of other chains just the two sides.
 * @throws SnowflakeError 000002 for more than anybody can wait for
 */
export function branchesOf(body: SetBody): QueryBody[] {
  if (body.byName) return [body.left, body.right];
  const branches: QueryBody[] = [];
  let left: QueryBody = body;
  while (left.kind === 'set' && left.op === body.op && left.all === body.all && !left.byName) {
    branches.push(left.right);
    left = left.left;
  }
  branches.push(left);
  if (branches.length > MOST_BRANCHES)
    throw localRefusal(
      `${branches.length} queries with ${body.op} between them`,
      `${MOST_BRANCHES} are the most that it puts together`,
      'Insert them into a table in parts.',
    );
  return branches.reverse();
}

/** Binds a chain of one set operator as a tree that is not deep (see balanced.ts). */
export function bindBranches(
  b: Binder,
  { op, all }: SetBody,
  branches: QueryBody[],
  scope: Scope,
): BoundQuery {
  const bound = branches.map((branch) => bindBody(b, branch, scope));
  const first = bound[0]!.columns;
  bound.forEach(({ columns }, i) => {
    if (columns.length !== first.length) throw branchWidth(b, first.length, columns.length, branches[i]!);
  });
  const selected: string[][] = bound.map(() => []);
  const columns = first.map(({ name }, i): OutputColumn => {
    const values = bound.map((query) => ({ ...query.columns[i]!, sql: `c${i + 1}` }));
    const common = unify(values, b.casts);
    common.values.forEach(({ sql }, branch) => {
      selected[branch]!.push(`${sql} AS c${i + 1}`);
    });
    return {
      name,
      type: common.type,
      nullable: values.some(({ nullable }) => nullable),
      untyped: values.every(({ untyped }) => untyped),
    };
  });
  const queries = bound.map(({ sql }, i) => `(SELECT ${selected[i]!.join(', ')} FROM (${sql}))`);
  if (op !== 'EXCEPT') return { sql: balance(queries, all ? `${op} ALL` : op), columns };
  // What is taken away one after the other may as well be taken away at once.
  return { sql: `${queries[0]} EXCEPT ${balance(queries.slice(1), 'UNION ALL')}`, columns };
}
