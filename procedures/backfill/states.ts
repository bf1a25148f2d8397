import { forgetAnswers, loadAnswers, requireLines } from '../fitting/answers.js';
import { addressOf, unload } from '../fitting/training-file.js';
import { literal, qualify } from '../ground/names.js';
import { fill } from '../ground/plan.js';
import { execute, Later, query, queryFirst, Refused, type Work } from '../ground/work.js';
import { createModel, removeModel } from '../jobs/endpoint.js';
import { jobName } from '../jobs/training-job.js';
import { startTransform, transformOf } from '../jobs/transform-job.js';
import { namesOfVersion, recordOf } from '../versions/registry.js';
import type { Version } from '../versions/version.js';
import { createBatch, dropBatch } from '../versions/version-functions.js';
import { ANSWERS, type BackfillPlan } from './plan.js';
import type { Backfill, BackfillData, StateName } from './run.js';

/** How a state ended. */
export interface Move {
  readonly to: StateName | 'END';
  /** The version that is asked from here on; left out: the same. */
  readonly version?: string;
  readonly data?: Partial<BackfillData>;
  readonly message?: string;
  /** What goes into the same transaction; no DDL. @returns what is known only then */
  readonly transact?: () => Work<Partial<BackfillData>>;
}

/** A state does what may be done twice: killed anywhere, a run goes on with the state that it was in. */
export type State = (plan: BackfillPlan, run: Backfill) => Work<Move>;

/** Writes down which line is whose, before any line leaves. */
function* freeze(plan: BackfillPlan, run: Backfill): Work<Move> {
  const version = yield* versionNamed(plan, run.version);
  const { model } = yield* recordOf(plan.settings, run.version);
  yield* createBatch(plan, version, model);
  return {
    to: 'UNLOAD',
    *transact() {
      yield* forgetRows(plan, run);
      yield* execute(fill(plan.statements.freeze, { line: qualify(plan.settings, version.batchLine) }), [
        run.id,
        run.id,
      ]);
      const row = yield* queryFirst(
        `SELECT COUNT(LINE) AS LINES FROM ${qualify(plan.settings, 'LOS_BACKFILL_ROWS')} WHERE RUN_ID = ?`,
        [run.id],
      );
      return { lines: Number(row?.LINES || 0) };
    },
  };
}

/** Writes the lines to the bucket and has the model asked about them. */
function* unloadLines(plan: BackfillPlan, run: Backfill): Work<Move> {
  const version = yield* versionNamed(plan, run.version);
  // No admission with known inputs is left: the others are refused without a model.
  if (!run.data.lines) return { to: 'LOG' };
  const { artifact } = yield* recordOf(plan.settings, run.version);
  const name = jobOf(version, run.data.stamp);
  yield* unload(
    plan,
    `${folderOf(version, run.data.stamp)}/lines`,
    `SELECT LINE FROM ${qualify(plan.settings, 'LOS_BACKFILL_ROWS')} WHERE RUN_ID = ${literal(run.id)} AND LINE IS NOT NULL ORDER BY LINE_NUMBER`,
  );
  yield* createModel(plan, { name, version: version.name, artifact });
  yield* startTransform(plan, {
    name,
    version: version.name,
    model: name,
    input: addressOf(plan, `${folderOf(version, run.data.stamp)}/lines`),
    output: addressOf(plan, `${folderOf(version, run.data.stamp)}/answers`),
  });
  return { to: 'PREDICT', message: `${name} predicts ${run.data.lines} admissions` };
}

/** Waits for the model's answers and loads them. */
function* predict(plan: BackfillPlan, run: Backfill): Work<Move> {
  const version = yield* versionNamed(plan, run.version);
  const name = jobOf(version, run.data.stamp);
  const status = yield* transformOf(name);
  if (status === 'unknown') return { to: 'UNLOAD' };
  if (status === 'transforming') throw new Later(`${name} predicts ${run.data.lines} admissions`);
  yield* loadAnswers(plan, run.id, ANSWERS, `${folderOf(version, run.data.stamp)}/answers`);
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS LINES FROM ${qualify(plan.settings, 'LOS_CANDIDATE_PREDICTIONS')} WHERE RUN_ID = ? AND CANDIDATE = ?`,
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
  const detail = qualify(settings, (yield* versionNamed(plan, run.version)).batchDetail);
  const each = String(yield* linesEach(plan, run));
  return {
    to: 'CLEAN_UP',
    *transact() {
      // First of all, as BUILD_FEATURES and SCORE_ADMISSIONS do: in another order they would wait for each other, and an
      // admission that changes meanwhile could be queued again and scored by the endpoint too.
      yield* execute(statements.hold, [run.id]);
      const logged = yield* execute(fill(statements.log, { detail, each }), [run.id, run.id]);
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

function* cleanUp(plan: BackfillPlan, run: Backfill): Work<Move> {
  yield* removeTraces(plan, run.version, run.data.stamp);
  for (const { version, stamp } of run.data.replaced || []) yield* removeTraces(plan, version, stamp);
  return { to: 'END' };
}

/**
 * Removes what only a run needed of a version that it asked. Its files go by the bucket's lifecycle rule: a procedure with
 * its owner's rights may not REMOVE them (docs.snowflake.com, stored-procedures-rights).
 */
function* removeTraces(plan: BackfillPlan, asked: string, stamp: string): Work<void> {
  const version = yield* versionNamed(plan, asked);
  yield* dropBatch(plan, version);
  yield* removeModel(jobOf(version, stamp));
}

/**
 * Restarts with the version that answers, where another was promoted meanwhile: a promotion or rollback means no more
 * predictions by the one before. A job that still runs for it is left to end.
 * @returns undefined where the version that is asked answers
 * @throws Refused where none answers any more
 */
export function* restartForChampion(plan: BackfillPlan, run: Backfill): Work<Move | undefined> {
  const champion = (yield* query(plan.statements.champion))[0]?.VERSION;
  if (champion === run.version) return undefined;
  if (!champion)
    throw new Refused(
      `${run.version} is no longer champion, and no other version is.`,
      'Promote one: they wait for it.',
    );
  // What the one before left is for CLEAN_UP: a refusal of it must not keep anyone waiting.
  const now = yield* queryFirst(
    `SELECT TO_VARCHAR(CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ, 'YYYYMMDDHH24MISSFF3') AS STAMP`,
  );
  return {
    to: 'FREEZE',
    version: String(champion),
    data: {
      stamp: String(now?.STAMP),
      replaced: (run.data.replaced || []).concat({ version: run.version, stamp: run.data.stamp }),
    },
    message: `${champion} is now champion instead of ${run.version} and predicts all of them`,
    *transact() {
      yield* forgetRows(plan, run);
      yield* forgetAnswers(plan, run.id);
      return {};
    },
  };
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
  yield* execute(`DELETE FROM ${qualify(settings, 'LOS_BACKFILL_ROWS')} WHERE RUN_ID = ?`, [id]);
}

function versionNamed({ contract, settings }: BackfillPlan, version: string): Work<Version> {
  return namesOfVersion(settings, contract.name, version);
}

/** Of the transform job and of SageMaker's record of the model alike. */
function jobOf(version: Version, stamp: string): string {
  return jobName(version.endpoint, 'backfill', stamp);
}

function folderOf(version: Version, stamp: string): string {
  return `${version.folder}/backfill-${stamp}`;
}
