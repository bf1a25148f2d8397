import { expect } from 'chai';
import { checkDataset } from '../../../contracts/checking/check.js';
import { draftFromOrigin } from '../../../contracts/drafting/draft-contract.js';
import { loadDemoData } from '../../../demo/data.js';
import { loadContract, parseContract } from '../../../deploy/dataset/load.js';
import { probeOrigin } from '../../../deploy/dataset/probe-origin.js';
import { refuseOrigin } from '../../../deploy/dataset/refuse-origin.js';
import type { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { HospitalCloud } from './hospital-rows.js';

const RENAMED = ['  CASE_ID: NUMBER', '  CASE_ID: { type: NUMBER, source: "Encounter No" }'] as const;

describe('rows in another database, of another owner', () => {
  const hospital = new HospitalCloud();
  let first: OpenContext;
  let ctx: OpenContext;

  const rows = (sql: string) => ctx.snowflake.query(sql);
  const one = async (sql: string) => Object.values((await rows(sql))[0]!)[0];
  const reopened = async () => {
    if (ctx && ctx !== first) await ctx.close();
    ctx = await hospital.cloud.open();
  };

  before(async () => {
    first = await hospital.open();
    ctx = first;
    hospital.write('source: ANALYTICS.CORE.ENCOUNTER', RENAMED);
  });
  after(async () => {
    if (ctx !== first) await ctx.close();
    await first.close();
    hospital.cloud.remove();
  });

  it('are read once their owner lets the deploying role, and nothing is made there', async () => {
    const before = await one('SELECT COUNT(*) FROM HEALTH_FEATURES');
    await reopened();
    const refused = await apply(ctx).then(
      () => expect.fail('it was applied'),
      (error: UserError) => error,
    );
    expect(refused.message).to.contain(
      'ANALYTICS.CORE.ENCOUNTER is not there, or the role ACCOUNTADMIN may not',
    );
    // What it says is what is missing: a grant, and it says the next.
    for (const statements of [
      /GRANT USAGE ON DATABASE.*?;/,
      /GRANT USAGE ON SCHEMA.*?;/,
      /GRANT SELECT ON TABLE.*?;/,
    ]) {
      const closed = await probeOrigin(ctx, loadContract(hospital.contract));
      await hospital.asOwner(first, statements.exec(closed!.next)![0].slice(0, -1));
    }
    expect(await probeOrigin(ctx, loadContract(hospital.contract))).to.equal(undefined);
    await reopened();
    const built = await one('SELECT MAX(INPUTS_BUILT_AT)::VARCHAR FROM HEALTH_FEATURES');
    await apply(ctx);
    // The same rows elsewhere: nothing of them is new, gone or other.
    const answer = await one('CALL BUILD_FEATURES()');
    expect(answer).to.include({ inserted: 0, withdrawn: 0, queued: 0 });
    expect(await one('SELECT MAX(INPUTS_BUILT_AT)::VARCHAR FROM HEALTH_FEATURES')).to.equal(built);
    expect((await apply(ctx)).updated).to.deep.equal([]);
    expect(await one('SELECT COUNT(*) FROM HEALTH_SOURCE')).to.equal(before);
    expect(await rows('SHOW OBJECTS IN SCHEMA ANALYTICS.CORE')).to.have.length(1);
    // What was the table stays as it is.
    expect(await one('SELECT COUNT(*) FROM HEALTH_ADMISSIONS')).to.equal(before);
  });

  it('are looked at for a first contract and for a check of one, as a table, a view and a query', async () => {
    await hospital.asOwner(
      first,
      'CREATE VIEW ANALYTICS.CORE.STAYS AS SELECT * FROM ANALYTICS.CORE.ENCOUNTER',
      'GRANT SELECT ON VIEW ANALYTICS.CORE.STAYS TO ROLE ACCOUNTADMIN',
    );
    for (const door of [
      { source: 'ANALYTICS.CORE.ENCOUNTER' },
      { source: 'ANALYTICS.CORE.STAYS' },
      { query: 'SELECT s.* FROM ANALYTICS.CORE.STAYS AS s -- all\n;' },
    ]) {
      const { yaml, open } = await draftFromOrigin(ctx, door, { id: 'Encounter No' }, 'stays');
      expect(open).to.deep.equal([]);
      const drafted = parseContract(yaml, 'drafted.yaml');
      expect(drafted).to.include({ name: 'stays', table: 'STAYS_SOURCE', id: 'ENCOUNTER_NO' });
      expect(drafted.origin!.columns).to.deep.equal({ ENCOUNTER_NO: 'Encounter No' });
      const { problems, rows: counted } = await checkDataset(ctx, drafted);
      expect(problems).to.deep.equal([]);
      expect(counted).to.equal(await one('SELECT COUNT(*) FROM ANALYTICS.CORE.ENCOUNTER'));
    }
    const closed = await draftFromOrigin(ctx, { query: 'SELECT * FROM ANALYTICS.CORE.NONE' }).catch((e) => e);
    expect(closed.message).to.contain('ANALYTICS.CORE.NONE is not there, or');
    expect(closed.next).to.contain('GRANT SELECT ON TABLE ANALYTICS.CORE.NONE TO ROLE');
    const elsewhere = await draftFromOrigin(ctx, { query: 'SELECT s.* FROM EPR.ADT.STAYS AS s' }).catch(
      (e) => e,
    );
    expect(elsewhere.next)
      .to.contain('GRANT USAGE ON SCHEMA EPR.ADT TO ROLE ACCOUNTADMIN; GRANT SELECT ON TABLE EPR.ADT.STAYS')
      .and.not.to.contain('undefined');
    const wrong = await draftFromOrigin(ctx, { query: 'SELECT NONE FROM ANALYTICS.CORE.STAYS' }).catch(
      (e) => e,
    );
    expect(wrong.message).to.match(/refuses the query/);
    // Since bundle 2026_04 JOIN … USING takes no column from the left side in silence (BCR-2256).
    const ambiguous = await draftFromOrigin(ctx, {
      query:
        'SELECT "Encounter No", DEPARTMENT FROM ANALYTICS.CORE.STAYS JOIN ANALYTICS.CORE.ENCOUNTER USING ("Encounter No")',
    }).catch((e) => e);
    expect(ambiguous.message).to.contain(
      "refuses the query: SQL compilation error:\nambiguous column name 'DEPARTMENT'",
    );
    await hospital.asOwner(first, 'DROP VIEW ANALYTICS.CORE.STAYS');
  });

  it('take no load of a file, and no demo', async () => {
    const contract = loadContract(hospital.contract);
    expect(() => refuseOrigin(contract, 'los dataset load')).to.throw(
      /health reads ANALYTICS.CORE.ENCOUNTER, which is the hospital's: los dataset load writes nothing into it/,
    );
    const demo = await loadDemoData(ctx, contract, { rows: 100 }).catch((error: Error) => error);
    expect(String(demo)).to.contain('a demo writes nothing into it');
  });

  it('make features, change them, and are withdrawn', async () => {
    await hospital.asOwner(
      first,
      `INSERT INTO ANALYTICS.CORE.ENCOUNTER SELECT 900001, * EXCLUDE "Encounter No" FROM ANALYTICS.CORE.ENCOUNTER LIMIT 1`,
      `DELETE FROM ANALYTICS.CORE.ENCOUNTER WHERE "Encounter No" = (SELECT MIN("Encounter No") FROM ANALYTICS.CORE.ENCOUNTER)`,
    );
    await rows('CALL BUILD_FEATURES()');
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE CASE_ID = 900001')).to.equal(1);
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NOT NULL')).to.equal(1);
  });

  it('are read twice in a run that finds changes, whether there are any and what they are, and no copy of them stays', async () => {
    await hospital.asOwner(
      first,
      'UPDATE ANALYTICS.CORE.ENCOUNTER SET ADMISSION_DEPOSIT = ADMISSION_DEPOSIT + 1 WHERE "Encounter No" = 900001',
    );
    const readers = async () =>
      (
        await rows(
          "SELECT QUERY_TEXT AS T FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 1000)) WHERE QUERY_TEXT NOT LIKE '%QUERY_HISTORY%'",
        )
      ).filter(({ T }) => /HEALTH_SOURCE\b/.test(String(T))).length;
    const before = await readers();
    expect(await one('CALL BUILD_FEATURES()')).to.include({ updated: 1 });
    expect((await readers()) - before).to.equal(2);
    expect(await rows("SHOW TABLES LIKE 'HEALTH_SOURCE%'")).to.deep.equal([]);
  });

  it('stay the hospital’s when an admission is erased, which does not come back', async () => {
    const [answer] = await rows("CALL FORGET_ADMISSION('900001')");
    expect(JSON.stringify(answer)).to.contain('The hospital');
    await rows('CALL BUILD_FEATURES()');
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE CASE_ID = 900001')).to.equal(0);
    expect(await one('SELECT COUNT(*) FROM HEALTH_SOURCE WHERE CASE_ID = 900001')).to.equal(0);
    expect(await one('SELECT COUNT(*) FROM ANALYTICS.CORE.ENCOUNTER WHERE "Encounter No" = 900001')).to.equal(
      1,
    );
  });

  it('are read value by value where a column has become text, and missed by name where one is gone', async () => {
    const replace = (columns: string) =>
      hospital.asOwner(
        first,
        `CREATE OR REPLACE TABLE ANALYTICS.CORE.ENCOUNTER COPY GRANTS AS SELECT ${columns} FROM ANALYTICS.CORE.ENCOUNTER`,
      );
    await replace(
      `* REPLACE (IFF("Encounter No" = 900001, 'none', TO_VARCHAR(VISITORS_WITH_PATIENT)) AS VISITORS_WITH_PATIENT)`,
    );
    await rows('CALL BUILD_FEATURES()');
    await hospital.asOwner(
      first,
      `INSERT INTO ANALYTICS.CORE.ENCOUNTER SELECT * REPLACE (900002 AS "Encounter No", 'many' AS VISITORS_WITH_PATIENT) FROM ANALYTICS.CORE.ENCOUNTER LIMIT 1`,
    );
    await rows('CALL BUILD_FEATURES()');
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE CASE_ID = 900002')).to.equal(1);
    expect(await one('SELECT COUNT(*) FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NOT NULL')).to.equal(1);
    await replace('* EXCLUDE VISITORS_WITH_PATIENT');
    const lost = await rows('CALL BUILD_FEATURES()').catch((error: Error) => error);
    expect(String(lost)).to.contain('ANALYTICS.CORE.ENCOUNTER has no column VISITORS_WITH_PATIENT');
  });
});
