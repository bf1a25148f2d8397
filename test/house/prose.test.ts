import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { nested, readingEase, sentencesInCode, sentencesOf, wordsIn } from './prose.js';

/** Bounds that only move towards plainer prose; the goal is in the comment. */
const EASE = 62; // Flesch of a page; a goal of 60 is met
const ALARMS = 78; // Flesch of all alarms and what follows them; a goal of 60 is met
const NESTED = 20; // sentences with three relative clauses in all pages; 0
const LONGEST = 40; // words of a sentence; 30

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'test/README.md',
  ...(readdirSync(join(projectRoot, 'docs'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md') && !name.startsWith('reference/'))
    .map((name) => `docs/${name}`),
].map((page) => ({ page, sentences: sentencesOf(readFileSync(join(projectRoot, page), 'utf8')) }));

describe('The prose of the documentation', () => {
  it('is read as sentences, without code, tables and addresses', () => {
    const page =
      '# Beds\n\nSee [a\npage](x.md). It has `los beds`; **no**\nLOS_BEDS.\n\n| a | b |\n\n- An item\n';
    expect(sentencesOf(page)).to.deep.equal(['Beds', 'See a page.', 'It has ; no .', 'An item']);
  });

  it('has a reading ease by the words of a sentence and the syllables of a word', () => {
    // 206.835 − 1.015 × words/sentences − 84.6 × syllables/words
    expect(readingEase(['The cat sat on the mat.'])).to.be.closeTo(206.835 - 6.09 - 84.6, 0.01);
    expect(readingEase(['Organizational considerations necessitate reconsideration.'])).to.be.below(0);
  });

  it(`has a reading ease of ${EASE} or more on every page`, () => {
    expect(pages.length).to.be.greaterThan(40);
    const hard = pages.map(({ page, sentences }) => ({ page, ease: readingEase(sentences) }));
    expect(hard.filter(({ ease }) => ease < EASE)).to.deep.equal([]);
  });

  it(`has a reading ease of ${ALARMS} or more in alarms`, () => {
    const folder = join(projectRoot, 'procedures/watching');
    const alarms = (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => sentencesInCode(readFileSync(join(folder, name), 'utf8')));
    expect(alarms.length).to.be.greaterThan(100);
    expect(readingEase(alarms)).to.be.at.least(ALARMS);
  });

  it(`has no sentence of more than ${LONGEST} words`, () => {
    const long = pages.flatMap(({ page, sentences }) =>
      sentences.filter((each) => wordsIn(each).length > LONGEST).map((each) => `${page}: ${each}`),
    );
    expect(long).to.deep.equal([]);
  });

  it(`has at most ${NESTED} sentences with three relative clauses`, () => {
    const found = pages.flatMap(({ page, sentences }) => nested(sentences).map((each) => `${page}: ${each}`));
    expect(found.length, found.join('\n')).to.be.at.most(NESTED);
  });

  it('says nothing twice', () => {
    const places = new Map<string, string[]>();
    for (const { page, sentences } of pages)
      for (const sentence of sentences) {
        const words = wordsIn(sentence);
        if (words.length < 7) continue;
        const key = words.join(' ').toLowerCase();
        places.set(key, [...(places.get(key) ?? []), page]);
      }
    const twice = [...places].filter(([, where]) => where.length > 1);
    expect(twice).to.deep.equal([]);
  });
});
