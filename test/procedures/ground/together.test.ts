import { expect } from 'chai';
import { resultOf, together } from '../../../procedures/ground/together.js';
import {
  execute,
  query,
  queryFirst,
  type StatementStep,
  type Work,
} from '../../../procedures/ground/work.js';

/** Runs a work over answers. @param answer rows of a statement, or what it throws */
function run<T>(work: Work<T>, answer: (sql: string, binds: readonly unknown[]) => object[]) {
  const sent: string[] = [];
  let step = work.next();
  while (!step.done) {
    const { sql, binds } = step.value as StatementStep;
    sent.push(sql);
    let rows: object[];
    try {
      rows = answer(sql, binds);
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next({ rows, changed: rows.length });
  }
  return { result: step.value, sent };
}

/** What an account answers to `SELECT … AS N FROM X`, of which the values are those of tables. */
const account = (tables: Record<string, number | undefined>) => (sql: string, binds: readonly unknown[]) => {
  if (sql.startsWith('UPDATE')) {
    tables[String(binds[0])] = 7;
    return [];
  }
  if (sql.startsWith('SHOW')) return [{ name: 'LOS_WATCH' }];
  const names = [...sql.matchAll(/N FROM (\w+)/g)].map((found) => found[1]!);
  const rows = names.map((name, i) => {
    if (tables[name] === undefined) throw new Error(`${name} does not exist`);
    return { PART: i, FOUND: JSON.stringify({ N: tables[name] }), N: tables[name] };
  });
  return rows;
};
const count = (table: string) =>
  function* (): Work<number> {
    return Number((yield* queryFirst(`SELECT N FROM ${table}`))?.N);
  };

describe('works together', () => {
  it('ask at once what they read, round by round', () => {
    const twice = function* (): Work<number> {
      return (yield* count('A')()) + (yield* count('B')());
    };
    const { result, sent } = run(together([twice, count('B'), twice]), account({ A: 1, B: 2 }));
    expect(result.map(resultOf)).to.deep.equal([3, 2, 3]);
    expect(sent).to.have.length(2);
  });

  it('fail alone, and go on after what they take', () => {
    const patient = function* (): Work<number> {
      try {
        return yield* count('GONE')();
      } catch {
        return yield* count('B')();
      }
    };
    const { result, sent } = run(together([count('A'), count('GONE'), patient]), account({ A: 1, B: 2 }));
    expect(result[0]).to.deep.equal({ result: 1 });
    expect(() => resultOf(result[1]!)).to.throw('GONE does not exist');
    expect(result[2]).to.deep.equal({ result: 2 });
    expect(sent).to.have.length(1 + 3 + 1);
  });

  it('see what those before them have written, and none after', () => {
    const write = function* (): Work<number> {
      const before = yield* count('B')();
      yield* execute('UPDATE B SET N = 7', ['B']);
      return before;
    };
    const { result, sent } = run(together([count('B'), write, count('B')]), account({ B: 2 }));
    expect(result.map(resultOf)).to.deep.equal([2, 2, 7]);
    expect(sent).to.have.length(3);
  });

  it('ask by itself what Snowflake may refuse a procedure', () => {
    const shown = function* (): Work<number> {
      return (yield* query("SHOW TASKS LIKE 'LOS_%'")).length;
    };
    const history = function* (): Work<number> {
      return (yield* query('SELECT 1 FROM TABLE(X.INFORMATION_SCHEMA.TASK_HISTORY())')).length;
    };
    const { result, sent } = run(together([shown, count('A'), history, count('A')]), account({ A: 1 }));
    expect(result.map(resultOf)).to.deep.equal([1, 1, 0, 1]);
    expect(sent).to.have.length(3);
  });
});
