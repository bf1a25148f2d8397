import { expect } from 'chai';
import { type Row, SnowflakeError } from '../../../../deploy/clients/snowflake.js';
import { UserError } from '../../../../deploy/errors.js';
import { maskingKind } from '../../../../deploy/resources/snowflake/masking.js';
import { fakeContext } from '../../fake-context.js';
import { FakeSnowflake } from '../../fake-snowflake.js';

const masking = maskingKind.resource('LOS_PATIENT_DATA', {
  shownTo: ['LOS_DEPLOY', 'LOS_PATIENTS'],
  objects: [{ type: 'TABLE', name: 'T', columns: { ID: 'identifier' } }],
});

/** An account of the Standard Edition, which has no tags and no masking policies. */
class StandardEdition extends FakeSnowflake {
  override async query<R extends Row = Row>(sql: string): Promise<R[]> {
    if (/TAGS/.test(sql)) throw new SnowflakeError("Unsupported feature 'TAG'.", { code: '000002' });
    return await super.query<R>(sql);
  }

  override async execute(sql: string): Promise<number> {
    if (/MASKING POLICY/.test(sql))
      throw new SnowflakeError("Unsupported feature 'MASKING POLICY'.", { code: '000002' });
    return await super.execute(sql);
  }
}

describe('masking in Snowflake', () => {
  it('is refused with the edition that it needs, before anything is made', async () => {
    const ctx = fakeContext({ snowflake: new StandardEdition([[/CURRENT_ROLE/, [{ ROLE: 'LOS_DEPLOY' }]]]) });
    for (const work of [maskingKind.list(ctx, [masking]), maskingKind.create(ctx, masking, 'f')]) {
      const refused = await Promise.resolve(work).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(UserError);
      expect((refused as UserError).message).to.include('Enterprise Edition or higher');
    }
    expect((ctx.snowflake as StandardEdition).executed).to.deep.equal([]);
  });

  it('is nothing to an account of another edition that does not want it', async () => {
    expect(await maskingKind.list(fakeContext({ snowflake: new StandardEdition() }), [])).to.deep.equal([]);
  });

  it('is refused to another role than the one whose procedures see values', async () => {
    const snowflake = new FakeSnowflake([[/CURRENT_ROLE/, [{ ROLE: 'ACCOUNTADMIN' }]]]);
    const refused = await maskingKind.refuseNew!(fakeContext({ snowflake }), [masking]);
    expect((refused as UserError).next).to.include('SNOWFLAKE_ROLE=LOS_DEPLOY');
  });
});
