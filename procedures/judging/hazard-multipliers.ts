import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { hashBelow, type SplitResult } from '../fitting/split.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { query, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Rows of a side that are enough to say what curves add up to; more only cost requests. */
const MOST_ROWS = 20_000;
/**
 * At these paces of everybody curves are summed up; between two of them the logarithm of the sum is a straight line over that of the
 * pace, which it is to about .001.
 */
const PACES: readonly number[] = [0.5, 0.65, 0.8, 0.87, 0.94, 1, 1.06, 1.15, 1.3, 1.6, 2];
/** Standard errors by which later rows may differ from those before them though nothing has changed. */
const CHANCE = 2;
/** Later rows of a hospital that differ by less than so much, as a logarithm, may differ by the season (those of HDHI did by .15). */
const SEASON = 0.2;
/** Paces that differ by less are the same. */
const SAME_PACE = 0.001;

/** Sums of the curves of a side's rows. */
export interface Sums {
  /** Their bed-days at each of PACES, divided by those that there were. */
  readonly ratios: readonly number[];
  /** Standard error of a ratio. */
  readonly noise: number;
}

/**
 * The pace of everybody by which curves add up to the bed-days that there are, asked through the version's own external function. Where
 * a column names the rows that validate, they need not be like those to come, nor these like those before: it is 1.
 * @param split how many rows of each side there are
 */
export function* fitHazardMultiplier(
  plan: Plan,
  version: Version,
  split: Pick<SplitResult, 'train' | 'validation'>,
): Work<number> {
  const { contract, settings } = plan;
  if (contract.split && contract.split.validation !== undefined) return 1;
  const sampleCondition = (side: 'train' | 'validation') =>
    `ROW_SIDE = '${side}'${split[side] > MOST_ROWS ? ` AND ${hashBelow(contract.id, MOST_ROWS / split[side], 'sample')}` : ''}`;
  const rows = yield* query(
    sqlText(plan, 'calibration/paced-means', {
      means: qualify(settings, 'LOS_MEANS_BY_PACE'),
      paces: literal(JSON.stringify(PACES)),
      as_is: String(PACES.indexOf(1)),
      sums: PACES.map((_, i) => `SUM(WEIGHT * MEANS[${i}]::FLOAT) AS BED_DAYS_${i}`).join(', '),
      predict: qualify(settings, version.predict),
      object: featureObject(contract),
      set: qualify(settings, datasetNames(contract).trainingSet),
      which: `${sampleCondition('train')} OR ${sampleCondition('validation')}`,
    }),
  );
  const sums = (side: string): Sums | undefined => {
    const row = rows.find(({ SIDE }) => SIDE === side);
    const stays = Number(row?.STAYS);
    if (!row || !(stays > 0)) return undefined;
    return {
      ratios: PACES.map((_, i) => Number(row[`BED_DAYS_${i}`]) / stays),
      noise: Number(row.NOISE) / stays,
    };
  };
  const train = sums('train');
  return train ? multiplierOfAll(train, sums('validation')) : 1;
}

/**
 * Everybody's pace. Patients are more different than a model tells, so hazards that are right period by period make curves that add up
 * to too few days, on the very rows that they were fitted to: on these alone that is not a matter of chance.
 *
 * Later rows, which the model was not fitted to, say whether stays have changed since. Where they differ from that by no more than chance,
 * both sides' bed-days are believed as much as each is sure. Where they differ by more, the level of stays moves by more than what a pace
 * would mend: training rows would pull new months to older ones, and later rows pull the next months to a season that is over. Then
 * curves stay as they are (bench/notes/curve.md), unless the change is greater than a season's: then later rows are believed by as much
 * more (an empirical Bayes estimate: Efron, Morris, "Stein's Estimation Rule and Its Competitors", JASA 1973).
 */
export function multiplierOfAll(train: Sums, later?: Sums): number {
  let pace = paceAt(train, 1);
  if (later) {
    const off = Math.log(ratioAt(later, pace));
    const own = train.noise ** 2;
    const chance = own + later.noise ** 2;
    const change = Math.max(0, off ** 2 - CHANCE ** 2 * chance);
    if (change > 0 && Math.abs(off) < SEASON) return 1;
    const believed = (own + change) / (chance + change);
    if (believed > 0) pace = paceAt(later, Math.exp(off * (1 - believed)));
  }
  return Math.abs(pace - 1) > SAME_PACE ? round4(pace) : 1;
}

/** The pace at which bed-days have a ratio to those that there were; within PACES. */
function paceAt({ ratios }: Sums, wanted: number): number {
  // Slower patients have more bed-days, so ratios fall.
  let i = 1;
  while (i < PACES.length - 1 && (ratios[i] as number) > wanted) i++;
  const [before, after] = [ratios[i - 1] as number, ratios[i] as number];
  const part = Math.log(before / wanted) / Math.log(before / after);
  const [slow, fast] = [PACES[i - 1] as number, PACES[i] as number];
  return slow * (fast / slow) ** Math.min(1, Math.max(0, part));
}

/** The inverse. */
function ratioAt({ ratios }: Sums, pace: number): number {
  let i = 1;
  while (i < PACES.length - 1 && (PACES[i] as number) < pace) i++;
  const [slow, fast] = [PACES[i - 1] as number, PACES[i] as number];
  const part = Math.log(pace / slow) / Math.log(fast / slow);
  return (ratios[i - 1] as number) * ((ratios[i] as number) / (ratios[i - 1] as number)) ** part;
}

function round4(pace: number): number {
  return Math.round(pace * 1e4) / 1e4;
}
