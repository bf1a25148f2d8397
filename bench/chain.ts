import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHealth } from '../demo/health/index.js';
import { projectRoot } from '../deploy/project.js';
import { type Benchmark, type Measurement, median } from './harness.js';
import { watchMemory } from './memory.js';
import { PYTHON, pythonEnv } from './python.js';

const RUNS = 3;
const PEER = join(projectRoot, '../shared/reference/seed_way.py');

interface Outcome {
  /** Seconds of each step, by name. */
  readonly steps: Readonly<Record<string, number>>;
  /** Seconds of the processor, of the process and all that it waited for. */
  readonly processor: number;
  readonly megabytes: number;
}

/** Runs a command whose last line of output is JSON with `steps`. */
async function measured(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  // The shell tells the processor's time of grandchildren too, which Node cannot.
  const child = spawn('bash', ['-c', 'time "$@"', 'bash', ...command], {
    cwd: projectRoot,
    env: { ...env, TIMEFORMAT: '%U %S' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const memory = watchMemory(child.pid as number);
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  try {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${said}`);
    const { steps } = JSON.parse(printed.trim().split('\n').at(-1) as string) as Outcome;
    const [user, system] = said.trim().split('\n').at(-1)!.split(' ').map(Number) as [number, number];
    return { steps, processor: user + system, megabytes: memory.peak() };
  } finally {
    memory.stop();
  }
}

async function los(training: string, simulation: string): Promise<Outcome> {
  const state = mkdtempSync(join(tmpdir(), 'bench-chain-state-'));
  const cli = join(projectRoot, 'dist/deploy/cli.js');
  const files = ['--dataset', 'health', '--train', training, '--simulate', simulation];
  try {
    return await measured([process.execPath, cli, 'demo', '--json', ...files], {
      ...process.env,
      LOS_STATE: join(state, 'state'),
    });
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

async function peer(training: string, simulation: string): Promise<Outcome> {
  return await measured([PYTHON, PEER, training, simulation], pythonEnv());
}

/** A step of ours beside those of the peer that do the same. */
const STEPS: readonly (readonly [what: string, ours: readonly string[], theirs: readonly string[]])[] = [
  ['load', ['data'], ['load']],
  ['features', ['features'], ['features']],
  ['one model, measured', ['train', 'promote'], ['one-hot', 'screens', 'train', 'evaluate']],
  ['71,000 admissions scored day by day to the log', ['simulate'], ['score day by day']],
];

/** The product's whole chain beside the same done by one Python process. */
export const benchmark: Benchmark = {
  name: 'chain',
  description: `The chain of \`los demo\` on 230,000 generated admissions and 71,000 that arrive, on two local clouds from an empty state folder, beside one Python process on the very same files (../shared/reference/seed_way.py; not part of the repository): pandas, two XGBoost models, an SQLite log. Medians of ${RUNS} runs, taken in turns. Each trains two candidates and chooses one. Ours signs, zips, transforms in batches, keeps intervals and a curve for every prediction, forecasts and mails besides.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-chain-'));
    try {
      const { training, simulation } = await writeHealth({
        seed: 20221201,
        trainingRows: 230_000,
        simulationRows: 71_000,
        folder,
      });
      const ours: Outcome[] = [];
      const theirs: Outcome[] = [];
      for (let run = 1; run <= RUNS; run++) {
        log(`run ${run} of ${RUNS}`);
        ours.push(await los(training, simulation));
        theirs.push(await peer(training, simulation));
      }
      const sum = ({ steps }: Outcome, names: readonly string[]) =>
        names.reduce((total, name) => total + (steps[name] ?? Number.NaN), 0);
      const of = (outcomes: readonly Outcome[], names: readonly string[]) =>
        median(outcomes.map((outcome) => sum(outcome, names)));
      const all = (side: 1 | 2) => STEPS.flatMap((step) => step[side]);
      return [
        {
          what: 'load, features, one model, scoring day by day',
          value: of(ours, all(1)),
          peer: of(theirs, all(2)),
          unit: 's',
          limit: '3 ×',
        },
        ...STEPS.map(([what, mine, other]) => ({
          what: `· ${what}`,
          value: of(ours, mine),
          peer: of(theirs, other),
          unit: 's',
        })),
        { what: 'beside it: connect and deploy', value: of(ours, ['connect', 'deploy']), unit: 's' },
        { what: 'beside it: beds forecast on two evenings', value: of(ours, ['beds']), unit: 's' },
        { what: 'beside it: explore stays', value: of(ours, ['eda']), peer: of(theirs, ['eda']), unit: 's' },
        {
          what: 'the processor, of everything',
          value: median(ours.map(({ processor }) => processor)),
          peer: median(theirs.map(({ processor }) => processor)),
          unit: 's',
        },
        {
          what: 'memory of all processes',
          value: median(ours.map(({ megabytes }) => megabytes)),
          peer: median(theirs.map(({ megabytes }) => megabytes)),
          unit: 'MB',
          limit: '1,500 MB',
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
