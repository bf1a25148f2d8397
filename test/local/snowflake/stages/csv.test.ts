import { readCsv } from '@local-cloud/snowflake/stages/formats/csv.js';
import { type CsvFormat, effective } from '@local-cloud/snowflake/stages/formats/format.js';
import { csvRecord } from '@local-cloud/snowflake/stages/unload/unload-text.js';
import { type Cell, TEXT } from '@local-cloud/snowflake/types/data-type.js';
import { expect } from 'chai';
import fc from 'fast-check';

const format = (options: Parameters<typeof effective>[0]) =>
  effective({ TYPE: 'CSV', ...options }) as CsvFormat;
const columns = (width: number) =>
  Array.from({ length: width }, (_, i) => ({ name: `C${i}`, type: TEXT(), nullable: true }));
const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '\r', '\\', '|', 'N') });

describe('the CSV reader', () => {
  const roundTrip = (
    given: CsvFormat,
    cells: fc.Arbitrary<Cell>,
    expected: (cell: Cell) => string | undefined,
  ) =>
    fc.assert(
      fc.property(fc.array(fc.tuple(cells, cells), { minLength: 1, maxLength: 5 }), (rows) => {
        const written = rows.map(csvRecord(columns(2), given)).join('');
        const read = [...readCsv(written, given)].map((record) => record.fields);
        expect(read).to.deep.equal(rows.map((row) => row.map(expected)));
      }),
    );

  it('reads what unloading with enclosure wrote', () => {
    // NULL is written as \N without enclosure, which a text never is.
    roundTrip(format({ FIELD_OPTIONALLY_ENCLOSED_BY: '"' }), fc.option(text), (cell) => cell ?? '\\N');
  });

  it('reads what unloading without enclosure escaped', () => {
    const plain = text.map((value) => value.replaceAll('\r', '')).filter((value) => !/\\N|^$/.test(value));
    roundTrip(format({}), plain, (cell) => cell ?? '\\N');
    roundTrip(format({ FIELD_DELIMITER: '|' }), plain, (cell) => cell ?? '\\N');
  });

  it('tells lines and columns also behind line breaks in fields', () => {
    const records = [...readCsv('a,"x\ny"\nb,c\n', format({ FIELD_OPTIONALLY_ENCLOSED_BY: '"' }))];
    expect(records.map(({ line, starts }) => [line, starts])).to.deep.equal([
      [1, [0, 2]],
      [3, [0, 2]],
    ]);
  });

  it('reads other record delimiters, blank lines and spaces as the format says', () => {
    expect(
      [...readCsv('1;2#3;4#', format({ FIELD_DELIMITER: ';', RECORD_DELIMITER: '#' }))].map((r) => r.fields),
    ).to.deep.equal([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect([...readCsv('a\n\nb\n', format({ SKIP_BLANK_LINES: true }))]).to.have.length(2);
    expect(
      [...readCsv(' a , "b " \n', format({ TRIM_SPACE: true, FIELD_OPTIONALLY_ENCLOSED_BY: '"' }))][0]!
        .fields,
    ).to.deep.equal(['a', 'b ']);
  });
});
