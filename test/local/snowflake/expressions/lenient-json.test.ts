import { lenientJson } from '@local-cloud/snowflake/expressions/json/lenient-json.js';
import { showUndefined, UNDEFINED } from '@local-cloud/snowflake/types/undefined.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('lenient JSON', () => {
  it('reads every JSON text as JSON.parse does, whatever its white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t', '  \n '), (value, indent) => {
        const read = lenientJson(JSON.stringify(value, null, indent));
        expect(JSON.parse(read)).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('gives what it wrote back unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = lenientJson(JSON.stringify(value, null, 1));
        expect(lenientJson(once)).to.equal(once);
      }),
    );
  });

  it('reads undefined elements as they are shown', () => {
    const items = fc.array(
      fc.oneof(
        fc.constant(UNDEFINED),
        fc.jsonValue().map((v) => JSON.stringify(v)),
      ),
    );
    fc.assert(
      fc.property(items, (all) => {
        const kept = lenientJson(`[${all.map(showUndefined).join(',')}]`);
        expect(lenientJson(showUndefined(kept))).to.equal(kept);
        expect(kept.split(UNDEFINED)).to.have.length(all.filter((item) => item === UNDEFINED).length + 1);
      }),
    );
  });

  for (const [text, json] of [
    ['NULL', 'null'],
    ['{a: \'x\', "B": TRUE}', '{"B":true,"a":"x"}'],
    ['[1, ,77]', `[1,${UNDEFINED},77]`],
    ['[false,]', `[false,${UNDEFINED}]`],
    ['{ /* c */ "x": 1 // d\n}', '{"x":1}'],
    ['0x1F', '31'],
    ['12345678901234567890123.10', '12345678901234567890123.10'],
    ["'it\\'s \\u00e9\\x41'", '"it\'s éA"'],
    ['[NaN, -Infinity, undefined]', `[null,null,${UNDEFINED}]`],
  ] as const)
    it(`reads ${text}`, () => {
      expect(lenientJson(text)).to.equal(json);
    });

  for (const [text, wrong] of [
    ['{"a":1,"a":2}', 'duplicate object attribute "a", pos 10'],
    ['[1 2]', 'missing comma, pos 3'],
    ['{"a" 1}', 'missing colon, pos 5'],
    ['abc', 'unknown keyword "abc", pos 3'],
    ['"abc', 'unterminated string, pos 4'],
    ['1 2', 'unexpected text behind the value, pos 2'],
  ] as const)
    it(`refuses ${text}`, () => {
      expect(() => lenientJson(text)).to.throw(wrong);
    });
});
