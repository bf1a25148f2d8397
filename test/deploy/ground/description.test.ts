import { expect } from 'chai';
import { firstSentence } from '../../../deploy/ground/description.js';
import { docstringOf } from '../../../scripts/build/docstring.js';

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

  it('is read from the docstring of a function', () => {
    const source = `/** Another. */\nconst A = 1;\n\n/**\n * Forecasts\n * beds. And more.\n * @returns one\n */\nexport default function f(a) {}`;
    expect(docstringOf(source)).to.equal('Forecasts beds. And more.');
    expect(docstringOf('export default function f() {}')).to.equal('');
  });
});
