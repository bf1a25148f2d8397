import { expect } from 'chai';
import { UserError } from '../../../deploy/errors.js';
import { parse } from '../../../deploy/parser.js';

describe('an option that takes a day', () => {
  const parsed = async (argv: string[]) => {
    let day: unknown;
    const error = await parse(argv, async (_, args) => {
      day = args.day ?? args.since ?? args.from ?? args.to;
    }).catch((thrown: unknown) => thrown);
    return error ?? day;
  };

  it('is read where it is one', async () => {
    expect(await parsed(['beds', '--day', '2026-11-01'])).to.equal('2026-11-01');
    expect(await parsed(['beds'])).to.equal(undefined);
  });

  it('is refused where it is none, before anything is connected to', async () => {
    for (const argv of [
      ['beds', '--day', 'gestern'],
      ['beds', '--day', '2026-02-30'],
      ['watch', '--day', '1.11.2026'],
      ['score', '--since', 'yesterday'],
      ['simulate', '--drift', 'effect', '--from', '2026-1-1'],
      ['simulate', '--drift', 'effect', '--to', 'today'],
    ]) {
      const error = await parsed(argv);
      expect(error, argv.join(' ')).to.be.instanceOf(UserError);
      expect((error as UserError).message)
        .to.match(/ is no day: write it as YYYY-MM-DD/)
        .and.to.contain(argv.at(-1));
    }
    expect((await parsed(['beds', '--day', '2026-11-01', '--day', 'x'])) as UserError)
      .to.have.property('message')
      .that.contains('more than once');
  });
});
