import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { notify } from '../../deploy/watching/notify.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { random } from '../../procedures/ground/random.js';
import { Journey } from '../deploy/journey.js';
import { killProcess } from '../deploy/kill-process.js';
import { localCloud } from '../deploy/local-context.js';
import { expectWatchedRightly } from '../deploy/watching/again/again.js';
import { dateOf, month } from './month.js';
import { readEvents } from './told.js';

/** LOS_MONTHS=10 for so many seeds, and what the project promises: LOS_MONTH_ADMISSIONS=2300 LOS_MONTH_FAULTS=300. CI has less of all. */
const SEEDS = Array.from({ length: Number(process.env.LOS_MONTHS ?? 1) }, (_, i) => 20261125 + i);
const A_DAY = Number(process.env.LOS_MONTH_ADMISSIONS ?? 500);
const FAULTS = Number(process.env.LOS_MONTH_FAULTS ?? 60);
const DAYS = 30;
/** Of the cloud, while it scores, watches and tells. */
const KILLS = 12;
/** At night no one repairs a mail server. */
const MAIL_IS_DOWN = [9, 10, 21];
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
  'snowflake:UPDATE=lose',
  'snowflake:CALL=lose',
  'snowflake:CALL=cut',
  'snowflake:RESULT=cut',
  'smtp=lose',
  'smtp=cut',
  'smtp=throttle',
  'smtp=fail',
];
/** At most so many new ones at a time. */
const AT_ONCE = 3;
/** In the last days there is no new one: what has not met a call yet meets one. */
const CALM = 4;
const MORE_ROUNDS = 20;
/** Rows of some thirty columns. */
const LOOKED_AT = 1000;
/** Deliveries a day, each of which is scored, watched and told of: as many as the faults need. */
const PARTS = Math.ceil(FAULTS / (DAYS - CALM) / AT_ONCE);

for (const seed of SEEDS)
  describe(`a month of ${A_DAY} admissions a day among ${FAULTS} faults and ${KILLS} kills (seed ${seed})`, () => {
    // Both senders tell the same events: los notify and a task.
    const cloud = localCloud(
      'mail: { to: [oncall@example.org], verified: [analyst@example.org], digestHour: null }\nwatch: { retrain: false, retrainAfterDays: null }',
      'trained',
    );
    let ctx: OpenContext;
    let journey: Journey;

    before(async () => {
      ctx = await cloud.open();
      await ctx.snowflake.execute("CREATE USER ANALYST EMAIL = 'analyst@example.org'");
      await apply(ctx);
      journey = new Journey(ctx);
      await live();
    });
    after(async () => {
      await ctx.close();
      cloud.remove();
    });

    const query = (sql: string) => ctx.snowflake.query(sql);
    let hits = 0;
    /** Of these, answers that a person waited for in vain: a mail may have been taken, a word of it written down. */
    let lost = 0;
    let compared = 0;
    let waiting: string[] = [];
    /** Sets faults in place of those that are set, whose hits are counted. @returns those that had hit nothing */
    const control = async (faults: readonly string[]): Promise<string[]> => {
      const { url, token } = ctx.target.control!;
      const headers = { authorization: `Bearer ${token}` };
      const set = (await (await fetch(`${url}/faults`, { headers })).json()) as {
        fault: string;
        hits: number;
      }[];
      const hit = set.filter((one) => one.hits > 0);
      hits += hit.filter(({ fault }) => !fault.startsWith('smtp=unavailable')).length;
      lost += hit.filter(({ fault }) => /^(smtp=lose|snowflake:CALL)/.test(fault)).length;
      await fetch(`${url}/faults`, { method: 'DELETE', headers });
      if (faults.length > 0)
        await fetch(`${url}/faults`, { method: 'POST', headers, body: JSON.stringify({ faults }) });
      return set.filter((one) => one.hits === 0).map(({ fault }) => fault);
    };
    const graph = () => runGraph(ctx, journey.contract).catch(() => undefined);
    const watch = (day: number) => query(`CALL WATCH_PREDICTIONS('${dateOf(day)}')`);
    const tell = () => notify(ctx).catch(() => undefined);
    const untold = async () => (await query('SELECT 1 FROM LOS_EVENTS WHERE SENT_AT IS NULL')).length;
    /** Who died with events keeps them for ten minutes. */
    const tenMinutesLater = () =>
      query(
        'UPDATE LOS_EVENTS SET LEASE_UNTIL = DATEADD(minute, -1, CURRENT_TIMESTAMP()) WHERE LEASE IS NOT NULL',
      );
    /** The process dies in the middle of whatever it does, and is started again. */
    const kill = async (work: () => Promise<unknown>, ms: number) => {
      // Its driver goes on calling the dead process for a minute; no one waits for that.
      void work().catch(() => undefined);
      await sleep(ms);
      const { pid } = JSON.parse(readFileSync(join(cloud.folder, 'state', 'local.json'), 'utf8')) as {
        pid: number;
      };
      await killProcess(pid);
      void ctx.close().catch(() => undefined);
      ctx = await cloud.open();
      journey = new Journey(ctx);
    };
    const next = random(seed);
    const kills = Array.from({ length: KILLS }, (_, i) => ({
      day: 1 + Math.floor(next() * (DAYS - 1)),
      of: (['scoring', 'watching', 'telling'] as const)[i % 3]!,
    }));

    /** Delivers what the hospital's system has, as often as it takes: what was thought lost comes twice. */
    const deliver = async (statements: readonly string[]) => {
      for (const sql of statements)
        for (let attempt = 1; ; attempt++)
          try {
            await ctx.snowflake.execute(sql);
            break;
          } catch (error) {
            if (attempt === 5) throw error;
          }
    };
    /** A dashboard that reads more than fits into one answer. */
    const look = () => query(`SELECT * FROM HEALTH_FEATURES LIMIT ${LOOKED_AT}`).catch(() => undefined);
    /** Something to tell: in a month of alarms alone few faults of the mail server would meet a mail. */
    const happen = (day: number) =>
      deliver([
        `INSERT INTO LOS_EVENTS (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, ATTEMPTS)
SELECT UUID_STRING(), 'health', CURRENT_TIMESTAMP(), '${dateOf(day)}'::DATE, 'graph recovered', 'info', 'a delivery', 'It has come.', 0`,
      ]);

    /**
     * One time that everything runs, among some faults.
     * @param statements by which the hospital's system delivers
     * @param watches whether the day is over
     * @returns whether it was watched
     */
    async function round(
      day: number,
      statements: readonly string[],
      faults: readonly string[],
      { watches, tells }: { readonly watches: boolean; readonly tells: boolean },
    ): Promise<boolean> {
      await control([
        ...waiting,
        ...faults,
        ...(MAIL_IS_DOWN.includes(day) ? ['smtp=unavailable,next=100000'] : []),
      ]);
      await deliver(statements);
      await happen(day);
      // Another runs it at the same time, by task and by hand.
      if (next() < 0.3)
        await Promise.all([
          graph(),
          query('CALL BUILD_FEATURES()').catch(() => undefined),
          query('CALL SCORE_ADMISSIONS()').catch(() => undefined),
        ]);
      else await graph();
      const watched =
        watches &&
        (await watch(day).then(
          () => true,
          () => false,
        ));
      if (tells) await tell();
      await look();
      // What has not hit anything yet waits for the next time.
      waiting = (await control([])).filter((fault) => !fault.startsWith('smtp=unavailable'));
      return watched;
    }

    /** Everything that happens; tests look at what has come of it. */
    async function live(): Promise<void> {
      const faults = Array.from({ length: FAULTS }, () => ({
        day: Math.floor(next() * (DAYS - CALM)),
        fault: WEATHER[Math.floor(next() * WEATHER.length)]!,
      }));
      let isWatched = true;
      for (const [day, deliveries] of month(seed, DAYS, A_DAY, FIRST_ID, PARTS).entries()) {
        if (!isWatched) await watch(day - 1);
        await tenMinutesLater();
        const due = faults.filter((each) => each.day === day).map(({ fault }) => fault);
        const killed = kills.filter((each) => each.day === day);
        // Who is to die telling must have something to tell.
        const tells = !killed.some(({ of }) => of === 'telling');
        isWatched = false;
        for (const [part, statements] of deliveries.entries()) {
          const left = deliveries.length - part;
          const faultsNow = due.splice(0, Math.ceil(due.length / left));
          isWatched = await round(day, statements, faultsNow, { watches: left === 1, tells });
        }
        for (const { of } of killed) {
          const works = { scoring: graph, watching: () => watch(day), telling: tell };
          await kill(works[of], next() * { scoring: 900, watching: 900, telling: 400 }[of]);
        }
        if (day % 10 === 9) {
          await runGraph(ctx, journey.contract);
          await watch(day);
          compared += await expectWatchedRightly(ctx, journey.contract, dateOf(day));
        }
      }
      for (let more = 0; waiting.length > 0 && more < MORE_ROUNDS; more++)
        await round(DAYS - 1, [], [], { watches: false, tells: true });
      await runGraph(ctx, journey.contract);
    }

    it('has the watch write what follows from the hospital’s table and the log, whatever happened meanwhile', () => {
      expect(compared).to.be.greaterThan(200);
      expect(waiting, 'faults that met no call').to.deep.equal([]);
      expect(hits, 'faults that did').to.equal(FAULTS);
    });

    it('loses no event, and tells one twice only where a person died or an answer was lost', async () => {
      await tenMinutesLater();
      // As the next `los notify`: a command that has met a mail server that failed leaves it alone for a while.
      await ctx.close();
      ctx = await cloud.open();
      await notify(ctx);
      // What the task has taken at this moment, it sends.
      for (let wait = 0; wait < 1200 && (await untold()) > 0; wait++) await sleep(500);
      const events = await query(
        'SELECT EVENT_ID, KIND, SENT_AT FROM LOS_EVENTS WHERE DETAILS:thread IS NULL',
      );
      const alarms = await query('SELECT COUNT(*) AS BEGUN, COUNT(ENDED_ON) AS ENDED FROM LOS_ALARMS');
      const of = (kind: string) => events.filter(({ KIND }) => KIND === kind).length;
      expect(of('alarm')).to.equal(alarms[0]!.BEGUN);
      expect(of('alarm ended')).to.equal(alarms[0]!.ENDED);
      expect(events.length).to.be.at.least(10);
      expect(events.filter(({ SENT_AT }) => SENT_AT === null)).to.deep.equal([]);
      const { mails, copies } = await readEvents(join(cloud.folder, 'state', 'mail'));
      expect(
        events.map(({ EVENT_ID }) => String(EVENT_ID)).filter((id) => !mails.has(id)),
        'events that are in no mail',
      ).to.deep.equal([]);
      expect(copies).to.be.at.most(KILLS + lost);
      if (process.env.LOS_MONTH_FAULTS !== undefined)
        console.log(
          JSON.stringify({
            seed,
            hits,
            unmet: waiting,
            compared,
            events: events.length,
            alarms: alarms[0],
            copies,
            kills: KILLS,
            lost,
          }),
        );
    });

    it('logs each admission once per set of inputs, none is missing, every actual stay is right', async () => {
      expect(await query('SELECT * FROM HEALTH_SCORING_QUEUE')).to.deep.equal([]);
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
      const [first] = await query(
        `SELECT COUNT(*) AS N FROM LOS_PREDICTION_LOG WHERE ${own} AND REVISION = 1`,
      );
      expect(Number(first!.N)).to.be.within(DAYS * A_DAY * 0.98, DAYS * A_DAY);
    });
  });
