import { expect } from 'chai';
import fc from 'fast-check';
import { championSign, type PromotedVersion } from '../../../../procedures/watching/deployed/champion.js';

const versions = fc
  .array(fc.constantFrom<PromotedVersion['status']>('CHAMPION', 'RETIRED'), { maxLength: 6 })
  .map((all) => all.map((status, i) => ({ version: `health-v${9 - i}`, status })));

describe('the check of the champion', () => {
  it('is quiet with one champion, and before the first promotion', () => {
    expect(championSign([])).to.equal(null);
    expect(championSign([{ version: 'health-v1', status: 'CHAMPION' }])).to.equal(null);
  });

  it('names all of several, and the one that was promoted last where there is none', () => {
    const two = championSign([
      { version: 'health-v2', status: 'CHAMPION' },
      { version: 'health-v1', status: 'CHAMPION' },
    ]);
    expect(two?.message).to.contain('2 versions in LOS_MODEL_REGISTRY are CHAMPION: health-v2, health-v1.');
    expect(two?.next).to.contain("CALL PROMOTE_MODEL('health-v2');");
    const none = championSign([{ version: 'health-v1', status: 'RETIRED' }]);
    expect(none?.message).to.contain('No version');
    expect(none?.next).to.contain("CALL PROMOTE_MODEL('health-v1');");
  });

  it('tells whenever there is not exactly one of versions that were promoted', () => {
    fc.assert(
      fc.property(versions, (promoted) => {
        const champions = promoted.filter(({ status }) => status === 'CHAMPION').length;
        const isSound = promoted.length === 0 || champions === 1;
        expect(championSign(promoted) === null).to.equal(isSound);
      }),
    );
  });
});
