import { type Gain, gainOf } from '../fitting/candidate-scores.js';
import { type Candidate, candidates, isOfHazards } from '../fitting/candidates.js';
import { everything, longestLine, type Sample, writeHazardFiles } from '../fitting/hazard-files.js';
import { fitPeriods } from '../fitting/periods.js';
import { hashBelow } from '../fitting/split.js';
import { writeTrainingFiles } from '../fitting/training-file.js';
import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import { recordOf } from '../versions/registry.js';
import { requireData, versionOfRun } from './of-run.js';
import { candidateOf } from './repeated.js';
import type { HazardRun, Run } from './run.js';

/** From so many training rows on pilots on a sample come first: a model of hazards takes 6 to 18 times as long. */
const PILOT_FROM = 40_000;
/** Rows of that sample. */
export const PILOT_ROWS = { train: 10_000, validation: 5000 } as const;

/** Who takes part: the candidates of settings or options, or the one that a repeated version was made by. */
export function* candidatesOf(plan: Plan, run: Run): Work<Candidate[]> {
  const { repeated, split } = run.data;
  const given = repeated
    ? [candidateOf((yield* recordOf(plan.settings, repeated.of.version)).parameters)]
    : run.options.candidates;
  return candidates(plan.settings, split ? split.trainMin : 0, given);
}

/**
 * Writes what models of hazards need: their files, or, where rows are many and models of days compete, those of pilots on
 * a sample.
 * @returns null where none takes part, or stays cannot be divided into periods
 */
export function* prepareHazards(plan: Plan, run: Run): Work<HazardRun | null> {
  const all = yield* candidatesOf(plan, run);
  if (!all.some(isOfHazards)) return null;
  const [version, features, split] = [
    versionOfRun(plan, run),
    requireData(run, 'features'),
    requireData(run, 'split'),
  ];
  const hazards = yield* fitPeriods(plan, yield* longestLine(plan, features, split));
  if (!hazards) return null;
  if (split.train < PILOT_FROM || all.every(isOfHazards)) {
    const location = yield* writeHazardFiles(plan, version, features, split, hazards, 'hazards');
    return { hazards, location };
  }
  const part = (side: keyof Sample) =>
    hashBelow('CASE_ID', Math.min(1, PILOT_ROWS[side] / split[side]), 'sample');
  const sample: Sample = { train: part('train'), validation: part('validation') };
  return {
    hazards,
    location: null,
    pilot: {
      sample,
      days: yield* writeTrainingFiles(plan, version, features, split, 'pilot', sample),
      hazards: yield* writeHazardFiles(plan, version, features, split, hazards, 'pilot-hazards', sample),
    },
  };
}

/** Names of the two pilots. */
const PILOTS = { days: 'days, on a sample', hazard: 'hazard, on a sample' } as const;

/** The two pilots, both with default parameters. */
export function pilotCandidates({ settings }: Plan, trainMin: number): Candidate[] {
  const days = trainMin > 0 ? 'gamma' : 'tweedie';
  const [ofDays, ofHazards] = candidates(settings, trainMin, [days, 'hazard']) as [Candidate, Candidate];
  return [
    { ...ofDays, name: PILOTS.days },
    { ...ofHazards, name: PILOTS.hazard },
  ];
}

/** Gain that the pilots show: how much better hazards are as distributions. */
export function pilotGain(plan: Plan, run: Run, sample: Sample): Work<Gain> {
  const asked = { run: run.id, which: sample.validation };
  return gainOf(plan, asked, { hazards: [PILOTS.hazard], days: [PILOTS.days] }, 'crps');
}

/** Writes the files for all rows, after pilots that promised something. */
export function writeAllHazards(plan: Plan, run: Run, { hazards }: HazardRun): Work<string> {
  return writeHazardFiles(
    plan,
    versionOfRun(plan, run),
    requireData(run, 'features'),
    requireData(run, 'split'),
    hazards,
    'hazards',
    everything,
  );
}
