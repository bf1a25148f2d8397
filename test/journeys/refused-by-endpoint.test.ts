import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { versionNames } from '../deploy/version-names.js';

/** The whole way: real XGBoost refuses a row, and says so through SageMaker, API Gateway and Snowflake. */
describe('an admission that XGBoost refuses', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    // On so few rows deposits are of no use to the model; they are asked for here.
    const training = 'training: { candidates: [squared-error], featureSelection: { enabled: false } }';
    cloud = await embeddedCloud(`mail: { to: [] }\n${training}`, {}, 'loaded');
    ctx = await cloud.open();
    await apply(ctx);
    await new Journey(ctx).train();
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const query = (sql: string) => ctx.snowflake.query(sql);
  const admit = (from: number, deposits: string) =>
    // With most of their columns: of those with few nothing is predicted.
    ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, ADMISSION_DATE, HOSPITAL_CODE, DEPARTMENT, SEVERITY_OF_ILLNESS, AGE,
        TYPE_OF_ADMISSION, WARD_TYPE, WARD_FACILITY_CODE, BED_GRADE, HOSPITAL_TYPE_CODE, VISITORS_WITH_PATIENT, ADMISSION_DEPOSIT)
      SELECT ${from} + SEQ4(), '2023-01-05'::DATE, 8, 'surgery', 'Minor', '31-40',
        'Emergency', 'Q', 'F', 2, 'a', 3, ${deposits} FROM TABLE(GENERATOR(ROWCOUNT => 4))`);

  it('is none for a version of today: the number counts as missing, and is named', async () => {
    await admit(9_000_000, 'IFF(SEQ4() = 2, 1e300, 4000)');
    expect(await runGraph(ctx, new Journey(ctx).contract)).to.include({ scored: 4 });
    const [row] = await query(
      "SELECT PREDICTED_LOS, MISSING_FEATURES FROM LOS_PREDICTION_LOG WHERE CASE_ID = '9000002'",
    );
    expect(row!.PREDICTED_LOS).to.be.a('number');
    expect(row!.MISSING_FEATURES).to.include('ADMISSION_DEPOSIT');
  });

  it('goes to quarantine alone, where an old version passes the number on', async () => {
    const { requestTranslator } = await versionNames(ctx);
    const [translator] = await query(
      `SELECT FUNCTION_DEFINITION AS BODY FROM INFORMATION_SCHEMA.FUNCTIONS WHERE FUNCTION_NAME = '${requestTranslator}'`,
    );
    const old = String(translator!.BODY).replace('Math.fround', '((number) => number)');
    expect(old).to.not.equal(translator!.BODY);
    await ctx.snowflake.execute(
      `CREATE OR REPLACE FUNCTION ${requestTranslator}(EVENT OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$${old}$$`,
    );
    await admit(9_100_000, 'IFF(SEQ4() = 2, 1e300, 4000)');
    expect(await runGraph(ctx, new Journey(ctx).contract)).to.include({ scored: 3 });
    const [row, ...more] = await query('SELECT CASE_ID, REASON FROM LOS_QUARANTINE');
    expect(more).to.deep.equal([]);
    expect(row!.CASE_ID).to.equal('9100002');
    expect(row!.REASON).to.match(/CLIENT_ERROR_FROM_MODEL.*inf/);
  });
});
