import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ensureHistoryTable } from '../../../deploy/history/prerequisites.js';
import { rollback } from '../../../deploy/model/promote.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { projectRoot } from '../../../deploy/project.js';
import { listAll } from '../../../deploy/resources/plan.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { applyUntil } from '../../deploy/interrupted.js';
import { Journey } from '../../deploy/journey.js';
import { openReleased } from './released.js';

/**
 * What an upgrade keeps, whichever release it is from.
 * @param nameNow today's name of a table
 * @param steps that an apply which is killed gets to, of its calls to both clouds
 */
export function describeUpgrade(
  release: string,
  nameNow: (name: string) => string,
  steps: readonly number[],
): void {
  describe(`los apply over a deployment of release ${release}`, () => {
    let of: Awaited<ReturnType<typeof openReleased>>;
    let ctx: OpenContext;
    let facts: typeof of.facts;

    before(async () => {
      of = await openReleased(release);
      ({ ctx, facts } = of);
    });
    after(() => of.close());

    const query = (sql: string) => ctx.snowflake.query(sql);
    const count = async (from: string) => Number((await query(`SELECT COUNT(*) AS N FROM ${from}`))[0]!.N);

    it('is finished by the next apply where one is killed, and answers throughout', async () => {
      let asked = 0;
      let ended = false;
      const asking = (async () => {
        const own = await of.local.open();
        while (!ended) {
          const [row] = await own.snowflake.query(
            "SELECT PREDICT_LOS(OBJECT_CONSTRUCT('VISITORS_WITH_PATIENT', 3, 'WARD_TYPE', 'Q', 'BED_GRADE', 3)) AS DAYS",
          );
          expect(row!.DAYS).to.be.a('number').within(1, 400);
          asked++;
        }
        await own.close();
      })();
      // As an apply begins, before it asks for its turn.
      await ensureHistoryTable(ctx, await buildStack(ctx));
      for (const call of steps) await applyUntil(ctx, { call, carriedOut: true });
      const applied = await apply(ctx);
      // However few there was time for, one is asked after all that.
      const before = asked;
      while (asked < before + 2) await Promise.race([asking, sleep(20)]);
      ended = true;
      await asking;
      expect(applied.leftOut).to.deep.equal([]);
      expect((await plan(ctx)).changes).to.deep.equal([]);
    });

    it('leaves nothing that this release does not declare, but tables that the page has a person drop', async () => {
      const stack = await buildStack(ctx);
      const declared = new Set(stack.resources.map(({ kind, name }) => `${kind}:${name}`));
      const others = [...(await listAll(ctx, stack))].filter(
        ([id, { owner }]) => owner === 'managed' && !declared.has(id),
      );
      const page = readFileSync(join(projectRoot, 'docs/upgrading.md'), 'utf8');
      const left = [...page.matchAll(/DROP TABLE\s+(\*?<?\w+>?\*?\w*)/g)].map(
        ([, name = '']) => `snowflake.table:${name.replace(/^\W*DATASET\W*/, 'HEALTH')}`,
      );
      // What a training or the demo made for the time of its work.
      expect(others.map(([id]) => id)).to.have.members(left);
    });

    it('reads the table that it read, by its stream', async () => {
      const [stream] = await query("SHOW STREAMS LIKE 'HEALTH_ADMISSIONS_CHANGES' IN SCHEMA PREDICT_LOS.LOS");
      expect(String(stream?.table_name)).to.match(/\.HEALTH_ADMISSIONS$/);
      expect(stream).to.include({ source_type: 'Table', stale: 'false' });
      const views = await query('SHOW VIEWS IN SCHEMA PREDICT_LOS.LOS');
      expect(views.filter(({ name }) => /_SOURCE/.test(String(name)))).to.deep.equal([]);
    });

    it('keeps every row', async () => {
      // What goes on: features are built anew, and with them the admissions that no run had seen; the task goes on with the open training;
      // who did what is entered.
      const grown = [
        'HEALTH_FEATURES',
        'HEALTH_SCORING_QUEUE',
        'LOS_CANDIDATE_PREDICTIONS',
        'LOS_DEPLOYMENT_LOG',
        'LOS_EVALUATION',
        'LOS_RUN_LOG',
        'LOS_TABLE_COUNTS',
        'LOS_TRAINING_STEPS',
      ];
      const { resources } = await buildStack(ctx);
      for (const [name, before] of Object.entries(facts.rows)) {
        // Work tables of the open training come and go with its steps.
        if (!resources.some((one) => one.kind === 'snowflake.table' && one.name === nameNow(name))) continue;
        const now = await count(nameNow(name));
        if (grown.includes(nameNow(name))) expect(now, nameNow(name)).to.be.at.least(before);
        else expect(now, nameNow(name)).to.equal(before);
      }
      expect(
        await query('SELECT KIND, SUBJECT FROM LOS_ALARMS WHERE ENDED_ON IS NULL ORDER BY 1, 2'),
      ).to.deep.equal(facts.alarms);
      expect(await query('SELECT VERSION, STATUS FROM LOS_MODEL_REGISTRY ORDER BY NUMBER')).to.deep.equal(
        facts.registry,
      );
    });

    it('lets the champion say what it said', async () => {
      const days = await query(
        'SELECT CASE_ID, ROUND(PREDICT_LOS(OBJECT_CONSTRUCT(*)), 6) AS DAYS FROM (SELECT * FROM LOS_FEATURES ORDER BY CASE_ID LIMIT 5)',
      );
      expect(days).to.deep.equal(facts.predicted);
    });

    it('scores each that waited once', async () => {
      const logged = facts.rows.LOS_PREDICTION_LOG!;
      await runGraph(ctx, new Journey(ctx).contract);
      // Four that waited, three that no run had seen, and the one that was refused, whose features were built anew.
      expect(await count('LOS_PREDICTION_LOG')).to.equal(logged + 8);
      expect(await count('(SELECT DISTINCT CASE_ID FROM LOS_PREDICTION_LOG)')).to.equal(logged + 8);
      expect(await count('LOS_QUARANTINE')).to.equal(0);
    });

    it('shadows the predictions that have come since the old stream was read', async () => {
      // Its task may have been quicker.
      await query('CALL SHADOW_ADMISSIONS()');
      expect(await count('LOS_SHADOW_LOG')).to.equal(facts.rows.LOS_SHADOW_LOG! + 8);
    });

    it('goes back to the champion before', async () => {
      const { contract } = new Journey(ctx);
      expect(await rollback(ctx, contract)).to.include({ version: 'health-v1', previous: 'health-v2' });
      const [row] = await query(
        "SELECT PREDICT_LOS_DETAIL(OBJECT_CONSTRUCT('AGE', '31-40')):version::VARCHAR AS VERSION",
      );
      expect(row).to.deep.equal({ VERSION: 'health-v1' });
      await rollback(ctx, contract);
    });

    it('goes on with the training that was open', async () => {
      const open = facts.training.find(({ STATUS }) => STATUS === 'OPEN')!;
      const run = async () =>
        (
          await query(
            `SELECT STATE, STATUS, MESSAGE, LEASE FROM LOS_TRAINING_RUNS WHERE RUN_ID = '${open.RUN_ID}'`,
          )
        )[0]!;
      for (let steps = 0; (await run()).STATUS === 'OPEN' && steps < 500; steps++) {
        await query('CALL STEP_TRAINING()');
        of.clock.advance(5000);
      }
      const last = await run();
      expect(last, String(last.MESSAGE)).to.include({ STATE: 'END', STATUS: 'DONE' });
      expect(await count("LOS_EVALUATION_METRICS WHERE VERSION = 'health-v3'")).to.be.greaterThan(0);
    });
  });
}
