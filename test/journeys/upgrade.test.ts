import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ensureHistoryTable } from '../../deploy/history/prerequisites.js';
import { rollback } from '../../deploy/model/promote.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { projectRoot } from '../../deploy/project.js';
import { listAll } from '../../deploy/resources/plan.js';
import { toSavedPlan, writePlan } from '../../deploy/resources/saved-plan.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { buildStack } from '../../deploy/stack/index.js';
import { describePlan } from '../../report/operations/plan.js';
import { applyUntil } from '../deploy/interrupted.js';
import { Journey } from '../deploy/journey.js';
import { localCloud } from '../deploy/local-context.js';

/** Written by scripts/released-state.mjs, with what the release's own code found in it. */
const STATE = join(projectRoot, 'test', 'journeys', 'states', '0.1.0.tar.br');

interface Facts {
  readonly now: number;
  readonly settings: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly training: readonly { readonly RUN_ID: string; readonly STATUS: string }[];
  readonly alarms: readonly object[];
  readonly predicted: readonly { readonly CASE_ID: number; readonly DAYS: number }[];
}

interface Renamed {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

/** The table of docs/upgrading.md, of the health dataset. */
function renamedByTheDocs(): Renamed[] {
  const page = readFileSync(join(projectRoot, 'docs', 'upgrading.md'), 'utf8').replaceAll(
    '*DATASET*',
    'HEALTH',
  );
  return [...page.matchAll(/^\| (\w+)[^|]* \| (\w+) \| (\w+) \|$/gm)].map(
    ([, kind = '', from = '', to = '']) => ({
      kind,
      from,
      to,
    }),
  );
}

const tar = brotliDecompressSync(readFileSync(STATE));
const facts = JSON.parse(
  execFileSync('tar', ['-xO', 'facts.json'], { input: tar, encoding: 'utf8' }),
) as Facts;

/** The deployment as the release left it, a frozen moment later. */
async function released() {
  const clock = new MovableClock({ at: facts.now, frozen: true });
  const local = localCloud(facts.settings);
  execFileSync('tar', ['-x', '-C', local.folder, 'state'], { input: tar });
  const cloud = await startCloud({ stateDir: join(local.folder, 'state'), propagationDelay: 0, clock });
  const ctx = await local.open();
  const close = async () => {
    await ctx.close();
    await cloud.close();
    local.remove();
  };
  return { clock, local, ctx, close };
}

describe('los apply over a deployment of release 0.1.0', () => {
  const renamed = renamedByTheDocs();
  const nameNow = (name: string) => renamed.find(({ from }) => from === name)?.to ?? name;
  let of: Awaited<ReturnType<typeof released>>;
  let ctx: OpenContext;

  before(async () => {
    of = await released();
    ctx = of.ctx;
  });
  after(() => of.close());

  const query = (sql: string) => ctx.snowflake.query(sql);
  const count = async (from: string) => Number((await query(`SELECT COUNT(*) AS N FROM ${from}`))[0]!.N);
  const namesOf = async (show: string) =>
    (await query(`SHOW ${show} IN SCHEMA PREDICT_LOS.LOS`)).map(({ name }) => String(name));

  it('is planned with every object by its old and its new name', async () => {
    const lines = describePlan(await plan(ctx));
    const said = lines.flatMap((line) => {
      const [, kind, from, to] = /^> snowflake\.(\S+):(\w+)\S*.* → (\w+)/.exec(line) ?? [];
      return kind ? [{ kind: kind === 'task-graph' ? 'task' : kind, from, to }] : [];
    });
    // The end of the graph has no line of its own.
    const documented = renamed.filter(({ from }) => from !== 'LOS_REPORT');
    expect(said).to.have.deep.members(documented);
    expect(lines).to.include('- snowflake.task-graph:LOS_REPORT (renamed, see LOS_BUILD_FEATURES)');
    expect(lines).to.include('- snowflake.view:LOS_BED_PIT (renamed, see LOS_BED_CALIBRATION)');
    expect(lines.filter((line) => /^- snowflake\.table:/.test(line))).to.deep.equal([]);
  });

  it('is finished by the next apply where one is killed, and answers throughout', async () => {
    let asked = 0;
    let ended = false;
    const asking = (async () => {
      const own = await of.local.open();
      while (!ended) {
        const [row] = await own.snowflake.query(
          "SELECT PREDICT_LOS(OBJECT_CONSTRUCT('WARD_TYPE', 'Q', 'BED_GRADE', 3, 'AGE', '31-40')) AS DAYS",
        );
        expect(Number(row!.DAYS)).to.be.greaterThan(0);
        asked++;
      }
      await own.close();
    })();
    // As an apply begins, before it asks for its turn.
    await ensureHistoryTable(ctx, await buildStack(ctx));
    expect(await count('LOS_DEPLOYMENT_LOG')).to.equal(facts.rows.LOS_HISTORY);
    for (const call of [60, 150]) await applyUntil(ctx, { call, carriedOut: true });
    const applied = await apply(ctx);
    ended = true;
    await asking;
    expect(asked).to.be.greaterThan(3);
    expect(applied.leftOut).to.deep.equal([]);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('leaves nothing with an old name, and nothing that this release does not declare', async () => {
    const shows = ['TABLES', 'VIEWS', 'STREAMS', 'TASKS', 'USER FUNCTIONS', 'PROCEDURES'];
    const live = (await Promise.all(shows.map(namesOf))).flat();
    expect(live.filter((name) => renamed.some(({ from }) => from === name))).to.deep.equal([]);
    const stack = await buildStack(ctx);
    const declared = new Set(stack.resources.map(({ kind, name }) => `${kind}:${name}`));
    const others = [...(await listAll(ctx, stack))].filter(
      ([id, { owner }]) => owner === 'managed' && !declared.has(id),
    );
    // What a training or the demo made for the time of its work.
    expect(others.map(([id]) => id)).to.deep.equal([]);
  });

  it('keeps every row', async () => {
    // What goes on: features are built anew, and with them the admissions that no run had seen; who did what is entered.
    const grown = ['HEALTH_FEATURES', 'HEALTH_SCORING_QUEUE', 'LOS_DEPLOYMENT_LOG', 'LOS_RUN_LOG'];
    for (const [name, before] of Object.entries(facts.rows)) {
      const now = await count(nameNow(name));
      if (grown.includes(nameNow(name))) expect(now, nameNow(name)).to.be.at.least(before);
      else expect(now, nameNow(name)).to.equal(before);
    }
    expect(
      await query('SELECT KIND, SUBJECT FROM LOS_ALARMS WHERE ENDED_ON IS NULL ORDER BY 1, 2'),
    ).to.deep.equal(facts.alarms);
    expect(await query('SELECT VERSION, STATUS FROM LOS_MODEL_REGISTRY ORDER BY NUMBER')).to.deep.equal([
      { VERSION: 'health-v1', STATUS: 'RETIRED' },
      { VERSION: 'health-v2', STATUS: 'CHAMPION' },
      { VERSION: 'health-v3', STATUS: 'TRAINING' },
    ]);
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

describe('los apply with a plan over a deployment of release 0.1.0', () => {
  it('does what was planned, the log of deployments that is renamed before all else included', async () => {
    const { ctx, local, close } = await released();
    try {
      const file = join(local.folder, 'plan.json');
      const planned = toSavedPlan(ctx, await plan(ctx));
      writePlan(file, planned);
      const idsOf = (action: string) =>
        planned.changes.filter((change) => change.action === action).map(({ id }) => id);
      const applied = await apply(ctx, file);
      expect(applied.renamed).to.have.members(idsOf('rename'));
      expect(applied.removed).to.have.members(idsOf('remove'));
      expect((await plan(ctx)).changes).to.deep.equal([]);
    } finally {
      await close();
    }
  });
});
