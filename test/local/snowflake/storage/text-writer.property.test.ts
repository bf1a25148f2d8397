import { BIGINT, DuckDBInstance, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { TextWriter, textsOf } from '@local-cloud/snowflake/storage/texts.js';
import { expect } from 'chai';
import fc from 'fast-check';

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    'twelve bytes',
    'thirteen byte',
    'Größe €',
    '日本語 🏥',
    'zero \0 byte',
    '\0',
    '\ud800 alone',
  ),
);

describe('texts written into a DuckDB vector', () => {
  let instance: DuckDBInstance;
  before(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  });
  after(() => instance.closeSync());

  /** What DuckDB has of these texts, one a row, when a function of its has given them. */
  const written = async (texts: readonly (string | null)[]) => {
    const connection = await instance.connect();
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: 'given',
        parameterTypes: [BIGINT],
        returnType: VARCHAR,
        volatile: true,
        mainFunction(_info, input, output) {
          const rows = input.getColumnVector(0);
          const writer = new TextWriter(output, input.rowCount);
          for (let row = 0; row < input.rowCount; row++)
            writer.setItem(row, texts[Number(rows.getItem(row))]!);
          writer.flush();
        },
      }),
    );
    // A sort compares them, and copies them.
    const sql = `SELECT t FROM (SELECT k, given(k) AS t FROM range(${texts.length}) AS r(k)) ORDER BY t = '', k`;
    const result = await connection.run(sql);
    const rows: (string | null)[] = [];
    for (let c = 0; c < result.chunkCount; c++) rows.push(...textsOf(result.getChunk(c), 0));
    connection.closeSync();
    return rows;
  };
  /** The same order as of `written`; half of a pair of surrogates is no UTF-8. */
  const expected = (texts: readonly (string | null)[]) =>
    [
      (t: string | null) => t !== null && t !== '',
      (t: string | null) => t === '',
      (t: string | null) => t === null,
    ]
      .flatMap((which) => texts.filter(which))
      .map((t) => t && Buffer.from(t).toString());

  it('are read as they were: short and long, of any alphabet, NULL, with bytes of zero', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 60 }), async (texts) => {
        expect(await written(texts)).to.deep.equal(expected(texts));
      }),
    ));

  it('are brought over in several parts where they are many bytes, also a single one', async () => {
    const texts = Array.from({ length: 5000 }, (_, k) =>
      k % 7 === 0 ? null : `${k} ${'€'.repeat((k * 37) % 1500)}`,
    );
    texts[3000] = 'x'.repeat(3_000_000);
    expect(await written(texts)).to.deep.equal(expected(texts));
  });
});
