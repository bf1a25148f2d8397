import { expect } from 'chai';
import fc from 'fast-check';
import type { FeatureCode, RawRow } from '../../../udfs/encoding/encoding.js';
import type { Model } from '../../../udfs/model.js';
import { describe as detailOf, refuse } from '../../../udfs/prediction/detail.js';
import { BatchReader, LEAST_KNOWN } from '../../../udfs/translators/batch.js';

const features: FeatureCode[] = [
  { kind: 'numeric', name: 'VISITORS', usual: 3, absent: 0 },
  { kind: 'onehot', name: 'WARD', levels: ['P', 'Q'], usual: 'Q', absent: 0.2 },
  {
    kind: 'target',
    name: 'BOTH',
    levels: { 'Minor-P': 9 },
    unseen: 5,
    missing: 4,
    usual: 'Minor-P',
    absent: 0,
  },
  { kind: 'numeric', name: 'EARLIER', usual: 0, absent: 0.3 },
];

const model: Model = {
  ...{ version: 'health-v3', endpoint: 'los-health-v3', floor: 1, bands: [], features },
  inputs: {
    into: {
      CASE_ID: [],
      VISITORS: ['VISITORS'],
      WARD: ['WARD', 'BOTH'],
      SEVERITY_OF_ILLNESS: ['BOTH'],
      AGE: [],
      BOTH: ['BOTH'],
      EARLIER: ['EARLIER'],
    },
    called: { 'SCHWERE (1-3)': 'SEVERITY_OF_ILLNESS' },
    rareDefaults: ['VISITORS', 'SEVERITY_OF_ILLNESS'],
    history: ['EARLIER'],
    shares: { VISITORS: 0.6, WARD: 0.2, BOTH: 0.1, EARLIER: 0.1 },
  },
};

function read(row: RawRow) {
  const lines: string[] = [];
  const data = new BatchReader(model).read({ body: { data: [[0, row]] } }, ({ texts }) =>
    lines.push(texts.join()),
  );
  const reason = data.refused?.[0];
  const detail =
    reason === undefined ? detailOf({ days: 5 }, data, 0) : { ...refuse(reason, data, 0), assumed: null };
  return { line: lines[0], ...detail };
}

const whole = { VISITORS: 4, WARD: 'P', BOTH: 'Minor-P', EARLIER: 2 };

describe('what a version makes of what is given', () => {
  it('takes the usual value of what no training row lacked, and names it', () => {
    expect(read({ ...whole, BOTH: null })).to.deep.include({
      ...{ line: '4,1,0,9,2', missing: ['BOTH'], assumed: { BOTH: 'Minor-P' }, known: 0.9, note: null },
    });
  });

  it('leaves missing what training rows lacked, too, and counts it as known in part', () => {
    expect(read({ VISITORS: 4, BOTH: 'Minor-P', EARLIER: 2 })).to.deep.include({
      ...{ line: '4,0,0,9,2', missing: ['WARD'], assumed: {}, known: 0.84 },
    });
  });

  it('takes for missing what only a default says that no training row had, and what is computed of it', () => {
    const row = { ...whole, BOTH: 'None-P', LOS_DEFAULTED: 'SEVERITY_OF_ILLNESS' };
    expect(read(row)).to.deep.include({
      ...{ line: '4,1,0,9,2', missing: ['BOTH', 'SEVERITY_OF_ILLNESS'], assumed: { BOTH: 'Minor-P' } },
    });
    // A person may say it of itself, in the place of what it is computed from.
    const said = { ...row, BOTH: 'Extreme-P', LOS_KEYS: ['both', 'WARD'] };
    expect(read(said)).to.deep.include({ line: '4,1,0,5,2', unseen: ['BOTH'], assumed: {} });
    // The feature table says both.
    expect(read({ ...row, LOS_KEYS: ['BOTH', 'SEVERITY_OF_ILLNESS'] }).line).to.equal('4,1,0,9,2');
  });

  it('leaves a default that training rows had, and names it as missing', () => {
    expect(read({ ...whole, LOS_DEFAULTED: 'WARD' })).to.deep.include({
      ...{ line: '4,1,0,9,2', missing: ['WARD'], assumed: {}, known: 0.84 },
    });
  });

  it('takes no earlier stays for the usual ones, where nothing is said of them', () => {
    expect(read({ ...whole, EARLIER: undefined, LOS_DEFAULTED: 'EARLIER' })).to.deep.include({
      ...{ line: '4,1,0,9,0', missing: ['EARLIER'], assumed: { EARLIER: 0 } },
    });
    // Of a patient who is not known the feature table has no history.
    expect(read({ ...whole, EARLIER: undefined })).to.deep.include({ line: '4,1,0,9,', assumed: {} });
  });

  it('names keys that it does not use, with what may have been meant', () => {
    const ignored = (...keys: string[]) => read({ ...whole, LOS_KEYS: keys }).ignored;
    expect(
      ignored('visitors', 'Ward', 'severity_of_illness', 'Schwere (1-3)', 'LOS_DEFAULTED'),
    ).to.deep.equal([]);
    expect(ignored('severity', 'vistors', 'wrad', 'Visitors_with_patient', 'foo')).to.deep.equal([
      'severity → SEVERITY_OF_ILLNESS?',
      'vistors → VISITORS?',
      'wrad → WARD?',
      'Visitors_with_patient → VISITORS?',
      'foo',
    ]);
    expect(ignored('age', 'CASE_ID')).to.deep.equal([
      'age (not used by health-v3)',
      'CASE_ID (not used by health-v3)',
    ]);
    expect(ignored('constructor', '__proto__')).to.deep.equal(['constructor', '__proto__']);
    expect(read(whole).ignored).to.deep.equal([]);
  });

  it('does not answer a person where less than half of what it leans on is known, and says what it lacks', () => {
    expect(read({ WARD: 'P', BOTH: 'Minor-P', EARLIER: 1, LOS_KEYS: ['ward', 'visitor'] })).to.deep.include({
      ...{ line: undefined, days: null, missing: ['VISITORS'], known: 0.4, ignored: ['visitor → VISITORS?'] },
      reason:
        'Too few inputs are known: 40 % of what health-v3 relies on, of which 50 % is the least. It lacks VISITORS (60 %).',
    });
    expect(read({}).reason).to.match(/^The OBJECT has no value of a feature/);
  });

  it('answers a row of the table all the same, and says in it that too little is known', () => {
    const { line, days, known, reason } = read({ WARD: 'P', BOTH: 'Minor-P', EARLIER: 1 });
    expect({ isAsked: line !== undefined, isAnswered: days !== null, known, reason }).to.deep.equal({
      ...{ isAsked: true, isAnswered: true, known: 0.4 },
      reason: 'Too few inputs are known: 40 % of what health-v3 relies on. It lacks VISITORS (60 %).',
    });
    expect(read(whole)).to.not.have.property('reason');
  });

  it('says of every row what it knows, as its columns come and go', () => {
    const some = fc.record(
      { VISITORS: fc.integer(), WARD: fc.constantFrom('P', 'Q'), BOTH: fc.string(), EARLIER: fc.nat() },
      { requiredKeys: [] },
    );
    const shares = model.inputs!.shares;
    fc.assert(
      fc.property(some, (row) => {
        const { known, missing, line, reason } = read(row);
        const lacking = features.filter(({ name }) => row[name as keyof typeof row] === undefined);
        expect(missing).to.deep.equal(lacking.map(({ name }) => name));
        const share = lacking.reduce((sum, { name, absent = 0 }) => sum - shares[name]! * (1 - absent), 1);
        if (lacking.length < features.length) expect(known).to.be.closeTo(share, 1e-4);
        expect(line !== undefined).to.equal(lacking.length < features.length);
        expect(reason === undefined).to.equal(share >= LEAST_KNOWN - 1e-9);
      }),
    );
  });
});
