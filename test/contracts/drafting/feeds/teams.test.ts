import { expect } from 'chai';
import { draftContract } from '../../../../contracts/drafting/draft-contract.js';
import { withPlanned } from '../../../../contracts/drafting/feeds/draft-planned.js';
import {
  findTeamColumns,
  type TeamFeed,
  withTeamFeed,
} from '../../../../contracts/drafting/feeds/draft-teams.js';
import { namedRelation } from '../../../../contracts/drafting/feeds/named-relation.js';
import { parseContract } from '../../../../deploy/dataset/load.js';
import { UserError } from '../../../../deploy/errors.js';
import type { OpenContext } from '../../../../deploy/open.js';
import { hostedCloud } from '../../../deploy/embedded-cloud.js';

describe('what teams write, in a first contract', () => {
  const find = (key: TeamFeed, ...columns: readonly (readonly [string, string])[]) =>
    findTeamColumns(
      key,
      { name: 'ROWS', relation: { source: 'A.B.ROWS' } },
      columns.map(([name, type]) => ({ name, type })),
      { id: 'CASE_ID' },
    );

  it('is found by types and by what hospitals call columns', () => {
    expect(
      find(
        'expectedDischarge',
        ['ROW_NO', 'NUMBER(38,0)'],
        ['ENCOUNTER_ID', 'VARCHAR(20)'],
        ['UPDATED_AT', 'TIMESTAMP_NTZ(9)'],
        ['EDD', 'DATE'],
        ['USER_NAME', 'VARCHAR(80)'],
        ['USER_ROLE', 'VARCHAR(20)'],
        ['IS_FINAL', 'BOOLEAN'],
        ['DELAY_CODE', 'VARCHAR(10)'],
      ),
    ).to.deep.equal({
      source: 'A.B.ROWS',
      stay: 'ENCOUNTER_ID',
      day: { column: 'EDD', type: 'DATE' },
      recorded: 'UPDATED_AT',
      by: 'USER_ROLE',
      confirmed: 'IS_FINAL',
      reason: 'DELAY_CODE',
    });
    expect(
      find(
        'expectedDischarge',
        ['FALLNR', 'NUMBER(38,0)'],
        ['ERFASST_AM', 'TIMESTAMP_LTZ(9)'],
        ['ENTLASSUNG_GEPLANT', 'DATE'],
        ['BERUFSGRUPPE', 'VARCHAR(20)'],
      ),
    ).to.deep.include({
      stay: { column: 'FALLNR', type: 'NUMBER' },
      day: { column: 'ENTLASSUNG_GEPLANT', type: 'DATE' },
      recorded: { column: 'ERFASST_AM', type: 'TIMESTAMP_LTZ' },
      by: 'BERUFSGRUPPE',
    });
    expect(
      find(
        'readyForDischarge',
        ['CASE_ID', 'NUMBER(38,0)'],
        ['MEDICALLY_FIT_FROM', 'TIMESTAMP_NTZ(9)'],
        ['ENTERED_AT', 'TIMESTAMP_NTZ(9)'],
        ['WAITING_FOR', 'VARCHAR(30)'],
      ),
    ).to.deep.equal({
      source: 'A.B.ROWS',
      stay: { column: 'CASE_ID', type: 'NUMBER' },
      since: 'MEDICALLY_FIT_FROM',
      recorded: 'ENTERED_AT',
      reason: 'WAITING_FOR',
    });
  });

  it('needs a stay, a day and when a row was written, by name', () => {
    expect(() => find('expectedDischarge', ['CASE_ID', 'NUMBER(38,0)'], ['EXPECTED_ON', 'DATE'])).to.throw(
      UserError,
      'it cannot be told which column is recorded of an expected discharge',
    );
    expect(() => find('readyForDischarge', ['NOTED_AT', 'TIMESTAMP_NTZ(9)'])).to.throw(
      UserError,
      'which column is stay, since',
    );
  });

  describe('of rows in Snowflake', () => {
    const cloud = hostedCloud('', 'loaded');
    let ctx: OpenContext;

    before(async () => {
      ctx = await cloud.open();
      await ctx.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
      for (const [name, columns] of [
        ['EXPECTED', 'ADMISSION_DATE AS EXPECTED_ON, ADMISSION_DATE::TIMESTAMP_NTZ AS WRITTEN_AT'],
        [
          'READY',
          'ADMISSION_DATE::TIMESTAMP_NTZ AS READY_SINCE, ADMISSION_DATE::TIMESTAMP_NTZ AS WRITTEN_AT',
        ],
        ['DECIDED', 'ADMISSION_DATE AS ADMISSION_DAY, ADMISSION_DATE::TIMESTAMP_NTZ AS DECIDED_AT'],
      ] as const)
        await ctx.snowflake.execute(
          `CREATE TABLE ${name} AS SELECT CASE_ID, ${columns} FROM HEALTH_ADMISSIONS WHERE MOD(CASE_ID, 3) = 0`,
        );
      await ctx.snowflake.execute(
        'CREATE TABLE STRANGERS AS SELECT * REPLACE (-CASE_ID AS CASE_ID) FROM READY',
      );
    });
    after(async () => {
      await ctx.close();
      cloud.remove();
    });

    const drafted = () => draftContract(ctx, 'HEALTH_ADMISSIONS', { id: 'CASE_ID', patient: 'PATIENTID' });

    it('is proposed with decisions to admit, in a contract that can be used', async () => {
      let draft = await withPlanned(ctx, await drafted(), namedRelation('', 'DECIDED'), 'decisions');
      draft = await withTeamFeed(ctx, draft, 'expectedDischarge', namedRelation('', 'EXPECTED'));
      draft = await withTeamFeed(ctx, draft, 'readyForDischarge', namedRelation('', 'READY'));
      expect(draft.looks.filter((look) => /^(decisions|expected|ready)/.test(look))).to.deep.equal([]);
      const contract = parseContract(draft.yaml, 'mine.yaml');
      expect(contract.decisions).to.deep.include({
        day: { column: 'ADMISSION_DAY', type: 'DATE' },
        recorded: 'DECIDED_AT',
      });
      expect(contract.expectedDischarge).to.deep.include({ recorded: 'WRITTEN_AT' });
      expect(contract.readyForDischarge).to.deep.include({ since: 'READY_SINCE' });
    });

    it('asks about rows of other stays', async () => {
      const { looks } = await withTeamFeed(
        ctx,
        await drafted(),
        'readyForDischarge',
        namedRelation('', 'STRANGERS'),
      );
      expect(looks.join(' ')).to.match(/readyForDischarge: none of \d+ rows has the id of an admission/);
    });
  });
});
