import { expect } from 'chai';
import fc from 'fast-check';
import { printable, printableJson } from '../../../procedures/notifying/printable.js';

/** Every character that may not leave, and some that may. */
const text = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('\u2028', '\u202e', '\u2066', '\u2069', '\r\n', 'é', 'ש', '中', '😀', '\u200f'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});

/** By Unicode's own properties, without tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]|[\u2028-\u202e\u2066-\u2069]/u;

describe('what leaves', () => {
  it('holds no control character and nothing that reorders it, whatever it was made of', () => {
    fc.assert(
      fc.property(text, (any) => {
        const shown = printable(any);
        expect(shown).not.to.match(CONTROL);
        expect(printable(shown)).to.equal(shown);
        // No column of a table moves.
        expect(shown).to.have.length(any.replaceAll('\r\n', '\n').length);
      }),
    );
  });

  it('is as it was where nothing of that is in it', () => {
    fc.assert(
      fc.property(text, (any) => {
        const clean = any.replace(new RegExp(CONTROL, 'gu'), '');
        expect(printable(clean)).to.equal(clean);
      }),
    );
  });

  it('is the same JSON, without such characters', () => {
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.double(), fc.constant(null))), (any) => {
        const json = JSON.stringify(any);
        expect(printableJson(json)).not.to.match(CONTROL);
        expect(JSON.parse(printableJson(json))).to.deep.equal(JSON.parse(json));
      }),
    );
  });
});
