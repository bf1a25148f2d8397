import { expect } from 'chai';
import { code, documents, forbidden, glossary, replacingTerms, sayings } from './words.js';

/** What code still says: keys of models and lineages that are stored in the registry. Take a phrase away where it has gone. */
const STILL_IN_CODE: readonly string[] = ['pace', 'paces'];

const none = (broken: readonly string[]) => expect(broken.join('\n')).to.equal('');

describe('The words of the glossary', () => {
  it('replace words by terms that it explains', () => {
    expect(replacingTerms.filter((term) => !glossary().text.includes(`**${term}**`))).to.deep.equal([]);
  });

  it('are found as whole words, in any case and across lines', () => {
    const found = (text: string) => sayings({ path: 'a.md', text }, { phrase: 'high wall', instead: 'Gate' });
    expect(found('one\na High\nwall stands')).to.deep.equal(['a.md:2: high wall (say: Gate)']);
    expect(found(' * so high\n * wall')).to.have.length(1);
    expect(found('high walls, a highwall')).to.deep.equal([]);
  });

  it('are those of documents and templates', () => {
    const texts = documents();
    expect(texts.length).to.be.greaterThan(50);
    none(texts.flatMap((text) => forbidden.flatMap((each) => sayings(text, each))));
  });

  it('are those of code, but for what is left of other words', () => {
    const texts = code();
    expect(texts.length).to.be.greaterThan(500);
    none(
      forbidden
        .filter(({ phrase }) => !STILL_IN_CODE.includes(phrase))
        .flatMap((each) => texts.flatMap((text) => sayings(text, each))),
    );
  });
});
