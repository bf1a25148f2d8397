import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { compileEntry } from '../../deploy/compile/compile.js';
import { type Curve, goneBy } from '../../udfs/curve/curve.js';
import { encode, type FeatureCode, type RawRow, toCsvLine } from '../../udfs/encoding.js';
import type { Model } from '../../udfs/model.js';

type Handler = (...args: unknown[]) => unknown;

const model: Model = {
  version: 'health-v3',
  endpoint: 'los-health-v3',
  floor: 1,
  bands: [
    { upTo: 10, low: -2, high: 3, low95: -4, high95: 7 },
    { upTo: null, low: -8, high: 12, low95: -12, high95: 20 },
  ],
  // As of versions without a curve.
  longStay: {
    days: 21,
    points: [
      [4, 0.1],
      [14, 0.3],
    ],
  },
  features: [
    { kind: 'numeric', name: 'VISITORS' },
    { kind: 'onehot', name: 'WARD', levels: ['P', 'Q'] },
    { kind: 'target', name: 'HOSPITAL', levels: { '8': 40.5 }, unseen: 33, missing: 35 },
  ],
};

/** Nothing in it that a number, a ward or a hospital could be read from. */
function refused(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return true;
  const gaps = { missing: [] as string[], unseen: [] };
  encode(row as RawRow, model.features, gaps);
  return gaps.missing.length === model.features.length;
}

/** The compiled body as Snowflake runs it: a function of its upper-cased argument. */
async function handler(entry: string, define?: Record<string, unknown>): Promise<Handler> {
  const { body, signature } = await compileEntry(entry, { define });
  return runInNewContext(
    `(function (${signature.args.map(([name]) => name).join(', ')}) {${body}\n})`,
    {},
  ) as Handler;
}

/** Of a version that was trained before usual values were kept. */
const NOTE =
  'health-v3 was trained before usual values were kept: what is left out counts as missing. Train a new version.';

describe('translators', () => {
  let request: Handler;
  let encodeValue: Handler;
  let days: Handler;
  let detail: Handler;

  before(async () => {
    request = await handler('udfs/request-translator.ts', { MODEL: model });
    encodeValue = await handler('udfs/encode-value.ts', { MODEL: model });
    days = await handler('udfs/response-translator.ts');
    detail = await handler('udfs/detail-response-translator.ts');
  });

  const send = (...rows: unknown[]) =>
    plain(request({ body: { data: rows.map((row, i) => [i, row]) } })) as {
      body: string;
      urlSuffix: string;
      translatorData: object;
    };

  it('send numbers only, one line a row, to the endpoint of the version', () => {
    const sent = send(
      { CASE_ID: 'secret-1', VISITORS: 3, WARD: 'Q', HOSPITAL: 8 },
      { CASE_ID: 'secret-2', WARD: 'X' },
    );
    expect(sent.body).to.equal('3,0,1,40.5\n,0,0,35');
    expect(sent.urlSuffix).to.equal('/los-health-v3/invocations');
    expect(JSON.stringify(sent)).not.to.contain('secret');
  });

  it('return days per row, never below the floor, in every format the container has', () => {
    const { translatorData } = send({ VISITORS: 1 }, { VISITORS: 2 });
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
    const one = send({ VISITORS: 1 });
    expect(plain(days({ body: 7.25, translatorData: one.translatorData }))).to.deep.equal({
      body: { data: [[0, 7.25]] },
    });
  });

  it('multiply days by the version’s scale before anything is made of them', async () => {
    const scaled = await handler('udfs/request-translator.ts', { MODEL: { ...model, scale: 1.25 } });
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

  it('return the interval of the band, the version and what was unknown', () => {
    const { translatorData } = send({ VISITORS: 1, WARD: 'P', HOSPITAL: 8 }, { WARD: 'P', HOSPITAL: 7 });
    expect(plain(detail({ body: '2\n20\n', translatorData }))).to.deep.equal({
      body: {
        data: [
          [
            0,
            {
              ...{ days: 2, low: 1, high: 5, low95: 1, high95: 9 },
              ...{ long_stay: 0.1, long_stay_days: 21, version: 'health-v3', level: null },
              text: 'This patient has a 10 % chance of staying three weeks or longer.',
              ...{ median: null, curve: null, missing: [], unseen: [] },
              ...{ assumed: null, ignored: null, known: null, note: NOTE },
            },
          ],
          [
            1,
            {
              ...{ days: 20, low: 12, high: 32, low95: 8, high95: 40 },
              ...{
                long_stay: 0.3,
                long_stay_days: 21,
                level: null,
                text: 'This patient has a 30 % chance of staying three weeks or longer.',
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
    const ask = await handler('udfs/request-translator.ts', { MODEL: { ...model, bands, spread } });
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
      const ask = await handler('udfs/request-translator.ts', { MODEL: { ...model, spread, longStay } });
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
      expect(long_stay).to.be.closeTo(1 - goneBy(curve, 20), 5.1e-5);
      const percent = Math.round(100 * long_stay);
      expect(text).to.equal(`This patient has a ${percent} % chance of staying three weeks or longer.`);
    }
    // Too few long stays to cut levels.
    expect(await told({ days: 21 })).to.deep.equal(cut.map((value) => ({ ...value, level: null })));
  });

  it('refuse an answer that is not one number per row', () => {
    const { translatorData } = send({ VISITORS: 1 }, { VISITORS: 2 });
    expect(() => days({ body: '1\n', translatorData })).to.throw(/1 predictions for 2 rows/);
    expect(() => days({ body: '1\nx\n', translatorData })).to.throw(/no number/);
    expect(() => days({ body: null, translatorData })).to.throw(/null/);
  });

  it('tell the three features that moved a prediction most, from the endpoint’s own answers', async () => {
    const explained: Model = {
      ...model,
      references: { VISITORS: 2, WARD: 'P', HOSPITAL: '8' },
      widenings: [{ features: ['WARD'], groups: { Q: [1, 2] } }],
    };
    const ask = await handler('udfs/reasons-request-translator.ts', { MODEL: explained });
    const answer = await handler('udfs/reasons-response-translator.ts');
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
    expect(body.data[0]?.[1]).to.include({ days: 20, low: 11, high: 33, low95: 6, high95: 42 });
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
    const ask = await handler('udfs/reasons-request-translator.ts', { MODEL: explained });
    const answer = await handler('udfs/reasons-response-translator.ts');
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
    const answer = await handler('udfs/reasons-response-translator.ts');
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

  it('draw the long-stay probability as a rising line between the measured points', () => {
    const data = send({ VISITORS: 1 }).translatorData as { rows: number[] };
    const at = (days: number) =>
      (
        plain(detail({ body: `${days}\n`, translatorData: data })) as {
          body: { data: [number, { long_stay: number }][] };
        }
      ).body.data[0]![1].long_stay;
    expect([1, 4, 9, 14, 50].map(at)).to.deep.equal([0.1, 0.1, 0.2, 0.3, 0.3]);
  });

  it('encode a row exactly as the training file does', () => {
    // In the table of features what is no number is a text.
    const number = fc.oneof(fc.double(), fc.integer(), fc.constant(null));
    const text = fc.oneof(
      fc.constantFrom('P', 'Q', '8', '9'),
      fc.string(),
      fc.integer().map(String),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.record({ VISITORS: number, WARD: text, HOSPITAL: text }), (row) => {
        const read = encode(row, model.features, { missing: [], unseen: [] });
        const line = model.features
          .map(({ name, kind }) => {
            const value = row[name as keyof typeof row];
            return kind === 'numeric' ? encodeValue(name, null, value) : encodeValue(name, value, null);
          })
          .join();
        expect(line).to.equal(toCsvLine(read));
        if (!refused(row)) expect(send(row).body).to.equal(line);
      }),
    );
  });

  it('say no to what has no feature of the model, and ask about the others', () => {
    const sent = send({ WARD: 'P' }, null, {}, { AGE: 40 }, { VISITORS: 'many', WARD: null }, [3], {
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

  it('send one row of numbers that nobody has when there is nothing to ask, and throw its answer away', () => {
    const sent = send(null, {});
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

  it('find features by names in any case, the very name first', () => {
    const rows: [RawRow, string][] = [
      [{ visitors: 3, Ward: 'Q', hospital: 8 }, '3,0,1,40.5'],
      [{ visitors: 3, VISITORS: 4, ward: 'P', WARD: 'Q' }, '4,0,1,35'],
      [{ Visitors: 5, visitors: 6 }, '5,0,0,35'],
      [JSON.parse('{"__proto__": 1, "ward": "P", "constructor": 2}'), ',1,0,35'],
    ];
    expect(send(...rows.map(([row]) => row)).body).to.equal(rows.map(([, line]) => line).join('\n'));
    expect((send({ visitors: 3 }).translatorData as { missing: object }).missing).to.deep.equal({
      0: ['WARD', 'HOSPITAL'],
    });
  });

  it('find the group of a wider interval under names in any case, also one that is no feature', async () => {
    const widenings = [{ features: ['WARD', 'CITY'], groups: { 'Q|Lyon': [1, 2] as const } }];
    const widened = await handler('udfs/request-translator.ts', { MODEL: { ...model, widenings } });
    const full = { VISITORS: 1, WARD: 'Q', HOSPITAL: 8 };
    const rows = [
      { ...full, CITY: 'Lyon' },
      { ...full, city: 'Lyon' },
      { visitors: 1, ward: 'Q', City: 'Lyon' },
      full,
    ];
    const { translatorData } = plain(widened({ body: { data: rows.map((row, i) => [i, row]) } })) as {
      translatorData: { margins: object };
    };
    expect(translatorData.margins).to.deep.equal({ 0: [1, 2], 1: [1, 2], 2: [1, 2] });
  });

  it('read what versions hand over that did not tell missing from unseen', () => {
    const { version, floor, bands } = model;
    const translatorData = { version, floor, bands, rows: [0, 1], unknown: { 1: ['WARD'] } };
    const { body } = plain(detail({ body: '2\n3\n', translatorData })) as {
      body: { data: [number, Record<string, unknown>][] };
    };
    expect(body.data[0]?.[1]).to.deep.include({ days: 2, missing: [], unseen: [] });
    expect(body.data[1]?.[1]).to.deep.include({ missing: ['WARD'], unseen: [] });
  });

  /** Whatever callers may send: rows of the model, poisoned ones, ones in another case, and what is no row. */
  const anyRow = () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(1e39, -1e300, '1e39', 'P', 'Q', 'Z', '8', 8, '', null, true),
      fc.string(),
    );
    const key = fc.constantFrom('VISITORS', 'WARD', 'HOSPITAL', 'visitors', 'Ward', 'OTHER', '__proto__');
    // As it arrives: JSON, which knows no infinity.
    return fc
      .oneof(fc.dictionary(key, value), fc.constant(null), fc.constant({}), fc.array(value))
      .map(plain);
  };

  it('answer every row once, under its number and in order, whatever mix of rows it is', async () => {
    const explained: Model = { ...model, references: { VISITORS: 2, WARD: 'P', HOSPITAL: '8' } };
    const reasons = await handler('udfs/reasons-request-translator.ts', { MODEL: explained });
    const reasonsResponse = await handler('udfs/reasons-response-translator.ts');
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

  it('let no number into the CSV that the container would refuse', () => {
    fc.assert(
      fc.property(fc.array(anyRow(), { minLength: 1, maxLength: 12 }), (rows) => {
        for (const line of send(...rows).body.split('\n')) {
          const fields = line.split(',');
          expect(fields).to.have.length(4);
          for (const field of fields)
            expect(field === '' || Number.isFinite(Math.fround(Number(field))), field).to.equal(true);
        }
      }),
    );
  });

  it('survive levels with quotes, backslashes and line breaks in their names', async () => {
    const awkward = ["O'Hara", 'a"b', 'c\\d', 'e\nf', '</script>', '\u2028'];
    const features: FeatureCode[] = [{ kind: 'onehot', name: 'WARD', levels: awkward }];
    const translate = await handler('udfs/request-translator.ts', { MODEL: { ...model, features } });
    for (const [place, level] of awkward.entries()) {
      const sent = plain(translate({ body: { data: [[0, { WARD: level }]] } })) as { body: string };
      expect(sent.body.split(',')[place]).to.equal('1');
    }
  });

  it('refuse to predict before a version is promoted, saying what to do', async () => {
    const refuse = await handler('udfs/no-model.ts');
    expect(() => refuse({ body: { data: [[0, {}]] } })).to.throw(/los train/);
  });
});

/** Objects of another realm as ours, as they are after crossing Snowflake's JSON. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
