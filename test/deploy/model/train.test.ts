import { expect } from 'chai';
import { patience } from '../../../deploy/model/train.js';

describe('how a training is followed', () => {
  /** When it is looked at, in milliseconds after it last came further. */
  function* looks(): Generator<number> {
    for (let at = 0; ; ) {
      yield at;
      at += patience(at);
    }
  }
  const until = (end: number) => {
    const seen: number[] = [];
    for (const at of looks()) {
      seen.push(at);
      if (at >= end) return seen;
    }
    return seen;
  };

  it('sees a job’s end a tenth of its time late at most, whether it takes a second or minutes', () => {
    for (const job of [500, 1000, 5000, 60_000, 600_000])
      expect(until(job).at(-1)! - job, `${job} ms`).to.be.at.most(200 + job / 10);
  });

  it('looks at a job of three minutes a few dozen times: each look costs statements', () => {
    expect(until(180_000)).to.have.length.below(60);
    // And never leaves it alone for longer than ten seconds.
    expect(patience(3_600_000)).to.equal(10_000);
  });
});
