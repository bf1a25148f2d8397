import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { projectRoot } from '../deploy/project.js';
import { type Benchmark, median, seconds } from './harness.js';

const RUNS = 5;

/** Runs the command line as a person does. @throws Error when it does not end with 0 */
async function los(state: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/deploy/cli.js'), ...args], {
    cwd: projectRoot,
    env: { ...process.env, LOS_STATE: state, LOS_MAIL_TO: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`los ${args.join(' ')} ended with ${code}:\n${said}`);
}

async function medianOf(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await seconds(work));
  return median(times);
}

/** What waiting for the deployer feels like. */
export const benchmark: Benchmark = {
  name: 'deploy',
  description:
    'The command line as whole processes, median of five runs (a first apply: one). The local cloud is started by the command itself, except where it says that one is running.',
  async run({ log }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-deploy-'));
    const state = join(folder, 'state');
    try {
      log('los --help');
      const help = await medianOf(() => los(state, '--help'));
      log('los apply');
      const apply = await seconds(() => los(state, 'apply'));
      log('los plan');
      const plan = await medianOf(() => los(state, 'plan'));
      const cloud = await startCloud({ stateDir: state });
      writeFileSync(join(state, 'local.json'), JSON.stringify(cloud.connection));
      const attached = await medianOf(() => los(state, 'plan'));
      await cloud.close();
      return [
        { what: 'los --help', value: help, unit: 's', limit: '0.3 s' },
        { what: 'los apply, the first, from nothing', value: apply, unit: 's', limit: '15 s' },
        { what: 'los plan, nothing to do', value: plan, unit: 's', limit: '2 s' },
        { what: 'los plan, nothing to do, local cloud running', value: attached, unit: 's', limit: '2 s' },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
