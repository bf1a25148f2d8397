import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../deploy/project.js';
import type { Benchmark, Measurement } from './harness.js';
import { watchMemory } from './memory.js';

interface Outcome {
  seconds: number;
  steps: Record<string, number>;
  megabytes: number;
  result: { rmse: number; mae: number; r2: number; meanPredictorRmse: number; scoredRows: number };
}

/** Runs `los demo` in a state folder of its own and watches the time of its steps and its memory. */
async function runDemo(args: readonly string[]): Promise<Outcome> {
  const state = mkdtempSync(join(tmpdir(), 'bench-demo-'));
  const started = performance.now();
  const demo = spawn(process.execPath, [join(projectRoot, 'dist/deploy/cli.js'), 'demo', '--json', ...args], {
    cwd: projectRoot,
    env: { ...process.env, LOS_STATE: join(state, 'state') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const memory = watchMemory(demo.pid as number);
  let printed = '';
  let said = '';
  demo.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  demo.stderr.on('data', (chunk) => {
    said += chunk;
  });
  try {
    const [code] = await once(demo, 'close');
    if (code !== 0) throw new Error(`los demo ${args.join(' ')} ended with ${code}:\n${said}`);
    const { steps, ...result } = JSON.parse(printed.trim().split('\n').at(-1) as string);
    return { seconds: (performance.now() - started) / 1000, steps, megabytes: memory.peak(), result };
  } finally {
    memory.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

/** The whole chain: 301,000 admissions step by step, and 20,000 in all. One run each: they take minutes. */
export const benchmark: Benchmark = {
  name: 'demo',
  description:
    'The whole chain of `los demo --dataset health`, from an empty state folder, one run. Memory is the sum of resident memory of all its processes at its highest (pages shared between processes count more than once).',
  async run({ log }) {
    log('20,000 admissions');
    const small = await runDemo(['--dataset', 'health', '--rows', '20000']);
    log('301,000 admissions');
    const full = await runDemo(['--dataset', 'health']);
    const { rmse, mae, r2, meanPredictorRmse, scoredRows } = full.result;
    const measured: Measurement[] = [
      { what: '20,000 admissions', value: small.seconds, unit: 's', limit: '45 s' },
      { what: '301,000 admissions', value: full.seconds, unit: 's', limit: '180 s' },
      ...Object.entries(full.steps).map(([step, value]) => ({ what: `· ${step}`, value, unit: 's' })),
      { what: 'memory of all processes', value: full.megabytes, unit: 'MB', limit: '3,000 MB' },
      { what: 'admissions scored', value: scoredRows, unit: '' },
      {
        what: 'holdout RMSE (peer: predicting the mean)',
        value: rmse,
        unit: 'days',
        peer: meanPredictorRmse,
      },
      { what: 'holdout MAE', value: mae, unit: 'days' },
      { what: 'holdout R²', value: r2, unit: '' },
    ];
    return measured;
  },
};
