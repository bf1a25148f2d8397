import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../deploy/context.js';
import { explore } from '../deploy/eda/explore.js';
import { UserError } from '../deploy/errors.js';
import { mailingFailure } from '../deploy/mail/failure.js';
import { GateRefusal, promote } from '../deploy/model/promote.js';
import { championOf } from '../deploy/model/registry.js';
import { trainVersion } from '../deploy/model/train.js';
import { apply } from '../deploy/operate/apply.js';
import { runGraph } from '../deploy/scoring/graph.js';
import type { Contract } from '../procedures/dataset/contract.js';
import { datasetNames } from '../procedures/dataset/names.js';
import { literal, qualify } from '../procedures/ground/names.js';
import type { BedsResult } from '../report/beds/nights.js';
import type { Exploration } from '../report/results/exploration.js';
import { requireValue } from '../udfs/require-value.js';
import { type DemoData, type DemoFiles, loadDemoData, lookAtFiles } from './data.js';
import { GENERAL, type GeneralDemo, openGeneral } from './month/open.js';
import { simulate } from './simulate/simulate.js';

/** A demo shows a choice, and does not wait for all that settings would try. */
const CANDIDATES = ['squared-error', 'gamma'];
/** Nor for a forecast of beds on every evening: on the last one, and on one whose 14 nights have all passed by then. */
const FORECAST_EVERY = 16;

/** Sentences of the exploration that a demo shows. */
const SHOWN = 4;

export interface DemoOptions extends DemoFiles {
  /** Days (or batches) to simulate at most; left out: all of them. */
  readonly days?: number;
}

/** The whole chain in figures; also the demo's JSON line. Errors are in days, on the holdout. */
export interface DemoResult {
  readonly dataset: string;
  /** The dataset's id column, for a query to try. */
  readonly id: string;
  readonly version: string;
  /** The version that answers: this one, or one of an earlier demo that it did not beat. */
  readonly champion: string;
  /** Rows that shaped the model: fitted to, or deciding when to stop. */
  readonly trainedRows: number;
  /** Rows kept from the model: those it is measured on, and earlier admissions of the same patients. */
  readonly holdoutRows: number;
  /** The rows of the holdout that the errors are of. */
  readonly measuredRows: number;
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
  readonly meanPredictorRmse: number;
  /** Admissions that came while days passed. */
  readonly arrivedRows: number;
  /** Predictions: of these, and of patients who were in hospital already. */
  readonly scoredRows: number;
  readonly loggedRows: number;
  readonly duplicateCases: number;
  readonly mails: number;
  /** Number of evenings with a forecast, and the last of these forecasts; null: rows without dates. */
  readonly forecasts: number;
  readonly beds: BedsResult | null;
  /** The file of the report. */
  readonly report: string;
  /** Since the process started. */
  readonly seconds: number;
  readonly steps: Readonly<Record<string, number>>;
}

/** Runs the whole chain once: deploy, load, explore, build features, train, promote, simulate, report. */
export async function demo(ctx: Context, contract: Contract, options: DemoOptions): Promise<DemoResult> {
  const steps: Record<string, number> = { connect: round(performance.now() / 1000) };
  const measureTime = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    ctx.signal.throwIfAborted();
    const started = performance.now();
    try {
      return await work();
    } finally {
      steps[name] = round((performance.now() - started) / 1000);
    }
  };

  await lookAtFiles(contract, options);
  const lacking = await ctx.target.trainingProblem();
  if (lacking)
    throw new UserError(`The demo could not train a model. ${lacking.why}`, { next: lacking.toDo });
  // What its contract reads has to be there before anything is deployed.
  const general =
    contract.name === GENERAL && options.train === undefined
      ? await measureTime('data', () => foundGeneral(ctx, contract, options))
      : undefined;
  // Deploying mails its own failure.
  await measureTime('deploy', () => apply(ctx, undefined, { routine: false }));
  return await mailingFailure(ctx, 'los demo', async () => {
    if (general) await mailData(ctx, contract, general);
    else await measureTime('data', () => data(ctx, contract, options));
    const explored = await measureTime('eda', () => eda(ctx, contract));
    await measureTime('features', () => features(ctx, contract));
    const trained = await measureTime('train', () => trainVersion(ctx, contract, { candidates: CANDIDATES }));
    const champion = await measureTime('promote', () => promoteFirst(ctx, contract, trained.version));
    const simulated = await measureTime('simulate', () =>
      general
        ? general.live(champion)
        : simulate(ctx, contract, { limit: options.days, forecastEvery: FORECAST_EVERY }),
    );
    steps.simulate = round(requireValue(steps.simulate, 'steps.simulate') - simulated.forecastSeconds);
    steps.beds = round(simulated.forecastSeconds);
    const file = await measureTime('report', () =>
      writeReport(ctx, contract, explored, general !== undefined),
    );
    const { split, metrics } = trained;
    return {
      dataset: contract.name,
      id: contract.id,
      version: trained.version,
      champion,
      trainedRows: split.train + split.validation,
      holdoutRows: split.holdout + split.leftOut,
      measuredRows: split.holdout,
      rmse: metrics.rmse,
      mae: metrics.mae,
      r2: metrics.r2,
      meanPredictorRmse: metrics.meanRmse,
      arrivedRows: simulated.admitted,
      scoredRows: simulated.scored,
      ...(await countLogged(ctx, contract)),
      mails: ctx.mail.sent,
      forecasts: simulated.forecasts,
      beds: simulated.beds,
      report: file,
      seconds: round(performance.now() / 1000),
      steps,
    };
  });
}

/**
 * @param explored before patients arrived: it is not asked once more
 * @param patients whether it lists patients, as those of a made-up hospital
 * @returns the report's file
 */
function writeReport(
  ctx: Context,
  contract: Contract,
  explored: Exploration,
  patients: boolean,
): Promise<string> {
  return ctx.progress.step('Write the report', async () => {
    const { report } = await import('../deploy/operate/report.js');
    const file = join(ctx.settings.state, 'report.html');
    mkdirSync(ctx.settings.state, { recursive: true });
    writeFileSync(file, await report(ctx, contract, { exploration: explored, patients }));
    return file;
  });
}

function foundGeneral(ctx: Context, contract: Contract, options: DemoOptions): Promise<GeneralDemo> {
  return ctx.progress.step('Make a hospital up, and load its tables with PUT and COPY INTO', async (step) => {
    const founded = await openGeneral(ctx, contract, options);
    step.update(`${founded.history} admissions, ${founded.arrivals} more to arrive`);
    return founded;
  });
}

async function data(ctx: Context, contract: Contract, files: DemoFiles): Promise<void> {
  const loaded = await ctx.progress.step('Load admissions with PUT and COPY INTO', async (step) => {
    const result = await loadDemoData(ctx, contract, files);
    step.update(`${result.history} rows, ${result.arrivals} more to arrive`);
    return result;
  });
  await mailData(ctx, contract, loaded);
}

async function mailData(
  ctx: Context,
  contract: Contract,
  loaded: Pick<DemoData, 'history' | 'arrivals'>,
): Promise<void> {
  await ctx.mail.send('data', {
    dataset: contract.name,
    rows: loaded.history,
    key: [
      { label: 'admissions loaded', value: loaded.history },
      { label: 'will arrive later', value: loaded.arrivals },
    ],
    summary: `They were loaded through a stage by COPY INTO, into what the dataset ${contract.name} reads.`,
    next: 'To explore them:',
    commands: ['los eda', 'CALL EXPLORE_ADMISSIONS();'],
  });
}

async function eda(ctx: Context, contract: Contract): Promise<Exploration> {
  const made = await ctx.progress.step('Explore admissions in Snowflake', async (step) => {
    const answers = await explore(ctx, contract);
    step.update(`${answers.questions.length} questions answered, all of them by los eda`);
    return answers;
  });
  for (const sentence of made.highlights.slice(0, SHOWN)) ctx.progress.note(sentence);
  return made;
}

/**
 * The demo shows the chain, so its first version answers whatever the gates say. A later one must pass them: on the
 * same rows it comes out the same, and on others perhaps worse.
 * @returns the version that answers
 */
async function promoteFirst(ctx: Context, contract: Contract, version: string): Promise<string> {
  const champion = await championOf(ctx, contract.name);
  try {
    await promote(ctx, contract, version, { force: champion === undefined });
    return version;
  } catch (error) {
    if (!champion || !(error instanceof GateRefusal)) throw error;
    ctx.progress.note(`${error.message} predict_los still answers from ${champion.version}`);
    await ctx.mail.send('promotion', {
      version,
      previous: champion.version,
      refused: true,
      summary: error.message,
      next: 'To promote it anyway:',
      commands: [`los model promote ${version} --force`],
    });
    return champion.version;
  }
}

async function features(ctx: Context, contract: Contract): Promise<void> {
  const run = await ctx.progress.step('Build features by the task graph', async (step) => {
    const result = await runGraph(ctx, contract);
    // Where the rows are those of others, deploying has built them.
    const built = result.built || (await count(ctx, datasetNames(contract).features));
    step.update(`${built} rows`);
    return { ...result, built };
  });
  await ctx.mail.send('features', {
    rows: run.built,
    key: [
      { label: 'feature rows', value: run.built },
      { label: 'seconds', value: Math.round(run.seconds) },
    ],
    summary: `The task graph built them inside Snowflake, from the contract of ${contract.name}.`,
    next: 'What a model predicts from:',
    commands: ['SELECT * FROM LOS_FEATURES LIMIT 10;'],
  });
}

async function count(ctx: Context, table: string): Promise<number> {
  const [row] = await ctx.snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${qualify(ctx.settings, table)}`,
  );
  return Number(row?.N ?? 0);
}

async function countLogged(
  ctx: Context,
  contract: Contract,
): Promise<{ loggedRows: number; duplicateCases: number }> {
  const [row] = await ctx.snowflake.query<{ N: number; CASES: number }>(
    `SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS CASES FROM ${qualify(ctx.settings, 'LOS_PREDICTION_LOG')}
WHERE DATASET = ${literal(contract.name)}`,
  );
  const loggedRows = Number(row?.N ?? 0);
  return { loggedRows, duplicateCases: loggedRows - Number(row?.CASES ?? 0) };
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
