import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { entries } from '../../deploy/history/entries.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { projectRoot } from '../../deploy/project.js';
import { makePlan } from '../../deploy/resources/plan.js';
import { buildStack } from '../../deploy/stack/index.js';
import { random } from '../../procedures/ground/random.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { session, stateOf } from '../deploy/interrupted.js';

/** LOS_HANDS_RUNS=20 for the whole of it; a few in the unit suite. */
const RUNS = Number(process.env.LOS_HANDS_RUNS ?? 4);
const SEED = Number(process.env.LOS_FAULT_SEED ?? 20261125);
/** Who is killed, in turn: no one, the first, the second, both. */
const KILLS = [[], [0], [1], [0, 1]] as const;

const cli = join(projectRoot, 'dist', 'deploy', 'cli.js');

describe(`two of a kind at once, ${RUNS} times (seed ${SEED})`, () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let whole: Record<string, unknown> | undefined;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
  });
  after(async () => {
    await cloud.cloud.close();
    cloud.remove();
  });

  /** A `los apply` of its own process. */
  const start = () => {
    const child = spawn(process.execPath, [cli, 'apply', '--config', cloud.config], {
      cwd: cloud.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => said.push(String(text)));
    return { child, ended: ended(child), said: () => said.join('') };
  };
  const ended = async (child: ChildProcess): Promise<number | null> => {
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  };
  /** As the command does, but for ending the cloud, which others in this test use. */
  const destroyAll = (ctx: OpenContext) =>
    destroy({ ...ctx, target: { ...ctx.target, discard: async () => {} } }, { yes: true, purgeData: true });
  const changes = async (ctx: OpenContext) =>
    (await makePlan(ctx, await buildStack(ctx))).changes.map(({ action, id }) => `${action} ${id}`);

  const next = random(SEED);
  for (let run = 0; run < RUNS; run++) {
    const kills: readonly number[] = KILLS[run % KILLS.length]!;
    const offset = Math.round(next() * 2500);
    const moments = [next(), next()].map((share) => Math.round(500 + share * 4000));
    const killed = kills.map((i) => `the ${i ? 'second' : 'first'} killed after ${moments[i]} ms`).join(', ');
    it(`apply, ${offset} ms apart${killed && `, ${killed}`}: everything is as declared`, async () => {
      const first = start();
      await sleep(offset);
      const hands = [first, start()];
      await Promise.all(
        hands.map(async ({ child, ended }, i) => {
          if (!kills.includes(i)) return expect(await ended, hands[i]!.said()).to.equal(0);
          await Promise.race([sleep(moments[i]), ended]);
          child.kill('SIGKILL');
          return await ended;
        }),
      );
      for (const { said } of hands) expect(said()).not.to.match(/GRANT OWNERSHIP|already exists|Conflict/);
      if (kills.length === hands.length) expect(await start().ended).to.equal(0);

      await session(cloud, async (ctx) => {
        expect(await changes(ctx)).to.deep.equal([]);
        const state = await stateOf(ctx);
        whole ??= state;
        expect(state).to.deep.equal(whole);
        // One that was killed is not in the history yet, or as it was: waiting or running, and lost once seen to be.
        const states = (await entries(ctx, 10)).map(({ status }) => status);
        const silent = states.filter((status) => status !== 'SUCCEEDED');
        expect(silent).not.to.include.oneOf(['FAILED', 'REFUSED']);
        expect(silent.length).to.be.at.most(kills.length);

        const { kept, removed } = await destroyAll(ctx);
        expect(kept).to.deep.equal([]);
        expect(removed.length).to.be.greaterThan(30);
        expect(await ctx.snowflake.query("SHOW DATABASES LIKE 'PREDICT_LOS'")).to.deep.equal([]);
        expect(Object.keys(await stateOf(ctx))).to.deep.equal([]);
      });
    });
  }

  for (const wait of [0, 300, 900])
    it(`apply and destroy, ${wait} ms apart: all is there, or nothing`, async () => {
      await session(cloud, apply);
      await Promise.all([
        session(cloud, destroyAll),
        session(cloud, async (ctx) => {
          await sleep(wait);
          await apply(ctx);
        }),
      ]);
      await session(cloud, async (ctx) => {
        const state = await stateOf(ctx);
        if (Object.keys(state).length > 0) expect(await changes(ctx)).to.deep.equal([]);
        await destroyAll(ctx);
      });
    });
});
