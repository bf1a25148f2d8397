import { expect } from 'chai';
import { variant } from '../../../procedures/ground/work.js';
import { refuseProducts } from '../products.js';
import { Ward } from './ward.js';

describe('erasing a patient', () => {
  refuseProducts({ runs: ['sql/scoring/learned.sql'] });
  describe('of a contract with patients', () => {
    const ward = new Ward();
    before(() => ward.open());
    after(() => ward.close());

    it('takes all admissions of this patient and of no other, and finds nothing the second time', async () => {
      await ward.promote();
      await ward.admit({ id: 1 }, { id: 2 }, { id: 3 });
      await ward.run('UPDATE HEALTH_ADMISSIONS SET PATIENTID = IFF(CASE_ID = 3, 8, 7)');
      await ward.round();
      const forget = async (patient: string) =>
        variant<{ admissions: number; erased: object; versions: unknown[] }>(
          (await ward.query(`CALL FORGET_PATIENT('${patient}')`))[0]!.FORGET_PATIENT,
        );
      const done = await forget('7');
      expect(done).to.deep.include({
        admissions: 2,
        erased: { HEALTH_ADMISSIONS: 2, HEALTH_FEATURES: 2, LOS_PREDICTION_LOG: 2 },
      });
      expect(await ward.log('CASE_ID')).to.deep.equal([{ CASE_ID: '3' }]);
      expect(await forget('7')).to.deep.include({ admissions: 0, erased: {}, versions: [] });
      const [run] = await ward.query("SELECT COUNT(*) AS N FROM LOS_RUN_LOG WHERE KIND = 'erasure'");
      expect(Number(run!.N)).to.equal(2);
    });

    for (const table of ['HEALTH_FEATURES', 'LOS_PREDICTION_LOG', 'LOS_QUARANTINE'])
      it(`waits for what scores, and is in no deadlock with it over ${table}`, async () => {
        const other = await ward.cloud.open();
        const run = (sql: string) => other.snowflake.execute(sql);
        try {
          await run('BEGIN');
          await run('UPDATE HEALTH_SCORING_QUEUE SET RUN_ID = RUN_ID');
          const erasure = ward.query("CALL FORGET_ADMISSION('3')");
          const isWaiting = async () =>
            (await other.snowflake.query('SHOW LOCKS IN ACCOUNT')).some(({ status }) => status === 'WAITING');
          while (!(await isWaiting()));
          await run(`DELETE FROM ${table} WHERE FALSE`);
          await run('COMMIT');
          await erasure;
        } finally {
          await other.close();
        }
      });

    it('wants a patient', async () => {
      for (const none of ['NULL', "' '"]) {
        const error = await ward.query(`CALL FORGET_PATIENT(${none})`).catch((failure: Error) => failure);
        expect((error as Error).message).to.contain('FORGET_PATIENT needs the id of a patient');
      }
    });
  });

  describe('of a contract without', () => {
    const ward = new Ward();
    before(() => ward.open('sql/datasets/sparcs_hf.yaml'));
    after(() => ward.close());

    it('is refused by name, with what to do', async () => {
      const error = await ward.query("CALL FORGET_PATIENT('7')").catch((failure: Error) => failure);
      expect((error as Error).message).to.contain('sparcs_hf names no patient column');
      expect((error as Error).message).to.contain('FORGET_ADMISSION');
    });
  });
});
