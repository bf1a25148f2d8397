import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadCsv } from '../../contracts/files/load-csv.js';
import type { Context } from '../../deploy/context.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { explore } from '../../deploy/eda/explore.js';
import { messageOf, UserError } from '../../deploy/errors.js';
import { promote } from '../../deploy/model/promote.js';
import { trainVersion } from '../../deploy/model/train.js';
import { type OpenOptions, openContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { projectRoot } from '../../deploy/project.js';
import { makePlan } from '../../deploy/resources/plan.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { buildStack } from '../../deploy/stack/index.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { renderingMailer } from './mailer.js';
import { syntheticRows } from './rows.js';
import { withSources } from './sources.js';

/** Enough for the least that every side of the split must have. */
const ROWS = 2000;
/** Runs the chain for a dataset whose rows are those of others. */
const EXAMPLE = 'health';

export interface Validation {
  readonly dataset: string;
  /** Objects that were made in the throw-away clouds. */
  readonly objects: number;
  /** Dataset contracts whose statements and code were compiled. */
  readonly contracts: readonly string[];
  /** Prediction of the substitute model for the one admission that arrived, in days. */
  readonly predicted: number;
  readonly seconds: number;
}

/**
 * Compiles everything and executes the whole chain on a throw-away local cloud: schema, procedures, task graph,
 * training on made-up rows, one scored admission. Needs no credentials and leaves nothing behind; no mail is sent.
 * @param file dataset contract instead of the configured one
 * @throws UserError that names the file to mend
 */
export async function validate(open: OpenOptions, file?: string): Promise<Validation> {
  const started = performance.now();
  const state = await mkdtemp(join(tmpdir(), 'los-validate-'));
  try {
    const opened = await openContext({ ...open, target: 'local', state });
    try {
      const mail = renderingMailer();
      const asked = forDataset({ ...opened, mail }, file);
      const contracts = await compileAll(asked.ctx);
      const { ctx, contract } = asked.contract.origin ? forDataset(asked.ctx, EXAMPLE) : asked;
      if (contract !== asked.contract)
        ctx.progress.note(
          `${asked.contract.name} reads relations of others, which a throw-away cloud does not have: it is compiled, and the chain runs on ${contract.name}`,
        );
      const predicted = await execute(ctx, contract, state);
      return {
        dataset: contract.name,
        contracts,
        ...predicted,
        seconds: Math.round((performance.now() - started) / 100) / 10,
      };
    } finally {
      await opened.close();
    }
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

/** Every contract of the project gives a stack: all SQL rendered, all TypeScript compiled for Snowflake. */
async function compileAll(ctx: Context): Promise<string[]> {
  return ctx.progress.step('Compile SQL, procedures and functions', async (step) => {
    const folder = join(projectRoot, 'sql', 'datasets');
    const names: string[] = [];
    const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
    for (const path of [...files.map((name) => join(folder, name)), ctx.settings.dataset]) {
      const one = forDataset(ctx, path);
      await buildStack(one.ctx);
      if (!names.includes(one.contract.name)) names.push(one.contract.name);
    }
    step.update(names.join(', '));
    return names;
  });
}

async function execute(
  ctx: Context,
  contract: Contract,
  folder: string,
): Promise<{ objects: number; predicted: number }> {
  const { settings } = ctx;
  const dataset = relative(process.cwd(), settings.dataset);
  // Where a person should look when what comes next fails.
  let look = `the file that is named, or ${dataset}, of whose features LOS_INPUTS is made`;
  try {
    const { created } = await apply(ctx);
    await requireConvergence(ctx);
    look = `${dataset}, sql/exploring/, procedures/scoring/build-features.ts and tasks/build-features.sql`;
    const rows = syntheticRows(contract, ROWS);
    const load = async (name: string, lines: readonly string[]) => {
      const path = join(folder, name);
      await writeFile(path, `${lines.join('\n')}\n`);
      await loadCsv(ctx, contract, path, datasetNames(contract).raw);
    };
    await ctx.progress.step('Load made-up admissions and run the task graph', async (step) => {
      await load('history.csv', rows.history);
      await explore(ctx, contract);
      const { built } = await runGraph(ctx, contract);
      step.update(`${built} feature rows`);
      if (built !== ROWS) throw new Error(`${ROWS} admissions gave ${built} feature rows.`);
    });
    look = `${dataset}, udfs/ and deploy/model/`;
    const { version } = await trainVersion(ctx, contract);
    // Whether the model is good says nothing here: its rows are made up.
    await promote(ctx, contract, version, { force: true });
    look = 'procedures/scoring/score-admissions.ts, tasks/score.sql and udfs/';
    const predicted = await ctx.progress.step('Score one admission by the task graph', async (step) => {
      await load('arrival.csv', rows.arrival);
      await runGraph(ctx, contract);
      const days = await onlyPrediction(ctx, contract, version);
      step.update(`${days.toFixed(2)} days`);
      return days;
    });
    return { objects: created.length, predicted };
  } catch (error) {
    if (ctx.signal.aborted)
      throw new UserError('los validate was interrupted.', { next: 'Run it again.', cause: error });
    throw new UserError(withSources(messageOf(error), settings, contract), {
      next: `Look into ${look}; then run los validate again.`,
      cause: error,
    });
  }
}

/** Requires that a second apply finds nothing to do. */
async function requireConvergence(ctx: Context): Promise<void> {
  const { changes } = await makePlan(ctx, await buildStack(ctx));
  const first = changes[0];
  if (first)
    throw new Error(
      `After apply ${changes.length} objects are not as declared:\n  ${first.id}: ${first.reason}`,
    );
}

async function onlyPrediction(ctx: Context, contract: Contract, version: string): Promise<number> {
  const rows = await ctx.snowflake.query<{ MODEL_VERSION: string; PREDICTED_LOS: number | null }>(
    `SELECT MODEL_VERSION, PREDICTED_LOS FROM ${qualify(ctx.settings, 'LOS_PREDICTION_LOG')}
WHERE DATASET = ${literal(contract.name)}`,
  );
  const days = Number(rows[0]?.PREDICTED_LOS ?? Number.NaN);
  if (rows.length !== 1 || rows[0]?.MODEL_VERSION !== version || !(days > 0))
    throw new Error(
      `One admission arrived, and the log holds ${rows.length} predictions (${days} days by ${rows[0]?.MODEL_VERSION ?? 'no version'}).`,
    );
  return days;
}
