import { expect } from 'chai';
import { referencesOf } from '../../../procedures/judging/references.js';
import type { FeatureCode } from '../../../udfs/encoding.js';

describe('the usual values of a version’s features', () => {
  it('are those of the features that selection kept, of which some may have none', () => {
    const kept: FeatureCode[] = [
      { kind: 'numeric', name: 'AGE' },
      { kind: 'onehot', name: 'WARD', levels: ['icu'] },
    ];
    expect(referencesOf({ WARD: 'icu', MONTH: 'Jan' }, kept)).to.deep.equal({ WARD: 'icu' });
  });
});
