import {
  ChangingHospital,
  type Facts,
  meanStay,
  type Patient,
  USUAL,
  varianceOfStay,
  type World,
} from '../../demo/simulate/hospital.js';
import { type Block, bootstrap, total } from '../../procedures/ground/bootstrap.js';
import { random } from '../../procedures/ground/random.js';
import type { Comparison } from '../../procedures/judging/compare.js';
import { type Gain, type Newest, newestDays } from '../../procedures/judging/newest.js';
import type { Curve } from '../../udfs/curve/curve.js';
import { soFar } from '../../udfs/curve/so-far.js';
import { crps } from '../../udfs/fitting/scores.js';
import { driftOf } from './drift.js';

/** What gates are asked about a version that was trained in a drift, and by how much it is worse than the champion by the truth. */
export interface Simulated {
  readonly comparison: Comparison;
  newest(): Newest;
  /** Its true error over the champion's on the day of the training. */
  readonly worse: number;
}

/** Stands for a trained model: the mean stay of those who are alike, drawn towards that of more patients, with the noise that trees have. */
type Model = (facts: Facts) => number;

const BINS = 12;
const cellOf = (of: Facts) => `${of.AGE} ${of.SEVERITY_OF_ILLNESS} ${of.WARD_TYPE}`;
const binOf = (of: Facts) => `${cellOf(of)} ${Math.floor(((of.ADMISSION_DEPOSIT - 3000) / 4000) * BINS)}`;

function train(rows: readonly Patient[]): Model {
  const sums = (key: (of: Facts) => string) => {
    const found = new Map<string, [n: number, stays: number]>();
    for (const row of rows) {
      const sum = found.get(key(row)) ?? [0, 0];
      sum[0]++;
      sum[1] += row.stay;
      found.set(key(row), sum);
    }
    return found;
  };
  const drawn = ([n, stays]: readonly [number, number] = [0, 0], towards: number, strength: number) =>
    (stays + strength * towards) / (n + strength);
  const mean = rows.reduce((sum, { stay }) => sum + stay, 0) / rows.length;
  const [cells, bins] = [sums(cellOf), sums(binOf)];
  return (of) => drawn(bins.get(binOf(of)), drawn(cells.get(cellOf(of)), mean, 5), 20);
}

/** Trains as TRAIN_MODEL does, by the same division of rows, in a drift. @returns null: there are too few rows */
export function simulated(seed: number): Simulated | null {
  const drift = driftOf(seed);
  const next = random(seed);
  const history = 60 + Math.floor(next() * 90);
  const aDay = 30 + Math.floor(next() * 90);
  const before = new ChangingHospital(seed, () => USUAL);
  const old = Array.from({ length: history }, (_, i) => before.admissions(i - history, aDay)).flat();
  const today = drift.trainedOn;
  const hospital = new ChangingHospital(seed + 1e6, drift.worldOf);
  const young = Array.from({ length: today + 1 }, (_, day) => hospital.admissions(day, drift.aDay)).flat();
  const all = [...old, ...young];
  const champion = train(old);

  const hasEnded = ({ came, stay }: Patient) => came + stay <= today;
  const cohort = mature(all, today, hasEnded);
  const last = cohort.reduce((day, { came }) => Math.max(day, came), -history);
  const recentDays = seed % 3 === 0 ? null : Math.max(42, Math.ceil(3000 / drift.aDay));
  const used = recentDays === null ? cohort : cohort.filter(({ came }) => came > last - recentDays);
  const days = used.map(({ came }) => came).sort((a, b) => a - b);
  const from = days[Math.floor(days.length * 0.8)]!;
  const late = used.filter(({ came }) => came >= from);
  const holdout = recentDays === null ? late.filter(() => next() < 0.4) : late;
  const early = used.filter(({ came }) => came < from);
  const training = recentDays === null ? early : early.filter(() => next() < 0.8);
  if (holdout.length < 50 || training.length < 50) return null;
  const challenger = train(training);
  return {
    comparison: compared(holdout, challenger, champion),
    newest: () => newestOf(all, holdout, today - 1, challenger, champion),
    worse: trueError(challenger, drift.worldOf(today)) / trueError(champion, drift.worldOf(today)),
  };
}

/** Those admitted before the first day of whose week more than one in twenty are still in; of them the ended ones. */
function mature(all: readonly Patient[], today: number, hasEnded: (one: Patient) => boolean): Patient[] {
  const came = new Map<number, [n: number, open: number]>();
  for (const one of all) {
    const sum = came.get(one.came) ?? [0, 0];
    sum[0]++;
    if (!hasEnded(one)) sum[1]++;
    came.set(one.came, sum);
  }
  for (let day = today - 60; day <= today; day++) {
    const week = Array.from({ length: 7 }, (_, i) => came.get(day + i) ?? [0, 0]);
    const [n, open] = [0, 1].map((of) => week.reduce((sum, each) => sum + each[of]!, 0)) as [number, number];
    if (open > 0.05 * n) return all.filter((one) => one.came < day && hasEnded(one));
  }
  return all.filter(hasEnded);
}

function compared(holdout: readonly Patient[], challenger: Model, champion: Model): Comparison {
  const blocks: Record<string, number>[] = Array.from({ length: 256 }, () => ({
    ...{ N: 0, A: 0, B: 0, A_SCORE: 0, B_SCORE: 0 },
  }));
  for (const one of holdout) {
    const block = blocks[one.id % 256]!;
    block.N!++;
    block.A! += (challenger(one) - one.stay) ** 2;
    block.B! += (champion(one) - one.stay) ** 2;
    block.A_SCORE! += crps(curveOf(challenger(one)), one.stay);
    block.B_SCORE! += crps(curveOf(champion(one)), one.stay);
  }
  const filled = blocks.filter(({ N }) => N! > 0);
  const rmse = (sums: Block, side: 'A' | 'B') => Math.sqrt(sums[side]! / sums.N!);
  const score = (sums: Block, side: 'A' | 'B') => sums[`${side}_SCORE`]! / sums.N!;
  const gain = (sums: Block) => rmse(sums, 'B') - rmse(sums, 'A');
  const scoreGain = (sums: Block) => score(sums, 'B') - score(sums, 'A');
  const sums = total(filled);
  const confidence = bootstrap(filled, { gain, scoreGain });
  const rmseGain = { days: gain(sums), confidence: confidence.gain! };
  const side = (version: string, of: 'A' | 'B') => ({
    ...{ version, rmse: rmse(sums, of), mae: 0, bias: 0, crps: score(sums, of) },
  });
  return {
    rows: holdout.length,
    a: side('v2', 'A'),
    b: side('v1', 'B'),
    rmseGain,
    maeGain: rmseGain,
    crpsGain: { days: scoreGain(sums), confidence: confidence.scoreGain! },
  };
}

/** What compareNewest finds. @param asOf the last day whose end has been seen */
function newestOf(
  all: readonly Patient[],
  holdout: readonly Patient[],
  asOf: number,
  challenger: Model,
  champion: Model,
): Newest {
  const stays = holdout.map(({ stay }) => stay).sort((a, b) => a - b);
  const { days, lateDays } = newestDays(stays[Math.floor(0.75 * (stays.length - 1))]!);
  const asked = all
    .filter(({ came }) => came > asOf - days && came <= asOf)
    .map((one) => {
      const seen = asOf - one.came;
      const stay = one.stay <= seen ? one.stay : null;
      const score = (model: Model) => soFar(curveOf(model(one)), model(one), seen, stay).score;
      return { seen, gain: score(champion) - score(challenger) };
    });
  return {
    rows: asked.length,
    days,
    gain: gainOf(asked.map(({ gain }) => gain)),
    late: gainOf(asked.filter(({ seen }) => seen < lateDays).map(({ gain }) => gain)),
    lateDays,
  };
}

function gainOf(gains: readonly number[]): Gain {
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1);
  return { days: mean, noise: Math.sqrt(variance / gains.length) };
}

const curves = new Map<number, Curve>();

/** Stays are gamma of shape 3, in whole days. */
function curveOf(mean: number): Curve {
  const rounded = Math.max(0.5, Math.round(mean * 50) / 50);
  let curve = curves.get(rounded);
  if (!curve) {
    const days = Array.from({ length: Math.ceil(rounded * 5) + 2 }, (_, day) => day);
    const gone = days.map((day) => {
      const x = (3 * (day + 0.5)) / rounded;
      return 1 - Math.exp(-x) * (1 + x + (x * x) / 2);
    });
    gone[gone.length - 1] = 1;
    curve = { days, gone };
    curves.set(rounded, curve);
  }
  return curve;
}

/** Root mean squared error on made-up patients whose expected stays and variances are known. */
function trueError(model: Model, world: World): number {
  const hospital = new ChangingHospital(99, () => world);
  let squares = 0;
  for (let i = 0; i < 1000; i++) {
    const facts = hospital.facts(0);
    const expected = meanStay(facts, world);
    squares += varianceOfStay(expected) + (model(facts) - expected) ** 2;
  }
  return Math.sqrt(squares / 1000);
}
