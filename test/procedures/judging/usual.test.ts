import { expect } from 'chai';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { readsOf } from '../../../procedures/dataset/inputs-sql.js';
import { inputsOf, rareDefaults, usualOf } from '../../../procedures/judging/usual.js';
import type { FeatureCode } from '../../../udfs/encoding/encoding.js';

const contract = {
  id: 'ID',
  columns: { ID: 'NUMBER', CAME: 'DATE', WARD: 'VARCHAR', GRADE: 'NUMBER', ICD: 'VARCHAR' },
  sources: { ICD: 'Hauptdiagnose ICD' },
  features: {
    WARD: { type: 'categorical', default: 'None' },
    GRADE: { type: 'numeric', default: 0 },
    ICD: { type: 'categorical' },
    MONTH: { type: 'categorical', sql: 'MONTHNAME(came)' },
    BOTH: { type: 'categorical', sql: "ward || '-' || grade" },
    EARLIER: { type: 'numeric', history: 'admissions' },
  },
} as unknown as Contract;
const plan = { contract, reads: readsOf(contract) };

const ward: FeatureCode = { kind: 'onehot', name: 'WARD', levels: ['icu'], usual: 'icu', absent: 0.0001 };
const grade: FeatureCode = { kind: 'numeric', name: 'GRADE', usual: 2, absent: 0.1 };
const both: FeatureCode = { kind: 'onehot', name: 'BOTH', levels: ['icu-2'], usual: 'icu-2', absent: 0 };
const earlier: FeatureCode = { kind: 'numeric', name: 'EARLIER', usual: 0, absent: 0 };

describe('what a version knows of its inputs', () => {
  it('has the usual value of each feature that some training row has', () => {
    expect(usualOf([ward, grade, { kind: 'numeric', name: 'EMPTY', absent: 1 }])).to.deep.equal({
      WARD: 'icu',
      GRADE: 2,
    });
  });

  it('tells defaults that training rows needed from those that they did not', () => {
    expect(rareDefaults(contract, [ward, grade, both])).to.deep.equal(['WARD']);
  });

  it('says which columns go into which of its features, and how much it leans on each of these', () => {
    const selection = { shares: { WARD: 0.1, GRADE: 0.3, BOTH: 0.4, EARLIER: 0.2 } };
    expect(inputsOf(plan, [grade, both, earlier], ['WARD'], selection)).to.deep.equal({
      into: {
        ID: [],
        CAME: [],
        WARD: ['BOTH'],
        GRADE: ['GRADE', 'BOTH'],
        ICD: [],
        MONTH: [],
        BOTH: ['BOTH'],
        EARLIER: ['EARLIER'],
      },
      called: { 'HAUPTDIAGNOSE ICD': 'ICD' },
      id: 'ID',
      rareDefaults: ['WARD'],
      history: ['EARLIER'],
      shares: { GRADE: 0.333333, BOTH: 0.444444, EARLIER: 0.222222 },
    });
  });

  it('leans on all features alike where their costs were not measured, or none costs anything', () => {
    for (const selection of [null, { shares: { GRADE: 0, BOTH: 0 } }])
      expect(inputsOf(plan, [grade, both], [], selection).shares).to.deep.equal({ GRADE: 0.5, BOTH: 0.5 });
  });
});
