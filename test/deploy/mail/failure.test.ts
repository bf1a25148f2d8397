import { expect } from 'chai';
import { firstClause } from '../../../deploy/mail/failure.js';

describe('the subject of a mail about a failure', () => {
  it('is the first clause that says something', () => {
    expect(firstClause('The task LOS_SCORE failed: Request failed for external function.')).to.equal(
      'The task LOS_SCORE failed',
    );
    expect(firstClause('2 of 5 changes failed (1 done).\n  x')).to.equal('2 of 5 changes failed');
    expect(
      firstClause('User: arn:aws:iam::123456789012:user/ci is not authorized to perform: apigateway:GET on'),
    ).to.equal('User: arn:aws:iam::123456789012:user/ci is not authorized to perform');
    expect(firstClause('Broken.')).to.equal('Broken.');
  });

  it('has no line in it that ends, and no more than fits', () => {
    expect(firstClause(`Oh:\n${'word '.repeat(40)}`))
      .to.match(/^Oh: word .*word …$/)
      .and.have.length.below(74);
  });
});
