import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { command as init } from '../../../contracts/commands/init.js';
import { draftFromFile } from '../../../contracts/drafting/draft-contract.js';
import type { Hints } from '../../../contracts/drafting/types.js';
import { fieldsOf, openCsv } from '../../../contracts/files/csv-file.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import { fakeContext } from '../../deploy/fake-context.js';

/** What hospitals of each language call admission, discharge and the patient. */
const NAMES: Readonly<
  Record<string, readonly (readonly [admission: string, discharge: string, patient: string])[]>
> = {
  English: [
    ['ADMISSION', 'RELEASE', 'NHS_NO'],
    ['Admitted', 'Released', 'NHS Number'],
  ],
  Portuguese: [
    ['Data de internação', 'Data de alta', 'Número utente'],
    ['DT_INTER', 'DT_SAIDA', 'ID_PACIENTE'],
    ['Data de admissão', 'Data de saída', 'Nr doente'],
  ],
  Danish: [
    ['Indlæggelsesdato', 'Udskrivningsdato', 'CPR-nr'],
    ['D_INDDTO', 'D_UDDTO', 'CPR'],
    ['Indlagt', 'Udskrevet', 'Patientnr'],
  ],
  Dutch: [
    ['Opnamedatum', 'Ontslagdatum', 'BSN'],
    ['Opgenomen', 'Uitschrijving', 'Patientnummer'],
  ],
  Polish: [
    ['Data przyjęcia', 'Data wypisu', 'PESEL'],
    ['Przyjęty', 'Wypisany', 'ID pacjenta'],
  ],
};

describe('a first contract of columns as hospitals call them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-names-'));
  after(() => rmSync(folder, { recursive: true }));

  const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
  const ROWS = 300;
  const stay = (i: number) => 1 + ((7 * i) % 10);
  const columns = (more: Readonly<Record<string, (i: number) => string | number>>) => ({
    Age: (i: number) => 20 + (i % 60),
    Unit: (i: number) => (i % 3 ? 'a' : 'b'),
    ...more,
  });
  async function drafted(
    more: Readonly<Record<string, (i: number) => string | number>>,
    { end = '\n', hints = {} }: { end?: string; hints?: Hints } = {},
  ) {
    const all: Readonly<Record<string, (i: number) => string | number>> = columns(more);
    const file = join(folder, 'visits.csv');
    const rows = Array.from({ length: ROWS }, (_, i) =>
      Object.values(all)
        .map((value) => value(i))
        .join(','),
    );
    writeFileSync(file, [Object.keys(all).join(','), ...rows, ''].join(end));
    return await draftFromFile(file, hints);
  }
  const visit = (i: number) => 5000 + i;
  const patient = (i: number) => 900_000 + (i % 250);

  for (const [language, names] of Object.entries(NAMES))
    for (const [admission, discharge, who] of names)
      it(`finds ${admission}, ${discharge} and ${who} (${language})`, async () => {
        const { yaml, open } = await drafted({
          Visit: visit,
          [who]: patient,
          [admission]: (i) => day(i),
          [discharge]: (i) => day(i + stay(i)),
          // As many rows of old have one: then dates are no longer the only two.
          Chart_Closed: (i) => day(i + 40),
        });
        expect(open).to.deep.equal([]);
        const contract = parseContract(yaml, 'visits.yaml');
        for (const [role, name] of [
          [contract.admission, admission],
          [contract.discharge, discharge],
          [contract.patient, who],
        ] as const)
          expect(role).to.equal(plain(name));
        expect(contract.id).to.equal('VISIT');
      });

  it('takes a file of an old Mac, and none of its other line ends for one', async () => {
    const { yaml, open } = await drafted(
      {
        Visit: visit,
        Admission: (i) => day(i),
        Release: (i) => day(i + stay(i)),
        Death: (i) => (i % 9 ? '' : day(i + 99)),
      },
      { end: '\r' },
    );
    expect(open).to.deep.equal([]);
    expect(parseContract(yaml, 'visits.yaml')).to.include({ admission: 'ADMISSION', discharge: 'RELEASE' });
    for (const [text, fields] of [
      ['a,b\r1,2\r3,4', ['1,2', '3,4']],
      ['a,b\r\n1,2\r\n"3\r",4\r\n', ['1,2', '3\r,4']],
      ['a,b\n"1\r",2\n', ['1\r,2']],
    ] as const) {
      const file = join(folder, 'ends.csv');
      writeFileSync(file, text);
      const found: string[] = [];
      const csv = await openCsv(file);
      for await (const some of csv.records) found.push(...some.map((record) => fieldsOf(csv, record).join()));
      expect(found).to.deep.equal(fields);
    }
  });

  it('takes the word of a person for admission and discharge, and says what is none', async () => {
    const more = {
      Visit: visit,
      Kom: (i: number) => day(i),
      Ging: (i: number) => day(i + stay(i)),
      Chart: (i: number) => day(i + 40),
    };
    expect((await drafted(more)).open.join()).to.contain('--admission and --discharge');
    const said = await drafted(more, { hints: { admission: 'Kom', discharge: 'Ging' } });
    expect(said.open).to.deep.equal([]);
    expect(parseContract(said.yaml, 'v.yaml')).to.include({ admission: 'KOM', discharge: 'GING' });
    const wrong = await drafted(more, { hints: { admission: 'Kom', discharge: 'Unit' } });
    expect(wrong.open.join()).to.contain('UNIT is VARCHAR, not a date');
  });

  it('asks about a number that is the stay in nearly every row, and about no other', async () => {
    const more = {
      Visit: visit,
      Admission: (i: number) => day(i),
      Discharge: (i: number) => day(i + stay(i)),
    };
    const { looks, yaml } = await drafted({
      ...more,
      Plan: (i) => (i % 50 ? stay(i) : 99),
      Guess: (i) => (i % 5 ? stay(i) : 99),
    });
    expect(looks.join('\n'))
      .to.contain('PLAN is the stay itself in 98 % of the rows')
      .and.not.to.contain('GUESS is');
    expect(yaml).to.contain('# LOOK: PLAN is the stay itself');
    expect((await drafted(more)).looks.join()).not.to.contain('the stay itself');
  });

  it('takes numbers of hospitals and towns for levels', async () => {
    const { yaml } = await drafted({
      ...{ Visit: visit, Admission: (i: number) => day(i), Discharge: (i: number) => day(i + stay(i)) },
      ...{
        Hospital: (i: number) => 1 + (i % 40),
        City_Code_Patient: (i: number) => i % 30,
        Hospital_Beds: (i: number) => 10 * (i % 37),
      },
    });
    const { features } = parseContract(yaml, 'visits.yaml');
    expect(features.HOSPITAL!.type).to.equal('categorical');
    expect(features.CITY_CODE_PATIENT!.type).to.equal('categorical');
    expect(features.HOSPITAL_BEDS!.type).to.equal('numeric');
  });

  it('writes over a contract that is there only where it is told to', async () => {
    await drafted({
      Visit: visit,
      Admission: (i: number) => day(i),
      Discharge: (i: number) => day(i + stay(i)),
    });
    const out = join(folder, 'mine.yaml');
    const run = (force: boolean) =>
      (init as unknown as { run(ctx: object, args: object): Promise<unknown> }).run(fakeContext({}), {
        ...{ file: join(folder, 'visits.csv'), out, force },
      });
    writeFileSync(out, 'old');
    const refused = await run(false).catch((error: { next?: string }) => error);
    expect((refused as { next: string }).next).to.contain('--force');
    expect(readFileSync(out, 'utf8')).to.equal('old');
    await run(true);
    expect(readFileSync(out, 'utf8')).to.contain('admission: ADMISSION');
  });
});

/** As a contract calls a column. */
function plain(name: string): string {
  return name
    .replace(/[æÆ]/g, 'ae')
    .replace(/[łŁ]/g, 'l')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
}
