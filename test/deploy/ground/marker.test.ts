import { expect } from 'chai';
import fc from 'fast-check';
import { managedMarker, modelMarker, readMarker } from '../../../deploy/ground/marker.js';
import { canonical, fingerprintOf } from '../../../deploy/resources/fingerprint.js';

describe('markers and fingerprints', () => {
  it('knows its own objects again', () => {
    expect(readMarker('los', managedMarker('los', 'abc'))).to.deep.equal({
      owner: 'managed',
      fingerprint: 'abc',
    });
    expect(readMarker('los', modelMarker('los', 'v3')).owner).to.equal('model');
  });

  it('takes the objects of others, and of another deployment, for foreign', () => {
    for (const comment of [
      '',
      undefined,
      null,
      7,
      'our table',
      managedMarker('los2', 'abc'),
      'predict-los/los ',
    ])
      expect(readMarker('los', comment).owner, String(comment)).to.equal('foreign');
  });

  it('gives one fingerprint per definition, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (definition) => {
        const turned = Object.fromEntries(Object.entries(definition).reverse());
        expect(fingerprintOf('k', turned)).to.equal(fingerprintOf('k', definition));
        expect(JSON.parse(canonical(definition))).to.deep.equal(JSON.parse(JSON.stringify(definition)));
      }),
    );
    expect(fingerprintOf('k', { a: 1 })).not.to.equal(fingerprintOf('k', { a: 2 }));
    expect(fingerprintOf('k', { a: 1 })).not.to.equal(fingerprintOf('l', { a: 1 }));
  });
});
