import { loadAnswers } from '../../fitting/answers.js';
import {
  type Asked,
  errorsOf,
  gainOf,
  isBeyondNoise,
  judgeHazards,
  judgeSpread,
} from '../../fitting/candidate-scores.js';
import { type Candidate, hazardsOf, isOfHazards, type Metric } from '../../fitting/candidates.js';
import { predictionsFingerprint } from '../../fitting/fingerprint.js';
import { sorted } from '../../ground/lists.js';
import type { Plan } from '../../ground/plan.js';
import { Later, Refused, type Work } from '../../ground/work.js';
import { createModel, removeModel } from '../../jobs/endpoint.js';
import { jobName, startTraining, trainingOf } from '../../jobs/training-job.js';
import { startTransform, transformOf } from '../../jobs/transform-job.js';
import { isTunable, startTuning, tuningOf } from '../../jobs/tuning-job.js';
import { candidatesOf, lookCandidates, lookGain, writeAllHazards } from '../hazards.js';
import type { Move } from '../machine.js';
import { filesOf, planOf, requireData, versionOfRun } from '../of-run.js';
import type { Competition, Contestant, Run } from '../run.js';

/**
 * Trains every candidate in a SageMaker job of its own and has it predict the validation rows in one batch transform, as
 * many at a time as the settings allow. It asks about none of them for longer than it takes to ask.
 */
export function* compete(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const before = run.data.contestants || (yield* contestantsOf(plan, run));
  const after = yield* advanced(plan, run, before);
  const answered = after.filter(({ stage }) => stage === 'answered').length;
  const message = `${answered} of ${after.length} candidates have predicted the validation rows`;
  if (answered < after.length) {
    if (after.some((one, i) => one !== before[i]))
      return { to: 'COMPETE', data: { contestants: after }, message };
    throw new Later(message);
  }
  const looked = yield* afterLook(plan, run, after);
  if (looked) return looked;
  // When the tuned one has come, the others' jobs have been written down before, and its own by TUNE.
  const complete = after.some(isTuned);
  const billed = after.reduce((sum, { training }) => sum + (training ? training.billed : 0), 0);
  const wanted = plan.settings.training.tuningJobs > 0 && !complete && tunable(plan, after) !== undefined;
  return {
    to: wanted ? 'TUNE' : 'CHOOSE',
    data: { contestants: after },
    billed: complete ? 0 : billed,
    message,
  };
}

/** All of them after what can be done for each now; one for which nothing can is the same object. */
export function* advanced(plan: Plan, run: Run, before: readonly Contestant[]): Work<Contestant[]> {
  const after: Contestant[] = [];
  const busy = (stage: Contestant['stage'], i: number) =>
    after.concat(before.slice(i + 1)).filter((other) => other.stage === stage).length;
  for (let i = 0; i < before.length; i++) {
    const was = before[i] as Contestant;
    after.push(yield* further(plan, run, was, (stage) => busy(stage, i)));
  }
  return after;
}

/** Who takes part. Where a look on a sample comes first, models of hazards do so once it has promised something. */
function* contestantsOf(plan: Plan, run: Run): Work<Contestant[]> {
  const { hazards, split } = run.data;
  const all = yield* candidatesOf(plan, run);
  const now = hazards?.location ? all : all.filter((candidate) => !isOfHazards(candidate));
  if (now.length === 0)
    throw new Refused(
      'Only models of hazards were asked for, and the training stays cannot be divided into periods, or a row is too long.',
      'Name a candidate of days as well, for example gamma.',
    );
  const looks = hazards?.look ? lookCandidates(plan, split ? split.trainMin : 0) : [];
  return now
    .map((candidate, i) => contestant(plan, run, candidate, i))
    .concat(
      looks.map((candidate, i) => ({ ...contestant(plan, run, candidate, now.length + i), looks: true })),
    );
}

/** After the look: the models of hazards that take part, or none; null where there was no look, or it is over. */
function* afterLook(plan: Plan, run: Run, contestants: readonly Contestant[]): Work<Move | null> {
  const { hazards } = run.data;
  if (!hazards?.look || hazards.look.gain) return null;
  const gain = yield* lookGain(plan, run, hazards.look.sample);
  const look = { ...hazards.look, gain };
  const found = `on a sample, hazards gain ${gain.days.toFixed(3)} days of CRPS (95 % interval: ${gain.confidence.map((end) => end.toFixed(3)).join(' to ')})`;
  if (!isBeyondNoise(gain))
    return {
      to: 'COMPETE',
      data: { contestants, hazards: { ...hazards, look } },
      message: `${found}: not worth the while`,
    };
  const location = yield* writeAllHazards(plan, run, hazards);
  const more = (yield* candidatesOf(plan, run))
    .filter(isOfHazards)
    .map((candidate, i) => contestant(plan, run, candidate, contestants.length + i));
  return {
    to: 'COMPETE',
    data: { contestants: [...contestants, ...more], hazards: { ...hazards, location, look } },
    message: `${found}: they compete`,
  };
}

function contestant(plan: Plan, run: Run, candidate: Candidate, i: number): Contestant {
  const part = `${i + 1}-${candidate.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20)}`;
  return {
    candidate,
    job: jobName(versionOfRun(plan, run).endpoint, part, run.data.stamp),
    stage: 'waiting',
  };
}

/**
 * A candidate after what can be done for it now; the same object where nothing can.
 * @param busy how many others are in a stage
 */
function* further(
  plan: Plan,
  run: Run,
  one: Contestant,
  busy: (stage: Contestant['stage']) => number,
): Work<Contestant> {
  const { parallelJobs } = plan.settings.training;
  const { job, candidate } = one;
  const files = filesOf(plan, run, one);
  if (one.stage === 'waiting') {
    if (busy('training') >= parallelJobs) return one;
    yield* startTraining(plan, files, { name: job, hyperparameters: candidate.hyperparameters });
    return { ...one, stage: 'training' };
  }
  if (one.stage === 'training') {
    if (busy('predicting') >= parallelJobs) return one;
    const training = one.training || (yield* trainingOf(job));
    if (training === 'unknown') return { ...one, stage: 'waiting' };
    if (training === 'training') return one;
    yield* createModel(plan, { name: job, version: files.version, artifact: training.artifact });
    yield* startTransform(plan, {
      name: job,
      version: files.version,
      model: job,
      input: `${files.location}/lines`,
      output: `${plan.aws.bucket}/${answersPath(plan, run, job)}`,
    });
    return { ...one, stage: 'predicting', training };
  }
  if (one.stage === 'predicting') {
    const status = yield* transformOf(job);
    if (status === 'unknown') return { ...one, stage: 'training' };
    if (status === 'transforming') return one;
    const errors = yield* judged(plan, run, one);
    yield* removeModel(job);
    return { ...one, stage: 'answered', ...errors };
  }
  return one;
}

/** Loads what a candidate has answered, and holds it against the stays. */
function* judged(plan: Plan, run: Run, { candidate, job, looks }: Contestant) {
  const { hazards } = run.data;
  const asked: Asked = {
    run: run.id,
    candidate: candidate.name,
    which: looks && hazards?.look ? hazards.look.sample.validation : 'TRUE',
  };
  const path = answersPath(plan, run, job);
  if (isOfHazards(candidate) && hazards) {
    const byPeriod = `${candidate.name}, by period`;
    yield* loadAnswers(plan, run.id, byPeriod, path);
    const { trainMin, trainMean } = requireData(run, 'split');
    const shape = hazardsOf(candidate, hazards.hazards, trainMean);
    yield* judgeHazards(plan, asked, byPeriod, shape, trainMin);
  } else {
    yield* loadAnswers(plan, run.id, candidate.name, path);
    yield* judgeSpread(plan, asked);
  }
  return yield* errorsOf(plan, asked);
}

function answersPath(plan: Plan, run: Run, job: string): string {
  return `${versionOfRun(plan, run).folder}/answers/${job}`;
}

/** The best by the metric of the settings comes first; one that diverged has no number and comes last. */
export function ranked(contestants: readonly Contestant[], by: Metric): Contestant[] {
  const score = (one: Contestant) => {
    const value = scoreOf(one, by);
    return value === null ? Number.MAX_VALUE : value;
  };
  // Equal ones in the order of their names.
  return sorted(contestants, (a, b) => score(a) - score(b) || (a.candidate.name < b.candidate.name ? -1 : 1));
}

/** Its error in days; null where it diverged, as JSON makes of what is no number in the run's row. */
export function scoreOf(one: Pick<Contestant, Metric>, by: Metric): number | null {
  const value = one[by];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

const TUNED = ', tuned';

function isTuned({ candidate }: Contestant): boolean {
  return candidate.name.slice(-TUNED.length) === TUNED;
}

function tunable({ settings }: Plan, contestants: readonly Contestant[]): Contestant | undefined {
  return ranked(
    contestants.filter(({ candidate, looks }) => !looks && isTunable(candidate.hyperparameters)),
    settings.training.chooseBy,
  )[0];
}

/** Within the budget of the settings, the best candidate that can be tuned is, and competes with the others. */
export function* tune(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const contestants = requireData(run, 'contestants');
  const best = tunable(plan, contestants);
  if (!best) throw new Error('No candidate can be tuned');
  // SageMaker allows a tuning job 32 characters.
  const name = jobName(versionOfRun(plan, run).endpoint, 't', run.data.stamp, 32);
  const { hyperparameters } = best.candidate;
  const tuned = yield* tuningOf(name, hyperparameters);
  if (!tuned) {
    yield* startTuning(plan, filesOf(plan, run, best), name, hyperparameters);
    throw new Later(`${name} begins`);
  }
  const candidate = { name: `${best.candidate.name}${TUNED}`, hyperparameters: tuned.hyperparameters };
  const one: Contestant = {
    ...contestant(plan, run, candidate, contestants.length),
    stage: 'training',
    training: tuned.training,
  };
  return { to: 'COMPETE', data: { contestants: [...contestants, one] }, billed: tuned.training.billed };
}

/** Chooses the candidate whose predictions of the validation rows are best, which is what it will serve. */
export function* choose(today: Plan, run: Run): Work<Move> {
  const plan = planOf(today, run);
  const { chooseBy } = plan.settings.training;
  const order = ranked(
    requireData(run, 'contestants').filter(({ looks }) => !looks),
    chooseBy,
  );
  const competition = yield* competitionOf(plan, run, order);
  const best = competition ? order.find(({ candidate }) => candidate.name === winner(competition)) : order[0];
  const score = best ? scoreOf(best, chooseBy) : null;
  if (!best?.training || score === null)
    throw new Refused(
      `No candidate predicted the validation rows in numbers, so none has a ${chooseBy.toUpperCase()}.`,
      'Look at the jobs in SageMaker; training.hyperparameters may have replaced the objective.',
    );
  const predictions = yield* predictionsFingerprint(plan, run.id, best.candidate.name);
  return {
    to: run.options.learningCurve ? 'LEARN' : 'SERVE',
    data: {
      chosen: best.candidate,
      // The job's name is that of the tuning's best, where it was tuned.
      training: best.training,
      ...(competition && { competition }),
      results: order.map((one) => ({
        name: one.candidate.name,
        hyperparameters: one.candidate.hyperparameters,
        job: one.training ? one.training.job : '',
        rmse: scoreOf(one, 'rmse'),
        mae: scoreOf(one, 'mae'),
        crps: scoreOf(one, 'crps'),
        seconds: one.training ? one.training.seconds : 0,
      })),
      predictions,
    },
    message: `${best.candidate.name}: validation ${chooseBy.toUpperCase()} ${score.toFixed(3)}${competition ? `; ${competition.hazard} gains ${thousandths(competition.gain.days)} on ${competition.days} (95 % interval: ${competition.gain.confidence.map(thousandths).join(' to ')})` : ''}`,
  };
}

/** With three digits after the point, and without the sign of a zero. */
function thousandths(value: number): string {
  return (Math.round(value * 1000) / 1000 || 0).toFixed(3);
}

/** The best of hazards beside the best of days; undefined where only one kind takes part. */
function* competitionOf(plan: Plan, run: Run, order: readonly Contestant[]): Work<Competition | undefined> {
  const { chooseBy } = plan.settings.training;
  const able = order.filter((one) => scoreOf(one, chooseBy) !== null && scoreOf(one, 'crps') !== null);
  const namesOf = (some: readonly Contestant[]) => some.map(({ candidate }) => candidate.name);
  const hazards = namesOf(able.filter(({ candidate }) => isOfHazards(candidate)));
  const days = namesOf(able.filter(({ candidate }) => !isOfHazards(candidate)));
  if (hazards.length === 0 || days.length === 0) return undefined;
  const gain = yield* gainOf(plan, { run: run.id, which: 'TRUE' }, { hazards, days }, chooseBy);
  return { hazard: hazards[0] as string, days: days[0] as string, by: chooseBy, gain };
}

/**
 * Whichever kind is better. What a model of hazards costs to train has been spent by now, in this training as in the next, and
 * what it costs to ask, a line for each period, is far below what an endpoint can do. So nothing is saved by keeping to days where the gain
 * could be noise, and a gain is lost as often as it is hidden by noise: two thousand validation rows tell the CRPS of two models
 * apart to some .006 days, and hazards gain .01. Where a job can still be saved, after the look, the gain must be beyond noise.
 */
function winner({ hazard, days, gain }: Competition): string {
  return gain.days > 0 ? hazard : days;
}
