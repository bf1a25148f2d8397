import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { lockState, StateInUseError } from '@local-cloud/kit/state-lock.js';
import { openContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { projectRoot } from '../../deploy/project.js';
import { Journey } from './journey.js';
import { scheduled } from './local-context.js';

/**
 * How far a local cloud has come when a test gets it. Such states are made once for a run of the tests, by the test that
 * needs one first; everybody else copies the folder, which takes a moment where deploying and training take seconds.
 *
 * - `applied`: the stack of the default settings is deployed
 * - `loaded`: 6,000 admissions are in the table, and their features are built
 * - `trained`: health-v1, a single candidate, answers; no one has been scored yet
 */
export type Stage = 'applied' | 'loaded' | 'trained';

const before: Readonly<Record<Stage, Stage | undefined>> = {
  applied: undefined,
  loaded: 'applied',
  trained: 'loaded',
};

/** Beside what is compiled, for it is worth as much: another build makes its own. */
const home = join(projectRoot, 'dist', 'golden');

/** Milliseconds after which a state is recreated: tests that look at the clock expect a young cloud. */
const FRESH = 30 * 60_000;

/** Fills a new state folder with a cloud that has come so far. */
export function copyGolden(stage: Stage, stateDir: string): Promise<void> {
  return copyKept(
    {
      name: stage,
      files: [new URL('./journey.js', import.meta.url)],
      async make(draft) {
        const from = before[stage];
        if (from) await copyGolden(from, draft);
        await make(stage, draft);
      },
    },
    stateDir,
  );
}

/** A state folder that is made once for a run of the tests. */
export interface KeptState {
  readonly name: string;
  /** Compiled files that say how it is made, beside all that the build consists of. */
  readonly files: readonly URL[];
  /** Fills the folder; the cloud in it must be closed at the end. */
  make(stateDir: string): Promise<void>;
}

/** Copies such a state into a new folder, once it is made. */
export async function copyKept(state: KeptState, stateDir: string): Promise<void> {
  const golden = join(home, `${state.name}-${hashOf(state)}`);
  for (;;) {
    while (!isFresh(golden)) await makeOrWait(state, golden);
    const made = madeAt(golden);
    try {
      cpSync(golden, stateDir, { recursive: true });
      if (madeAt(golden) === made) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    // Another process has put a younger one in its place meanwhile.
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Milliseconds since 1970; 0: there is none. */
const madeAt = (folder: string) => statSync(join(folder, 'made'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** One of the future is of a clock that has been put back. */
function isFresh(folder: string): boolean {
  const age = Date.now() - madeAt(folder);
  return age >= 0 && age < FRESH;
}

/** Makes the state, or, where another process is about to, waits a little. */
async function makeOrWait(state: KeptState, golden: string): Promise<void> {
  const { name } = state;
  const lock = join(home, `${name}.lock`);
  mkdirSync(lock, { recursive: true });
  let unlock: () => void;
  try {
    unlock = lockState(lock);
  } catch (error) {
    if (!(error instanceof StateInUseError)) throw error;
    return void (await sleep(100));
  }
  try {
    if (isFresh(golden)) return;
    const draft = join(home, `${name}.draft`);
    rmSync(draft, { recursive: true, force: true });
    await state.make(draft);
    writeFileSync(join(draft, 'made'), '');
    for (const entry of readdirSync(home))
      if (entry.startsWith(`${name}-`)) rmSync(join(home, entry), { recursive: true });
    renameSync(draft, golden);
  } finally {
    unlock();
  }
}

async function make(stage: Stage, stateDir: string): Promise<void> {
  const config = join(home, `${stage}.yaml`);
  writeFileSync(config, `state: ${stateDir}\n${scheduled('mail: { to: [] }')}\n`);
  const cloud = await startCloud({ stateDir, propagationDelay: 0 });
  try {
    const ctx = await openContext({
      target: 'local',
      config,
      progress: silentProgress,
      signal: new AbortController().signal,
    });
    try {
      const journey = new Journey(ctx);
      if (stage === 'applied') await apply(ctx);
      else if (stage === 'loaded') await journey.load(6000);
      else await journey.train({ candidates: ['squared-error'] });
    } finally {
      await ctx.close();
    }
  } finally {
    await cloud.close();
  }
}

const hashes = new Map<string, string>();

/** Of everything that such a state is made of. */
function hashOf({ name: state, files }: KeptState): string {
  const known = hashes.get(state);
  if (known) return known;
  const all = createHash('sha256');
  for (const url of [new URL('./golden.js', import.meta.url), ...files]) all.update(readFileSync(url));
  // Its version stands in the deployment's log.
  all.update(readFileSync(join(projectRoot, 'package.json')));
  const folders = [
    'dist/deploy',
    'dist/demo',
    'dist/report',
    'dist/local',
    'dist/udfs',
    'dist/procedures',
    'sql',
    'tasks',
    'templates',
  ];
  for (const folder of folders.map((name) => join(projectRoot, name)).filter(existsSync))
    for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort())
      if (/\.(js|sql|yaml|hbs|json)$/.test(name)) all.update(name).update(readFileSync(join(folder, name)));
  const hash = all.digest('hex').slice(0, 16);
  hashes.set(state, hash);
  return hash;
}
