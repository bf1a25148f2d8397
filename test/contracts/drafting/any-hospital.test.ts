import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { draftFromFile } from '../../../contracts/drafting/draft-contract.js';
import { valuesOf } from '../../../contracts/files/reader.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import { headerOf } from '../../../procedures/dataset/raw.js';
import { longTests } from '../../long.js';
import { AMBIGUOUS, DATES, type Habits, HEADERS, hospitalFile } from './any-hospital.js';

const { long } = longTests(import.meta.url);

const anyHabits: fc.Arbitrary<Habits> = fc
  .record({
    language: fc.constantFrom(...(Object.keys(HEADERS) as (keyof typeof HEADERS)[])),
    separator: fc.constantFrom<Habits['separator']>(',', ';', '\t'),
    encoding: fc.constantFrom<Habits['encoding']>('utf-8', 'utf-8 with BOM', 'windows-1252', 'utf-16le'),
    dates: fc.constantFrom(...(Object.keys(DATES) as (keyof typeof DATES)[])),
    earlyDays: fc.boolean(),
    decimalComma: fc.boolean(),
    quoteAll: fc.boolean(),
    crlf: fc.boolean(),
    seed: fc.nat(1000),
  })
  // Where commas divide fields, none of them is a decimal mark to be sure of.
  .map((habits) => ({ ...habits, decimalComma: habits.decimalComma && habits.separator !== ',' }));

/** In its file as many ages are unknown as patients are still in. */
const AS_MANY_UNKNOWN_AS_IN: Habits = {
  ...{ language: 'german', separator: ',', encoding: 'utf-8', dates: 'iso', earlyDays: false },
  ...{ decimalComma: false, quoteAll: false, crlf: false, seed: 914 },
};

/** Whatever a hospital's habits are: what init drafts, load reads, and both read what was meant. */
describe('the file of any hospital', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-any-'));
  after(() => rmSync(folder, { recursive: true }));

  long('is drafted and read as it was meant, or a question is asked', async () => {
    await fc.assert(
      fc.asyncProperty(anyHabits, async (habits) => {
        const { bytes, headers, truth } = hospitalFile(habits);
        const file = join(folder, 'any.csv');
        writeFileSync(file, bytes);
        let drafted = await draftFromFile(file);
        if (habits.earlyDays && AMBIGUOUS.includes(habits.dates)) {
          expect(drafted.open.join('\n')).to.match(/--date-order DMY or MDY/);
          drafted = await draftFromFile(file, { order: habits.dates === 'american' ? 'MDY' : 'DMY' });
        }
        expect(drafted.open, drafted.yaml).to.deep.equal([]);
        const contract = parseContract(drafted.yaml, 'any.yaml');
        const called = Object.fromEntries(
          Object.keys(contract.columns).map((name) => [headerOf(contract, name).toUpperCase(), name]),
        );
        const name = (key: keyof typeof headers) => called[headers[key].toUpperCase()]!;
        expect(contract).to.deep.include({
          id: name('id'),
          patient: name('patient'),
          admission: name('came'),
          discharge: name('went'),
        });
        expect(contract.afterAdmission).to.include.members(
          (['late1', 'late2', 'late3', 'late4', 'late5'] as const).map(name),
        );
        expect(Object.keys(contract.features)).to.have.members([
          ...(['age', 'weight', 'ward', 'allergy', 'costCentre'] as const).map(name),
          'ADMISSION_MONTH',
          'ADMISSION_WEEKDAY',
        ]);
        expect(contract.groups).to.deep.include([name('sex')]);
        expect(contract.features[name('age')]!.type).to.equal('numeric');
        expect(contract.columns[name('weight')]).to.equal('FLOAT');
        for (const column of Object.keys(contract.columns)) expect(column).to.match(/^[A-Z][A-Z0-9_]*$/);
        expect(drafted.yaml).to.match(new RegExp(`free text: .*${name('text')}`));
        expect(drafted.yaml).to.match(new RegExp(`a postcode, .*${name('postcode')}`));
        const read: Record<string, string>[] = [];
        for await (const values of valuesOf(contract, file))
          read.push(
            Object.fromEntries(Object.keys(contract.columns).map((column, i) => [column, values[i]!])),
          );
        expect(
          read.map((row) => ({
            id: row[name('id')],
            came: row[name('came')]!.slice(0, 10),
            went: row[name('went')]!.slice(0, 10),
            weight: row[name('weight')],
          })),
        ).to.deep.equal(truth);
        expect(read.map((row) => row[name('age')]).filter((age) => !/^\d*$/.test(age!))).to.deep.equal([]);
      }),
      { numRuns: 120, examples: [[AS_MANY_UNKNOWN_AS_IN]] },
    );
  });
});
