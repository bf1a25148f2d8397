import { messageOf } from '../../deploy/errors.js';
import { breaks, type Check, holds } from '../../doctor/check.js';
import type { FirstDay } from '../scene.js';

/** Makes and calls a procedure; what it returns, or the error's first line. */
async function outcome(
  { ctx, schema }: FirstDay,
  body: string,
): Promise<{ value?: unknown; error?: string }> {
  const name = `${schema}.PROBE`;
  try {
    await ctx.snowflake.execute(
      `CREATE OR REPLACE PROCEDURE ${name}() RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$${body}$$`,
    );
    const [row] = await ctx.snowflake.query(`CALL ${name}()`);
    const value = Object.values(row ?? {})[0];
    // A VARIANT arrives as what it holds, or as its JSON.
    return { value: value === 'true' ? true : value };
  } catch (error) {
    return { error: messageOf(error).split('\n')[0] ?? '' };
  }
}

/** The procedure's body that runs a query of one value, with a number bound, and returns the value. */
const bound = (query: string, number: number) =>
  `const r = snowflake.execute({sqlText: '${query}', binds: [${number}]}); r.next(); return r.getColumnValue(1);`;

/** Features newer than ES2017, by the year; bodies use none of it. */
const NEWER: Readonly<Record<string, string>> = {
  'object spread (ES2018)': 'return {...{a: 1}}.a === 1;',
  'flatMap (ES2019)': 'return [1].flatMap(function (x) { return [x]; }).length === 1;',
  '?. and ?? (ES2020)': 'var o = {a: null}; return (o?.a ?? 1) === 1;',
  'globalThis (ES2020)': "return typeof globalThis === 'object';",
  'replaceAll (ES2021)': "return 'aa'.replaceAll('a', 'b') === 'bb';",
};

const OLD = `const pairs = Object.entries({b: 2});
class C { get v() { return 3 ** 2; } }
const { a } = { a: [1, 2].includes(2) };
return a && pairs[0][1] === 2 && new C().v === 9 && '7'.padStart(2, '0') === '07' && [...'ab'].length === 2;`;

export const javascriptChecks: readonly Check<FirstDay>[] = [
  {
    name: 'javascript-level',
    asks: 'Which level of JavaScript does the engine have?',
    async look(day) {
      const old = await outcome(day, OLD);
      if (old.value !== true)
        return breaks(
          `ES2017 is not understood: ${old.error ?? 'false'}`,
          'No body of predict-los runs in this account. Send this file back: the bodies must be compiled to an older level.',
        );
      const known: string[] = [];
      for (const [what, body] of Object.entries(NEWER))
        if ((await outcome(day, body)).value === true) known.push(what);
      return holds(
        `ES2017 runs; of what is newer: ${known.join(', ') || 'nothing'}`,
        'Bodies are compiled to ES2017, so any level from there on will do.',
      );
    },
  },
  {
    name: 'javascript-binds',
    asks: 'As what type does a procedure bind a whole number?',
    async look(day) {
      const { value, error } = await outcome(day, bound('SELECT SYSTEM$TYPEOF(?)', 1));
      const time = 'SELECT TO_VARCHAR(TO_TIMESTAMP_LTZ(?::NUMBER(38,0), 3)) IS NOT NULL';
      const cast = await outcome(day, bound(time, 1732500000000));
      const saw = `${error ?? String(value)}; with ::NUMBER(38,0) TO_TIMESTAMP_LTZ ${cast.value === true ? 'takes it' : `says: ${cast.error}`}`;
      return cast.value === true
        ? holds(saw, 'Numbers are cast where their type matters, so both types will do.')
        : breaks(saw, 'A procedure that binds a time fails. Send this file back.');
    },
  },
  {
    name: 'javascript-state',
    asks: 'Does a global that a UDF makes by assignment last from row to row?',
    means:
      'The tables of a model are made once where globals last, else at every row: slower, with the same result.',
    async look({ ctx, schema }) {
      const name = `${schema}.COUNTED`;
      await ctx.snowflake.execute(
        `CREATE OR REPLACE FUNCTION ${name}(X FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$if (typeof los_made === 'undefined') los_made = {n: 0}; return ++los_made.n;$$`,
      );
      const [row] = await ctx.snowflake.query(
        `SELECT MAX(${name}(SEQ4())) AS N FROM TABLE(GENERATOR(ROWCOUNT => 1000))`,
      );
      const n = Number(row?.N);
      return holds(n > 1 ? `it lasted for up to ${n} of 1,000 rows` : 'it was forgotten at every row');
    },
  },
];
