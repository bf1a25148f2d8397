import { expect } from 'chai';
import type { Model } from '../../../udfs/model.js';
import { type Handler, handler, plain } from '../compiled.js';
import { logOdds } from '../curve/log-odds.js';
import { send } from './small-model.js';

const MODEL: Model = {
  version: 'health-v3',
  endpoint: 'los-health-v3-stay',
  floor: 1,
  bands: [{ upTo: null, low: -1, high: 1, low95: -2, high95: 2 }],
  ends: 'curve',
  features: [{ kind: 'numeric', name: 'AGE' }],
  hazards: { ends: [1, 3], suffixes: [',0,-1', ',1,0'], excess: 2 },
  events: [
    { name: 'PULSE', kept: [0] },
    { name: 'WARD', kept: [0], levels: { 0: ['ICU'] } },
  ],
};

interface Told {
  readonly days: number;
  readonly low: number;
  readonly high: number;
  readonly moved?: readonly { readonly name: string; readonly days: number }[];
}

describe('translators of a model of stays that have begun', () => {
  let request: Handler;
  let response: Handler;

  before(async () => {
    request = await handler('udfs/translators/stay-request-translator.ts', { MODEL });
    response = await handler('udfs/translators/detail-response-translator.ts');
  });

  const row = { AGE: 60, DAY_OF_STAY: 2, EVENTS: { PULSE: [90], WARD: ['ICU'] } };
  const answer = (sent: ReturnType<typeof send>, body: string) =>
    (plain(response({ body, translatorData: sent.translatorData })) as { body: { data: [number, Told][] } })
      .body.data;

  it('send features, day and events of each row, once for each period, to the second endpoint', () => {
    const sent = send(request, row, { AGE: 50, DAY_OF_STAY: 4 });
    expect(sent.urlSuffix).to.equal('/los-health-v3-stay/invocations');
    expect(sent.body.split('\n')).to.deep.equal([
      ...['60,2,2,2,2,90,1,0,-1', '60,2,2,2,2,90,1,1,0'],
      ...['50,4,4,4,4,,0,0,-1', '50,4,4,4,4,,0,1,0'],
    ]);
    const told = answer(sent, '0.5,0.5,0.5,0.5');
    expect(told.map(([i]) => i)).to.deep.equal([0, 1]);
    const [first, second] = told.map(([, detail]) => detail) as [Told, Told];
    expect(first).to.not.have.property('moved');
    expect(second.days, 'the same hazards').to.equal(first.days);
  });

  it('tell the interval of the day of stay', async () => {
    const bands = [
      { untilDay: 3, upTo: null, low: -1, high: 1, low95: -2, high95: 2 },
      { untilDay: null, upTo: null, low: -3, high: 3, low95: -4, high95: 4 },
    ];
    const later = await handler('udfs/translators/stay-request-translator.ts', {
      MODEL: { ...MODEL, bands },
    });
    const widths = answer(
      send(later, row, { ...row, DAY_OF_STAY: 3 }, { ...row, DAY_OF_STAY: 4 }),
      '0.5\n'.repeat(6),
    ).map(([, { low, high }]) => high - low);
    expect(widths[1]).to.equal(widths[0]);
    expect(widths[2]).to.be.above(widths[0]!);
  });

  it('ask what has changed as it was, and tell by how many days it moved the rest', () => {
    const moved = { ...row, EVENTS_BEFORE: { PULSE: [70], WARD: ['ICU'] } };
    const still = { ...row, EVENTS_BEFORE: row.EVENTS };
    const sent = send(request, moved, row, still);
    expect(sent.body.split('\n')).to.deep.equal([
      ...['60,2,2,2,2,90,1,0,-1', '60,2,2,2,2,90,1,1,0'],
      ...['60,2,2,2,2,70,1,0,-1', '60,2,2,2,2,70,1,1,0'],
      ...['60,2,2,2,2,90,1,0,-1', '60,2,2,2,2,90,1,1,0'],
      ...['60,2,2,2,2,90,1,0,-1', '60,2,2,2,2,90,1,1,0'],
    ]);
    const told = answer(sent, '0.2,0.2,0.6,0.6,0.2,0.2,0.2,0.2').map(([, detail]) => detail);
    expect(told[0]!.moved!.map(({ name }) => name)).to.deep.equal(['PULSE']);
    expect(told[0]!.moved![0]!.days, 'it leaves later than it would have').to.be.above(0.5);
    expect(told[1]!.days, 'answers stay with their rows').to.equal(told[0]!.days);
    expect(told[2]).to.not.have.property('moved');
  });

  it('refuse a row that says nothing, and send one of no patient where no row is left', () => {
    const sent = send(request, null, { DAY_OF_STAY: 3 });
    expect(sent.body.split('\n')).to.deep.equal(['0,0,0,0,0,,0,0,-1', '0,0,0,0,0,,0,1,0']);
    expect(answer(sent, '0.5,0.5').map(([, detail]) => detail.days)).to.deep.equal([null, null]);
  });

  it('ask no more than a request holds', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `VALUE OF NUMBER ${i}`);
    const events = names.map((name) => ({ name, kept: [0, 1, 2, 3, 4, 5, 6] }));
    const hazards = {
      ends: Array.from({ length: 15 }, (_, i) => i + 1),
      suffixes: Array.from({ length: 15 }, (_, i) => `,${i},${logOdds(0.1)}`),
      excess: 2,
    };
    const wide = await handler('udfs/translators/stay-request-translator.ts', {
      MODEL: { ...MODEL, events, hazards },
    });
    const at = (value: number) =>
      Object.fromEntries(names.map((name) => [name, Array.from({ length: 7 }, () => value)]));
    const one = { ...row, EVENTS: at(123.456), EVENTS_BEFORE: at(12.3456) };
    const sent = send(wide, ...Array.from({ length: 32 }, () => one));
    expect(sent.body.length, 'of 32 rows, in bytes').to.be.below(4 * 2 ** 20);
    expect(sent.body.split('\n').length % (32 * 15)).to.equal(0);
  });
});
