import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkNames } from '../../../contracts/checking/check-names.js';
import type { Hints } from '../../../contracts/drafting/draft.js';
import { draftFromFile } from '../../../contracts/drafting/draft-contract.js';
import { orderLevels } from '../../../contracts/drafting/features.js';
import { checkCsv } from '../../../contracts/files/reader.js';
import { profileCsv } from '../../../contracts/profiling/profile-csv.js';
import { parseContract } from '../../../deploy/dataset/load.js';

describe('a first contract from a file', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'los-draft-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (lines: readonly string[], name = 'my visits-2026.csv') => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const draftOf = (lines: readonly string[], hints: Hints = {}) => draftFromFile(write(lines), hints);
  const rows = (make: (i: number) => string, n = 200) => Array.from({ length: n }, (_, i) => make(i));
  const ages = ['[0-10)', '[10-20)', '[70-80)', '[80-90)'];

  it('takes names with hyphens and blanks, markers of missing values and bands, and says what it guessed', async () => {
    const { name, yaml, open, notes } = await draftOf([
      'Encounter-ID,patient_nbr,age,weight,drug-a-b,NUM MEDICATIONS,order,lab,days',
      ...rows(
        (i) =>
          `${i},${i % 150},${ages[i % 4]},${i % 9 ? '?' : 60.5 + (i % 40)},${i % 7 ? 'No' : 'Up'},${i % 30},x${i % 3},${i % 5 ? i / 7 : 'NA'},${1 + (i % 9)}`,
      ),
    ]);
    expect(open).to.deep.equal([]);
    const contract = parseContract(yaml, 'draft.yaml');
    expect(contract).to.deep.include({
      name: 'my_visits_2026',
      table: 'MY_VISITS_2026',
      id: 'ENCOUNTER_ID',
      patient: 'PATIENT_NBR',
      los: 'DAYS',
      afterAdmission: ['NUM_MEDICATIONS'],
      // The table that is made has names without quotes; files go on being read by theirs.
      written: {
        ENCOUNTER_ID: { header: 'Encounter-ID' },
        DRUG_A_B: { header: 'drug-a-b' },
        NUM_MEDICATIONS: { header: 'NUM MEDICATIONS' },
        ORDER_: { header: 'order' },
      },
    });
    expect(contract).not.to.have.property('sources');
    expect(name).to.equal('my_visits_2026');
    expect(contract.features.AGE).to.deep.equal({ type: 'ordered', levels: ages });
    expect(contract.columns).to.include({ WEIGHT: 'FLOAT', LAB: 'FLOAT', DAYS: 'NUMBER' });
    expect(contract.nulls?.WEIGHT).to.have.members(['?', 'NA']);
    expect(Object.keys(contract.features)).to.have.members(['AGE', 'WEIGHT', 'DRUG_A_B', 'ORDER_', 'LAB']);
    expect(notes.join('\n'))
      .to.match(/Encounter-ID is ENCOUNTER_ID, drug-a-b is DRUG_A_B/)
      .and.match(/missing values.*"\?"/);
  });

  it('believes what it is told, by any name of the column', async () => {
    const lines = ['no,who,nights,x,y', ...rows((i) => `${i % 100},p${i % 60},${i % 8},${i % 3},a${i % 4}`)];
    const { yaml, open, looks, notes } = await draftOf(lines, {
      id: 'No',
      los: 'NIGHTS',
      patient: 'who',
      nulls: ['0'],
    });
    expect(yaml)
      .to.match(/^id: NO$/m)
      .and.match(/^los: NIGHTS$/m)
      .and.match(/^patient: WHO$/m);
    expect(yaml).to.contain('nulls: ["0"]');
    expect([...open, ...looks].join()).not.to.match(/--id/);
    expect(notes.join()).to.match(
      /NO identifies an admission, as you say: 2 rows have none, 99 repeat another's/,
    );
    const refused = await draftOf(lines, { los: 'days' }).catch((error: Error) => error.message);
    expect(refused).to.match(/no column days/);
  });

  it('is written also where it is unsure, with what is to be looked at', async () => {
    const { yaml, open } = await draftOf(['ward,sex,age', ...rows((i) => `w${i % 3},s${i % 2},${i % 70}`)]);
    expect(open).to.have.length(2);
    expect(yaml).to.match(/^# LOOK: No column has a different value in every row/m);
    expect(yaml).to.match(/^# id: LOOK/m);
    expect(yaml)
      .to.match(/^# LOOK: Nothing looks like a stay/m)
      .and.match(/^# los: LOOK/m);
    const three = await draftOf([
      'id,x,seen,came,went',
      ...rows((i) => `${i},${i % 3},2024-01-0${1 + (i % 3)},2024-02-0${1 + (i % 7)},2024-03-0${1 + (i % 7)}`),
    ]);
    expect(three.open[0]).to.match(
      /of the dates \(SEEN, CAME, WENT\) none is called like those of admission/,
    );
    // What cannot be used yet is used by no command.
    expect(() => parseContract(yaml, 'draft.yaml')).to.throw(/must have required property 'id'/);
    expect(() => parseContract(yaml.replace('# id: LOOK: see above', 'id: AGE'), 'draft.yaml')).to.throw(
      /either admission and discharge, or los is needed/,
    );
  });

  it('takes the only two dates for admission and discharge, and asks to look', async () => {
    const { yaml, open } = await draftOf([
      'visit_no,left_on,came,ward,sex',
      ...rows((i) => `${i},${i % 5 ? `2026-02-0${1 + (i % 9)}` : ''},2026-01-1${i % 9},w${i % 3},s${i % 2}`),
    ]);
    expect(open).to.deep.equal([]);
    expect(yaml)
      .to.match(/^admission: CAME # LOOK/m)
      .and.match(/^discharge: LEFT_ON # LOOK/m);
    expect(parseContract(yaml, 'draft.yaml').features).to.have.property('ADMISSION_MONTH');
  });

  it('makes no feature of what may identify a patient, and names it', async () => {
    const { yaml } = await draftOf([
      'visit_id,mrn,nhs_number,receipt_no,remark,ward,clinic,days',
      ...rows((i) => `${i},${i * 3},${9000 + i},r${i % 150},text ${i},w${i % 3},c${i % 2},${i % 8}`),
    ]);
    const contract = parseContract(yaml, 'draft.yaml');
    expect(contract.patient).to.equal('MRN');
    expect(Object.keys(contract.features)).to.deep.equal(['WARD', 'CLINIC']);
    expect(yaml)
      .to.match(/number or name of one patient: NHS_NUMBER, RECEIPT_NO\./)
      .and.match(/free text: REMARK\./);
  });

  it('measures groups of people, by name or by values, and asks before they are features', async () => {
    const { yaml, looks } = await draftOf([
      'visit_id,ward,clinic,Ethnicity,Kasse,g,deprivation_score,days',
      ...rows(
        (i) => `${i},w${i % 3},c${i % 2},e${i % 4},k${i % 3},${i % 2 ? 'F' : 'M'},${i % 90}.5,${i % 8}`,
      ),
    ]);
    const { features, groups } = parseContract(yaml, 'draft.yaml');
    expect(Object.keys(features)).to.deep.equal(['WARD', 'CLINIC']);
    expect(groups).to.deep.equal([['ETHNICITY'], ['KASSE'], ['G'], ['WARD'], ['CLINIC']]);
    expect(looks.join('\n')).to.match(
      /who a patient is: ETHNICITY, KASSE, G(,| and) DEPRIVATION_SCORE\. .*write it into features/,
    );
  });

  it('knows a German and a French hospital’s file: semicolons, decimal commas, dotted dates, names', async () => {
    const two = (n: number) => String(n).padStart(2, '0');
    const german = await draftOf([
      '\uFEFFFallnummer;Patientennr;Aufnahmedatum;Entlassdatum;Fachabteilung;Größe (cm);Gewicht;Kostenträger;Verweildauer;Entlassgrund',
      ...rows((i) => {
        const left = i % 9 > 0;
        return `${10000 + i};P${i % 60};${two(1 + (i % 28))}.01.2026;${left ? `${two(1 + (i % 28))}.02.2026` : ''};F${i % 3};${150 + (i % 40)},5;${i % 7 ? `${60 + (i % 30)},0` : 'k.A.'};K${i % 4};${left ? 31 : ''};${left ? `g${i % 2}` : ''}`;
      }),
    ]);
    expect(german.open).to.deep.equal([]);
    const contract = parseContract(german.yaml, 'draft.yaml');
    expect(contract).to.deep.include({
      id: 'FALLNUMMER',
      patient: 'PATIENTENNR',
      admission: 'AUFNAHMEDATUM',
      discharge: 'ENTLASSDATUM',
      afterAdmission: ['VERWEILDAUER', 'ENTLASSGRUND'],
    });
    expect(contract.columns).to.include({ AUFNAHMEDATUM: 'DATE', GROSSE_CM: 'FLOAT', GEWICHT: 'FLOAT' });
    expect(contract.nulls?.GEWICHT).to.deep.equal(['k.A.']);
    expect(Object.keys(contract.features)).to.have.members([
      ...['FACHABTEILUNG', 'GROSSE_CM', 'GEWICHT', 'KOSTENTRAGER', 'ADMISSION_MONTH', 'ADMISSION_WEEKDAY'],
    ]);
    expect(german.yaml).to.contain('# department: FACHABTEILUNG');
    const french = await draftOf([
      'num_sejour;IPP;date_entree;date_sortie;service;age;cout',
      ...rows(
        (i) =>
          `${i};p${i % 50};2026-01-${two(1 + (i % 28))};2026-02-${two(1 + (i % 28))};s${i % 3};${i % 90};${i}`,
      ),
    ]);
    expect(parseContract(french.yaml, 'draft.yaml')).to.deep.include({
      id: 'NUM_SEJOUR',
      patient: 'IPP',
      admission: 'DATE_ENTREE',
      discharge: 'DATE_SORTIE',
      afterAdmission: ['COUT'],
    });
  });

  it('makes an age of a day of birth and an hour of a time, and forgives empty fields after the last', async () => {
    const two = (n: number) => String(n).padStart(2, '0');
    const lines = [
      'Fallnr;Geburtsdatum;Aufnahmedatum;Aufnahmezeit;Entlassdatum;Entlasszeit;Station',
      ...rows(
        (i) =>
          `${i};${two(1 + (i % 28))}.03.${1930 + (i % 70)};${two(1 + (i % 28))}.01.2026;${i % 24}:${two(i % 60)};${two(1 + (i % 28))}.02.2026;${i % 24}:00;S${i % 4};;`,
      ),
    ];
    const { yaml, open } = await draftOf(lines);
    expect(open).to.deep.equal([]);
    const contract = parseContract(yaml, 'draft.yaml');
    expect(contract).to.deep.include({ id: 'FALLNR', admission: 'AUFNAHMEDATUM', discharge: 'ENTLASSDATUM' });
    expect(contract.features).to.deep.include({
      AGE: { type: 'numeric', sql: 'DATEDIFF(year, GEBURTSDATUM, AUFNAHMEDATUM)' },
      AUFNAHMEZEIT_HOUR: { type: 'numeric', sql: "TRY_TO_DOUBLE(SPLIT_PART(AUFNAHMEZEIT, ':', 1))" },
    });
    expect(contract.afterAdmission).to.deep.equal(['ENTLASSZEIT']);
    await checkCsv(contract, write(lines));
  });

  it('takes the words of a column of numbers for missing where they may be named, and else the numbers alone', async () => {
    const { yaml, looks, notes } = await draftOf([
      'case_id,patient_id,admitted,discharged,age,weight,icd,grade',
      ...rows(
        (i) =>
          `${i},p${i % 90},2026-01-${10 + (i % 20)},2026-02-${10 + (i % 18)},${i % 10 ? 18 + (i % 70) : i % 20 ? 'unknown' : 'ca. 70'},${i === 7 ? 'refused by Mr Miller' : 50 + (i % 50)},${i % 9 ? 100 + (i % 30) : 'V27'},${i % 4 ? i % 5 : 'none given'}`,
      ),
    ]);
    const contract = parseContract(yaml, 'draft.yaml');
    expect(contract.columns).to.include({
      AGE: 'NUMBER',
      WEIGHT: 'VARCHAR',
      ICD: 'VARCHAR',
      GRADE: 'VARCHAR',
    });
    expect(contract.nulls?.AGE).to.have.members(['ca. 70', 'unknown']);
    expect(contract.features).to.deep.include({
      AGE: { type: 'numeric' },
      WEIGHT_NUMBER: { type: 'numeric', sql: 'TRY_TO_DOUBLE(WEIGHT)' },
      ICD: { type: 'categorical' },
      GRADE: { type: 'categorical' },
    });
    expect(notes.join('\n')).to.contain(
      'AGE: taken for numbers, and these texts for missing: "ca. 70", "unknown"',
    );
    expect(looks.join('\n')).to.match(/WEIGHT: numbers \(99 %\) and other texts/);
    // A text of one row may be about a patient: it stands nowhere.
    expect([yaml, ...looks, ...notes].join('\n')).not.to.contain('Miller');
  });

  it('makes no feature of what is there exactly where the discharge is', async () => {
    const { yaml } = await draftOf([
      'id,admitted,discharged,ward,thing,sex',
      ...rows(
        (i) =>
          `${i},2026-01-0${1 + (i % 9)},${i % 5 ? '2026-02-01' : ''},w${i % 3},${i % 5 ? i % 30 : ''},s${i % 2}`,
      ),
    ]);
    expect(parseContract(yaml, 'draft.yaml').afterAdmission).to.deep.equal(['THING']);
    expect(yaml).to.contain('- THING # there as often as the discharge');
  });

  it('tells numbers, codes, dates and words apart', async () => {
    const { columns } = await profileCsv(
      write([
        'n,code,f,date,stamp,flag,word,empty',
        '1,007,1.5,2026-01-31,2026-01-31 10:00,true,NA,',
        '-2,008,1e3,2026-02-01,2026-02-01T11:30:05,FALSE,x,?',
        ',,.5,,,,y y,',
      ]),
    );
    expect(columns.map(({ type }) => type)).to.deep.equal([
      ...['NUMBER', 'VARCHAR', 'FLOAT', 'DATE', 'TIMESTAMP_NTZ', 'BOOLEAN', 'VARCHAR', 'VARCHAR'],
    ]);
    expect(columns.map(({ values }) => values)).to.deep.equal([2, 2, 3, 2, 2, 2, 3, 0]);
    const [, , , , , , word, empty] = columns;
    expect(word).to.deep.include({ levels: ['NA', 'x', 'y y'], markers: [] });
    expect(empty!.markers).to.deep.equal(['?']);
  });

  it('takes times with an offset for moments, and a day of a far year for a missing one', async () => {
    const { columns } = await profileCsv(
      write(['came,went', '2026-03-29T01:59:00+01:00,2026-04-01', '2026-03-29 01:05:00Z,9999-12-31']),
    );
    expect(columns.map(({ type, markers }) => [type, markers])).to.deep.equal([
      ['TIMESTAMP_TZ', []],
      ['DATE', ['9999-12-31']],
    ]);
    const { yaml } = await draftOf([
      'id,came,went,age,ward',
      ...rows((i) => `${i},2026-03-01,${i % 3 ? '2026-03-09' : '9999-12-31'},${i % 80},${i % 2 ? 'A' : 'B'}`),
    ]);
    expect(parseContract(yaml, 'draft.yaml').nulls?.WENT).to.deep.equal(['9999-12-31']);
  });

  it('says where a record is broken', async () => {
    const broken = await profileCsv(write(['a,b', '1,2', '1,2,3'])).catch((error: Error) => error.message);
    expect(broken).to.match(/line 3: the record has 3 fields, and the header 2/);
  });
});

describe('levels with numbers', () => {
  it('are in the order of these', () => {
    expect(orderLevels(['[70-80)', '[8-70)', '[80-90)'])).to.deep.equal(['[8-70)', '[70-80)', '[80-90)']);
    expect(orderLevels(['>75', '25-75', '<25'])).to.deep.equal(['<25', '25-75', '>75']);
    expect(orderLevels(['70 or older', '0-17', '18-69'])).to.deep.equal(['0-17', '18-69', '70 or older']);
    expect(orderLevels(['[1, 2)', '[2, 3)', '[3, 4)'])).to.have.length(3);
    for (const none of [
      ['a', 'b', 'c'],
      ['1', '2', '3'],
      ['NO', '<30', '>30'],
      ['0-1', '1-2'],
    ])
      expect(orderLevels(none)).to.equal(undefined);
  });
});

describe('columns that are called like an identifier or like after admission', () => {
  const contract = parseContract(
    `
name: tiny
table: TINY
id: ID
los: DAYS
columns: { ID: NUMBER, DAYS: NUMBER, PATIENT_NBR: NUMBER, RECEIPT_NO: NUMBER, HOSPITAL_ID: NUMBER, NOTE: VARCHAR, NUM_MEDICATIONS: NUMBER, VISIT_NUMBER: NUMBER }
features:
  X: { type: numeric, sql: 'MOD(PATIENT_NBR, 10)' }
  RECEIPT_NO: { type: numeric }
  HOSPITAL_ID: { type: categorical }
  NUM_MEDICATIONS: { type: numeric }
  VISIT_NUMBER: { type: numeric }
groups: [[NOTE]]
`,
    'tiny.yaml',
  );
  const profile = (name: string, type: string, distinct: number) =>
    [name, { name, source: name, type, values: 1000, distinct, markers: [] }] as const;

  it('are refused or asked about, also where an expression or a group uses them', () => {
    const { findings, after } = checkNames(
      contract,
      new Map([
        profile('PATIENT_NBR', 'NUMBER', 700),
        profile('RECEIPT_NO', 'NUMBER', 900),
        profile('HOSPITAL_ID', 'NUMBER', 40),
        profile('NOTE', 'VARCHAR', 990),
        profile('NUM_MEDICATIONS', 'NUMBER', 30),
        profile('VISIT_NUMBER', 'NUMBER', 9),
      ]),
    );
    const [problem, warning, ...more] = findings as { problem?: string; warning?: string }[];
    expect(problem!.problem).to.match(/^PATIENT_NBR, NOTE: nearly every patient/);
    expect(warning!.warning).to.match(/^RECEIPT_NO: called or filled like a number of one patient/);
    expect(more).to.deep.equal([]);
    expect(after).to.deep.equal(['NUM_MEDICATIONS']);
  });
});
