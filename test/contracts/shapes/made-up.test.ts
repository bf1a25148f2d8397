import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { literal } from '../../../procedures/ground/names.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { refuseProducts } from '../../deploy/products.js';
import { shapeRows } from './rows.js';

/** What the published files do not have: other versions, tables that are missing, patients who are still in, emergency visits. */
describe('shapes of made-up rows', () => {
  refuseProducts({
    few: 1,
    runs: [
      'sql/datasets/shapes/fhir/admissions.sql',
      'sql/datasets/shapes/fhir/encounters.sql',
      'sql/datasets/shapes/fhir/kinds.sql',
      'sql/datasets/shapes/fhir/places.sql',
      'sql/datasets/shapes/fhir/stays.sql',
      'sql/datasets/shapes/omop/admissions.sql',
      'sql/datasets/shapes/omop/events.sql',
      'sql/datasets/shapes/omop/kinds.sql',
      'sql/datasets/shapes/omop/places.sql',
      'sql/datasets/shapes/omop/stays.sql',
      'sql/datasets/shapes/tuva/admissions.sql',
      'sql/datasets/shapes/tuva/events.sql',
      'sql/datasets/shapes/tuva/kinds.sql',
    ],
  });
  let local: ReturnType<typeof hostedCloud>;
  let ctx: OpenContext;
  const sql = (text: string) => ctx.snowflake.execute(text);

  before(async () => {
    local = hostedCloud('mail: { to: [] }');
    ctx = await local.open();
    await sql('CREATE DATABASE RAW');
  });
  after(async () => {
    await ctx.close();
    local.remove();
  });

  async function admissions(
    shape: 'omop' | 'tuva' | 'fhir',
    source: string,
    options: readonly string[] = [],
  ) {
    const rows = await shapeRows(ctx, shape, 'admissions', source, options);
    return rows
      .map(
        ({ ADMITTED_AT, DISCHARGED_AT, ...row }): Record<string, unknown> => ({
          ...row,
          ADMITTED_AT: clock(ADMITTED_AT),
          DISCHARGED_AT: clock(DISCHARGED_AT),
        }),
      )
      .sort((a, b) => (String(a.STAY_ID) < String(b.STAY_ID) ? -1 : 1));
  }

  /** How many visits of each kind there are, and how many of them are stays. */
  async function kinds(shape: 'omop' | 'tuva' | 'fhir', source: string) {
    const rows = await shapeRows(ctx, shape, 'kinds', source);
    return Object.fromEntries(rows.map(({ KIND, VISITS, STAYS }) => [KIND, [VISITS, STAYS]]));
  }

  it('are OMOP 5.4 with visits alone, some of them still going on', async () => {
    await sql('CREATE SCHEMA RAW.OMOP54');
    await sql(`CREATE TABLE RAW.OMOP54.VISIT_OCCURRENCE AS SELECT * FROM VALUES
      (1, 10, 9203, '2026-01-01'::DATE, '2026-01-01 08:00'::TIMESTAMP_NTZ, '2026-01-01'::DATE, '2026-01-01 12:00'::TIMESTAMP_NTZ, 32817, 'home', 'ward', 0),
      (2, 10, 9201, '2026-01-01'::DATE, '2026-01-01 12:30'::TIMESTAMP_NTZ, '2026-01-04'::DATE, '2026-01-04 10:00'::TIMESTAMP_NTZ, 32817, 'emergency', 'home', 0),
      (3, 11, 9201, '2026-01-02'::DATE, NULL, '2026-01-09'::DATE, NULL, 32220, NULL, NULL, 0),
      (4, 12, 9201, '2026-01-02'::DATE, NULL, '2026-01-09'::DATE, NULL, 32817, NULL, NULL, 32220),
      (5, 13, 8870, '2026-01-02'::DATE, NULL, '2026-01-03'::DATE, NULL, 32817, NULL, NULL, 0)
      AS V (VISIT_OCCURRENCE_ID, PERSON_ID, VISIT_CONCEPT_ID, VISIT_START_DATE, VISIT_START_DATETIME, VISIT_END_DATE, VISIT_END_DATETIME,
        VISIT_TYPE_CONCEPT_ID, ADMITTED_FROM_SOURCE_VALUE, DISCHARGED_TO_SOURCE_VALUE, DISCHARGED_TO_CONCEPT_ID)`);
    const rows = await admissions('omop', 'RAW.OMOP54');
    expect(
      rows.map((row) => [row.STAY_ID, row.ADMITTED_AT, row.DISCHARGED_AT, row.BY_EMERGENCY]),
    ).to.deep.equal([
      ['2', '2026-01-01 12:30', '2026-01-04 10:00', 'yes'],
      ['3', '2026-01-02 00:00', null, 'no'],
      ['4', '2026-01-02 00:00', null, 'no'],
    ]);
    expect(rows[0]).to.include({
      ADMITTED_FROM: 'emergency',
      DISCHARGED_TO: 'home',
      PATIENT_ID: '10',
      AGE: null,
    });
    const all = await admissions('omop', 'RAW.OMOP54', ['stays=9201,8870']);
    expect(all.map(({ STAY_ID }) => STAY_ID)).to.deep.equal(['2', '3', '4', '5']);
    expect(await shapeRows(ctx, 'omop', 'moves', 'RAW.OMOP54')).to.deep.equal([]);
    expect(await kinds('omop', 'RAW.OMOP54')).to.deep.equal({ 8870: [1, 0], 9201: [3, 3], 9203: [1, 0] });
    await sql(`CREATE TABLE RAW.OMOP54.CONDITION_OCCURRENCE AS SELECT * FROM VALUES
      (10, 2, 7, 'J18', '2026-01-02'::DATE, NULL::TIMESTAMP_NTZ), (10, 1, 8, 'R06', '2026-01-01'::DATE, NULL)
      AS C (PERSON_ID, VISIT_OCCURRENCE_ID, CONDITION_CONCEPT_ID, CONDITION_SOURCE_VALUE, CONDITION_START_DATE, CONDITION_START_DATETIME)`);
    const events = await shapeRows(ctx, 'omop', 'events', 'RAW.OMOP54');
    expect(events.map(({ STAY_ID, VALUE }) => [STAY_ID, VALUE])).to.deep.equal([['2', 'J18']]);
    // Where emergency rooms are wards, a visit of a day that leads to a stay is part of that, and none of its own.
    const rooms = await admissions('omop', 'RAW.OMOP54', ['stays=9201,9203']);
    expect(rooms.map(({ STAY_ID, BY_EMERGENCY }) => [STAY_ID, BY_EMERGENCY])).to.deep.equal([
      ['2', 'yes'],
      ['3', 'no'],
      ['4', 'no'],
    ]);
  });

  for (const person of ['PERSON_ID', 'PATIENT_ID'])
    it(`are Tuva’s, with persons as ${person}`, async () => {
      const schema = `RAW.TUVA_${person}`;
      await sql(`CREATE SCHEMA ${schema}`);
      await sql(`CREATE TABLE ${schema}.ENCOUNTER AS SELECT * FROM VALUES
        ('e1', 'p', 'emergency department', '2026-02-01'::DATE, '2026-02-01'::DATE, 0, NULL, NULL, NULL, NULL, NULL, NULL),
        ('e2', 'p', 'acute inpatient', '2026-02-01'::DATE, '2026-02-05'::DATE, 99, '1', 'emergency', '7', 'emergency room', '01', 'home'),
        ('e3', 'q', 'Acute Inpatient', '2026-02-03'::DATE, '2026-02-28'::DATE, 1, '3', 'elective', '1', 'referral', '30', 'still a patient'),
        ('e4', 'q', 'inpatient skilled nursing', '2026-03-01'::DATE, '2026-03-05'::DATE, 4, NULL, NULL, NULL, NULL, NULL, NULL),
        ('e5', 'r', 'acute inpatient', '2026-02-03'::DATE, '2026-02-03'::DATE, 1, NULL, NULL, NULL, NULL, '20', 'expired')
        AS E (ENCOUNTER_ID, ${person}, ENCOUNTER_TYPE, ENCOUNTER_START_DATE, ENCOUNTER_END_DATE, LENGTH_OF_STAY, ADMIT_TYPE_CODE,
          ADMIT_TYPE_DESCRIPTION, ADMIT_SOURCE_CODE, ADMIT_SOURCE_DESCRIPTION, DISCHARGE_DISPOSITION_CODE, DISCHARGE_DISPOSITION_DESCRIPTION)`);
      await sql(`CREATE TABLE ${schema}.PATIENT AS SELECT * FROM VALUES
        ('p', 'female', '1950-06-01'::DATE, NULL::DATE), ('r', 'male', '1940-01-01'::DATE, '2026-02-03'::DATE)
        AS P (${person}, SEX, BIRTH_DATE, DEATH_DATE)`);
      await sql(`CREATE TABLE ${schema}.CONDITION AS SELECT * FROM VALUES
        ('p', 'e0', 'I10', 'I10', '2025-01-01'::DATE), ('p', 'e2', 'J18', 'J18', '2026-02-02'::DATE)
        AS C (${person}, ENCOUNTER_ID, NORMALIZED_CODE, SOURCE_CODE, RECORDED_DATE)`);
      const rows = await admissions('tuva', schema);
      expect(
        rows.map((row) => [row.STAY_ID, row.PATIENT_ID, row.ADMITTED_AT, row.DISCHARGED_AT]),
      ).to.deep.equal([
        ['e2', 'p', '2026-02-01', '2026-02-05'],
        ['e3', 'q', '2026-02-03', null],
        ['e5', 'r', '2026-02-03', '2026-02-03'],
      ]);
      expect(rows[0]).to.include({
        BY_EMERGENCY: 'yes',
        AGE: 76,
        SEX: 'female',
        PRIOR_CONDITIONS: 1,
        ADMISSION_TYPE: 'emergency',
      });
      expect(rows.map(({ DIED_IN_HOSPITAL }) => DIED_IN_HOSPITAL)).to.deep.equal(['no', 'no', 'yes']);
      expect((await admissions('tuva', schema, ['sameDay=no'])).map(({ STAY_ID }) => STAY_ID)).to.deep.equal([
        'e2',
        'e3',
      ]);
      expect((await kinds('tuva', schema))['acute inpatient']).to.deep.equal([3, 3]);
      const [event, ...more] = await shapeRows(ctx, 'tuva', 'events', schema);
      expect(event).to.include({ STAY_ID: 'e2', NAME: 'condition', VALUE: 'J18' });
      expect(more).to.deep.equal([]);
    });

  it('are FHIR’s of a server in UTC, with versions, plans, parts and emergency visits', async () => {
    const encounter = (id: string, more: object) => ({
      resourceType: 'Encounter',
      id,
      status: 'finished',
      class: { code: 'IMP' },
      subject: { reference: 'Patient/p' },
      ...more,
    });
    const resources = [
      encounter('old', {
        meta: { lastUpdated: '2026-07-01T12:00:00Z' },
        status: 'in-progress',
        period: { start: '2026-07-01T23:30:00Z' },
      }),
      encounter('old', {
        meta: { lastUpdated: '2026-07-04T12:00:00Z' },
        period: { start: '2026-07-01T23:30:00Z', end: '2026-07-04T10:00:00Z' },
        length: { value: 99, unit: 'd' },
        location: [
          {
            location: { reference: 'Location/ED' },
            period: { start: '2026-07-01T21:30:00Z', end: '2026-07-01T23:30:00Z' },
          },
        ],
      }),
      encounter('part', {
        partOf: { reference: 'Encounter/old' },
        period: { start: '2026-07-02T01:00:00Z', end: '2026-07-03T01:00:00Z' },
      }),
      encounter('ed', {
        class: { code: 'EMER' },
        period: { start: '2026-08-01T08:00:00+02:00', end: '2026-08-01T11:00:00+02:00' },
      }),
      encounter('in', { status: 'in-progress', period: { start: '2026-08-01T11:30:00+02:00' } }),
      encounter('clinic', { class: { code: 'AMB' }, period: { start: '2026-08-01', end: '2026-08-01' } }),
      encounter('wrong', { status: 'entered-in-error', period: { start: '2026-08-01', end: '2026-08-03' } }),
      encounter('planned', {
        status: 'planned',
        period: { start: '2026-09-01T08:00:00+02:00' },
        serviceType: { coding: [{ code: 'ORTHO' }] },
      }),
    ];
    await sql('CREATE SCHEMA RAW.FHIR_UTC');
    await sql(
      `CREATE TABLE RAW.FHIR_UTC.FHIR_ENCOUNTER AS SELECT PARSE_JSON(T) AS DATA FROM VALUES ${resources.map((each) => `(${literal(JSON.stringify(each))})`).join(', ')} AS R (T)`,
    );
    const rows = await admissions('fhir', 'RAW.FHIR_UTC', ['zone=Europe/Berlin']);
    expect(
      rows.map((row) => [
        row.STAY_ID,
        row.ADMITTED_AT,
        row.DISCHARGED_AT,
        row.BY_EMERGENCY,
        Number(row.HOURS_SINCE_ARRIVAL),
      ]),
    ).to.deep.equal([
      ['in', '2026-08-01 11:30', null, 'yes', 3.5],
      ['old', '2026-07-02 01:30', '2026-07-04 12:00', 'yes', 2],
    ]);
    expect(await kinds('fhir', 'RAW.FHIR_UTC')).to.include.keys('AMB', 'EMER', 'IMP');
    const [planned, ...more] = await shapeRows(ctx, 'fhir', 'planned', 'RAW.FHIR_UTC', [
      'zone=Europe/Berlin',
    ]);
    expect(more).to.deep.equal([]);
    expect(planned).to.include({ STAY_ID: 'planned', SERVICE: 'ORTHO', CANCELLED: false });
    expect(clock(planned?.PLANNED_DAY)).to.equal('2026-09-01');
  });
});

/** A day or a time as the clock shows it. */
function clock(at: unknown): string | null {
  if (at === null) return null;
  if (!(at instanceof Date)) return String(at).slice(0, 16);
  const text = at.toISOString().slice(0, 16).replace('T', ' ');
  return (at as Date & { getFormat?: () => string }).getFormat?.().includes('HH') === false
    ? text.slice(0, 10)
    : text;
}
