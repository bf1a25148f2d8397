import { expect } from 'chai';
import { UserError } from '../../../deploy/errors.js';
import { parse } from '../../../deploy/parser.js';

/** What a person reads of a command line that is none. */
async function said(...argv: string[]): Promise<string> {
  try {
    await parse(argv, async () => undefined);
  } catch (error) {
    expect(error, String(error)).to.be.instanceOf(UserError);
    expect((error as UserError).next).to.match(/--help|one value/);
    return (error as Error).message;
  }
  throw new Error(`los ${argv.join(' ')} was accepted`);
}

describe('mistakes in a command line', () => {
  const mistakes: readonly [string, string][] = [
    ['', 'Name a command.'],
    ['nonsense', 'There is no command nonsense.'],
    ['aply', 'There is no such command. Did you mean apply?'],
    ['apply --tarrget cloud', 'Unknown option --tarrget. Did you mean --target?'],
    ['apply --target clod', '--target is local or cloud, not clod. Did you mean cloud?'],
    ['apply --target', '--target needs a value: local or cloud.'],
    ['beds --ward', '--ward needs a value: this ward or department alone.'],
    ['beds now', 'los beds does not know now.'],
    ['dataset', 'los dataset needs another word: init, check or load.'],
    ['dataset xyzzy', 'los dataset knows init, check or load, not xyzzy.'],
    ['bootstrap --oidc-issuer https://a --user B', '--oidc-issuer needs --oidc-subject too.'],
    ['bootstrap --addresses 203.0.113.7', '--addresses needs --user too.'],
    ['promote', 'There is no command promote. Did you mean los model promote?'],
    ['model compare', 'los model compare lacks its <a>: version such as health-v3.'],
    ['dataset chekc', 'los dataset knows init, check or load. Did you mean check?'],
    ['eda --question edge --question leaks', '--question is given more than once.'],
  ];
  for (const [line, words] of mistakes)
    it(`are told in words: los ${line}`, async () => {
      expect(await said(...line.split(' ').filter((word) => word !== ''))).to.equal(words);
    });

  it('are none where an option may be given several times, or is a switch', async () => {
    let calls = 0;
    for (const line of ['dataset init --file f.csv --null ? --null NA', 'apply --verbose', 'eda --json'])
      await parse(line.split(' '), async () => void calls++);
    expect(calls).to.equal(3);
  });
});
