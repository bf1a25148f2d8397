import { expect } from 'chai';
import { commands } from '../../../deploy/commands/index.js';
import { load, parse } from '../../../deploy/parser.js';

/** The words of the los command in an example as a shell would see them: without pipes and assignments. */
function words(example: string): string[] {
  const call = /(?:^|\$\(|\s)los (.*?)(?:\)"|\s[|>&]\s?.*)?$/.exec(example)?.[1] ?? '';
  return [...call.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare!,
  );
}

describe('the help of every command', () => {
  for (const entry of commands) {
    it(`has examples, and they are command lines of los ${entry.name}`, async () => {
      const { examples = [] } = await load(entry);
      expect(examples).not.to.deep.equal([]);
      for (const [example, explanation] of examples) {
        expect(explanation, example).to.match(/\S/);
        let called: string | undefined;
        await parse(words(example), async (_command, _args, { name }) => {
          called = name;
        });
        expect(called, example).to.equal(entry.name);
      }
    });

    it(`says in a line what los ${entry.name} does, and describes every option`, async () => {
      expect(entry.describe).to.match(/^[a-z].{10,80}[^.]$/);
      const { options = {}, positional = {} } = await load(entry);
      for (const [name, option] of Object.entries({ ...options, ...positional }))
        expect(option.describe ?? option.desc, name).to.match(/\S/);
    });
  }

  it('has the words of an example right', () => {
    expect(words("los local --fault 's3:*=fail,share=0.2'")).to.deep.equal([
      'local',
      '--fault',
      's3:*=fail,share=0.2',
    ]);
    expect(words('LOS_ENV=dev los plan > plan.txt')).to.deep.equal(['plan']);
  });
});
