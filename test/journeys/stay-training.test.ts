import { expect } from 'chai';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { drive } from '../../deploy/clients/drive.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { overview } from '../../deploy/model/overview.js';
import { planOfDeployment } from '../../deploy/model/plan.js';
import { promote } from '../../deploy/model/promote.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { collectDays } from '../../procedures/mornings/days.js';
import type { StayMetrics } from '../../procedures/mornings/judging.js';
import { modelCard } from '../../report/model/card.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { loadWard } from './ward-stays.js';

/** Stays of which an event after a morning is planted, twice. */
const PLANTED = 500;

/** A training of a contract with events, from its rows to the version that answers every morning. */
describe('a version with a model of stays that have begun', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntraining: { candidates: [hazard] }');
  let ctx: OpenContext;
  let contract: Contract;
  let stay: StayMetrics;
  const query = <T extends Record<string, unknown>>(sql: string) => ctx.snowflake.query<T>(sql);

  before(async () => {
    const root = await cloud.open();
    const ward = await loadWard(root, cloud.folder);
    const found = forDataset(root, ward.contract);
    ctx = found.ctx as OpenContext;
    contract = found.contract;
    await apply(ctx);
    await loadCsv(ctx, contract, ward.admissions, contract.table);
    await runGraph(ctx, contract);
    const { version } = await trainVersion(ctx, contract);
    await promote(ctx, contract, version, { force: true });
    const [row] = await query<{ STAY: StayMetrics }>('SELECT METRICS:stay AS STAY FROM LOS_MODEL_REGISTRY');
    stay = row!.STAY;
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('reads the events that tell of the rest, and not those that do not', async () => {
    const [row] = await query<{ EVENTS: string[]; FROM_DAY: number }>(
      'SELECT LINEAGE:stay:events AS EVENTS, STAY:from::NUMBER AS FROM_DAY FROM LOS_MODEL_REGISTRY',
    );
    expect(row!.EVENTS[0]).to.equal('lactate');
    expect(row!.EVENTS).to.not.include('noise');
    expect(row!.FROM_DAY).to.be.at.most(1);
    expect(stay.confidence[0], 'days of CRPS gained').to.be.above(0.5);
  });

  it('is measured by day of stay, and its intervals hold what they promise', () => {
    expect(stay.days.reduce((sum, { mornings }) => sum + mornings, 0)).to.equal(stay.mornings);
    for (const { mornings, coverage } of stay.days.filter((one) => one.mornings >= 100))
      expect(coverage).to.be.within(
        0.8 - 5 * Math.sqrt(0.16 / mornings),
        0.8 + 5 * Math.sqrt(0.16 / mornings),
      );
  });

  it('has that in its model card', async () => {
    const card = modelCard(await overview(ctx, contract, 'ward-v1'), '2026-01-01');
    const [, table] = card.split('## Stays that have begun');
    for (const { days, mornings } of stay.days) expect(table).to.include(`| ${days} | ${mornings} |`);
  });

  it('answers through LOS_INVOKE_STAY, and tells what moved the rest', async () => {
    const asked = (lactate: number, before: number) =>
      query<{ D: { days: number; version: string; moved?: { name: string; days: number }[] } }>(
        `SELECT LOS_INVOKE_STAY(OBJECT_CONSTRUCT('AGE', 50, 'URGENT', 1, 'DAY_OF_STAY', 3, 'EVENTS', OBJECT_CONSTRUCT('lactate', ARRAY_CONSTRUCT(${lactate}, 0, 2)),
  'EVENTS_BEFORE', OBJECT_CONSTRUCT('lactate', ARRAY_CONSTRUCT(${before}, 0, 2)))) AS D`,
      );
    const [well] = await asked(2.7, 5);
    const [ill] = await asked(5, 2.7);
    expect(well!.D.version).to.equal('ward-v1');
    expect(ill!.D.days).to.be.above(well!.D.days + 1);
    expect(ill!.D.moved![0]).to.deep.include({ name: 'lactate' });
    expect(ill!.D.moved![0]!.days).to.be.above(1);
    expect(well!.D.moved![0]!.days).to.be.below(-1);
  });

  it('is asked every morning about everybody in hospital, once, and by nothing that comes later', async () => {
    const renew = async () =>
      (
        await query<{ RENEW_PREDICTIONS: { rows: number; stay: number; as_of: string } }>(
          'CALL RENEW_PREDICTIONS()',
        )
      )[0]!.RENEW_PREDICTIONS;
    const daily = () =>
      query(`SELECT CASE_ID, DAY, SOURCE, DAYS, MEDIAN, LOW, HIGH, TODAY, TO_JSON(CURVE) AS CURVE, TO_JSON(EVENTS) AS EVENTS, REASON
FROM LOS_DAILY_PREDICTIONS ORDER BY CASE_ID`);
    const [open] = await query<{ N: number }>('SELECT COUNT(*) AS N FROM WARD_FEATURES WHERE LOS IS NULL');
    expect(open!.N).to.be.above(5);
    for (;;) {
      const first = await renew();
      expect(first).to.include({ rows: open!.N, stay: open!.N });
      const before = await daily();
      expect(await renew()).to.include({ rows: 0 });
      const later = "DATEADD(day, 1, CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ)";
      await ctx.snowflake.execute(`INSERT INTO HOSPITAL.RAW.EVENTS
SELECT STAY_ID, ${later}, 'lactate', '77', ${later} FROM WARD_FEATURES WHERE LOS IS NULL
UNION ALL SELECT STAY_ID, DATEADD(day, -2, ${later}), 'lactate', '55', ${later} FROM WARD_FEATURES WHERE LOS IS NULL`);
      await ctx.snowflake.execute('DELETE FROM LOS_DAILY_PREDICTIONS');
      const again = await renew();
      // Where a new morning has begun meanwhile, all of it once more.
      if (again.as_of === first.as_of) {
        expect(await daily()).to.deep.equal(before);
        return;
      }
      await ctx.snowflake.execute('DELETE FROM LOS_DAILY_PREDICTIONS');
    }
  });

  it(`has the same mornings, and says the same of them, whatever ${2 * PLANTED} events come after`, async () => {
    const plan = await planOfDeployment(ctx, contract);
    const days = `SELECT CASE_ID, DAY, AS_OF, R, WEIGHT, TO_JSON(EVENTS) AS EVENTS FROM WARD_STAY_DAYS`;
    await ctx.snowflake.execute(`CREATE TABLE HOSPITAL.RAW.BEFORE AS ${days}`);
    // Of each stay one of its mornings, after which it gets events that happen, or are recorded, later.
    await ctx.snowflake.execute(`CREATE TABLE HOSPITAL.RAW.CUTS AS
SELECT CASE_ID, AS_OF FROM WARD_STAY_DAYS WHERE CASE_ID IN (SELECT DISTINCT CASE_ID FROM WARD_STAY_DAYS ORDER BY MD5(CASE_ID) LIMIT ${PLANTED})
QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY MD5('cut ' || CASE_ID || DAY)) = 1`);
    await ctx.snowflake.execute(`INSERT INTO HOSPITAL.RAW.EVENTS
SELECT CASE_ID, DATEADD(second, 1 + MOD(ABS(HASH(CASE_ID)), 400000), AS_OF), 'lactate', '77', DATEADD(second, 1 + MOD(ABS(HASH(CASE_ID)), 400000), AS_OF) FROM HOSPITAL.RAW.CUTS
UNION ALL SELECT CASE_ID, DATEADD(second, -MOD(ABS(HASH(CASE_ID)), 100000), AS_OF), 'lactate', '55', DATEADD(second, 1, AS_OF) FROM HOSPITAL.RAW.CUTS`);
    await drive(ctx, collectDays(plan));
    const [compared] = await query<{ N: number; SAME: number; LATER: number }>(
      `SELECT COUNT_IF(IS_BEFORE) AS N, COUNT_IF(IS_BEFORE AND IS_SAME) AS SAME, COUNT_IF(NOT IS_BEFORE AND NOT IS_SAME) AS LATER
FROM (SELECT a.AS_OF <= c.AS_OF AS IS_BEFORE, a.EVENTS = b.EVENTS AND a.R = b.R AND a.WEIGHT = b.WEIGHT AS IS_SAME
  FROM HOSPITAL.RAW.BEFORE AS a JOIN (${days}) AS b ON b.CASE_ID = a.CASE_ID AND b.DAY = a.DAY
  JOIN HOSPITAL.RAW.CUTS AS c ON c.CASE_ID = a.CASE_ID)`,
    );
    expect(compared!.N).to.be.at.least(PLANTED);
    expect(compared!.SAME, 'up to the morning').to.equal(compared!.N);
    expect(compared!.LATER, 'after it they are seen').to.be.above(PLANTED / 3);
  });

  it('has both endpoints, and leaves neither when it is removed', async () => {
    const endpoints = async () => {
      const { Endpoints = [] } = await ctx.aws.sageMaker.listEndpoints({});
      return Endpoints.map(({ EndpointName }) => String(EndpointName));
    };
    const both = await endpoints();
    expect(both).to.have.length(2);
    expect(both.filter((name) => name.endsWith('-stay'))).to.have.length(1);
    await ctx.snowflake.execute("UPDATE LOS_MODEL_REGISTRY SET STATUS = 'FAILED'");
    await ctx.snowflake.query('CALL RETIRE_MODELS()');
    expect(await endpoints()).to.deep.equal([]);
  });
});
