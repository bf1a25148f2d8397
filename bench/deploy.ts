import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { projectRoot } from '../deploy/project.js';
import { type Benchmark, median } from './harness.js';

const RUNS = 7;

/** Seconds by the clock, and of the processor in the command and what it waited for. */
interface Took {
  readonly clock: number;
  readonly processor: number;
}

/** Runs the command line as a person does. @throws Error when it does not end with 0 */
async function los(state: string, ...args: string[]): Promise<Took> {
  const command = [process.execPath, join(projectRoot, 'dist/deploy/cli.js'), ...args];
  // The shell tells the processor's time, which Node does not of a child.
  const child = spawn('bash', ['-c', 'time "$@"', 'bash', ...command], {
    cwd: projectRoot,
    env: {
      ...process.env,
      LOS_STATE: state,
      LOS_DATASET: 'sql/datasets/health.yaml',
      LOS_MAIL_TO: '',
      TIMEFORMAT: '%R %U %S',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`los ${args.join(' ')} ended with ${code}:\n${said}`);
  const [clock, user, system] = said.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { clock: clock!, processor: user! + system! };
}

const medianOf = (times: readonly Took[], of: keyof Took) => median(times.map((took) => took[of]));

/** What waiting for the deployer feels like. */
export const benchmark: Benchmark = {
  name: 'deploy',
  description: `The command line as whole processes, medians of ${RUNS} runs in turns (a first apply: one). The peer is \`los --help\`, which loads no client of a cloud. The local cloud is started by the command itself, except where it says that one is running.`,
  async run({ log }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-deploy-'));
    const state = join(folder, 'state');
    try {
      log('los apply');
      const apply = await los(state, 'apply');
      log('los plan');
      const started: Took[] = [];
      for (let run = 0; run < RUNS; run++) started.push(await los(state, 'plan'));
      const cloud = await startCloud({ stateDir: state });
      writeFileSync(join(state, 'local.json'), JSON.stringify(cloud.connection));
      const help: Took[] = [];
      const running = { plan: [] as Took[], status: [] as Took[] };
      for (let run = 0; run < RUNS; run++) {
        log(`run ${run + 1} of ${RUNS}`);
        help.push(await los(state, '--help'));
        running.plan.push(await los(state, 'plan'));
        running.status.push(await los(state, 'status'));
      }
      await cloud.close();
      const beside = (what: string, times: readonly Took[], limit?: string) => [
        {
          what,
          value: medianOf(times, 'clock'),
          peer: medianOf(help, 'clock'),
          unit: 's',
          ...(limit === undefined ? {} : { limit }),
        },
        {
          what: '· of the processor',
          value: medianOf(times, 'processor'),
          peer: medianOf(help, 'processor'),
          unit: 's',
          ...(limit === undefined ? {} : { limit }),
        },
      ];
      return [
        { what: 'los --help', value: medianOf(help, 'clock'), unit: 's', limit: '0.3 s' },
        { what: 'los apply, the first, from nothing', value: apply.clock, unit: 's', limit: '15 s' },
        { what: 'los plan, nothing to do', value: medianOf(started, 'clock'), unit: 's', limit: '2 s' },
        ...beside('los plan, nothing to do, local cloud running', running.plan, '8 ×'),
        ...beside('los status, local cloud running', running.status),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
