import { expect } from 'chai';
import fc from 'fast-check';
import { encode, type FeatureCode, type RawRow, toCsvLine } from '../../../udfs/encoding/encoding.js';
import { type Handler, handler, plain } from '../compiled.js';
import { anyRow, model, send } from './small-model.js';

/** Nothing in it that a number, a ward or a hospital could be read from. */
function refused(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return true;
  const gaps = { missing: [] as string[], unseen: [] };
  encode(row as RawRow, model.features, gaps);
  return gaps.missing.length === model.features.length;
}
describe('request translators', () => {
  let request: Handler;
  let encodeValue: Handler;

  before(async () => {
    request = await handler('udfs/translators/request-translator.ts', { MODEL: model });
    encodeValue = await handler('udfs/encoding/encode-value.ts', { MODEL: model });
  });

  it('send numbers only, one line a row, to the endpoint of the version', () => {
    const sent = send(
      request,
      { CASE_ID: 'secret-1', VISITORS: 3, WARD: 'Q', HOSPITAL: 8 },
      { CASE_ID: 'secret-2', WARD: 'X' },
    );
    expect(sent.body).to.equal('3,0,1,40.5\n,0,0,35');
    expect(sent.urlSuffix).to.equal('/los-health-v3/invocations');
    expect(JSON.stringify(sent)).not.to.contain('secret');
  });

  it('find features by names in any case, the very name first', () => {
    const rows: [RawRow, string][] = [
      [{ visitors: 3, Ward: 'Q', hospital: 8 }, '3,0,1,40.5'],
      [{ visitors: 3, VISITORS: 4, ward: 'P', WARD: 'Q' }, '4,0,1,35'],
      [{ Visitors: 5, visitors: 6 }, '5,0,0,35'],
      [JSON.parse('{"__proto__": 1, "ward": "P", "constructor": 2}'), ',1,0,35'],
    ];
    expect(send(request, ...rows.map(([row]) => row)).body).to.equal(rows.map(([, line]) => line).join('\n'));
    expect((send(request, { visitors: 3 }).translatorData as { missing: object }).missing).to.deep.equal({
      0: ['WARD', 'HOSPITAL'],
    });
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
        if (!refused(row)) expect(send(request, row).body).to.equal(line);
      }),
    );
  });

  it('let no number into the CSV that the container would refuse', () => {
    fc.assert(
      fc.property(fc.array(anyRow(), { minLength: 1, maxLength: 12 }), (rows) => {
        for (const line of send(request, ...rows).body.split('\n')) {
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
    const translate = await handler('udfs/translators/request-translator.ts', {
      MODEL: { ...model, features },
    });
    for (const [place, level] of awkward.entries()) {
      const sent = plain(translate({ body: { data: [[0, { WARD: level }]] } })) as { body: string };
      expect(sent.body.split(',')[place]).to.equal('1');
    }
  });
});
