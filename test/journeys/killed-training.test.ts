import { setTimeout as sleep } from 'node:timers/promises';
import { paginateListTrainingJobs, paginateListTransformJobs } from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { LEASE_SECONDS } from '../../procedures/ground/lease.js';
import { random } from '../../procedures/ground/random.js';
import { CloudProcess, killed, los } from '../deploy/cloud-process.js';
import { session } from '../deploy/interrupted.js';
import { localCloud } from '../deploy/local-context.js';
import { versionNames } from '../deploy/version-names.js';

/** LOS_KILLS=50 is what the project promises. In CI it is six: each costs a training and what was lost of it, 5 s or more. */
const KILLS = Number(process.env.LOS_KILLS ?? 6);
const SEED = Number(process.env.LOS_FAULT_SEED ?? 20261126);
/** A triggered task keeps this distance between two runs. */
const INTERVAL = 30_000;

const CANDIDATES = ['linear', 'squared-error'];
/** What each run pays for: the screen, each candidate, and what is fitted once more, which predicts nothing in a batch. */
const TRANSFORMED = ['screen', '1-linear', '2-squared-error'];
const PARTS = { training: [...TRANSFORMED, 'refit'], transform: TRANSFORMED };

/** Why a run fails whose job ran in a cloud that was killed; a job of AWS fails so, too, now and then. */
const CLOUD_STOPPED = /InternalServerError: the local cloud was stopped while this job ran/;

interface RunRow {
  readonly RUN_ID: string;
  readonly STATUS: string;
  readonly STATE: string;
  readonly VERSION: string | null;
  readonly MESSAGE: string | null;
  readonly LEASE: string | null;
}

describe(`los train, killed at ${KILLS} random moments (seed ${SEED})`, () => {
  const cloud = localCloud(
    `mail: { to: [] }\ntraining: { candidates: [${CANDIDATES}], hyperparameters: { num_round: 10 } }`,
    'loaded',
  );
  const next = random(SEED);
  // Snowflake may deliver a call of SageMaker twice.
  const processes = new CloudProcess(cloud, [
    `external-function:LOS_SAGEMAKER=repeat,share=0.3,seed=${SEED}`,
    'external-function:*PREDICT*=repeat,share=0.1,seed=3',
  ]);
  /** Milliseconds that a training takes which no one disturbs. */
  let whole: number;
  /** Runs that were gone on with although a job had failed: their jobs have other names then. */
  const resumed: string[] = [];

  before(async () => {
    await (await cloud.open()).close();
    await processes.start();
    await session(cloud, async (ctx) => {
      await apply(ctx);
      await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES WHERE MOD(CASE_ID, 4) <> 0');
    });
    const began = Date.now();
    await finished('train');
    whole = Date.now() - began;
  });
  after(async () => {
    await processes.kill();
    cloud.remove();
  });

  const runs = (ctx: OpenContext) =>
    ctx.snowflake.query('SELECT * FROM LOS_TRAINING_RUNS ORDER BY OPENED_AT') as Promise<
      unknown[]
    > as Promise<RunRow[]>;
  const finished = async (...args: string[]): Promise<void> => {
    const { ended, said } = los(cloud, ...args);
    expect(await ended, said.stdout + said.stderr).to.equal(0);
  };
  /** No one calls: the task goes on by itself. */
  const byTask = (id: string) =>
    session(cloud, async (ctx) => {
      for (;;) {
        const run = (await runs(ctx)).find(({ RUN_ID }) => RUN_ID === id)!;
        if (run.STATUS !== 'OPEN') return;
        // While the task works, time is as it is.
        if (run.LEASE === null) processes.advance(INTERVAL);
        await sleep(100);
      }
    });

  for (let kill = 1; kill <= KILLS; kill++) {
    const victim = kill % 2 === 0 ? 'cloud' : 'command';
    const byCalling = next() < 0.5;
    const moment = next();
    it(`ends in one new version: kill ${kill}, of the ${victim} ${Math.round(moment * 100)} % in; then ${byCalling ? 'it is called again' : 'the task goes on'}`, async () => {
      const before = await session(cloud, async (ctx) => {
        // Where a person calls again, no other ends or fails the run just before: the call would then be for another.
        await ctx.snowflake.execute(`ALTER TASK LOS_TRAIN ${byCalling ? 'SUSPEND' : 'RESUME'}`);
        return await runs(ctx);
      });
      const { child, ended } = los(cloud, 'train');
      await Promise.race([sleep(moment * whole), ended]);
      if (victim === 'command') await killed(child);
      else {
        await processes.kill();
        // The process in its midst holds the run until the lease is over.
        processes.advance((LEASE_SECONDS + 1) * 1000);
        // It would be told that the cloud is gone; what becomes of it then is not what is asked here.
        await killed(child);
        await processes.start();
      }

      for (let again = 0; ; again++) {
        // A step goes on when its client is killed: it may be the run's last, and a call after that is for another run.
        const run = await session(cloud, async (ctx) => {
          for (;;) {
            const now = (await runs(ctx))[before.length];
            if (victim === 'cloud' || now?.STATUS !== 'OPEN' || now.LEASE === null) return now;
            await sleep(100);
          }
        });
        if (run?.STATUS === 'DONE') break;
        expect(again, `${run?.STATE}: ${run?.MESSAGE}`).to.be.lessThan(4);
        if (run?.STATUS === 'FAILED') {
          expect(run.MESSAGE).to.match(CLOUD_STOPPED);
          resumed.push(String(run.VERSION));
          await finished('train', '--resume', run.RUN_ID);
        } else if (run && !byCalling) await byTask(run.RUN_ID);
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
        const versions = await ctx.snowflake.query(
          'SELECT VERSION, STATUS, METRICS IS NOT NULL AS MEASURED FROM LOS_MODEL_REGISTRY ORDER BY NUMBER',
        );
        expect(versions.map(({ VERSION }) => VERSION)).to.deep.equal(all.map(({ VERSION }) => VERSION));
        expect(versions.every(({ MEASURED }) => MEASURED)).to.equal(true);
        expect(versions.at(-1)!.STATUS).to.equal('TRAINED');
        const [answer] = await ctx.snowflake.query(
          `SELECT ${(await versionNames(ctx, `health-v${all.length}`)).predict}(OBJECT_CONSTRUCT('AGE', '31-40')):version::VARCHAR AS VERSION`,
        );
        expect(answer).to.deep.equal({ VERSION: all.at(-1)!.VERSION });
      });
    });
  }

  it('has paid for each job once', () =>
    session(cloud, async (ctx) => {
      const { sageMaker: client } = ctx.aws;
      const names = { training: [] as string[], transform: [] as string[] };
      for await (const page of paginateListTrainingJobs({ client }, {}))
        names.training.push(...page.TrainingJobSummaries!.map((job) => job.TrainingJobName!));
      for await (const page of paginateListTransformJobs({ client }, {}))
        names.transform.push(...page.TransformJobSummaries!.map((job) => job.TransformJobName!));
      for (const kind of ['training', 'transform'] as const) {
        const [all, parts] = [names[kind], PARTS[kind]];
        expect(new Set(all).size).to.equal(all.length);
        for (const { VERSION } of await runs(ctx)) {
          const own = all.flatMap((name) => {
            const [, version, part, again] =
              /^los-(health-v\d+)-[0-9a-f]{8}-(.+?)(-again)?-\d{17}$/.exec(name) ?? expect.fail(name);
            return version === VERSION ? [{ part: String(part), again: again !== undefined }] : [];
          });
          const attempts = 1 + resumed.filter((version) => version === VERSION).length;
          for (const part of parts) {
            const jobs = own.filter((job) => job.part === part);
            expect(jobs.length, `${VERSION} ${part}`).to.be.at.least(1);
            // What the cloud's end has stopped is tried once more by itself, and what follows from it has its name.
            for (const again of [false, true])
              expect(jobs.filter((job) => job.again === again).length, `${VERSION} ${part}`).to.be.at.most(
                attempts,
              );
          }
          expect(parts, VERSION ?? '').to.include.members(own.map(({ part }) => part));
        }
      }
    }));
});
