import { newerSyntax } from '@local-cloud/snowflake/javascript/newer-syntax.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('JavaScript in the local Snowflake', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());

  const created = async (body: string) => {
    await client.rows(
      `CREATE OR REPLACE FUNCTION newer() RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$${body}$$`,
    );
    await client.rows(
      `CREATE OR REPLACE PROCEDURE newer() RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$${body}$$`,
    );
  };
  const refused: [what: string, body: string, message: RegExp][] = [
    [
      'optional chaining',
      'return ({})?.a;',
      /SyntaxError: Unexpected token in NEWER at 'return \(\{\}\)\?\.a;' position 12/,
    ],
    ['??', 'var a = null;\nreturn a ?? 1;', /in NEWER at 'return a \?\? 1;' position 10/],
    ['private fields', 'class C { #x = 1; }\nreturn 1;', /SyntaxError/],
    ['object spread', 'return {...{}};', /SyntaxError/],
    ['lookbehind', 'return /(?<=a)b/.test("ab");', /Invalid regular expression/],
    ['globalThis', 'return globalThis === undefined;', /globalThis is not defined/],
    ['BigInt', 'return String(BigInt(1));', /BigInt is not defined/],
    ['Array.prototype.flatMap', 'return [1].flatMap(x => x);', /flatMap is not a function/],
    ['Object.fromEntries', 'return Object.fromEntries([]);', /fromEntries is not a function/],
    ['String.prototype.replaceAll', 'return "a".replaceAll("a", "b");', /replaceAll is not a function/],
  ];
  for (const [what, body, message] of refused)
    it(`is held to ES2017, because no page names the level of the engine: ${what}`, async () => {
      await created(body);
      expect((await client.error('SELECT newer()')).message).to.match(message);
      expect((await client.error('CALL newer()')).message).to.match(message);
    });

  it('looks at a body once, by itself and its arguments', () => {
    for (let time = 0; time < 2; time++) {
      expect(newerSyntax(['A'], 'return A ?? 1;')).to.deep.include({ line: 1, column: 23 });
      expect(newerSyntax(['A'], 'return A ? 1 : 2;')).to.equal(undefined);
      expect(newerSyntax(['AB'], 'return A ?? 1;')).to.deep.include({ line: 1, column: 24 });
    }
  });

  it('takes what ES2017 has', async () => {
    await created(
      "const {a} = {a: 1}; return [a ** 2, [1, 2].includes(2), Object.entries({b: 1}), '7'.padStart(2, '0')];",
    );
    const expected = [1, true, [['b', 1]], '07'];
    expect(await client.value('SELECT newer()')).to.deep.equal(expected);
    expect(await client.value('CALL newer()')).to.deep.equal(expected);
  });

  it('keeps a global that is made by assignment from row to row', async () => {
    await client.rows(
      "CREATE OR REPLACE FUNCTION counted(x FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$if (typeof made === 'undefined') made = {n: 0}; return ++made.n;$$",
    );
    expect(await client.value('SELECT MAX(counted(SEQ4())) FROM TABLE(GENERATOR(ROWCOUNT => 3))')).to.equal(
      3,
    );
  });
});
