import { expect } from 'chai';
import { checkDataset } from '../../../../contracts/checking/check.js';
import { draftContract } from '../../../../contracts/drafting/draft-contract.js';
import {
  eventLooks,
  eventRelation,
  proposeSummaries,
  withEvents,
} from '../../../../contracts/drafting/feeds/draft-events.js';
import { findEventColumns } from '../../../../contracts/drafting/feeds/event-columns.js';
import type { EventProfile } from '../../../../contracts/profiling/profile-events.js';
import { parseContract } from '../../../../deploy/dataset/load.js';
import { UserError } from '../../../../deploy/errors.js';
import type { OpenContext } from '../../../../deploy/open.js';
import { hostedCloud } from '../../../deploy/embedded-cloud.js';
import { refuseProducts } from '../../../deploy/products.js';
import { longTests } from '../../../long.js';

const { long } = longTests(import.meta.url);

const profile = (more: Partial<EventProfile>): EventProfile => ({
  name: 'x',
  patients: 500,
  stays: 500,
  rows: 2000,
  numbers: 2000,
  levels: 300,
  midnights: 0,
  discharges: 0,
  strangers: 0,
  late: 0,
  ...more,
});

describe('events of stays in a first contract', () => {
  refuseProducts({ runs: ['sql/checking/events.sql'] });
  describe('by what columns are called', () => {
    const find = (...columns: readonly (readonly [string, string])[]) =>
      findEventColumns(
        { source: 'A.B.C' },
        columns.map(([name, type]) => ({ name, type })),
        'CASE_ID',
        'A.B.C',
      );

    it('are told apart in MIMIC, OMOP and a German laboratory', () => {
      expect(
        find(
          ['SUBJECT_ID', 'NUMBER(38,0)'],
          ['HADM_ID', 'NUMBER(38,0)'],
          ['ITEMID', 'NUMBER(38,0)'],
          ['CHARTTIME', 'TIMESTAMP_NTZ(9)'],
          ['STORETIME', 'TIMESTAMP_NTZ(9)'],
          ['VALUENUM', 'FLOAT'],
        ),
      ).to.deep.equal({
        source: 'A.B.C',
        stay: { column: 'HADM_ID', type: 'NUMBER' },
        time: 'CHARTTIME',
        name: { column: 'ITEMID', type: 'NUMBER' },
        value: { column: 'VALUENUM', type: 'FLOAT' },
        recorded: 'STORETIME',
      });
      expect(
        find(
          ['FALLNUMMER', 'VARCHAR(20)'],
          ['ABNAHMEZEIT', 'TIMESTAMP_TZ(9)'],
          ['FREIGABEZEIT', 'TIMESTAMP_TZ(9)'],
          ['PARAMETER', 'VARCHAR(20)'],
          ['MESSWERT', 'VARCHAR(20)'],
        ),
      ).to.deep.equal({
        source: 'A.B.C',
        stay: 'FALLNUMMER',
        time: { column: 'ABNAHMEZEIT', type: 'TIMESTAMP_TZ' },
        name: 'PARAMETER',
        value: 'MESSWERT',
        recorded: { column: 'FREIGABEZEIT', type: 'TIMESTAMP_TZ' },
      });
      expect(
        find(['CASE_ID', 'NUMBER(38,0)'], ['EVENT_DATE', 'DATE'], ['ACTIVITY', 'VARCHAR']),
      ).to.include.keys('stay', 'time', 'name');
    });

    it('are asked for by name where a column cannot be told', () => {
      expect(() => find(['CASE_ID', 'NUMBER'], ['AT', 'TIMESTAMP_NTZ'], ['WEIGHT', 'FLOAT'])).to.throw(
        UserError,
        /cannot be told which column is name of an event/,
      );
    });
  });

  it('become features by shares and counts', () => {
    const of = (more: Partial<EventProfile>) => proposeSummaries(profile(more), 1000);
    expect(of({})).to.deep.equal(['last', 'change', 'least', 'most', 'mean', 'count', 'hours']);
    expect(of({ rows: 600, numbers: 600 })).to.deep.equal(['last', 'hours']);
    expect(of({ numbers: 40, levels: 12 })).to.deep.equal(['category', 'changes', 'hours']);
    expect(of({ numbers: 0, levels: 1900 })).to.deep.equal(['count', 'total', 'hours']);
    expect(of({ rows: 510, numbers: 510, levels: 1 })).to.deep.equal(['ever', 'hours']);
    expect(of({ stays: 9 })).to.deep.equal([]);
  });

  it('say what looks as if it were known later than it is dated', () => {
    const looks = (more: Partial<EventProfile>, recorded = {}) =>
      eventLooks([{ table: 'E', stay: 'S', time: 'T', name: 'N', ...recorded }], profile({}), [
        profile(more),
      ]).join();
    expect(looks({}, { recorded: 'R' })).to.equal('');
    expect(looks({})).to.contain('no column of events[0] says when rows were recorded');
    expect(looks({ midnights: 1990 }, { recorded: 'R' })).to.contain('x: times are days without an hour');
    expect(looks({ numbers: 1800 }, { recorded: 'R' })).to.contain('x: some values are no numbers');
    expect(looks({ discharges: 1500 }, { recorded: 'R' })).to.contain('x: most rows are at the discharge');
  });

  describe('of rows in Snowflake', () => {
    const cloud = hostedCloud('', 'loaded');
    let ctx: OpenContext;

    before(async () => {
      ctx = await cloud.open();
      await ctx.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
      await ctx.snowflake.execute(`CREATE TABLE LAB_RESULTS AS
SELECT CASE_ID, DATEADD(hour, n.H, ADMISSION_DATE::TIMESTAMP_NTZ) AS TAKEN_AT, DATEADD(hour, n.H + 1, ADMISSION_DATE::TIMESTAMP_NTZ) AS RELEASED_AT,
  n.ANALYTE, IFF(n.ANALYTE = 'WARD', 'W' || MOD(CASE_ID, 4), TO_VARCHAR(MOD(CASE_ID * n.H, 97))) AS RESULT
FROM HEALTH_ADMISSIONS CROSS JOIN (SELECT COLUMN1 AS ANALYTE, COLUMN2 AS H FROM VALUES ('lactate', 5), ('lactate', 17), ('WARD', 3), ('WARD', 30), ('it''s: rare', 9)) AS n
WHERE n.ANALYTE <> 'it''s: rare' OR CASE_ID < (SELECT MIN(CASE_ID) + 5 FROM HEALTH_ADMISSIONS)`);
    });
    after(async () => {
      await ctx.close();
      cloud.remove();
    });

    long(
      'are proposed, and hold against their rows; those of fewer than ten patients are not named',
      async () => {
        const drafted = await draftContract(ctx, 'HEALTH_ADMISSIONS', {
          id: 'CASE_ID',
          patient: 'PATIENTID',
        });
        const { yaml } = await withEvents(ctx, drafted, [eventRelation('LAB_RESULTS')]);
        expect(yaml).not.to.contain('rare');
        const contract = parseContract(yaml, 'mine.yaml');
        expect(contract.events).to.deep.equal([
          {
            table: 'LAB_RESULTS',
            stay: { column: 'CASE_ID', type: 'NUMBER' },
            time: 'TAKEN_AT',
            name: 'ANALYTE',
            value: 'RESULT',
            recorded: 'RELEASED_AT',
          },
        ]);
        expect(contract.eventFeatures).to.deep.equal({
          WARD: ['category', 'changes', 'hours'],
          lactate: ['last', 'change', 'least', 'most', 'mean', 'count', 'hours'],
        });
        const check = async (more: object) => {
          const { problems, warnings } = await checkDataset(ctx, { ...contract, ...more });
          return [...problems, ...warnings].filter((finding) => /event|LAB_RESULTS/.test(finding)).join(' ');
        };
        expect(await check({})).to.equal('');
        expect(await check({ eventFeatures: { ...contract.eventFeatures, sodium: ['last'] } })).to.contain(
          'hardly any stay has sodium',
        );
        expect(await check({ eventFeatures: { WARD: ['last'] } })).to.contain('most of its values are none');
        expect(await check({ eventFeatures: { X: { sql: 'SUM(NUMBR)' } } })).to.contain(
          'eventFeatures.X cannot be computed',
        );
        expect(await check({ events: [{ ...contract.events![0], stay: 'ANALYTE' }] })).to.contain(
          'none of their stays is an admission',
        );
        expect(
          await check({ events: [{ ...contract.events![0], value: { column: 'RESULT', type: 'NUMBER' } }] }),
        ).to.contain('RESULT is a VARCHAR, and the contract reads it as NUMBER');
        const { table: _, ...columns } = contract.events![0]!;
        const query =
          'SELECT * EXCLUDE TAKEN_AT, TAKEN_AT::DATE AS TAKEN_AT FROM PREDICT_LOS.LOS.LAB_RESULTS';
        expect(await check({ events: [{ ...columns, query }] })).to.contain(
          'the query of events[0].TAKEN_AT is a DATE, and the contract reads it as TIMESTAMP_NTZ. Write time: { column: TAKEN_AT, type: DATE }',
        );
        expect(await check({ events: [{ ...contract.events![0], time: 'RESULT' }] })).to.contain(
          'RESULT is a VARCHAR, and the contract reads it as TIMESTAMP_NTZ',
        );
      },
    );
  });
});
