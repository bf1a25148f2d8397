import { expect } from 'chai';
import { percent } from '../../../procedures/ground/percent.js';

describe('a share as people read it', () => {
  it('has a decimal, or as many as are wanted', () => {
    expect(percent(0.1234)).to.equal('12.3 %');
    expect(percent(0.8, 0)).to.equal('80 %');
    expect(percent(0.00123, 2)).to.equal('0.12 %');
  });

  it('is nothing where no one knows it', () => {
    expect(percent(null)).to.equal('');
  });
});
