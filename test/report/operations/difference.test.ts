import { expect } from 'chai';
import { showDifference } from '../../../report/operations/difference.js';

describe('a difference of long texts', () => {
  const text = (what: string) => `${'a'.repeat(900)}${what}${'b'.repeat(900)}`;

  it('is shown where it is, in a line and in lines', () => {
    const [line] = showDifference({ property: 'body', live: text('OLD'), declared: text('NEW') });
    expect(line).to.match(/^body: … a+OLDb+ … → … a+NEWb+ …$/);
    expect(line!.length).to.be.below(700);
    const lines = showDifference({
      property: 'body',
      live: `x\n${text('OLD')}\ny`,
      declared: `x\n${text('NEW')}\ny`,
    });
    expect(lines.slice(1).map((each) => each.trim())).to.have.length(3);
    expect(lines[2]).to.match(/^ {2}- … a+OLDb+ …$/);
    expect(lines[3]).to.match(/^ {2}\+ … a+NEWb+ …$/);
  });

  it('is whole where it is short, and begins at the beginning where it differs there', () => {
    expect(showDifference({ property: 'size', live: 'S', declared: undefined })).to.deep.equal([
      'size: S → (none)',
    ]);
    const [line] = showDifference({ property: 'text', live: `x${text('')}`, declared: `y${text('')}` });
    expect(line).to.match(/^text: xa+ … → ya+ …$/);
  });
});
