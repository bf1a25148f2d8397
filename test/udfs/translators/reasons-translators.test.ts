import { expect } from 'chai';
import type { Model } from '../../../udfs/model.js';
import { type Handler, handler, plain } from '../compiled.js';
import { model } from './small-model.js';

describe('translators of reasons', () => {
  let answer: Handler;

  before(async () => {
    answer = await handler('udfs/translators/reasons-response-translator.ts');
  });

  it('tell the three features that moved a prediction most, from the endpoint’s own answers', async () => {
    const explained: Model = {
      ...model,
      references: { VISITORS: 2, WARD: 'P', HOSPITAL: '8' },
    };
    const ask = await handler('udfs/translators/reasons-request-translator.ts', { MODEL: explained });
    const sent = plain(
      ask({
        body: {
          data: [
            [7, { VISITORS: 3, WARD: 'Q', HOSPITAL: '8', CASE_ID: 'secret' }],
            [9, { VISITORS: 2, WARD: 'P', HOSPITAL: 8 }],
          ],
        },
      }),
    ) as { body: string; translatorData: object };
    // Usual values alone; as it is, with 2 visitors, with ward P; the second row is usual in everything.
    const usual = '2,1,0,40.5';
    expect(sent.body.split('\n')).to.deep.equal([usual, '3,0,1,40.5', '2,0,1,40.5', '3,1,0,40.5', usual]);
    expect(JSON.stringify(sent)).not.to.contain('secret');
    const { body } = plain(answer({ body: '9\n20\n18\n25\n9\n', translatorData: sent.translatorData })) as {
      body: { data: [number, Record<string, unknown>][] };
    };
    expect(body.data.map(([row]) => row)).to.deep.equal([7, 9]);
    expect(body.data[0]?.[1]).to.include({ days: 20, low: 12, high: 32, low95: 8, high95: 40 });
    expect(body.data[0]?.[1].reasons).to.deep.equal([
      { feature: 'WARD', days: -5, value: 'Q', base: 'P' },
      { feature: 'VISITORS', days: 2, value: 3, base: 2 },
    ]);
    expect(body.data[1]?.[1].reasons).to.deep.equal([]);
    expect(body.data.map(([, { base_days }]) => base_days)).to.deep.equal([9, 9]);
  });

  it('give no reason for a value that is missing, was never seen, or stands in for a missing one', async () => {
    const explained: Model = {
      ...model,
      references: { VISITORS: 2, WARD: 'P', HOSPITAL: '8' },
      standIns: { VISITORS: 0, WARD: 'Q' },
    };
    const ask = await handler('udfs/translators/reasons-request-translator.ts', { MODEL: explained });
    const told = (row: object) => {
      const sent = plain(ask({ body: { data: [[0, row]] } })) as { body: string; translatorData: object };
      const lines = sent.body.split('\n');
      const body = lines.map((_, i) => 10 + i).join('\n');
      const answered = plain(answer({ body, translatorData: sent.translatorData })) as {
        body: { data: [number, { days: number; missing: string[]; reasons: { feature: string }[] }][] };
      };
      const { days, missing, reasons } = answered.body.data[0]![1];
      return { lines: lines.length, days, missing, reasons: reasons.map(({ feature }) => feature) };
    };
    // Three lines: usual values, the row, and the row with each thing that it says.
    expect(told({ VISITORS: 5 })).to.deep.equal({
      ...{ lines: 3, days: 11, missing: ['WARD', 'HOSPITAL'], reasons: ['VISITORS'] },
    });
    expect(told({ visitors: '', WARD: 'X', HOSPITAL: 7, AGE: 4 }).reasons).to.deep.equal([]);
    expect(told({ VISITORS: 0, WARD: 'Q', HOSPITAL: '8' })).to.deep.include({ lines: 2, reasons: [] });
    expect(told({ VISITORS: '0', WARD: 'P', HOSPITAL: 8 }).reasons).to.deep.equal([]);
  });

  it('tell reasons of versions that hand over no values', async () => {
    const { version, floor, bands } = model;
    const translatorData = {
      version,
      floor,
      bands,
      rows: [3],
      features: ['VISITORS', 'WARD'],
      changed: [[1]],
    };
    const { body } = plain(answer({ body: '9\n5\n', translatorData })) as {
      body: { data: [number, Record<string, unknown>][] };
    };
    expect(body.data[0]?.[1]).to.deep.include({
      days: 9,
      base_days: null,
      reasons: [{ feature: 'WARD', days: 4, value: null, base: null }],
    });
  });
});
