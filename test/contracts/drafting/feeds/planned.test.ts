import { expect } from 'chai';
import { draftContract } from '../../../../contracts/drafting/draft-contract.js';
import { findPlannedColumns, withPlanned } from '../../../../contracts/drafting/feeds/draft-planned.js';
import { namedRelation } from '../../../../contracts/drafting/feeds/named-relation.js';
import { parseContract } from '../../../../deploy/dataset/load.js';
import { UserError } from '../../../../deploy/errors.js';
import type { OpenContext } from '../../../../deploy/open.js';
import type { Contract } from '../../../../procedures/dataset/contract.js';
import { hostedCloud } from '../../../deploy/embedded-cloud.js';

describe('planned admissions in a first contract', () => {
  const find = (...columns: readonly (readonly [string, string])[]) =>
    findPlannedColumns(
      { name: 'BOOKINGS', relation: { source: 'A.B.BOOKINGS' } },
      columns.map(([name, type]) => ({ name, type })),
      {
        id: 'CASE_ID',
        patient: 'PATIENTID',
        afterAdmission: [],
        columns: { CASE_ID: 'NUMBER', PATIENTID: 'NUMBER', AGE: 'VARCHAR', WARD: 'VARCHAR' },
      } as unknown as Contract,
    );

  it('are found by types and by what columns are called', () => {
    expect(
      find(
        ['BOOKED_AT', 'TIMESTAMP_LTZ(9)'],
        ['VISIT_ID', 'NUMBER(38,0)'],
        ['UPDATED_AT', 'TIMESTAMP_NTZ(9)'],
        ['STORNIERT', 'BOOLEAN'],
        ['WARD', 'VARCHAR(10)'],
        ['PATIENTID', 'NUMBER(38,0)'],
        ['AGE', 'VARCHAR(10)'],
      ),
    ).to.deep.equal({
      planned: {
        source: 'A.B.BOOKINGS',
        id: { column: 'VISIT_ID', type: 'NUMBER' },
        patient: { column: 'PATIENTID', type: 'NUMBER' },
        day: { column: 'BOOKED_AT', type: 'TIMESTAMP_LTZ' },
        recorded: 'UPDATED_AT',
        cancelled: 'STORNIERT',
        features: ['WARD', 'AGE'],
      },
      places: { ward: 'WARD' },
    });
  });

  it('are those of the shapes’ SELECTs', () => {
    const { planned, places } = find(
      ['STAY_ID', 'VARCHAR(100)'],
      ['PLANNED_DAY', 'DATE'],
      ['WARD', 'VARCHAR(100)'],
      ['SERVICE', 'VARCHAR(100)'],
      ['RECORDED', 'TIMESTAMP_NTZ(9)'],
      ['CANCELLED', 'BOOLEAN'],
    );
    expect(planned).to.deep.include({
      id: 'STAY_ID',
      day: { column: 'PLANNED_DAY', type: 'DATE' },
      recorded: 'RECORDED',
      cancelled: 'CANCELLED',
    });
    expect(places).to.deep.equal({ ward: 'WARD', department: 'SERVICE' });
  });

  it('need a day, an id and when a row was written, by name', () => {
    expect(() => find(['CASE_ID', 'NUMBER(38,0)'], ['PLANNED_DAY', 'DATE'])).to.throw(
      UserError,
      'it cannot be told which column is recorded of a planned admission. It has CASE_ID, PLANNED_DAY',
    );
  });

  describe('of rows in Snowflake', () => {
    const cloud = hostedCloud('', 'loaded');
    let ctx: OpenContext;

    before(async () => {
      ctx = await cloud.open();
      await ctx.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
      await ctx.snowflake.execute(`CREATE TABLE BOOKINGS AS SELECT CASE_ID, ADMISSION_DATE AS PLANNED_DAY, DATEADD(day, -9, ADMISSION_DATE)::TIMESTAMP_NTZ AS RECORDED_AT,
  FALSE AS CANCELLED, WARD_TYPE, AGE FROM HEALTH_ADMISSIONS WHERE MOD(CASE_ID, 3) = 0`);
    });
    after(async () => {
      await ctx.close();
      cloud.remove();
    });

    const draft = async (list: string) => {
      const drafted = await draftContract(ctx, 'HEALTH_ADMISSIONS', { id: 'CASE_ID', patient: 'PATIENTID' });
      return withPlanned(ctx, drafted, namedRelation('--planned', list));
    };

    it('are proposed, in a contract that can be used', async () => {
      const { yaml, looks } = await draft('BOOKINGS');
      expect(looks.filter((look) => look.startsWith('planned'))).to.deep.equal([]);
      expect(parseContract(yaml, 'mine.yaml').planned).to.deep.equal({
        table: 'BOOKINGS',
        id: { column: 'CASE_ID', type: 'NUMBER' },
        day: { column: 'PLANNED_DAY', type: 'DATE' },
        recorded: 'RECORDED_AT',
        cancelled: 'CANCELLED',
        features: ['WARD_TYPE', 'AGE'],
      });
      expect(yaml).to.contain('  # ward: WARD_TYPE   # with ward above');
    });

    it('say where none has come, or none is there', async () => {
      const looks = async (name: string, condition: string) => {
        await ctx.snowflake.execute(
          `CREATE TABLE ${name} AS SELECT * REPLACE (-CASE_ID AS CASE_ID) FROM BOOKINGS WHERE ${condition}`,
        );
        return (await draft(name)).looks.join(' ');
      };
      expect(await looks('STRANGERS', 'CASE_ID > 0')).to.contain('has the id of an admission');
      expect(await looks('NONE', 'FALSE')).to.contain('the list is empty');
    });
  });
});
