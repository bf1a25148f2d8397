import { expect } from 'chai';
import { docstringOf, firstSentence, headOf } from '../../../deploy/ground/description.js';

describe('what a comment says of an object', () => {
  it('is the first sentence, without brackets, and not too long', () => {
    expect(firstSentence('Beds occupied (by night, of a ward). One row each.')).to.equal('Beds occupied.');
    expect(firstSentence('No end')).to.equal('No end');
    expect(firstSentence('')).to.equal('');
    expect(firstSentence('A share of .8 or 1.5 is one. Two.')).to.equal('A share of .8 or 1.5 is one.');
    const long = firstSentence(`What is told, ${'and then some '.repeat(20)}.`);
    expect(long.length).to.be.at.most(182);
    expect(long).to.match(/ …$/);
  });

  it('is read from the top of an SQL text, and from the docstring of a function', () => {
    expect(headOf('-- One.\n-- Two.\nSELECT 1\n-- not this')).to.equal('One. Two.');
    expect(headOf('SELECT 1')).to.equal('');
    const source = `/** Another. */\nconst A = 1;\n\n/**\n * Forecasts\n * beds. And more.\n * @returns one\n */\nexport default function f(a) {}`;
    expect(docstringOf(source)).to.equal('Forecasts beds. And more.');
    expect(docstringOf('export default function f() {}')).to.equal('');
  });
});
