import { expect } from 'chai';
import fc from 'fast-check';
import { modelMarker, objectMarker, readMarker } from '../../../deploy/ground/marker.js';
import { canonical, fingerprintOf } from '../../../deploy/resources/fingerprint.js';

describe('markers and fingerprints', () => {
  it('knows its own objects again', () => {
    expect(readMarker('los', objectMarker('los', 'abc'))).to.deep.equal({
      owner: 'managed',
      fingerprint: 'abc',
    });
    expect(readMarker('los', modelMarker('los', 'v3')).owner).to.equal('model');
  });

  it('knows them by how a comment ends, whatever is said of the object before it, and by how one began', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[0-9a-f]{16}$/), (description, fingerprint) => {
        expect(readMarker('los', `${description} ${objectMarker('los', fingerprint)}`)).to.deep.equal({
          owner: 'managed',
          fingerprint,
        });
      }),
    );
    expect(readMarker('los', `Ours. ${objectMarker('los2', 'abc')}`)).to.include({
      owner: 'foreign',
      otherDeployment: true,
    });
    expect(readMarker('los', `Ours. ${modelMarker('los', 'v3')}`).owner).to.equal('model');
    // A person has written something behind it.
    expect(readMarker('los', `${objectMarker('los', '00bc386e7a215049')} see the wiki`)).to.deep.equal({
      owner: 'managed',
      fingerprint: '00bc386e7a215049',
    });
    expect(readMarker('los', 'is made by predict-los/los here and there').owner).to.equal('foreign');
  });

  it('takes the objects of others, and of another deployment, for foreign', () => {
    for (const comment of [
      '',
      undefined,
      null,
      7,
      'our table',
      objectMarker('los2', 'abc'),
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
