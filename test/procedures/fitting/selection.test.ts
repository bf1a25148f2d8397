import { expect } from 'chai';
import fc from 'fast-check';
import { errorOf, screenRows, selectFeatures } from '../../../procedures/fitting/selection.js';
import type { FeatureCode } from '../../../udfs/encoding/encoding.js';

const features: FeatureCode[] = [
  { kind: 'numeric', name: 'AGE' },
  { kind: 'onehot', name: 'WARD', levels: ['a', 'b', 'c'] },
  { kind: 'onehot', name: 'EMPTY', levels: [] },
  { kind: 'target', name: 'CODE', levels: {}, unseen: 5, missing: 5 },
];
const screen = { job: 'los-health-v1-screen', rows: 1000 };

/** Selection where permuting costs so much, of a screen whose error is `asIs` and that explains a share of the variance. */
function selected(
  costs: Record<string, number>,
  leastShare = 0.02,
  asIs = 20,
  explained = 0.2,
  { noise = {}, fromFeatures = 0 }: { noise?: Record<string, number>; fromFeatures?: number } = {},
) {
  const of = (values: Record<string, number>, plus: number) =>
    Object.fromEntries(features.map(({ name }) => [name, plus + (values[name] ?? 0)]));
  const errors = { asIs, permuted: of(costs, asIs), noise: of(noise, 0), explained };
  return selectFeatures(features, errors, { leastShare, fromFeatures }, screen);
}

describe('feature selection', () => {
  it('keeps what costs something to permute, in the contract’s order', () => {
    const selection = selected({ WARD: 9.5, CODE: 0.46, AGE: 0.04 });
    expect(selection.kept).to.deep.equal(['WARD', 'CODE']);
    expect(selection.dropped).to.deep.equal(['AGE', 'EMPTY']);
    expect(selection.shares).to.deep.equal({ AGE: 0.004, WARD: 0.95, EMPTY: 0, CODE: 0.046 });
    expect(selection.screen).to.deep.equal({ ...screen, explained: 0.2 });
  });

  it('counts what makes the screen better when it is permuted as of no use', () => {
    expect(selected({ WARD: 10, CODE: -3 }).shares.CODE).to.equal(0);
  });

  it('weighs features by absolute errors where distributions or medians choose, by squared ones where means do', () => {
    expect((['crps', 'mae', 'rmse'] as const).map(errorOf)).to.deep.equal([
      'ABSOLUTE',
      'ABSOLUTE',
      'SQUARED',
    ]);
  });

  it('leaves at least two columns, the least that the endpoint’s container can read', () => {
    expect(selected({ AGE: 0.99, CODE: 0.009, WARD: 0.001 }).kept).to.deep.equal(['AGE', 'CODE']);
    expect(selected({ WARD: 0.99, AGE: 0.01 }).kept).to.deep.equal(['WARD']);
  });

  it('drops nothing where nothing costs anything', () => {
    expect(selected({}).dropped).to.deep.equal([]);
  });

  it('drops what costs too little by more than its standard error alone', () => {
    const noise = { AGE: 0.02, EMPTY: 0.1, CODE: 0.3 };
    const { kept, dropped } = selected({ WARD: 9.5, CODE: 0, AGE: 0.04 }, 0.02, 20, 0.2, { noise });
    expect(kept).to.deep.equal(['WARD', 'CODE']);
    expect(dropped).to.deep.equal(['AGE', 'EMPTY']);
  });

  it('drops nothing where features are few, and still tells what each of them costs', () => {
    const few = selected({ WARD: 9.6, CODE: 0.4 }, 0.2, 20, 0.2, { fromFeatures: features.length + 1 });
    expect(few.dropped).to.deep.equal([]);
    expect(few.shares.WARD).to.equal(0.96);
    expect(selected({ WARD: 9.6, CODE: 0.4 }, 0.2, 20, 0.2, { fromFeatures: 4 }).kept).to.deep.equal([
      'WARD',
    ]);
  });

  it('parts the features, and never drops one with the share that is asked for', () => {
    const cost = fc.double({ min: -5, max: 50, noNaN: true });
    const costs = fc.record({ AGE: cost, WARD: cost, EMPTY: cost, CODE: cost });
    fc.assert(
      fc.property(costs, fc.double({ min: 0, max: 0.5, noNaN: true }), (given, least) => {
        const { kept, dropped, shares } = selected(given, least);
        expect([...kept, ...dropped].sort()).to.deep.equal(features.map(({ name }) => name).sort());
        for (const name of dropped) expect(shares[name]).to.be.below(least);
      }),
    );
  });
});

describe('a suspected leak', () => {
  const suspects = (costs: Record<string, number>, asIs: number) =>
    selected(costs, 0.005, asIs, 1 - asIs / 36).suspects.map(({ feature }) => feature);

  it('is a feature that alone explains what nothing known on admission does', () => {
    expect(suspects({ CODE: 60, AGE: 40 }, 4)).to.deep.equal(['CODE']);
    expect(suspects({ CODE: 49, AGE: 51 }, 0.25)).to.deep.equal(['AGE']);
  });

  it('is one of several that together make a model too good, but for those with no part in it', () => {
    expect(suspects({ CODE: 34, AGE: 33, WARD: 33 }, 4)).to.deep.equal(['CODE', 'AGE', 'WARD']);
    expect(suspects({ CODE: 49, AGE: 46, WARD: 5 }, 4)).to.deep.equal(['CODE', 'AGE']);
  });

  it('is no feature that leads a weak model, nor one of many in a strong one', () => {
    expect(suspects({ CODE: 1 }, 25)).to.deep.equal([]);
    expect(suspects({ CODE: 34, AGE: 33, WARD: 33 }, 12)).to.deep.equal([]);
  });

  it('is none that a person says to be known on admission', () => {
    const permuted = { AGE: 44, WARD: 4, EMPTY: 4, CODE: 64 };
    const known = (feature: string) => feature === 'CODE';
    expect(
      selectFeatures(
        features,
        { asIs: 4, permuted, noise: permuted, explained: 0.9 },
        { leastShare: 0.005 },
        screen,
        known,
      ).suspects,
    ).to.deep.equal([]);
  });
});

describe('the rows that are permuted', () => {
  it('are as many as 60,000 lines have place for, but at least 1,000 where there are as many', () => {
    expect(screenRows(100_000, 19)).to.equal(3000);
    expect(screenRows(100_000, 500)).to.equal(1000);
    expect(screenRows(700, 500)).to.equal(700);
  });
});
