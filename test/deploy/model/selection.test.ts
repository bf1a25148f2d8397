import { expect } from 'chai';
import { gainShares, type Screen } from '../../../deploy/model/screens.js';
import { describeSelection, selectFeatures, selectionTable } from '../../../deploy/model/selection.js';
import type { FeatureCode } from '../../../udfs/encoding.js';

const features: FeatureCode[] = [
  { kind: 'numeric', name: 'AGE' },
  { kind: 'onehot', name: 'WARD', levels: ['a', 'b', 'c'] },
  { kind: 'onehot', name: 'EMPTY', levels: [] },
  { kind: 'target', name: 'CODE', levels: {}, unseen: 5, missing: 5 },
];
const screen = (name: Screen['name'], rmse: number, shares: Record<string, number>): Screen => ({
  name,
  job: `job-${name}`,
  artifact: `s3://bucket/${name}`,
  rmse,
  shares,
});

describe('a feature’s share of the gain', () => {
  it('is that of all its columns', () => {
    const gains = new Map([
      [0, 10],
      [1, 20],
      [3, 40],
      [4, 30],
    ]);
    expect(gainShares(features, gains)).to.deep.equal({ AGE: 0.1, WARD: 0.6, EMPTY: 0, CODE: 0.3 });
  });

  it('is 0 where no split was worth it', () => {
    expect(gainShares(features, new Map())).to.deep.equal({ AGE: 0, WARD: 0, EMPTY: 0, CODE: 0 });
  });
});

describe('feature selection', () => {
  it('keeps the union of what two screens found useful, in the contract’s order', () => {
    const screens = [
      screen('tree', 5, { WARD: 0.95, AGE: 0.045, CODE: 0.005 }),
      screen('boosted', 5, { WARD: 0.95, AGE: 0.004, CODE: 0.046 }),
    ];
    const selection = selectFeatures(features, screens, 0.02, 6);
    expect(selection.kept).to.deep.equal(['AGE', 'WARD', 'CODE']);
    expect(selection.dropped).to.deep.equal(['EMPTY']);
    expect(describeSelection(selection)).to.equal(
      '1 of 4 features dropped, each below 2 % of the gain in both screens: EMPTY',
    );
    expect(selectionTable(selection).rows).to.deep.equal([
      ['WARD', '95.00 %', '95.00 %', 'yes'],
      ['CODE', '0.50 %', '4.60 %', 'yes'],
      ['AGE', '4.50 %', '0.40 %', 'yes'],
      ['EMPTY', '0.00 %', '0.00 %', 'dropped'],
    ]);
  });

  it('leaves at least two columns, the least that the endpoint’s container can read', () => {
    const screens = [screen('tree', 5, { AGE: 0.99, CODE: 0.009, WARD: 0.001 })];
    expect(selectFeatures(features, screens, 0.02, 6).kept).to.deep.equal(['AGE', 'CODE']);
    const ward = [screen('tree', 5, { WARD: 0.99, AGE: 0.01 })];
    expect(selectFeatures(features, ward, 0.02, 6).kept).to.deep.equal(['WARD']);
  });

  it('drops nothing where no split was worth it', () => {
    const none = [screen('tree', 6, gainShares(features, new Map()))];
    const selection = selectFeatures(features, none, 0.02, 6);
    expect(selection.dropped).to.deep.equal([]);
    expect(describeSelection(selection)).to.contain('neither screen found a split');
  });
});

describe('a suspected leak', () => {
  const suspects = (rmse: number, shares: Record<string, number>) =>
    selectFeatures(
      features,
      [screen('tree', 5.9, { AGE: 1 }), screen('boosted', rmse, shares)],
      0.005,
      6,
    ).suspects.map(({ feature }) => feature);

  it('is a feature that alone explains what nothing known on admission does', () => {
    expect(suspects(2, { CODE: 0.6, AGE: 0.4 })).to.deep.equal(['CODE']);
    expect(suspects(0.5, { CODE: 0.5, AGE: 0.5 })).to.deep.equal(['AGE', 'CODE']);
  });

  it('is no feature that leads a weak model, nor one of many in a strong one', () => {
    expect(suspects(5, { CODE: 1 })).to.deep.equal([]);
    expect(suspects(2, { CODE: 0.34, AGE: 0.33, WARD: 0.33 })).to.deep.equal([]);
  });
});
