import { readFile } from 'node:fs/promises';
import { listMails } from '@local-cloud/cloud/mail/read.js';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import type { Sending } from '../../../procedures/notifying/send.js';
import type { ScoringCheck } from '../../../procedures/watching/pipe/look-at-scoring.js';
import type { WatchResult } from '../../../procedures/watching/watch.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';

const { long, few } = longTests(import.meta.url);

/** What each accident is, and what must be told of it. */
describe('what monitoring cannot read', () => {
  const cloud = hostedCloud(
    'mail: { to: [], verified: [analyst@example.org] }\ntasks: { resumed: false }\nwatch: { retrain: false }',
    'trained',
  );
  let ctx: OpenContext;
  let journey: Journey;
  let admitted = 0;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const look = () => callProcedure<ScoringCheck>(ctx, 'WATCH_SCORING', []);
  const told = async () =>
    (
      await query('SELECT KIND, SEVERITY, SUBJECT FROM LOS_EVENTS ORDER BY HAPPENED_AT, KIND DESC, SUBJECT')
    ).map(({ KIND, SEVERITY, SUBJECT }) => `${SEVERITY} ${KIND}: ${SUBJECT}`);
  const mails = () =>
    Promise.all(listMails(ctx.target.mailFolder!).map(async (file) => simpleParser(await readFile(file))));
  const score = async () => {
    await journey.admit(3, 1_000_000 * ++admitted);
    await runGraph(ctx, journey.contract);
  };
  /** Does something while tables have other names. */
  async function without(tables: readonly string[], work: () => Promise<void>): Promise<void> {
    for (const table of tables) await query(`ALTER TABLE ${table} RENAME TO ${table}_AWAY`);
    try {
      await work();
    } finally {
      for (const table of tables) await query(`ALTER TABLE ${table}_AWAY RENAME TO ${table}`);
    }
  }

  before(async () => {
    ctx = await cloud.open();
    journey = new Journey(ctx);
    await query("CREATE USER ANALYST EMAIL = 'analyst@example.org'");
    await apply(ctx);
    await score();
    await look();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });
  beforeEach(async () => {
    await query('DELETE FROM LOS_EVENTS');
    await query('DELETE FROM LOS_DIRECT_MAILS');
    // Events that are deleted are a loss.
    await query('DELETE FROM LOS_TABLE_COUNTS');
  });

  for (const table of few(
    [
      'HEALTH_ADMISSIONS',
      'HEALTH_FEATURES',
      'HEALTH_SCORING_QUEUE',
      'LOS_QUARANTINE',
      'LOS_PREDICTION_LOG',
      'LOS_MODEL_REGISTRY',
      'LOS_RUN_LOG',
      'LOS_FEATURE_REFERENCE',
      'LOS_TRAINING_RUNS',
      'LOS_WATCH_PIPELINE',
    ],
    2,
  ))
    it(`is told by its name, once, with what mends it, and when it can be read again: ${table}`, async () => {
      await without([table], async () => {
        const { unanswered } = await look();
        expect(unanswered).to.include(table);
        await look();
      });
      expect(await told()).to.deep.equal([`critical alarm: ${table}`]);
      const [event] = await query('SELECT MESSAGE, NEXT_STEP FROM LOS_EVENTS');
      expect(event!.MESSAGE)
        .to.match(new RegExp(`${table} cannot be read: .*does not exist or not authorized`))
        .and.not.to.match(/'[^']*\d{3}[^']*'/);
      expect(event!.NEXT_STEP)
        .to.contain(`UNDROP TABLE PREDICT_LOS.LOS.${table};`)
        .and.contain('docs/runbook/unreadable.md');
      await look();
      expect(await told()).to.deep.equal([`critical alarm: ${table}`, `info alarm ended: ${table}`]);
      expect((await query('SELECT 1 FROM LOS_ALARMS WHERE ENDED_ON IS NULL')).length).to.equal(0);
    });

  it('is told with the name that the hospital’s table has now', async () => {
    await without(['HEALTH_ADMISSIONS'], async () => void (await look()));
    const [event] = await query('SELECT MESSAGE, NEXT_STEP FROM LOS_EVENTS');
    expect(event!.MESSAGE).to.contain('its stream follows PREDICT_LOS.LOS.HEALTH_ADMISSIONS_AWAY');
    expect(event!.NEXT_STEP).to.contain(
      'ALTER TABLE PREDICT_LOS.LOS.HEALTH_ADMISSIONS_AWAY RENAME TO PREDICT_LOS.LOS.HEALTH_ADMISSIONS;',
    );
    await look();
  });

  long('hides nothing of the rest: who waits is told beside it', async () => {
    await query(
      'INSERT INTO HEALTH_SCORING_QUEUE (ID, SINCE, RESCORE) SELECT 7, DATEADD(hour, -30, CURRENT_TIMESTAMP()), FALSE',
    );
    await query(`INSERT INTO LOS_QUARANTINE (DATASET, CASE_ID, MODEL_VERSION, SINCE, RUN_ID)
      SELECT 'health', '3', 'health-v1', CURRENT_TIMESTAMP(), 'r'`);
    await without(['LOS_RUN_LOG', 'LOS_FEATURE_REFERENCE'], async () => void (await look()));
    // That people wait follows from what cannot be read, as far as can be known.
    expect((await told()).sort()).to.deep.equal([
      'critical alarm: LOS_FEATURE_REFERENCE',
      'critical alarm: LOS_RUN_LOG',
      'warning alarm: quarantined',
    ]);
    await look();
    expect((await told()).sort()).to.include('critical alarm: waiting');
    await query('DELETE FROM HEALTH_SCORING_QUEUE WHERE ID = 7');
    await query('DELETE FROM LOS_QUARANTINE');
    await look();
  });

  long(
    'without the run log admissions are scored and mails leave; the end of the graph’s run names it',
    async () => {
      const before = await journey.logged();
      await without(['LOS_RUN_LOG'], async () => {
        await query('CALL BUILD_FEATURES()');
        await journey.admit(3, 1_000_000 * ++admitted);
        await query('CALL BUILD_FEATURES()');
        await query('CALL SCORE_ADMISSIONS()');
        await callProcedure(ctx, 'REPORT_GRAPH_RUN', []);
        expect(await callProcedure<Sending>(ctx, 'SEND_NOTIFICATIONS', [])).to.deep.include({
          mails: 1,
          failure: null,
        });
      });
      expect(await journey.logged()).to.deep.equal({ rows: before.rows + 3, twice: 0 });
      expect(await told()).to.deep.equal(['critical alarm: LOS_RUN_LOG']);
      await look();
    },
  );

  long('without LOS_ALARMS is an event all the same, once a day', async () => {
    await without(['LOS_ALARMS'], async () => {
      await look();
      await look();
    });
    expect(await told()).to.deep.equal(['critical alarm: LOS_ALARMS']);
  });

  long('without LOS_EVENTS is mailed by the monitor itself, once a day, and the look fails', async () => {
    const failed = async (monitor: string) => {
      try {
        await callProcedure(ctx, monitor, []);
        return 'no failure';
      } catch (error) {
        return String((error as Error).message);
      }
    };
    const before = (await mails()).length;
    await without(['LOS_EVENTS'], async () => {
      expect(await failed('WATCH_SCORING')).to.match(
        /Events cannot be written down: .*LOS_EVENTS.* A mail tells of it, once a day/,
      );
      expect(await failed('WATCH_SCORING')).to.match(/A mail tells of it/);
      expect(await failed('REPORT_GRAPH_RUN')).to.match(/A mail tells of it/);
      const sent = (await mails()).slice(before);
      expect(sent.map(({ subject }) => subject)).to.deep.equal([
        '[predict-los] ALARM: LOS_EVENTS cannot be read',
      ]);
      expect(sent[0]!.text)
        .to.contain('UNDROP TABLE PREDICT_LOS.LOS.LOS_EVENTS;')
        .and.contain('LOS_MONITOR_HOURLY of health sends this itself')
        .and.not.contain('undefined');
      // Another accident meanwhile is news; the next day both are told again.
      await without(['LOS_QUARANTINE'], async () => void (await failed('WATCH_SCORING')));
      expect(await mails()).to.have.length(before + 2);
      await query('UPDATE LOS_DIRECT_MAILS SET SENT_AT = DATEADD(hour, -25, SENT_AT)');
      await failed('WATCH_SCORING');
      expect(await mails()).to.have.length(before + 3);
    });
    const [last] = await query(
      "SELECT STATUS, MESSAGE FROM LOS_RUN_LOG WHERE KIND = 'look' ORDER BY STARTED_AT DESC LIMIT 1",
    );
    expect(last!.STATUS).to.equal('FAILED');
    await look();
    expect((await told()).filter((one) => one.includes('alarm'))).to.deep.equal([]);
  });

  long(
    'is mailed once a day also where what remembers that is gone with it, and apply finds that as declared',
    async () => {
      const before = (await mails()).length;
      await query('DROP TABLE LOS_DIRECT_MAILS');
      await without(['LOS_EVENTS', 'LOS_ALARMS', 'LOS_RUN_LOG'], async () => {
        for (let i = 0; i < 2; i++) await look().catch(() => undefined);
        const sent = (await mails()).slice(before);
        expect(sent.map(({ subject }) => subject)).to.deep.equal([
          '[predict-los] ALARM: LOS_ALARMS cannot be read, and 3 more',
        ]);
      });
      const { changes } = await plan(ctx);
      expect(changes.filter(({ id }) => id.includes('DIRECT_MAILS'))).to.deep.equal([]);
    },
  );

  long('leaves the daily monitor the rest, names it, and gives no sign of life', async () => {
    const watch = () => callProcedure<WatchResult>(ctx, 'WATCH_PREDICTIONS', []);
    const isAlive = async () =>
      (await query("SHOW TABLES LIKE 'LOS_RUN_LOG'")).some(({ comment }) =>
        /^Monitoring is alive at \S+Z \(health at .+\) predict-los/.test(String(comment)),
      );
    await query("COMMENT ON TABLE LOS_RUN_LOG IS 'predict-los/los 0123456789abcdef'");
    await query('DELETE FROM LOS_EVENTS');
    await query("DELETE FROM LOS_RUN_LOG WHERE KIND = 'watch'");
    await without(['LOS_FEATURE_REFERENCE'], async () => {
      const { unanswered, pipe, decision, notes } = await watch();
      expect(unanswered).to.deep.equal(['inputs', 'what has had its time']);
      expect(pipe.length).to.be.above(5);
      expect(decision.what).to.equal('nothing');
      expect(notes.join(' ')).to.match(/Not looked at: inputs \(.*LOS_FEATURE_REFERENCE/);
    });
    await look();
    expect(await isAlive()).to.equal(false);
    await watch();
    await look();
    await look();
    expect(await isAlive()).to.equal(true);
  });
});
