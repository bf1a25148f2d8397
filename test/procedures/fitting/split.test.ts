import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { hashBelow, moreRows, shareSetAside } from '../../../procedures/fitting/split.js';

/** What Snowflake would answer for one value: the expression has one form, which this reads. */
function holds(expression: string, value: string): boolean {
  const [, salt, bound] = /^SUBSTR\(MD5\('([^']*)' \|\| TO_VARCHAR\(ID\)\), 1, 6\) < '(\w{6})'$/.exec(
    expression,
  )!;
  return createHash('md5').update(`${salt}${value}`).digest('hex').slice(0, 6) < bound!;
}

describe('choosing rows by a hash', () => {
  const values = Array.from({ length: 20_000 }, (_, i) => String(i + 1));
  const chosen = (from: readonly string[], share: number, purpose: 'arrival' | 'side' | 'sample') =>
    from.filter((value) => holds(hashBelow('ID', share, purpose), value));

  it('takes about the share that was asked for', () => {
    for (const share of [0, 0.1, 0.5, 1])
      expect(chosen(values, share, 'side').length / values.length).to.be.closeTo(share, 0.01);
  });

  it('is independent between purposes: what is kept back does not empty the validation side', () => {
    const kept = new Set(chosen(values, 0.2, 'arrival'));
    const history = values.filter((value) => !kept.has(value));
    expect(chosen(history, 0.1, 'side').length / history.length).to.be.closeTo(0.1, 0.01);
  });
});

describe('the share of admissions that is set aside', () => {
  it('is that of the settings, and more where a holdout would be of hardly anyone', () => {
    expect(shareSetAside(0.2, 5000, 3000)).to.equal(0.2);
    expect(shareSetAside(0.2, 375, 375)).to.equal(0.2);
    expect(shareSetAside(0.2, 250, 250)).to.equal(0.3);
    expect(shareSetAside(0.4, 250, 250)).to.equal(0.4);
    expect(shareSetAside(0.2, 1000, 100)).to.be.closeTo(0.375, 1e-9);
    expect(shareSetAside(0.2, 129, 100)).to.equal(0.5);
    expect(shareSetAside(0.2, 0, 0)).to.equal(0.5);
  });
});

describe('a training of too few rows', () => {
  const contract = { discharge: 'LEFT_ON' };
  const settings = { recentDays: null, holdoutShare: 0.2 };
  const rows = {
    train: 200,
    validation: 30,
    holdout: 20,
    unfinished: 0,
    immature: 0,
    negative: 0,
    leftOut: 0,
  };
  const advice = (more: Partial<typeof rows>, side = 'holdout', own: object = {}, of: object = contract) =>
    moreRows(of, { ...settings, ...own }, { ...rows, ...more }, side);

  it('is advised by what most of the rows lack that were not used', () => {
    expect(advice({ unfinished: 900 })).to.match(/^900 admissions have no discharge: load LEFT_ON/);
    expect(advice({ immature: 900, unfinished: 300 })).to.match(/^900 admissions came so late/);
    expect(advice({ immature: 900 }, 'holdout', { recentDays: 42 })).to.contain('before the last 42 days');
    expect(advice({ negative: 900 })).to.contain('mend their dates');
    expect(advice({ leftOut: 900 })).to.contain('holdoutShare smaller');
    const split = { split: { column: 'SIDE', training: 'a', holdout: 'b' } };
    expect(advice({ immature: 900 }, 'holdout', {}, split)).to.contain('sides that SIDE names');
  });

  it('is advised to load more where there are too few of them, or to divide them otherwise', () => {
    expect(advice({ unfinished: 240 })).to.equal(
      'Load more discharged admissions, or make training.holdoutShare (0.2) greater.',
    );
    expect(advice({}, 'training')).to.contain('(0.2) smaller');
    const split = { split: { column: 'SIDE', training: 'a', holdout: 'b' } };
    expect(advice({}, 'validation', {}, split)).to.contain('let SIDE name more of them for validation');
  });
});
