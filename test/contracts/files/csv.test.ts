import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { fieldsOf, openCsv, type Separator, splitQuoted } from '../../../contracts/files/csv-file.js';
import { withPlainFile } from '../../../contracts/files/plain-file.js';
import { checkCsv, valuesOf } from '../../../contracts/files/reader.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import type { UserError } from '../../../deploy/errors.js';
import type { Contract } from '../../../procedures/dataset/contract.js';

const contract: Contract = parseContract(
  `
name: tiny
table: TINY
id: ID
los: DAYS
columns: { ID: NUMBER, WARD: VARCHAR, COST: FLOAT, DAYS: NUMBER }
features: { WARD: { type: categorical }, COST: { type: numeric } }
`,
  'tiny.yaml',
);

describe('a CSV file', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'los-csv-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = async (content: string, name = 'a.csv') => {
    const path = join(folder, name);
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(content) : content);
    const all = [];
    for await (const values of valuesOf(contract, path)) all.push(values);
    return all;
  };
  const refusal = async (content: string, name?: string) => {
    try {
      await read(content, name);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('the file was accepted');
  };

  it('finds the columns wherever they stand and whatever their case', async () => {
    expect(await read('id,ward,cost,days\n1,"A, b",2.5,3\n')).to.deep.equal([['1', 'A, b', '2.5', '3']]);
    expect(await read('days,extra,ward,id,cost\n3,x,A,1,2.5\n', 'b.csv.gz')).to.deep.equal([
      ['1', 'A', '2.5', '3'],
    ]);
  });

  it('finds out what divides fields, and takes decimal commas where commas do not', async () => {
    expect(await read('\uFEFFid;ward;cost;days\r\n1;"A; b";2,5;3\r\n')).to.deep.equal([
      ['1', 'A; b', '2.5', '3'],
    ]);
    expect(await read('id\tward\tcost\tdays\n1\tA\t-2,5\t3\n')).to.deep.equal([['1', 'A', '-2.5', '3']]);
    // 1,234 may be a thousand: only where commas divide nothing they are decimal marks, and never two of them.
    expect(await refusal('id,ward,cost,days\n1,A,"2,5",3\n')).to.match(/column COST is no FLOAT/);
    expect(await refusal('id;ward;cost;days\n1;A;1.234,5;3\n')).to.match(/column COST is no FLOAT/);
    expect(await refusal('id;ward;cost;days\n1;A;2,5;3,5\n')).to.match(/column DAYS is no NUMBER/);
  });

  it('takes for a FLOAT what Snowflake does', async () => {
    expect(await read('id,ward,cost,days\n1,A,NaN,3\n2,A,-inf,3\n3,A,1e300,3\n')).to.deep.equal([
      ['1', 'A', 'NaN', '3'],
      ['2', 'A', '-inf', '3'],
      ['3', 'A', '1e300', '3'],
    ]);
    expect(await refusal('id,ward,cost,days\n1,A,2,NaN\n')).to.match(
      /line 2: the value in column DAYS is no NUMBER/,
    );
  });

  it('refuses what is not the text it should be, and says how to mend it', async () => {
    expect(await refusal('id,ward,cost,days,ward\n1,A,2,3,B\n')).to.match(
      /has the column WARD more than once/,
    );
    const written = (name: string, bytes: Buffer) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return checkCsv(contract, path).then(
        () => 'accepted',
        (error: UserError) => `${error.message} ${error.next}`,
      );
    };
    const text = 'id,ward,cost,days\n1,A,2,3\n';
    expect(await written('plain.csv.gz', Buffer.from(text))).to.match(/not compressed.*Name it \.csv/);
    expect(await written('packed.csv', gzipSync(text))).to.match(/is compressed.*Name it \.csv\.gz/);
    const dos = Buffer.from('id,ward,cost,days\n1,\x84\x81,2,3\n', 'latin1');
    expect(await written('dos.csv', dos)).to.match(/neither UTF-8 nor Windows-1252.*iconv/);
    const both = Buffer.concat([Buffer.from(`${text}2,Ä,2,3\n`), Buffer.from('3,Ä,2,3\n', 'latin1')]);
    expect(await written('both.csv', both)).to.match(/UTF-8 in part only.*iconv/);
  });

  it('reads UTF-16 and Windows-1252 as what they are', async () => {
    const read = async (name: string, bytes: Buffer) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      const csv = await openCsv(path);
      const { encoding, header } = csv;
      const all = [];
      for await (const some of csv.records) all.push(...some.map((record) => fieldsOf(csv, record)));
      return { encoding, header, all };
    };
    const text = 'Größe;Straße\n1,5;€ 3\n';
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const ansi = Buffer.from(text.replace('€', '\x80'), 'latin1');
    for (const [name, bytes] of Object.entries({
      'utf-16le': utf16,
      'windows-1252': ansi,
      'utf-8': Buffer.from(text),
    }))
      expect(await read('umlauts.csv', bytes)).to.deep.equal({
        encoding: name,
        header: ['Größe', 'Straße'],
        all: [['1,5', '€ 3']],
      });
  });

  it('names every missing column', async () => {
    expect(await refusal('id,ward\n1,A\n')).to.match(/lacks the columns COST, DAYS/);
    expect(await refusal('id,ward,cost\n1,A,2\n')).to.match(/lacks the column DAYS/);
  });

  it('names column and line of a value of the wrong type, but not the value', async () => {
    const message = await refusal('id,ward,cost,days\n1,A,2,3\n2,B,Miller,3\n');
    expect(message).to.match(/line 3: the value in column COST is no FLOAT/);
    expect(message).not.to.contain('Miller');
  });

  it('says so when the file is not there, empty or broken', async () => {
    expect(await refusal('')).to.match(/is empty/);
    writeFileSync(join(folder, 'broken.csv.gz'), gzipSync('id,ward,cost,days\n').subarray(0, 20));
    for (const name of ['nowhere.csv', 'broken.csv.gz'])
      try {
        await checkCsv(contract, join(folder, name));
        expect.fail('accepted');
      } catch (error) {
        expect((error as Error).message).to.match(/cannot be read/);
      }
  });

  it('finds a column by what the contract says that the file calls it, and takes its null markers', async () => {
    const path = join(folder, 'odd.csv');
    const odd = parseContract(
      `
name: odd
table: ODD
id: ID
los: DAYS
nulls: ['?']
columns:
  ID: { type: NUMBER, source: Encounter-ID }
  DRUG_A_B: { type: VARCHAR, source: drug-a-b }
  WEIGHT: { type: NUMBER, nulls: ['-', NA] }
  DAYS: NUMBER
features: { DRUG_A_B: { type: categorical }, WEIGHT: { type: numeric } }
`,
      'odd.yaml',
    );
    const refused = async (content: string) => {
      writeFileSync(path, content);
      return await checkCsv(odd, path).then(
        () => 'accepted',
        (error: Error) => error.message,
      );
    };
    writeFileSync(path, 'encounter-id,Drug-A-B,weight,days\n1,No,NA,3\n2,?,-,?\n');
    await checkCsv(odd, path);
    expect(await refused('encounter-id,Drug-A-B,weight,days\n1,No,?,3\n')).to.match(
      /line 2: the value in column WEIGHT is no NUMBER/,
    );
    expect(await refused('id,drug_a_b,weight,days\n1,No,2,3\n')).to.match(
      /lacks the columns ENCOUNTER-ID, DRUG-A-B/,
    );
  });

  it('reads records over line breaks in quotes, and says when a file breaks off', async () => {
    const records = async (name: string, content: string | Buffer) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      const csv = await openCsv(path);
      const all = [csv.header];
      for await (const some of csv.records) all.push(...some.map((record) => fieldsOf(csv, record)));
      return all;
    };
    expect(await records('r.csv', 'a,b\n1,"x\ny ""z"" "\n\n2,w')).to.deep.equal([
      ['a', 'b'],
      ['1', 'x\ny "z" '],
      ['2', 'w'],
    ]);
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => 'read',
        (error: Error) => error.message,
      );
    expect(await failure(records('open.csv', 'a\n"x\n'))).to.match(/cannot be read: a quote is never closed/);
    const packed = gzipSync('id,ward,cost,days\n'.repeat(5000));
    expect(await failure(records('cut.csv.gz', packed.subarray(0, 60)))).to.match(/cannot be read/);
    expect(await failure(openCsv(join(folder, 'nowhere.csv')))).to.match(/cannot be read/);
  });

  it('writes the values that it reads, whether a record goes as it stands or is taken apart', async () => {
    const dated = parseContract(
      `
name: dated
table: DATED
id: ID
admission: CAME
discharge: WENT
columns: { ID: NUMBER, WARD: { type: VARCHAR, nulls: ['?', NA, n/a] }, COST: FLOAT, CAME: DATE, WENT: DATE }
features: { WARD: { type: categorical }, COST: { type: numeric } }
`,
      'dated.yaml',
    );
    const path = join(folder, 'dated.csv');
    const listed = async (values: AsyncIterable<readonly string[]>) => {
      const all = [];
      for await (const some of values) all.push(some);
      return all;
    };
    async function* fields(file: string) {
      const csv = await openCsv(file);
      for await (const some of csv.records) for (const record of some) yield fieldsOf(csv, record);
    }
    const number = fc.oneof(
      fc.double().map(String),
      fc.constantFrom('', '1', ' 2', '+3.', '.5', '1,5', 'nan', '1e3', 'x'),
    );
    const day = fc.oneof(
      fc
        .tuple(fc.nat(3000), fc.nat(13), fc.nat(32))
        .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join('-')),
      fc.constantFrom('', '2024-02-29', '2023-02-29', '2023-04-31', '31.12.2023', '2023-01-05 10:00'),
    );
    const ward = fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.constantFrom('', 'A 1', ' A', 'NA', 'NAN', '?', 'n/a', 'Größe', 'a,b', 'a\nb', 'a"b'),
    );
    const written = fc.oneof(
      ward,
      ward.map((text) => `"${text.replaceAll('"', '""')}"`),
    );
    await fc.assert(
      fc.asyncProperty(fc.tuple(number, written, number, day, day), async (record) => {
        writeFileSync(path, `id,ward,cost,came,went\n1,A,2,2023-01-31,\n${record.join(',')}\n`);
        const values = await listed(valuesOf(dated, path)).catch((error: Error) => error.message);
        const plain = await withPlainFile(dated, path, (file) => listed(fields(file))).catch(
          (error: Error) => error.message,
        );
        expect(plain).to.deep.equal(values);
      }),
      {
        numRuns: 100,
        examples: [
          ...['NA', 'NAN', '?', 'n/a', ' A'].map((ward) => ['2', ward, '3', '2023-01-05', '']),
          ...['2023-02-29', '2024-02-29', '2023-04-31'].map((day) => ['2', 'A', '3', '2023-01-05', day]),
          ...['1,5', 'nan', '+3.'].map((cost) => ['2', 'A', cost, '2023-01-05', '']),
        ].map((record) => [record as [string, string, string, string, string]]),
      },
    );
  });

  it('splits what a CSV writer joins', () => {
    const separators = fc.constantFrom<Separator>(',', ';', '\t', '|');
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), separators, (fields, separator) => {
        const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(separator);
        expect(splitQuoted(line, separator)).to.deep.equal(fields);
      }),
    );
  });
});
