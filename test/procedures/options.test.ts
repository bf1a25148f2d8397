import { expect } from 'chai';
import fc from 'fast-check';
import { Refused } from '../../procedures/ground/work.js';
import { quote, readOptions } from '../../procedures/options.js';

interface Asked {
  readonly promote?: boolean;
  readonly days?: number;
  readonly name?: string;
  readonly list?: readonly unknown[];
  readonly day?: string | null;
}

const read = (given: unknown) =>
  readOptions<Asked>(
    'DO_IT',
    given as Asked,
    { promote: 'boolean', days: 'whole number', name: 'text', list: 'list', day: 'day' },
    ['day'],
  );

const refusal = (given: unknown): Refused => {
  try {
    read(given);
  } catch (error) {
    expect(error).to.be.instanceOf(Refused);
    return error as Refused;
  }
  return expect.fail(`${JSON.stringify(given)} was taken`);
};

describe('options of a procedure', () => {
  it('are taken as they are where each is of its type', () => {
    const given = { promote: false, days: 28, name: 'health-v1', list: [], day: '2026-02-28' };
    expect(read(given)).to.deep.equal(given);
    for (const none of [null, undefined, {}]) expect(read(none)).to.deep.equal({});
  });

  it('are refused by name, with what to write, where one is of another type', () => {
    for (const promote of ['no', 'TRUE', 0, 1, null, [], {}]) {
      const { message, next } = refusal({ promote });
      expect(message).to.equal(`The option promote is ${JSON.stringify(promote)}.`);
      expect(next).to.equal('Write it as TRUE or FALSE.');
    }
    for (const days of ['28', 1.5, Number.NaN, null]) expect(refusal({ days }).message).to.contain('days is');
    for (const name of ['', 7, 'x'.repeat(201)]) expect(refusal({ name }).message).to.contain('name is');
    for (const list of ['gamma', { 0: 'gamma' }]) expect(refusal({ list }).message).to.contain('list is');
    for (const day of ['2026-02-30', 'yesterday', 5])
      expect(refusal({ day }).message).to.contain('is no day');
  });

  it('may be NULL only where that is as good as left out', () => {
    expect(read({ day: null })).to.deep.equal({});
    expect(refusal({ days: null }).message).to.equal('The option days is null.');
  });

  it('are refused where there is none of that name, however it is spelled', () => {
    for (const name of ['Promote', 'constructor', 'toString', ' promote'])
      expect(refusal({ [name]: true }).message).to.equal(`DO_IT has no option ${JSON.stringify(name)}.`);
    expect(refusal(JSON.parse('{"__proto__": {"promote": true}}')).message).to.contain('"__proto__"');
    expect(refusal({ force: true }).next).to.equal('Its options are promote, days, name, list, day.');
  });

  it('are an object, or none', () => {
    for (const given of ['promote', 1, true, ['promote']])
      expect(refusal(given).message).to.equal(`The options of DO_IT are ${JSON.stringify(given)}.`);
  });

  it('are shown in messages short and without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const shown = quote(text);
        expect(shown.length).to.be.at.most(60);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(shown).to.not.match(/[\u0000-\u001f]/);
      }),
    );
  });
});
