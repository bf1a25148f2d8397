import { modelVersion, refusalOf, unreadable, type Version } from '@local-cloud/aws/xgboost/versions.js';
import { expect } from 'chai';
import fc from 'fast-check';

const part = fc.nat({ max: 127 });
const version = fc.tuple(part, part, part);
const count = [0x4c, 0, 0, 0, 0, 0, 0, 0, 3];

describe('versions of XGBoost', () => {
  it('are read from a model in UBJSON, however its integers are written, and in JSON', () => {
    fc.assert(
      fc.property(version, fc.uint8Array({ maxLength: 50 }), (made, before) => {
        const plain = [
          ...before,
          ...Buffer.from('version['),
          0x23,
          ...count,
          ...made.flatMap((n) => [0x69, n]),
          0x7d,
        ];
        const wide = made.flatMap((n) => [0x4c, 0, 0, 0, 0, 0, 0, 0, n]);
        const long = [...before, ...Buffer.from('version['), 0x23, ...count, ...wide, 0x7d];
        const typed = [...before, ...Buffer.from('version['), 0x24, 0x69, 0x23, ...count, ...made, 0x7d];
        const open = [...before, ...Buffer.from('version['), ...made.flatMap((n) => [0x69, n]), 0x5d, 0x7d];
        for (const model of [plain, long, typed, open])
          expect(modelVersion(Uint8Array.from(model))).to.deep.equal(made);
        const json = JSON.stringify({ learner: { version: [9, 9, 9] }, version: made });
        expect(modelVersion(Buffer.from(json))).to.deep.equal(made);
      }),
    );
  });

  it('are unknown of what has none, and of half a file', () => {
    for (const text of ['', 'binf', '{"learner":{}}', 'version[', 'version[#L', 'version[#i\x02i\x01i\x02'])
      expect(modelVersion(Buffer.from(text, 'latin1')), text).to.equal(undefined);
  });

  it('let a library read what its own and older versions made', () => {
    fc.assert(
      fc.property(version, version, (model, library) => {
        const newer = model[0] > library[0] || (model[0] === library[0] && model[1] > library[1]);
        expect(unreadable(model, library) !== undefined).to.equal(newer);
      }),
    );
  });

  it('before 1.7 are refused, later ones are not', () => {
    const refused = (...of: Version) => refusalOf(of) !== undefined;
    expect([refused(1, 5, 2), refused(1, 6, 2), refused(0, 90, 0)]).to.deep.equal([true, true, true]);
    expect([refused(1, 7, 4), refused(2, 0, 3), refused(3, 2, 0), refused(4, 0, 0)]).to.not.include(true);
  });
});
