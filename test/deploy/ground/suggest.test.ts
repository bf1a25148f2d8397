import { expect } from 'chai';
import fc from 'fast-check';
import { UserError } from '../../../deploy/errors.js';
import { findNearest } from '../../../deploy/ground/suggest.js';
import { parse } from '../../../deploy/parser.js';
import { editDistance } from '../../../udfs/encoding/nearest.js';

describe('suggestions', () => {
  it('find what was probably meant, and nothing far-fetched', () => {
    expect(findNearest('purge-dta', ['purge-data', 'yes'])).to.equal('purge-data');
    expect(findNearest('jsno', ['json', 'env'])).to.equal('json');
    expect(findNearest('bogus', ['json', 'env', 'target'])).to.equal(undefined);
  });

  it('measure the same both ways, nothing between equals, and one for one change', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).to.equal(editDistance(b, a));
        expect(editDistance(a, a)).to.equal(0);
        expect(editDistance(a, `${a}x`)).to.equal(1);
        expect(editDistance(a, b)).to.be.at.most(Math.max(a.length, b.length));
      }),
    );
  });

  it('stand in the error, with where to read on', async () => {
    const refused = async (...argv: string[]) =>
      (await parse(argv, async () => {}).catch((error: unknown) => error)) as UserError;
    const option = await refused('destroy', '--purge-dta');
    expect(option).to.be.instanceOf(UserError);
    expect(option.message).to.contain('Did you mean --purge-data?');
    expect(option.next).to.contain('los destroy --help');
    expect((await refused('docter')).message).to.contain('Did you mean doctor?');
  });
});
