import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { random } from '../deploy/interrupted.js';
import { Journey } from '../deploy/journey.js';
import { localCloud } from '../deploy/local-context.js';
import { ADMISSIONS_A_DAY, month } from './month.js';

/** LOS_MONTHS=10 for so many seeds; two in CI. */
const SEEDS = Array.from({ length: Number(process.env.LOS_MONTHS ?? 2) }, (_, i) => 20261125 + i);
const DAYS = 30;
const FAULTS = 60;
const KILLS = 8;
const FIRST_ID = 50_000_000;

/** What goes wrong around the pipeline; each hits a few calls and is gone. */
const WEATHER = [
  'execute-api:Invoke=throttle,next=2',
  'execute-api:Invoke=cut',
  'execute-api:Invoke=lose',
  'execute-api:Invoke=garbage',
  'execute-api:Invoke=fail,next=4',
  'sagemaker:InvokeEndpoint=unavailable,next=3',
  'sagemaker:InvokeEndpoint=cut',
  'sts:AssumeRole=throttle',
  'snowflake:TASK=fail',
  'snowflake:INSERT=lose',
  'snowflake:MERGE=lose',
];

for (const seed of SEEDS)
  describe(`a month of ${ADMISSIONS_A_DAY} admissions a day among ${FAULTS} faults and ${KILLS} kills (seed ${seed})`, () => {
    const cloud = localCloud('mail: { to: [] }', 'trained');
    let ctx: OpenContext;
    let journey: Journey;

    before(async () => {
      ctx = await cloud.open();
      journey = new Journey(ctx);
    });
    after(async () => {
      await ctx.close();
      cloud.remove();
    });

    const query = (sql: string) => ctx.snowflake.query(sql);
    const control = async (method: 'POST' | 'DELETE', body?: object) => {
      const { url, token } = ctx.target.control!;
      await fetch(`${url}/faults`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        body: body && JSON.stringify(body),
      });
    };
    const graph = () => runGraph(ctx, journey.contract).catch(() => undefined);
    /** The process dies in the middle of whatever it does, and is started again. */
    const kill = async (ms: number) => {
      // Its driver goes on calling the dead process for a minute; nobody waits for that.
      void graph();
      await sleep(ms);
      const { pid } = JSON.parse(readFileSync(join(cloud.folder, 'state', 'local.json'), 'utf8')) as {
        pid: number;
      };
      process.kill(pid, 'SIGKILL');
      void ctx.close().catch(() => undefined);
      ctx = await cloud.open();
      journey = new Journey(ctx);
    };

    it('logs each admission once per set of inputs, none is missing, every actual stay is right', async () => {
      const next = random(seed);
      const kills = new Set(Array.from({ length: KILLS }, () => 1 + Math.floor(next() * (DAYS - 1))));
      const faults = Array.from({ length: FAULTS }, () => ({
        day: Math.floor(next() * DAYS),
        fault: WEATHER[Math.floor(next() * WEATHER.length)]!,
      }));
      for (const [day, statements] of month(seed, DAYS, FIRST_ID).entries()) {
        for (const sql of statements) await ctx.snowflake.execute(sql);
        await control('POST', {
          faults: faults.filter((each) => each.day === day).map(({ fault }) => fault),
        });
        if (kills.has(day)) await kill(next() * 900);
        // Somebody else runs it at the same time, by task and by hand.
        else if (next() < 0.3)
          await Promise.all([
            graph(),
            query('CALL BUILD_FEATURES()').catch(() => undefined),
            query('CALL SCORE_ADMISSIONS()').catch(() => undefined),
          ]);
        else await graph();
        await control('DELETE');
      }
      await runGraph(ctx, journey.contract);
      expect(await query('SELECT * FROM HEALTH_WAITING')).to.deep.equal([]);
      expect(await query('SELECT * FROM LOS_QUARANTINE')).to.deep.equal([]);

      const own = `CASE_ID::NUMBER >= ${FIRST_ID}`;
      const [gaps] = await query(`SELECT COUNT(*) AS N FROM (
        SELECT CASE_ID FROM LOS_PREDICTION_LOG WHERE ${own} GROUP BY CASE_ID
        HAVING COUNT(*) <> COUNT(DISTINCT REVISION) OR MAX(REVISION) <> COUNT(*) OR MIN(REVISION) <> 1)`);
      expect(gaps!.N, 'admissions whose revisions are not 1, 2, …').to.equal(0);
      const [same] = await query(`SELECT COUNT(*) AS N FROM (
        SELECT TO_JSON(FEATURES) = LAG(TO_JSON(FEATURES)) OVER (PARTITION BY CASE_ID ORDER BY REVISION) AS SAME
        FROM LOS_PREDICTION_LOG WHERE ${own}) WHERE SAME`);
      expect(same!.N, 'revisions from the same inputs').to.equal(0);

      // What the hospital's table says now: of rows of one id the latest admission, then a discharged one.
      const truth = `(SELECT CASE_ID, DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE)::FLOAT AS LOS FROM HEALTH_ADMISSIONS
        WHERE CASE_ID >= ${FIRST_ID}
        QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY DISCHARGE_DATE DESC NULLS LAST) = 1)`;
      const [missing] = await query(`SELECT COUNT(*) AS N FROM ${truth} AS t
        LEFT JOIN LOS_PREDICTIONS AS l ON l.CASE_ID = TO_VARCHAR(t.CASE_ID) WHERE l.CASE_ID IS NULL`);
      expect(missing!.N, 'admissions that are not logged').to.equal(0);
      const [wrong] = await query(`SELECT COUNT(*) AS N FROM ${truth} AS t
        JOIN LOS_PREDICTION_LOG AS l ON l.CASE_ID = TO_VARCHAR(t.CASE_ID) WHERE l.ACTUAL_LOS IS DISTINCT FROM t.LOS`);
      expect(wrong!.N, 'wrong actual stays').to.equal(0);
      const [withdrawn] = await query(`SELECT COUNT(*) AS N FROM LOS_PREDICTION_LOG AS l
        LEFT JOIN HEALTH_ADMISSIONS AS r ON l.CASE_ID = TO_VARCHAR(r.CASE_ID)
        WHERE ${own.replace('CASE_ID', 'l.CASE_ID')} AND (r.CASE_ID IS NULL) <> (l.WITHDRAWN_AT IS NOT NULL)`);
      expect(withdrawn!.N, 'withdrawn admissions without mark, or marked ones that are there').to.equal(0);
      const [stale] = await query(`SELECT COUNT(*) AS N FROM LOS_PREDICTIONS AS l
        JOIN (SELECT TO_VARCHAR(CASE_ID) AS ID, ${featureObject(journey.contract)} AS F FROM HEALTH_FEATURES WHERE LOS IS NULL) AS f
        ON f.ID = l.CASE_ID WHERE ${own} AND TO_JSON(l.FEATURES) <> TO_JSON(f.F)`);
      expect(stale!.N, 'patients in hospital whose prediction is from old inputs').to.equal(0);
      const [late] = await query(
        `SELECT COUNT_IF(AFTER_DISCHARGE) AS LATE, COUNT(*) AS N FROM LOS_PREDICTION_LOG WHERE ${own} AND REVISION = 1`,
      );
      // The faults did hit: some patients had left before the first run that went through.
      expect(Number(late!.LATE)).to.be.greaterThan(0);
      expect(Number(late!.N)).to.be.within(DAYS * ADMISSIONS_A_DAY * 0.98, DAYS * ADMISSIONS_A_DAY);
    });
  });
