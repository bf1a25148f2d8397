import { execFileSync } from 'node:child_process';
import type { Routine } from '@local-cloud/snowflake/catalog/objects.js';
import type { SnowflakeError } from '@local-cloud/snowflake/errors.js';
import { handlerSource } from '@local-cloud/snowflake/javascript/newer-syntax.js';
import type { Request } from '@local-cloud/snowflake/javascript/procedure-api.js';
import { runHandler, type Surroundings } from '@local-cloud/snowflake/javascript/procedure-host.js';
import { compileScalar } from '@local-cloud/snowflake/javascript/scalar.js';
import {
  ARRAY,
  BOOLEAN,
  DATE,
  type DataType,
  FLOAT,
  OBJECT,
  TEXT,
  VARIANT,
} from '@local-cloud/snowflake/types/data-type.js';
import { expect } from 'chai';

function udf(body: string, args: [string, DataType][], returns: DataType, strict = false): Routine {
  return {
    kind: 'FUNCTION',
    id: 1,
    name: 'F',
    owner: '',
    comment: '',
    createdOn: 0,
    database: 'D',
    schema: 'S',
    language: 'JAVASCRIPT',
    arguments: args.map(([name, type]) => ({ name, type })),
    returns,
    nullable: true,
    strict,
    volatility: 'VOLATILE',
    executeAs: 'OWNER',
    secure: false,
    body,
  };
}
/** A function that is called for one row. */
function compiled(routine: Routine) {
  const handler = compileScalar(handlerSource(routine));
  return {
    one(values: readonly unknown[]): unknown {
      let result: unknown;
      const setItem = (_row: number, value: unknown) => {
        result = value;
      };
      handler.run(
        values.map((value) => ({ getItem: () => value })),
        1,
        { setItem },
      );
      return result;
    },
  };
}
const failure = (run: () => unknown): SnowflakeError => {
  try {
    run();
  } catch (error) {
    return error as SnowflakeError;
  }
  throw new Error('it did not fail');
};

describe('a JavaScript UDF', () => {
  it('leaves undefined elements out of a VARIANT, and no member or element that is null', () => {
    const body = `return {a: null, b: [undefined, null, 1, undefined], c: 'x,null', d: [[undefined], {e: [2, undefined]}], f: new Date(NaN), g: undefined};`;
    expect(compiled(udf(body, [], VARIANT)).one([])).to.equal(
      '{"a":null,"b":[null,1],"c":"x,null","d":[[],{"e":[2]}],"f":null}',
    );
    expect(compiled(udf('return {low: null, days: 3};', [], OBJECT)).one([])).to.equal(
      '{"low":null,"days":3}',
    );
  });

  it('sees upper-case arguments, dates as Date and objects as objects of its own realm', () => {
    const handler = compiled(
      udf(
        'return [X + 1, D instanceof Date, D.getUTCFullYear(), O.a instanceof Array].join()',
        [
          ['X', FLOAT],
          ['D', DATE],
          ['O', OBJECT],
        ],
        TEXT(),
      ),
    );
    expect(handler.one([41, '20000', '{"a":[1]}'])).to.equal('42,true,2024,true');
  });
  it('may have names of its own that the language has too', () => {
    const body =
      'const Math = {max: () => 7}; let Set = 1; var JSON = "j"; return [Math.max(1, 2), Set, JSON, Map].join()';
    expect(compiled(udf(body, [['Map', TEXT()]], TEXT())).one(['m'])).to.equal('7,1,j,m');
    expect(compiled(udf('return Math.max(1, 2) + typeof this.Math', [], TEXT())).one([])).to.equal('2object');
  });
  it('tells SQL NULL (undefined) from a JSON null', () => {
    const handler = compiled(
      udf('return V === undefined ? "sql" : V === null ? "json" : "value"', [['V', VARIANT]], TEXT()),
    );
    expect([handler.one([null]), handler.one(['null']), handler.one(['1'])]).to.deep.equal([
      'sql',
      'json',
      'value',
    ]);
  });
  it('returns NULL for undefined, JSON null from a VARIANT, and drops undefined members', () => {
    expect(compiled(udf('return undefined', [], VARIANT)).one([])).to.equal(null);
    expect(compiled(udf('return null', [], VARIANT)).one([])).to.equal('null');
    expect(compiled(udf('return null', [], TEXT())).one([])).to.equal(null);
    expect(compiled(udf('return {a: 1, b: undefined}', [], OBJECT)).one([])).to.equal('{"a":1}');
    expect(compiled(udf('return [1, undefined, null, [undefined]]', [], ARRAY)).one([])).to.equal(
      '[1,null,[]]',
    );
    expect(compiled(udf('return new Date(86400000)', [], DATE)).one([])).to.equal('1');
    expect(compiled(udf('return 1', [], BOOLEAN)).one([])).to.equal(true);
    expect(failure(() => compiled(udf('return {}', [], ARRAY)).one([])).message).to.contain('to ARRAY');
  });
  it('is not called for NULL when STRICT', () => {
    expect(compiled(udf('return "called"', [['X', FLOAT]], TEXT(), true)).one([null])).to.equal(null);
  });
  it('fails with Snowflake’s words, line and position', () => {
    const error = failure(() => compiled(udf('\n  return missing;', [], TEXT())).one([]));
    expect(error.code).to.equal('100132');
    expect(error.message).to.equal(
      "JavaScript execution error: Uncaught ReferenceError: missing is not defined in F at '  return missing;' position 2\nstackstrace: \nF line: 2",
    );
    for (const body of ['return (;', 'return 1}; function more() { return 2'])
      expect(failure(() => compiled(udf(body, [], TEXT()))).code, body).to.equal('100131');
  });
  it('has neither eval nor anything of Node', () => {
    const handler = compiled(
      udf('return [typeof process, typeof require, typeof console, typeof setTimeout].join()', [], TEXT()),
    );
    expect(handler.one([])).to.equal('undefined,undefined,undefined,undefined');
    expect(failure(() => compiled(udf('return eval("1")', [], TEXT())).one([])).message).to.contain(
      'EvalError',
    );
  });
  it('has no gc() either, where the local cloud has one', () => {
    const sandbox = import.meta.resolve('@local-cloud/snowflake/javascript/sandbox.js');
    const script = `import vm from 'node:vm';
import { createRealm } from ${JSON.stringify(sandbox)};
console.log(typeof gc, vm.runInContext('typeof gc', createRealm()));`;
    const said = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script]);
    expect(String(said).trim()).to.equal('function undefined');
  });
});

describe('a JavaScript procedure', () => {
  const call = (
    body: string,
    values: [string, string, string | null][] = [],
    returns = 'TEXT',
    answer?: (r: Request) => unknown,
  ) =>
    runHandler(
      {
        name: 'P',
        parameters: values.map(([name, kind]) => ({ name, kind })),
        values: values.map((v) => v[2]),
        body,
        returns,
        timezone: 'UTC',
      },
      around(async (request) => (answer?.(request) ?? { error: { message: 'none' } }) as never),
    );
  const around = (answer: Surroundings['answer']): Surroundings => ({
    answer,
    tell: () => undefined,
    recordFailure: () => undefined,
  });
  const rows = {
    queryId: 'q1',
    columns: [
      { name: 'N', kind: 'NUMBER', scale: 0, nullable: true },
      { name: 'T', kind: 'TIMESTAMP_NTZ', scale: 9, nullable: true },
      { name: 'V', kind: 'VARIANT', scale: 0, nullable: true },
    ],
    rows: [
      ['7', '86400.500000000', '{"a":1}'],
      [null, null, null],
    ],
  };

  it('executes statements synchronously and reads their rows', async () => {
    const body = `
      var s = snowflake.createStatement({sqlText: 'select :1', binds: [5]});
      var r = s.execute(), out = [];
      while (r.next()) out.push([r.getColumnValue(1), r.getColumnValue('N'), r.getColumnValue('T'), r.getColumnValue(3)]);
      return {out, rows: s.getRowCount(), type: s.getColumnType(1), id: s.getQueryId(), x: X};`;
    let seen: unknown;
    const result = await call(body, [['X', 'FLOAT', '1.5']], 'VARIANT', (request) => {
      seen = request;
      return rows;
    });
    expect(seen).to.deep.equal({ execute: 'select :1', binds: [{ type: 'REAL', value: '5' }] });
    expect(JSON.parse(result!)).to.deep.equal({
      out: [
        [7, 7, '1970-01-02 00:00:00.500 +0000', { a: 1 }],
        [null, null, null, null],
      ],
      rows: 2,
      type: 'number',
      id: 'q1',
      x: 1.5,
    });
  });
  it('catches SQL errors with code, state and stackTraceTxt', async () => {
    const body = `try { snowflake.execute({sqlText: 'bad'}); } catch (e) { return [e.code, e.state, e.message, e.stackTraceTxt, e instanceof Error].join('|'); }`;
    const missing = { code: '002003', state: '42S02', message: 'no such table' };
    expect(await call(body, [], 'TEXT', () => ({ error: missing }))).to.equal(
      '2003|42S02|no such table|Snowflake.execute, line 1 position 16|true',
    );
  });
  it('fails with the statement’s error when it does not catch it', async () => {
    const error = await call(`\nsnowflake.execute({sqlText: 'bad'});`, [], 'TEXT', () => ({
      error: { code: '002003', state: '42S02', message: 'no such table' },
    })).catch((e) => e);
    expect(error.code).to.equal('100183');
    expect(error.message).to.equal(
      'Execution error in store procedure P:\nno such table\nAt Snowflake.execute, line 2 position 10',
    );
  });
  it('may throw a string', async () => {
    const error = await call(`throw 'enough'`).catch((e) => e);
    expect(error.message).to.equal('JavaScript execution error: Uncaught enough in P');
  });
  it('is stopped by an abort, and the next call works', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const error = await runHandler(
      { name: 'P', parameters: [], values: [], body: 'while (true);', returns: 'TEXT', timezone: 'UTC' },
      around(async () => ''),
      stop.signal,
    ).catch((e) => e);
    expect(error.code).to.equal('000604');
    expect(await call('return 1')).to.equal('1');
  });
  it('makes a thousand round trips in under two seconds of the processor', async () => {
    const before = process.cpuUsage();
    await call(
      `for (let i = 0; i < 1000; i++) snowflake.execute({sqlText: 'select 1'});`,
      [],
      'TEXT',
      () => rows,
    );
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).to.be.below(2000);
  });
});
