import { expect } from 'chai';
import fc from 'fast-check';
import type { Model } from '../../../udfs/model.js';
import { type Handler, handler, plain } from '../compiled.js';
import { anyRow, model, send } from './small-model.js';

describe('response translators', () => {
  let request: Handler;
  let days: Handler;
  let detail: Handler;

  before(async () => {
    request = await handler('udfs/translators/request-translator.ts', { MODEL: model });
    days = await handler('udfs/translators/response-translator.ts');
    detail = await handler('udfs/translators/detail-response-translator.ts');
  });

  it('return days per row, never below the floor, in every format the container has', () => {
    const { translatorData } = send(request, { VISITORS: 1 }, { VISITORS: 2 });
    const expected = {
      body: {
        data: [
          [0, 12.5],
          [1, 1],
        ],
      },
    };
    for (const body of [
      '12.5\n-3\n',
      '12.5,-3',
      { predictions: [{ score: 12.5 }, { score: -3 }] },
      [12.5, -3],
    ])
      expect(plain(days({ body, translatorData }))).to.deep.equal(expected);
    const one = send(request, { VISITORS: 1 });
    expect(plain(days({ body: 7.25, translatorData: one.translatorData }))).to.deep.equal({
      body: { data: [[0, 7.25]] },
    });
  });

  it('multiply days by the version’s scale before anything is made of them', async () => {
    const scaled = await handler('udfs/translators/request-translator.ts', {
      MODEL: { ...model, scale: 1.25 },
    });
    const asked = { body: { data: [8, 40, 0.1].map((n, i) => [i, { VISITORS: n }]) } };
    const { translatorData } = plain(scaled(asked)) as { translatorData: object };
    expect(plain(days({ body: '10\n20\n0.5', translatorData }))).to.deep.equal({
      body: {
        data: [
          [0, 12.5],
          [1, 25],
          [2, 1],
        ],
      },
    });
    const { body } = plain(detail({ body: '10\n20\n0.5', translatorData })) as {
      body: { data: [number, { days: number; low: number; high: number }][] };
    };
    expect(body.data.map(([, told]) => [told.days, told.low, told.high])).to.deep.equal([
      [12.5, 4.5, 24.5],
      [25, 17, 37],
      [1, 1, 4],
    ]);
  });

  it('refuse an answer that is not one number per row', () => {
    const { translatorData } = send(request, { VISITORS: 1 }, { VISITORS: 2 });
    expect(() => days({ body: '1\n', translatorData })).to.throw(/1 predictions for 2 rows/);
    expect(() => days({ body: '1\nx\n', translatorData })).to.throw(/no number/);
    expect(() => days({ body: null, translatorData })).to.throw(/null/);
  });

  it('say no to what has no feature of the model, and ask about the others', () => {
    const sent = send(request, { WARD: 'P' }, null, {}, { AGE: 40 }, { VISITORS: 'many', WARD: null }, [3], {
      VISITORS: 2,
    });
    expect(sent.body).to.equal(',1,0,35\n2,0,0,35');
    const answer = { body: '12\n5\n', translatorData: sent.translatorData };
    const none = 'The OBJECT has no value of a feature of health-v3 (VISITORS, WARD, HOSPITAL).';
    expect(plain(days(answer))).to.deep.equal({
      body: { data: [12, null, null, null, null, null, 5].map((value, i) => [i, value]) },
    });
    const { body } = plain(detail(answer)) as { body: { data: [number, { reason?: string }][] } };
    expect(body.data[2]?.[1]).to.deep.include({ days: null, version: 'health-v3', reason: none });
    expect(body.data.map(([, { reason }]) => reason)).to.deep.equal([
      undefined,
      'The argument is NULL or no OBJECT.',
      ...[none, none, none],
      'The argument is NULL or no OBJECT.',
      undefined,
    ]);
  });

  it('send one row of numbers that no one has when there is nothing to ask, and throw its answer away', () => {
    const sent = send(request, null, {});
    expect(sent.body).to.equal('0,0,0,35');
    expect(plain(days({ body: '9\n', translatorData: sent.translatorData }))).to.deep.equal({
      body: {
        data: [
          [0, null],
          [1, null],
        ],
      },
    });
  });

  it('answer every row once, under its number and in order, whatever mix of rows it is', async () => {
    const explained: Model = { ...model, references: { VISITORS: 2, WARD: 'P', HOSPITAL: '8' } };
    const reasons = await handler('udfs/translators/reasons-request-translator.ts', { MODEL: explained });
    const reasonsResponse = await handler('udfs/translators/reasons-response-translator.ts');
    fc.assert(
      fc.property(fc.array(anyRow(), { minLength: 1, maxLength: 12 }), fc.nat(1000), (rows, first) => {
        const data = rows.map((row, i) => [first + i, row]);
        const numbers = data.map(([number]) => number);
        const ask = (translator: Handler, respond: Handler) => {
          const sent = plain(translator({ body: { data } })) as { body: string; translatorData: object };
          const lines = sent.body.split('\n');
          const body = lines.map((_, i) => i + 1).join('\n');
          const answered = plain(respond({ body, translatorData: sent.translatorData })) as {
            body: { data: [number, unknown][] };
          };
          expect(answered.body.data.map(([number]) => number)).to.deep.equal(numbers);
          return { lines, values: answered.body.data.map(([, value]) => value) };
        };
        const plainDays = ask(request, days);
        const asked = plainDays.values.filter((value) => value !== null);
        // The endpoint's answers 1, 2, 3 … each went to one row, in order.
        expect(asked).to.deep.equal(asked.map((_, i) => i + 1));
        expect(plainDays.lines).to.have.length(Math.max(1, asked.length));
        const explainedDays = ask(reasons, reasonsResponse).values as { days: number | null }[];
        for (const value of [ask(request, detail).values as { days: number | null }[], explainedDays])
          expect(value.map((one) => one.days === null)).to.deep.equal(
            plainDays.values.map((one) => one === null),
          );
      }),
    );
  });

  it('refuse to predict before a version is promoted, saying what to do', async () => {
    const refuse = await handler('udfs/translators/no-model.ts');
    expect(() => refuse({ body: { data: [[0, {}]] } })).to.throw(/los train/);
  });
});
