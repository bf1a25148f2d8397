import { expect } from 'chai';
import { type Curve, shareGone } from '../../../udfs/curve/curve.js';
import { type Handler, handler, plain } from '../compiled.js';
import { model, send } from './small-model.js';

/** Of a version that was trained before usual values were kept. */
const NOTE =
  'health-v3 was trained before usual values were kept: what is left out counts as missing. Train a new version.';

describe('the response translator of details', () => {
  let request: Handler;
  let detail: Handler;

  before(async () => {
    request = await handler('udfs/translators/request-translator.ts', { MODEL: model });
    detail = await handler('udfs/translators/detail-response-translator.ts');
  });

  it('return the interval of the band, the version and what was unknown', () => {
    const { translatorData } = send(
      request,
      { VISITORS: 1, WARD: 'P', HOSPITAL: 8 },
      { WARD: 'P', HOSPITAL: 7 },
    );
    expect(plain(detail({ body: '2\n20\n', translatorData }))).to.deep.equal({
      body: {
        data: [
          [
            0,
            {
              ...{ days: 2, low: 1, high: 5, low95: 1, high95: 9 },
              ...{ long_stay: null, long_stay_days: 21, version: 'health-v3', level: null },
              text: null,
              ...{ median: null, curve: null, missing: [], unseen: [] },
              ...{ assumed: null, ignored: null, known: null, note: NOTE },
            },
          ],
          [
            1,
            {
              ...{ days: 20, low: 12, high: 32, low95: 8, high95: 40 },
              ...{
                long_stay: null,
                long_stay_days: 21,
                level: null,
                text: null,
                median: null,
                curve: null,
                version: 'health-v3',
                missing: ['VISITORS'],
                unseen: ['HOSPITAL'],
                ...{ assumed: null, ignored: null, known: null, note: NOTE },
              },
            },
          ],
        ],
      },
    });
  });

  it('return the curve of a version that has one, its median, and no interval that leaves the median out', async () => {
    const spread = {
      kind: 'quotient' as const,
      shares: [0, 0.5, 1],
      around: [
        { predicted: 5, values: [0.2, 1, 3] },
        { predicted: 15, values: [0.6, 1, 1.5] },
      ],
    };
    const bands = [{ upTo: null, low: 2, high: 4, low95: 3, high95: 3 }];
    const ask = await handler('udfs/translators/request-translator.ts', {
      MODEL: { ...model, bands, spread },
    });
    const row = { VISITORS: 1, WARD: 'P', HOSPITAL: 8 };
    const { translatorData } = plain(ask({ body: { data: [row, row].map((each, i) => [i, each]) } })) as {
      translatorData: object;
    };
    const { body } = plain(detail({ body: '5\n10\n', translatorData })) as {
      body: { data: [number, { curve: { days: number[]; gone: number[] } }][] };
    };
    // At 5 days half of the stays end by 5 days, so by the end of day 5 (5.5 days) a little more than half.
    expect(body.data[0]?.[1]).to.deep.include({ days: 5, median: 5, low: 5, high: 9, low95: 5, high95: 9 });
    expect(body.data[0]?.[1].curve).to.deep.equal({
      days: [1, 5, 15],
      gone: [0.0625, 0.525, 1],
    });
    // At 10 days halfway between the two: from 4 days to 22.5.
    expect(body.data[1]?.[1].curve).to.deep.equal({ days: [3, 10, 22], gone: [0, 0.52, 1] });
  });

  it('return the probability of a long stay that the curve has, its level and its sentence', async () => {
    const spread = {
      kind: 'quotient' as const,
      shares: [0, 0.5, 1],
      around: [{ predicted: 10, values: [0, 1, 3] }],
    };
    const levels = [0.02, 0.05, 0.1, 0.2];
    const told = async (longStay: object) => {
      const ask = await handler('udfs/translators/request-translator.ts', {
        MODEL: { ...model, spread, longStay },
      });
      const rows = [1, 2, 3].map((visitors, i) => [i, { VISITORS: visitors }]);
      const { translatorData } = plain(ask({ body: { data: rows } })) as { translatorData: object };
      const { body } = plain(detail({ body: '7.2\n10\n30\n', translatorData })) as {
        body: { data: [number, { curve: Curve; long_stay: number; level: number | null; text: string }][] };
      };
      return body.data.map(([, value]) => value);
    };
    const cut = await told({ days: 21, levels });
    expect(cut.map(({ level }) => level)).to.deep.equal([3, 5, 5]);
    for (const { curve, long_stay, text } of cut) {
      expect(long_stay).to.be.closeTo(1 - shareGone(curve, 20), 5.1e-5);
      const percent = Math.round(100 * long_stay);
      expect(text).to.equal(`This patient has a ${percent} % chance of staying three weeks or longer.`);
    }
    // Too few long stays to cut levels.
    expect(await told({ days: 21 })).to.deep.equal(cut.map((value) => ({ ...value, level: null })));
  });
});
