import { expect } from 'chai';
import { meanOf, shareGone } from '../../../udfs/curve/curve.js';
import { curveOfHazards } from '../../../udfs/curve/hazards.js';
import type { Model } from '../../../udfs/model.js';
import { type Handler, handler, plain } from '../compiled.js';
import { logOdds } from '../curve/log-odds.js';
import { send } from './small-model.js';

const model: Model = {
  version: 'health-v3',
  endpoint: 'los-health-v3',
  floor: 1,
  bands: [{ upTo: null, low: -8, high: 12, low95: -12, high95: 20 }],
  features: [
    { kind: 'numeric', name: 'VISITORS' },
    { kind: 'onehot', name: 'WARD', levels: ['P', 'Q'] },
    { kind: 'target', name: 'HOSPITAL', levels: { '8': 40.5 }, unseen: 33, missing: 35 },
  ],
};

interface Told {
  readonly days: number;
  readonly low: number;
  readonly high: number;
  readonly low95: number;
  readonly high95: number;
  readonly long_stay: number;
  readonly base_days: number;
  readonly curve: { readonly days: number[]; readonly gone: number[] };
  readonly reasons: { readonly feature: string; readonly days: number }[];
}

describe('translators of a model of hazards', () => {
  const hazards = { ends: [1, 2, 4], suffixes: [',0,-1.5', ',1,-1', ',2,0'], excess: 2 };
  let request: Handler;
  let reasons: Handler;
  let days: Handler;
  let detail: Handler;
  let explained: Handler;

  before(async () => {
    const { longStay: _, ...rest } = model;
    const MODEL = {
      ...rest,
      hazards,
      longStay: { days: 3 },
      references: { VISITORS: 1, WARD: 'P', HOSPITAL: '8' },
    };
    request = await handler('udfs/translators/request-translator.ts', { MODEL });
    reasons = await handler('udfs/translators/reasons-request-translator.ts', { MODEL });
    days = await handler('udfs/translators/response-translator.ts');
    detail = await handler('udfs/translators/detail-response-translator.ts');
    explained = await handler('udfs/translators/reasons-response-translator.ts');
  });

  const row = (ward: string) => ({ VISITORS: 3, WARD: ward, HOSPITAL: 8 });

  it('send a line for each row and period, and one row for no one', () => {
    expect(send(request, row('P')).body).to.equal('3,1,0,40.5,0,-1.5\n3,1,0,40.5,1,-1\n3,1,0,40.5,2,0');
    expect(send(request, null).body.split('\n')).to.have.length(3);
  });

  it('multiply the answers to curves, those of a version of 0.8.0 at their groups’ paces, and all else follows', () => {
    const sent = send(request, row('P'), row('Q'));
    const translatorData = { ...(sent.translatorData as object), paces: { 1: 0.5 } };
    const body = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5].join('\n');
    const answered = plain(detail({ body, translatorData })) as { body: { data: [number, Told][] } };
    const [plainOne, slow] = answered.body.data.map(([, value]) => value) as [Told, Told];
    expect(plainOne.curve.gone.slice(0, 3)).to.deep.equal([0.5, 0.75, 0.875]);
    expect(slow.curve.gone[1]).to.be.closeTo(1 - 0.25 ** 0.5, 1e-4);
    expect(plainOne.long_stay).to.be.closeTo(0.25, 1e-4);
    expect(slow.days).to.be.above(plainOne.days);
    const { body: answers } = plain(days({ body, translatorData })) as { body: { data: [number, number][] } };
    expect(answers.data.map(([, value]) => value)).to.deep.equal([plainOne.days, slow.days]);
  });

  it('average over what earlier admissions had of what a row lacks, and leave what it has', () => {
    const LOS_DRAWS = [{ VISITORS: 1 }, { VISITORS: 7 }, {}];
    const given = { WARD: 'P', HOSPITAL: 8, LOS_DRAWS };
    const { body, translatorData } = send(request, row('P'), given, { ...row('P'), LOS_DRAWS });
    const asked = body.split('\n').filter((_line, i) => i % 3 === 0);
    expect(asked.map((line) => line.replace(/,0,-1.5$/, ''))).to.deep.equal(
      ['3,1,0,40.5', '1,1,0,40.5', '7,1,0,40.5', ',1,0,40.5', '3,1,0,40.5'], // the last lacks nothing
    );
    const hazardsOf = (h: number) => [h, h, h];
    const answers = [0.5, 0.2, 0.4, 0.9, 0.5].flatMap(hazardsOf);
    const answered = plain(detail({ body: answers.join(), translatorData })) as {
      body: { data: [number, Told][] };
    };
    const [whole, averaged, same] = answered.body.data.map(([, told]) => told) as [Told, Told, Told];
    expect(same).to.deep.equal(whole);
    const { suffixes: _, ...shape } = hazards;
    const each = [0.2, 0.4, 0.9].map((h) => curveOfHazards(hazardsOf(h), shape, 1));
    for (const day of [1, 2, 3, 4, 6])
      expect(shareGone(averaged.curve, day)).to.be.closeTo(
        each.reduce((sum, curve) => sum + shareGone(curve, day), 0) / 3,
        2e-3,
      );
    expect(averaged.days).to.be.closeTo(each.reduce((sum, curve) => sum + meanOf(curve), 0) / 3, 1e-9);
  });

  it('move curves away from the middle where the version does', async () => {
    const apart = { middle: 5, by: 0.2 };
    const { translatorData } = send(
      await handler('udfs/translators/request-translator.ts', {
        MODEL: { ...model, hazards: { ...hazards, apart } },
      }),
      row('P'),
    );
    const answered = plain(detail({ body: '0.2,0.3,0.4', translatorData })) as {
      body: { data: [number, Told][] };
    };
    const told = answered.body.data[0]![1];
    const { suffixes: _, ...shape } = hazards;
    expect(told.curve).to.deep.equal(curveOfHazards([0.2, 0.3, 0.4], { ...shape, apart }, 1));
    expect(told.curve.gone[0]).to.be.above(0.2);
    expect(told.days).to.equal(meanOf(told.curve));
  });

  it('tell intervals in days beside the mean, or on the patient’s own curve where the version’s are told so', async () => {
    const band = {
      upTo: null,
      low: logOdds(0.25),
      high: logOdds(0.75),
      low95: logOdds(0.22),
      high95: logOdds(0.9),
    };
    const ask = async (more: Partial<Model>) => {
      const { translatorData } = send(
        await handler('udfs/translators/request-translator.ts', { MODEL: { ...model, hazards, ...more } }),
        row('P'),
        row('Q'),
      );
      const answered = plain(detail({ body: '0.2,0.3,0.4,0.2,0.3,0.4', translatorData })) as {
        body: { data: [number, Told][] };
      };
      return answered.body.data.map(([, told]) => told);
    };
    const [own] = await ask({ bands: [band], ends: 'curve' });
    const places = (...days: number[]) =>
      days.map((day) => Math.round(100 * logOdds(shareGone(own!.curve, day))) / 100);
    expect(own!.curve.gone.slice(0, 2)).to.deep.equal([0.2, 0.44]);
    expect(places(own!.low, own!.high)).to.deep.equal([-1.1, 1.1]);
    expect(places(own!.low95, own!.high95)).to.deep.equal([-1.27, 2.2]);
    const [beside] = await ask({ bands: [{ ...band, low: -2.5, high: 2.5 }] });
    expect(beside!.high).to.be.closeTo(beside!.days + 2.5, 1e-4);
  });

  it('give reasons in days, from the curves with and without a value', () => {
    const { body, translatorData } = send(reasons, row('P'));
    // Usual values alone, the row as it is, and with the visitors that are usual.
    expect(body.split('\n')).to.have.length(9);
    const answer = plain(explained({ body: '0.4,0.4,0.4,0.2,0.2,0.2,0.5,0.5,0.5', translatorData })) as {
      body: { data: [number, Told][] };
    };
    const told = answer.body.data[0]![1];
    expect(told.reasons).to.have.length(1);
    expect(told.base_days).to.be.within(1, told.days);
    expect(told.reasons[0]!.feature).to.equal('VISITORS');
    expect(told.reasons[0]!.days).to.be.above(1);
    expect(told.reasons[0]!.days).to.be.below(told.days);
  });

  it('refuse answers that are not one for each period', () => {
    const { translatorData } = send(request, row('P'));
    expect(() => days({ body: '0.5\n0.5', translatorData })).to.throw('2 predictions for 3 rows');
  });
});
