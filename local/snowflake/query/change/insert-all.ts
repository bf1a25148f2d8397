import type { Column, Table } from '../../catalog/objects.js';
import { STATEMENT_TYPE, type Statement, type StatementContext } from '../../kernel/statement.js';
import type { Expr, InsertValue, Name, Query } from '../../language/ast.js';
import type { TokenStream } from '../../language/lexer.js';
import { parseColumnList, parseValues } from '../../language/parse-dml.js';
import { parseExpression } from '../../language/parse-expression.js';
import { parseQuery, parseTableName } from '../../language/parse-query.js';
import { NUMBER } from '../../types/data-type.js';
import { bindQuery, condition, withClause } from '../bind/bind-query.js';
import { Binder } from '../bind/binder.js';
import { columnRef, Scope } from '../bind/scope.js';
import { probesOf, writing } from '../run/failed-column.js';
import { prepare } from '../run/run.js';
import { storeValue } from '../run/stored.js';
import { physicalName } from './recording.js';
import { columnOf, defaultOf, deleteRows, insertRows, targetTable, withTemporary } from './write.js';

interface Into {
  table: Name;
  columns: string[] | undefined;
  values: InsertValue[] | undefined;
}

/** INTO clauses under one condition; none: every row, or (ELSE) every row that no WHEN took. */
interface Branch {
  when: Expr | 'ELSE' | undefined;
  into: Into[];
}

interface InsertAll {
  overwrite: boolean;
  /** A row goes only where the first true WHEN sends it. */
  first: boolean;
  branches: Branch[];
  query: Query;
}

/** An INTO clause in DuckDB SQL over the query's rows. */
interface Target {
  name: Name;
  table: Table;
  columns: Column[];
  values: string[];
  test: string;
}

function parse(s: TokenStream): InsertAll {
  s.expect('INSERT');
  const overwrite = s.take('OVERWRITE');
  const first = s.take('FIRST');
  if (!first) s.expect('ALL');
  const branches: Branch[] = [];
  if (s.is('INTO')) branches.push({ when: undefined, into: parseInto(s) });
  while (s.take('WHEN')) {
    const when = parseExpression(s);
    s.expect('THEN');
    branches.push({ when, into: parseInto(s) });
  }
  if (branches.some(({ when }) => when) && s.take('ELSE'))
    branches.push({ when: 'ELSE', into: parseInto(s) });
  if (branches.length === 0) throw s.tokenError();
  const query = parseQuery(s);
  s.expectEnd();
  return { overwrite, first, branches, query };
}

function parseInto(s: TokenStream): Into[] {
  const into: Into[] = [];
  while (s.take('INTO')) {
    const table = parseTableName(s);
    const columns = parseColumnList(s);
    into.push({ table, columns, values: s.take('VALUES') ? parseValues(s) : undefined });
  }
  if (into.length === 0) throw s.tokenError();
  return into;
}

const ROWS = '$source';

/**
 * The rows of one query into several tables (docs: sql/insert-multi-table).
 * @returns rows inserted by table name, and rows that OVERWRITE cleared away
 */
async function run(context: StatementContext, insert: InsertAll) {
  const { account, session, binds, signal } = context;
  const b = new Binder(account, session, context.text, binds, true, signal);
  const query = bindQuery(b, insert.query);
  const scope = new Scope();
  const columns = query.columns.map((column, i) => ({ ...column, sql: columnRef(ROWS, `c${i + 1}`) }));
  scope.tables.push({ path: [], alias: ROWS, columns });
  const tests: string[] = [];
  const targets: Target[] = [];
  for (const { when, into } of insert.branches) {
    const own = when === undefined || when === 'ELSE' ? 'TRUE' : condition(b, when, scope);
    const others = insert.first || when === 'ELSE' ? tests.map((test) => ` AND (${test}) IS NOT TRUE`) : [];
    tests.push(own);
    for (const { table: name, columns: names, values } of into) {
      const table = targetTable(b, name, 'INSERT');
      if (insert.overwrite) account.access.require(session, 'DELETE', table);
      const wanted = names?.map((each) => columnOf(b, table, each)) ?? table.columns;
      const count = values?.length ?? columns.length;
      if (count !== wanted.length)
        throw b.error(
          '002020',
          '21S01',
          `Insert value list does not match column list expecting ${wanted.length} but got ${count}`,
        );
      const given = wanted.map((column, i) => {
        if (!values) return storeValue(b, columns[i]!, column).sql;
        const value = values[i];
        return (value ? storeValue(b, b.bind(value, scope), column) : defaultOf(b, table, column)).sql;
      });
      targets.push({ name, table, columns: wanted, values: given, test: `(${own})${others.join('')}` });
    }
  }
  for (const { table } of targets) await session.lock(table.id, signal);
  return prepare(b, withClause(b) + query.sql, (sql) =>
    withTemporary(b, sql, async (rows) => {
      const counts = new Map<string, number>();
      let deleted = 0;
      if (insert.overwrite)
        for (const table of new Set(targets.map((target) => target.table)))
          deleted += await deleteRows(b, table, physicalName(table));
      for (const { name, table, columns: wanted, values, test } of targets) {
        const list = values.map((value, i) => `${value} AS c${i + 1}`).join(', ');
        const select = (from: string) => `SELECT ${list} FROM ${from} AS "${ROWS}" WHERE ${test}`;
        const inserted = await writing(
          b,
          { name, table },
          () => probesOf(wanted, select(`(${sql})`)),
          () => insertRows(b, table, wanted, select(rows), { reads: 'unknown' }),
        );
        counts.set(table.name, (counts.get(table.name) ?? 0) + inserted);
      }
      return { counts: [...counts], deleted };
    }),
  );
}

/** INSERT ALL and INSERT FIRST: without conditions, or with WHEN … THEN … ELSE. */
export const insertAll: Statement = {
  leading: [
    ['INSERT', 'ALL'],
    ['INSERT', 'FIRST'],
    ['INSERT', 'OVERWRITE', 'ALL'],
    ['INSERT', 'OVERWRITE', 'FIRST'],
  ],
  dml: true,
  async run(context) {
    const { counts, deleted } = await run(context, parse(context.tokens));
    return {
      statementTypeId: STATEMENT_TYPE.MULTI_INSERT,
      changed: { deleted },
      columns: counts.map(([table]) => ({
        name: `number of rows inserted into ${table}`,
        type: NUMBER(19, 0),
        nullable: false,
      })),
      rows: [counts.map(([, count]) => String(count))],
    };
  },
};
