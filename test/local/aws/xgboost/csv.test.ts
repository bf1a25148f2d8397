import { CsvError, CsvReader, sniffDelimiter } from '@local-cloud/aws/xgboost/csv.js';
import { expect } from 'chai';
import fc from 'fast-check';

function read(text: string, options: ConstructorParameters<typeof CsvReader>[0] = {}, cut = text.length) {
  const reader = new CsvReader(options);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += cut) reader.push(bytes.subarray(at, at + cut));
  reader.endFile();
  return reader.table();
}

describe('reading numbers from CSV', () => {
  it('rounds every double to the nearest float, however it is written and wherever the text is cut', () => {
    const cell = fc.oneof(
      fc.double({ noNaN: true }),
      fc.float({ noNaN: true }),
      fc.integer(),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Number(value.toFixed(4))),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, cut) => {
          const text = rows
            .map((row) => row.map((value) => (Object.is(value, -0) ? '-0.0' : String(value))).join(','))
            .join('\n');
          const table = read(text, {}, cut);
          expect([table.rows, table.columns]).to.deep.equal([rows.length, 3]);
          expect([...table.values]).to.deep.equal(rows.flat().map(Math.fround));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads an empty cell and nan as missing, and white space around a number as nothing', () => {
    const { values } = read('1,,nan\r\n 2 ,NaN,3e2\r\n');
    expect([...values]).to.deep.equal([1, Number.NaN, Number.NaN, 2, Number.NaN, 300]);
  });

  it('sets label and weight apart and skips empty lines when told to', () => {
    const table = read('10,0.5,1,2\n\n20,0.25,3,\n', { leading: 2, skipBlankLines: true });
    expect([...table.leading[0]!]).to.deep.equal([10, 20]);
    expect([...table.leading[1]!]).to.deep.equal([0.5, 0.25]);
    expect([...table.values]).to.deep.equal([1, 2, 3, Number.NaN]);
  });

  it('keeps many rows that arrive in small pieces, also where it has been told to expect fewer bytes or more', () => {
    const rows = 5000;
    const text = Array.from({ length: rows }, (_, i) => `${i},${i / 8},${-i}`).join('\n');
    for (const bytes of [undefined, 0, 10_000, text.length, 1_000_000]) {
      const table = read(text, { leading: 1, bytes }, 1000);
      expect(table.rows).to.equal(rows);
      expect([...table.values.slice(-2)]).to.deep.equal([(rows - 1) / 8, -(rows - 1)]);
      expect(table.values).to.have.lengthOf(2 * rows);
      expect(table.leading[0]![rows - 1]).to.equal(rows - 1);
    }
  });

  it('has room for cells of one byte', () => {
    const text = `${Array.from({ length: 3000 }, () => ',,').join('\n')}\n1,2,3\n`;
    const { rows, values } = read(text, { bytes: text.length });
    expect(rows).to.equal(3001);
    expect([...values.slice(-4)]).to.deep.equal([Number.NaN, 1, 2, 3]);
  });

  for (const [what, text, message] of [
    ['a word', '1,2\n3,secret\n', /could not convert string to float: line 2, column 2/],
    ['a quoted number', '1,"2"\n', /line 1, column 2/],
    ['a short row', '1,2,3\n4,5\n', /Line 2 has 2 columns where the lines before it have 3/],
    ['a long row', '1,2\n4,5,6\n', /Line 2 has 3 columns/],
    ['two signs', '1,--2\n', /line 1, column 2/],
  ] as const)
    it(`refuses ${what}, naming the place and not the text`, () => {
      expect(() => read(text))
        .to.throw(CsvError, message)
        .and.not.match(/secret/);
    });

  it('tells the delimiter from the first line', () => {
    expect(
      ['1,2', '1;2', '1\t2', '1|2', '1 2'].map((line) => String.fromCharCode(sniffDelimiter(line)!)),
    ).to.deep.equal([',', ';', '\t', '|', ' ']);
    expect(sniffDelimiter('12.5')).to.equal(undefined);
  });
});
