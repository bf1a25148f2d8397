import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { hashBelow } from '../../../procedures/fitting/split.js';

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
