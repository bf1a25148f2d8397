import { expect } from 'chai';
import { type Handler, handler } from '../compiled.js';

const model = {
  version: 'health-v3',
  features: [
    { kind: 'numeric', name: 'VISITORS' },
    { kind: 'onehot', name: 'WARD', levels: ['P', 'Q'] },
    { kind: 'target', name: 'HOSPITAL', levels: { '8': 40.5 }, unseen: 33, missing: 35 },
    { kind: 'target', name: 'UNIT', levels: { B: 4, A: 4 }, rows: [20, 90], unseen: 5, missing: 5 },
  ],
};

describe('the encoder of values', () => {
  let encodeValue: Handler;
  before(async () => {
    encodeValue = await handler('udfs/encoding/encode-value.ts', { MODEL: model });
  });

  it('gives the fields of one feature', () => {
    expect(encodeValue('VISITORS', undefined, 2.5)).to.equal('2.5');
    expect(encodeValue('VISITORS', undefined, undefined)).to.equal('');
    expect(encodeValue('WARD', 'Q', undefined)).to.equal('0,1');
    expect(encodeValue('WARD', undefined, undefined)).to.equal('0,0');
    expect(encodeValue('HOSPITAL', '8', undefined)).to.equal('40.5');
    expect(encodeValue('HOSPITAL', '9', undefined)).to.equal('33');
    expect(encodeValue('HOSPITAL', undefined, undefined)).to.equal('35');
  });

  it('takes a statistic of other rows in place of the tables, which have the row’s own stay in them', () => {
    expect(encodeValue('HOSPITAL', '8', 7.25)).to.equal('7.25');
    expect(encodeValue('HOSPITAL', undefined, 7.25)).to.equal('7.25');
    expect(encodeValue('UNIT', 'B', 7.25)).to.equal('7.25,1,90');
    expect(encodeValue('UNIT', 'rare', 7.25)).to.equal('7.25,,');
    // One that there is not is a missing number.
    expect(encodeValue('HOSPITAL', '8', Number.NaN)).to.equal('');
  });

  it('refuses a feature that the version has not', () => {
    expect(() => encodeValue('BED', '8', null)).to.throw('health-v3 has no feature BED.');
  });
});
