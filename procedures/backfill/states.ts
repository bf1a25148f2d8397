import { forgetAnswers, loadAnswers, requireLines } from '../fitting/answers.js';
import { addressOf, stageOf, unload } from '../fitting/training-file.js';
import { literal, qualified, shared } from '../ground/names.js';
import { execute, first, Later, query, Refused, type Work } from '../ground/work.js';
import { createModel, removeModel } from '../jobs/endpoint.js';
import { jobName } from '../jobs/training-job.js';
import { startTransform, transformOf } from '../jobs/transform-job.js';
import { recordOf } from '../versions/registry.js';
import { type Version, versionOf } from '../versions/version.js';
import { createBatch, dropBatch } from '../versions/version-functions.js';
import { ANSWERS, type BackfillPlan } from './plan.js';
import type { Backfill, BackfillData, StateName } from './run.js';

/** How a state ended. */
export interface Move {
  readonly to: StateName | 'END';
  readonly data?: Partial<BackfillData>;
  readonly message?: string;
  /** What goes into the same transaction; no DDL. @returns what is known only then */
  readonly also?: () => Work<Partial<BackfillData>>;
}

/** A state does what may be done twice: killed anywhere, a run goes on with the state that it was in. */
export type State = (plan: BackfillPlan, run: Backfill) => Work<Move>;

/** Writes down which line is whose, before any line leaves. */
function* freeze(plan: BackfillPlan, run: Backfill): Work<Move> {
  const version = versionOfRun(plan, run);
  const { model } = yield* recordOf(plan.settings, run.version);
  yield* createBatch(plan, version, model);
  return {
    to: 'UNLOAD',
    *also() {
      yield* forgetRows(plan, run);
      yield* execute(
        plan.statements.freeze.split('/*line*/').join(qualified(plan.settings, version.batchLine)),
        [run.id, run.id],
      );
      const row = yield* first(
        `SELECT COUNT(LINE) AS LINES FROM ${qualified(plan.settings, shared.backfillRows)} WHERE RUN_ID = ?`,
        [run.id],
      );
      return { lines: Number(row?.LINES || 0) };
    },
  };
}

/** Writes the lines to the bucket and has the model asked about them. */
function* unloadLines(plan: BackfillPlan, run: Backfill): Work<Move> {
  const version = versionOfRun(plan, run);
  // Nobody of whom anything is known: what there is to say of the others needs no model.
  if (!run.data.lines) return { to: 'LOG' };
  const { artifact } = yield* recordOf(plan.settings, run.version);
  const name = jobOf(version, run);
  yield* unload(
    plan,
    `${folderOf(version, run)}/lines`,
    `SELECT LINE FROM ${qualified(plan.settings, shared.backfillRows)} WHERE RUN_ID = ${literal(run.id)} AND LINE IS NOT NULL ORDER BY LINE_NUMBER`,
  );
  yield* createModel(plan, { name, version: version.name, artifact });
  yield* startTransform(plan, {
    name,
    version: version.name,
    model: name,
    input: addressOf(plan, `${folderOf(version, run)}/lines`),
    output: addressOf(plan, `${folderOf(version, run)}/answers`),
  });
  return { to: 'PREDICT', message: `${name} predicts ${run.data.lines} admissions` };
}

/** Waits for the model's answers and loads them. */
function* predict(plan: BackfillPlan, run: Backfill): Work<Move> {
  const version = versionOfRun(plan, run);
  const name = jobOf(version, run);
  const status = yield* transformOf(name);
  if (status === 'unknown') return { to: 'UNLOAD' };
  if (status === 'transforming') throw new Later(`${name} predicts ${run.data.lines} admissions`);
  yield* loadAnswers(plan, run.id, ANSWERS, `${folderOf(version, run)}/answers`);
  const row = yield* first(
    `SELECT COUNT(*) AS LINES FROM ${qualified(plan.settings, shared.candidatePredictions)} WHERE RUN_ID = ? AND CANDIDATE = ?`,
    [run.id, ANSWERS],
  );
  requireLines(run.version, Number(row?.LINES), Number(run.data.lines) * (yield* linesEach(plan, run)));
  return { to: 'LOG' };
}

/**
 * Logs what was answered and takes it off the queue: all of it, or nothing. Whose inputs have changed meanwhile, who has no
 * answer that is a number, waits again.
 */
function* logAnswers(plan: BackfillPlan, run: Backfill): Work<Move> {
  const { statements, settings } = plan;
  const detail = qualified(settings, versionOfRun(plan, run).batchDetail);
  const each = String(yield* linesEach(plan, run));
  const champion = (yield* query(statements.champion))[0];
  if (!champion || champion.VERSION !== run.version)
    throw new Refused(
      `Another version answers now than ${run.version}, which was asked.`,
      'Nothing: they wait for the one that answers.',
    );
  return {
    to: 'CLEAN_UP',
    *also() {
      // First of all, as BUILD_FEATURES and SCORE_ADMISSIONS do: in another order they would wait for each other, and whoever changes
      // meanwhile could be queued anew and scored by the endpoint too.
      yield* execute(statements.hold, [run.id]);
      const logged = yield* execute(
        statements.log.split('/*detail*/').join(detail).split('/*each*/').join(each),
        [run.id, run.id],
      );
      yield* execute(statements.unquarantine, [run.id]);
      yield* execute(statements.done, [run.id, run.id, run.id]);
      const released = yield* release(plan, run);
      return { logged, released };
    },
  };
}

/** Lines that the version is asked about an admission. */
function* linesEach({ settings }: BackfillPlan, { version }: Backfill): Work<number> {
  const { hazards } = (yield* recordOf(settings, version)).model;
  return hazards ? hazards.ends.length : 1;
}

/** Removes what only this run needed. */
function* cleanUp(plan: BackfillPlan, run: Backfill): Work<Move> {
  const version = versionOfRun(plan, run);
  yield* dropBatch(plan, version);
  yield* removeModel(jobOf(version, run));
  yield* execute(`REMOVE ${stageOf(plan, folderOf(version, run))}/`);
  return { to: 'END' };
}

export const states: Readonly<Record<StateName, State>> = {
  FREEZE: freeze,
  UNLOAD: unloadLines,
  PREDICT: predict,
  LOG: logAnswers,
  CLEAN_UP: cleanUp,
};

/** Lets go of what is still claimed, and of the lines. @returns how many wait again */
export function* release(plan: BackfillPlan, run: Backfill): Work<number> {
  let released = 0;
  for (const statement of plan.statements.release) released = yield* execute(statement, [run.id]);
  yield* forgetRows(plan, run);
  yield* forgetAnswers(plan, run.id);
  return released;
}

function* forgetRows({ settings }: BackfillPlan, { id }: Backfill): Work<void> {
  yield* execute(`DELETE FROM ${qualified(settings, shared.backfillRows)} WHERE RUN_ID = ?`, [id]);
}

function versionOfRun({ contract, settings }: BackfillPlan, { version }: Backfill): Version {
  return versionOf(contract, settings, Number(version.slice(version.lastIndexOf('-v') + 2)));
}

/** Of the transform job and of SageMaker's record of the model alike. */
function jobOf(version: Version, run: Backfill): string {
  return jobName(version.endpoint, 'backfill', run.data.stamp);
}

function folderOf(version: Version, run: Backfill): string {
  return `${version.folder}/backfill-${run.data.stamp}`;
}
