import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { LEASE_SECONDS } from '../../procedures/ground/lease.js';
import { CloudProcess, killed, los } from '../deploy/cloud-process.js';
import { session } from '../deploy/interrupted.js';
import { localCloud } from '../deploy/local-context.js';
import { loadWard } from './ward-stays.js';

const STATES = ['STAY_ROWS', 'STAY_TRAIN', 'STAY_JUDGE', 'STAY_REFIT'] as const;

/** Why a run fails whose job ran in a cloud that was killed. */
const CLOUD_STOPPED = /InternalServerError: the local cloud was stopped while this job ran/;

/** An account has room for ten requests at once, and each version has two endpoints. */
const SETTINGS = `mail: { to: [] }
endpoint: { maxConcurrency: 1 }
training: { candidates: [hazard], hyperparameters: { num_round: 20 }, keepVersions: 0 }`;

interface RunRow {
  readonly RUN_ID: string;
  readonly STATUS: string;
  readonly STATE: string;
  readonly MESSAGE: string | null;
  readonly LEASE: string | null;
}

describe('los train of a contract with events, killed in each state of its model of stays', () => {
  const cloud = localCloud(SETTINGS);
  const processes = new CloudProcess(cloud);

  const runs = (ctx: OpenContext) =>
    ctx.snowflake.query('SELECT * FROM LOS_TRAINING_RUNS ORDER BY OPENED_AT') as Promise<
      unknown[]
    > as Promise<RunRow[]>;
  /** What each version's model of stays was measured with. */
  const figures = async (ctx: OpenContext) => {
    const rows = await ctx.snowflake.query(
      'SELECT TO_JSON(METRICS:stay) AS STAY FROM LOS_MODEL_REGISTRY ORDER BY NUMBER',
    );
    return rows.map(({ STAY }) => JSON.parse(String(STAY)) as unknown);
  };
  const finished = async (...args: string[]): Promise<void> => {
    const { ended, said } = los(cloud, ...args);
    expect(await ended, said.stdout + said.stderr).to.equal(0);
  };

  before(async () => {
    await processes.start();
    await session(cloud, async (root) => {
      const ward = await loadWard(root, cloud.folder);
      writeFileSync(cloud.config, `state: ${cloud.folder}/state\ndataset: ${ward.contract}\n${SETTINGS}\n`);
      const { ctx, contract } = forDataset(root, ward.contract);
      await apply(ctx);
      await loadCsv(ctx, contract, ward.admissions, contract.table);
      await runGraph(ctx, contract);
    });
    await finished('train');
    await session(cloud, (ctx) => ctx.snowflake.execute('ALTER TASK LOS_TRAIN SUSPEND'));
  });
  after(async () => {
    await processes.kill();
    cloud.remove();
  });

  for (const state of STATES)
    it(`goes on to one version, with the figures of one that no one disturbs: ${state}`, async () => {
      const before = await session(cloud, runs);
      const { child, said } = los(cloud, 'train');
      await session(cloud, async (ctx) => {
        for (;;) {
          const run = (await runs(ctx))[before.length];
          // At work or waiting for its job: on a busy machine the moments at work are missed.
          if (run?.STATE === state) return;
          expect(child.exitCode, said.stdout + said.stderr).to.equal(null);
          await sleep(20);
        }
      });
      await processes.kill();
      // The process in its midst holds the run until the lease is over.
      processes.advance((LEASE_SECONDS + 1) * 1000);
      await killed(child);
      await processes.start();

      for (let again = 0; ; again++) {
        const run = (await session(cloud, runs))[before.length]!;
        if (run.STATUS === 'DONE') break;
        expect(again, `${run.STATE}: ${run.MESSAGE}`).to.be.lessThan(4);
        if (run.STATUS === 'FAILED') await finished('train', '--resume', run.RUN_ID);
        else {
          const { ended, said } = los(cloud, 'train');
          // It may learn now that a job has failed.
          if ((await ended) !== 0) expect(said.stdout).to.match(CLOUD_STOPPED);
        }
      }
      await session(cloud, async (ctx) => {
        const all = await runs(ctx);
        expect(all).to.have.length(before.length + 1);
        expect(all.filter(({ STATUS }) => STATUS !== 'DONE')).to.deep.equal([]);
        const [first, ...others] = await figures(ctx);
        expect(others).to.have.length(all.length - 1);
        expect(others.at(-1)).to.deep.equal(first);
      });
    });
});
