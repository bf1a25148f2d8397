import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { killProcess } from '../deploy/kill-process.js';
import { localCloud } from '../deploy/local-context.js';
import { Ward } from '../deploy/scoring/ward.js';

/** LOS_WAITING=300000 for so many; fewer by default. */
const WAITING = Number(process.env.LOS_WAITING ?? 150_000);
/** So many, of which a piece of a reconciliation is less than half. */
const DIFFERENT = 260_000;
/** The first piece of a serverless endpoint that answers two requests at once. */
const PIECE = 10_000;

/** Kills the local cloud of a ward and opens it again. @param watching another client of it */
async function killCloud(ward: Ward, watching: OpenContext): Promise<void> {
  const { pid } = JSON.parse(readFileSync(join(ward.cloud.folder, 'state', 'local.json'), 'utf8')) as {
    pid: number;
  };
  await killProcess(pid);
  for (const each of [watching, ward.ctx]) void each.close().catch(() => undefined);
  ({ ctx: ward.ctx } = forDataset(await ward.cloud.open()));
  await ward.run('USE WAREHOUSE LOS_WH', 'USE SCHEMA PREDICT_LOS.LOS');
}

describe(`${WAITING.toLocaleString('en-US')} admissions that wait`, () => {
  const ward = new Ward('', localCloud);
  before(() => ward.open());
  after(() => ward.close());

  it('are scored in pieces, of which those that were committed survive a kill', async () => {
    await ward.promote();
    await ward.run(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, DEPARTMENT, SEVERITY_OF_ILLNESS, AGE, ADMISSION_DATE)
      SELECT SEQ4(), 'surgery', 'Minor', '31-40', '2026-11-01'::DATE FROM TABLE(GENERATOR(ROWCOUNT => ${WAITING}))`);
    await ward.build();
    const watching = await ward.cloud.open();
    await watching.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
    // Its driver goes on calling the dead process for a minute; no one waits for that.
    void ward.score().catch(() => undefined);
    const logged = async () =>
      Number((await watching.snowflake.query('SELECT COUNT(*) AS N FROM LOS_PREDICTION_LOG'))[0]!.N);
    while ((await logged()) === 0) await sleep(20);
    await killCloud(ward, watching);

    const count = 'SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS CASES FROM LOS_PREDICTION_LOG';
    const [before] = await ward.query(count);
    expect(before!.N).to.be.within(PIECE, WAITING - 1);
    expect(await ward.query("SELECT STATUS FROM LOS_RUN_LOG WHERE KIND = 'scoring'")).to.deep.equal([
      { STATUS: 'RUNNING' },
    ]);
    expect(await ward.score()).to.include({ rows: WAITING - Number(before!.N), waiting: 0 });
    expect(await ward.query(count)).to.deep.equal([{ N: WAITING, CASES: WAITING }]);
  });
});

describe(`${DIFFERENT.toLocaleString('en-US')} features that differ from their source`, () => {
  const ward = new Ward('', localCloud);
  before(() => ward.open());
  after(() => ward.close());

  it('are built again in pieces, of which those that were committed survive a kill', async () => {
    await ward.run(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, DEPARTMENT, SEVERITY_OF_ILLNESS, AGE, ADMISSION_DATE, DISCHARGE_DATE)
      SELECT SEQ4(), 'surgery', 'Minor', '31-40', '2026-11-01'::DATE, '2026-11-05'::DATE FROM TABLE(GENERATOR(ROWCOUNT => ${DIFFERENT}))`);
    await ward.build();
    await ward.run("UPDATE HEALTH_FEATURES SET SEVERITY_OF_ILLNESS = 'Extreme'");
    const watching = await ward.cloud.open();
    await watching.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
    void ward.query('CALL RECONCILE(FALSE)').catch(() => undefined);
    const wrong = async () =>
      Number(
        (
          await watching.snowflake.query(
            "SELECT COUNT(*) AS N FROM HEALTH_FEATURES WHERE SEVERITY_OF_ILLNESS = 'Extreme'",
          )
        )[0]!.N,
      );
    while ((await wrong()) === DIFFERENT) await sleep(20);
    await killCloud(ward, watching);

    const [{ N: left } = { N: 0 }] = await ward.query(
      "SELECT COUNT(*) AS N FROM HEALTH_FEATURES WHERE SEVERITY_OF_ILLNESS = 'Extreme'",
    );
    expect(left).to.be.within(1, DIFFERENT - 1);
    const reconcile = async () => (await ward.query('CALL RECONCILE(FALSE)'))[0]!.RECONCILE;
    expect(await reconcile()).to.include({ different: left, missing: 0, superfluous: 0, rebuilt: left });
    expect(await ward.query('SELECT DISTINCT SEVERITY_OF_ILLNESS AS S FROM HEALTH_FEATURES')).to.deep.equal([
      { S: 'Minor' },
    ]);
    expect(await reconcile()).to.include({ different: 0, missing: 0, superfluous: 0, rebuilt: 0 });
  });
});
