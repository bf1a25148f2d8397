import vm from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { BatchTranslation, type TranslatedFunction } from '@local-cloud/snowflake/external/translation.js';
import { handlerSource } from '@local-cloud/snowflake/javascript/newer-syntax.js';
import type { HandlerSource } from '@local-cloud/snowflake/javascript/scalar.js';
import { NONE, type PackedNumbers, type PackedTexts } from '@local-cloud/snowflake/storage/packed-texts.js';
import { expect } from 'chai';

/** What is made of one batch, in whatever thread; the whole way is tested in external-functions.test.ts. */
describe('the translation of a batch', () => {
  const translator = (body: string): HandlerSource =>
    handlerSource({
      name: 'T',
      arguments: [{ name: 'EVENT', type: { kind: 'OBJECT' } }],
      returns: { kind: 'OBJECT' },
      strict: false,
      body,
    });
  const plain: TranslatedFunction = {
    name: 'F',
    returns: { kind: 'VARIANT' },
    url: 'https://a/f',
    zipped: false,
    context: {},
  };
  const bytes = (text: string) => new TextEncoder().encode(text);
  const data = '{"data":[[0,"ä"],[1,null]]}';

  it('refuses a translator with syntax that is newer than ES2017', () => {
    const newer = new BatchTranslation({ ...plain, request: translator('return {body: EVENT?.body};') }, 2);
    expect(() => newer.request(data)).to.throw(/SyntaxError: Unexpected token in T at/);
  });

  it('zips the rows as they are where there is no translator', () => {
    const { url, body } = new BatchTranslation({ ...plain, zipped: true }, 2).request(data);
    expect(url).to.equal('https://a/f');
    expect(gunzipSync(body).toString()).to.equal(data);
  });

  it('gives a cell for each row, NULL among them, in UTF-8', () => {
    const [{ bytes: texts, lengths }] = new BatchTranslation(plain, 3).answer({
      body: bytes('{"data":[[0,"ä"],[1,null],[2,[1.50]]]}'),
      json: true,
    }) as [PackedTexts];
    expect(Buffer.from(texts).toString()).to.equal('"ä"null[1.5]');
    expect([...lengths]).to.deep.equal([4, 4, 5]);
    const [{ lengths: objects }] = new BatchTranslation({ ...plain, returns: { kind: 'OBJECT' } }, 2).answer({
      body: bytes('{"data":[[0,null],[1,{}]]}'),
      json: true,
    }) as [PackedTexts];
    expect([...objects]).to.deep.equal([NONE, 2]);
  });

  it('gives members of each value beside it or alone, as they would stand in its JSON', () => {
    const data = [
      [0, { a: 1, b: { c: ['ä', null] }, d: null }],
      [1, null],
      [2, { b: '"', toString: 2 }],
      [3, {}],
    ];
    const answer = { body: bytes(JSON.stringify({ data })), json: true };
    const texts = ({ bytes: all, lengths }: PackedTexts) => {
      let at = 0;
      const text = (length: number) => {
        at += length;
        return Buffer.from(all).toString('utf8', at - length, at);
      };
      return [...lengths].map((length) => (length === NONE ? null : text(length)));
    };
    const columns = (body: string, whole: boolean, members: string[]) => {
      const of = {
        ...plain,
        returns: { kind: 'OBJECT' } as const,
        response: translator(body),
        wanted: { whole, members },
      };
      return new BatchTranslation(of, data.length)
        .answer({ ...answer, body: answer.body.slice() })
        .map((column) => texts(column as PackedTexts));
    };
    const members = ['a', 'b', 'd', 'toString'];
    const expected = [
      ['1', null, null, null],
      ['{"c":["ä",null]}', null, '"\\""', null],
      ['null', null, null, null],
      [null, null, '2', null],
    ];
    expect(columns('return {body: EVENT.body};', false, members)).to.deep.equal(expected);
    const [whole, ...others] = columns('return {body: EVENT.body};', true, members);
    expect(whole).to.deep.equal(data.map(([, value]) => (value === null ? null : JSON.stringify(value))));
    expect(others).to.deep.equal(expected);
    // What JSON makes of a value is what counts.
    const odd = `class Odd { get a() { return 7; } toJSON() { return {a: 1, b: new Date(0), d: [undefined]}; } }
      return {body: {data: EVENT.body.data.map(([n]) => [n, new Odd()])}};`;
    const told = columns(odd, true, ['a', 'b', 'd', 'toString']);
    const json = JSON.parse(told[0]![0]!) as Record<string, unknown>;
    expect(told.slice(1).map(([first]) => first)).to.deep.equal(
      ['a', 'b', 'd', 'toString'].map((name) =>
        Object.hasOwn(json, name) ? JSON.stringify(json[name]) : null,
      ),
    );
    expect(columns(odd, false, ['a', 'b', 'd', 'toString'])).to.deep.equal(told.slice(1));
  });

  it('gives members that are wanted as FLOATs as numbers, unless one is something else', () => {
    const columns = (values: unknown[]) => {
      const wanted = { whole: false, members: ['a', 'b'], floats: ['b'] };
      const of = { ...plain, returns: { kind: 'OBJECT' } as const, wanted };
      const data = values.map((value, n) => [n, value]);
      return new BatchTranslation(of, values.length).answer({
        body: bytes(JSON.stringify({ data })),
        json: true,
      });
    };
    const [a, b] = columns([{ a: 1, b: -0.5 }, { b: null }, null, { b: 1e300 }]) as [
      PackedTexts,
      PackedNumbers,
    ];
    expect([...a.lengths]).to.deep.equal([1, NONE, NONE, NONE]);
    expect([...b.numbers]).to.deep.equal([-0.5, 0, 0, 1e300]);
    expect([...b.nulls]).to.deep.equal([0, 1, 1, 0]);
    const odd = columns([{ b: 1 }, { b: '2' }])[1] as PackedTexts;
    expect(Buffer.from(odd.bytes).toString()).to.equal('1"2"');
  });

  it('enters a translator’s realm a few times a batch, however many rows it has: each time costs a thread', () => {
    const rows = 500;
    const of = {
      ...plain,
      request: translator('return {body: EVENT.body, translatorData: {more: 1}};'),
      response: translator(
        'return {body: {data: EVENT.body.data.map(([n, x]) => [n, {x: x + EVENT.translatorData.more}])}};',
      ),
    };
    const text = JSON.stringify({ data: Array.from({ length: rows }, (_, i) => [i, i]) });
    const { runInContext } = vm.Script.prototype;
    let timed = 0;
    vm.Script.prototype.runInContext = function (this: vm.Script, context, options) {
      if (options?.timeout !== undefined) timed++;
      return runInContext.call(this, context, options);
    };
    try {
      const batch = new BatchTranslation(of, rows);
      expect(Buffer.from(batch.request(text).body).toString()).to.equal(text);
      const [answer] = batch.answer({ body: bytes(text), json: true }) as [PackedTexts];
      expect(answer.lengths).to.have.length(rows);
      expect(Buffer.from(answer.bytes).toString()).to.match(/^\{"x":1\}\{"x":2\}.*\{"x":500\}$/);
    } finally {
      vm.Script.prototype.runInContext = runInContext;
    }
    expect(timed).to.be.within(1, 10);
  });
});
