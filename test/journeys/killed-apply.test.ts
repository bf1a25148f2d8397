import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { makePlan } from '../../deploy/resources/plan.js';
import { buildStack } from '../../deploy/stack/index.js';
import { random } from '../../procedures/ground/random.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { applyUntil, removeEverything, session, stateOf } from '../deploy/interrupted.js';

/** So many; forty by `.ci/run --all`. */
const RUNS = Number(process.env.LOS_FAULT_RUNS ?? 6);
const KILLS = Math.ceil(RUNS / 10);
const SEED = Number(process.env.LOS_FAULT_SEED ?? 20261124);

const cli = join(projectRoot, 'dist', 'deploy', 'cli.js');

describe(`apply, killed at ${RUNS} random moments (seed ${SEED})`, () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let whole: Record<string, unknown>;
  let calls: number;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
    calls = await session(cloud, (ctx) => applyUntil(ctx));
    whole = await session(cloud, stateOf);
  });
  after(async () => {
    await cloud.cloud.close();
    cloud.remove();
  });

  const next = random(SEED);
  for (let run = 1; run <= RUNS; run++) {
    const moment = next();
    const carriedOut = next() < 0.5;
    it(`is finished by the next apply: run ${run}, ${Math.round(moment * 100)} % in, last call ${carriedOut ? 'carried out' : 'lost'}`, async () => {
      await session(cloud, removeEverything);
      await session(cloud, (ctx) => applyUntil(ctx, { call: 1 + Math.floor(moment * calls), carriedOut }));
      await session(cloud, (ctx) => applyUntil(ctx));
      await session(cloud, async (ctx) => {
        expect((await makePlan(ctx, await buildStack(ctx))).changes).to.deep.equal([]);
        expect(await stateOf(ctx)).to.deep.equal(whole);
      });
    });
  }
});

describe('apply, as a process that is killed', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
  });
  after(async () => {
    await cloud.cloud.close();
    cloud.remove();
  });

  const los = (...args: string[]) =>
    spawn(process.execPath, [cli, ...args, '--config', cloud.config, '--json'], {
      cwd: cloud.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const finish = async (...args: string[]): Promise<void> => {
    const child = los(...args);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code, (await said).join('\n')).to.equal(0);
  };

  /** Kills an apply so many ms after its first word; one that had ended by then is begun again and killed earlier. */
  const killed = async (ms: number): Promise<void> => {
    const child = los('apply');
    child.stdout.resume();
    await once(child.stderr, 'data');
    await sleep(ms);
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (child.signalCode === 'SIGKILL') return;
    await session(cloud, removeEverything);
    await killed(ms / 2);
  };

  it('is finished by the next start, whenever it was killed', async () => {
    const next = random(SEED);
    for (let kill = 0; kill < KILLS; kill++) {
      await killed(100 + next() * 700);
      await finish('apply');
      await finish('plan');
      await session(cloud, removeEverything);
    }
  });
});
