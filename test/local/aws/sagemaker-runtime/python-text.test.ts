import { pythonFloat, pythonJsonFloat } from '@local-cloud/aws/sagemaker/hosting/python-text.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('Python’s text of a double', () => {
  for (const [value, text] of [
    [3, '3.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [28.442838668823242, '28.442838668823242'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.2345e22, '1.2345e+22'],
    [1e-300, '1e-300'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ] as const)
    it(`is ${text}`, () => {
      expect(pythonFloat(value)).to.equal(text);
    });

  it('reads back as the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Object.is(Number(pythonFloat(value)), value),
      ),
    );
  });

  it('is NaN and Infinity in JSON', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, 2].map(pythonJsonFloat)).to.deep.equal([
      'NaN',
      'Infinity',
      '2.0',
    ]);
  });
});
