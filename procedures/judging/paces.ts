import type { Paces } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { flatMap } from '../ground/lists.js';
import { literal, qualified, shared } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { first, query, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** A group needs this many validation rows to be looked at. */
const ROWS_PER_GROUP = 50;
/** A group's pace counts as if so many rows of everybody's pace stood beside its own. */
const SHRINKAGE = 30;
/** Standard errors beyond which a group's pace is not chance: many groups are looked at. */
const BEYOND = 3;

/** By how much the logarithm of the mean stay falls with that of the pace: 1 where stays are exponential, .4 for the generated ones. */
const ELASTICITY = 0.7;
/** What exposures leave of the mean, about .7 % of it, is surer than chance from so many rows on. */
const MEAN_SHRINKAGE = 2400;
/** Means that differ by less are the same. */
const SAME_MEAN = 0.001;

/** Of a group of validation rows, or of all: mean exposure, and how many rows of right curves and equal weight would be as sure of it. */
export interface Exposed {
  readonly exposure: number;
  readonly rows: number;
}

/**
 * How fast the validation rows' patients leave against what a version's curves say, over all and in groups known on admission
 * that need it; undefined where nothing needs to be corrected.
 */
export function* fitPaces(plan: Plan, version: Version): Work<Paces | undefined> {
  const { contract, settings } = plan;
  const groups = contract.groups.filter((names) => names.every((name) => contract.features[name]));
  const names = Array.from(new Set(flatMap(groups, (group) => group)));
  const key = (group: readonly string[]) =>
    group.map((name) => `COALESCE(TO_VARCHAR(G_${name}), '')`).join(` || '|' || `);
  const rows = yield* query(
    sqlText(plan, 'calibration/paces', {
      columns: ['1 AS EVERYBODY', ...names.map((name) => `s.${name} AS G_${name}`)].join(', '),
      evaluation: qualified(settings, shared.evaluation),
      set: qualified(settings, datasetNames(contract).trainingSet),
      id: contract.id,
      grouped: [`${literal('')}`, ...groups.map(key)]
        .map((one, i) => `SELECT ${i - 1} AS GROUPING_NO, ${one} AS KEY, WEIGHT, EXPOSURE FROM exposed`)
        .join(' UNION ALL '),
      fewest: String(ROWS_PER_GROUP),
    }),
    [version.name],
  );
  const exposed = rows.map((row) => ({
    grouping: Number(row.GROUPING_NO),
    key: String(row.KEY),
    exposure: Number(row.EXPOSURE),
    rows: Number(row.ROWS_SEEN),
  }));
  const everybody = exposed.find(({ grouping }) => grouping < 0);
  if (!everybody) return undefined;
  // A column that divides the rows does not say that those which validate are like those to come; dates do.
  const all = contract.split ? 1 : paceOfAll(everybody);
  const ofGroups = flatMap(groups, (features, i) => {
    const paces: Record<string, number> = {};
    for (const group of exposed)
      if (group.grouping === i) {
        const pace = paceOfGroup(group, everybody);
        if (pace !== 1) paces[group.key] = pace;
      }
    return Object.keys(paces).length > 0 ? [{ features, paces }] : [];
  });
  return all === 1 && ofGroups.length === 0 ? undefined : { all, groups: ofGroups };
}

/**
 * Everybody's pace. A model of hazards that has learnt its training rows too well expects others to leave too soon: in the
 * later periods it was fitted to those of whom it knew that they stay.
 */
export function paceOfAll({ exposure, rows }: Exposed): number {
  return rounded(Math.exp((-Math.log(exposure) * rows) / (rows + SHRINKAGE)));
}

/** Mean of what the validation rows were predicted, divided by that of their stays, and how many rows of equal weight would be as sure of it. */
export interface MeanRatio {
  readonly ratio: number;
  readonly rows: number;
}

export function* meanRatio({ settings }: Plan, version: Version): Work<MeanRatio> {
  const row = yield* first(
    `SELECT SUM(WEIGHT * PREDICTED_LOS) / NULLIF(SUM(WEIGHT * LOS), 0) AS RATIO, POWER(SUM(WEIGHT), 2) / SUM(WEIGHT * WEIGHT) AS ROWS_SEEN
FROM ${qualified(settings, shared.evaluation)} WHERE VERSION = ? AND SIDE = 'validation'`,
    [version.name],
  );
  return { ratio: Number(row?.RATIO), rows: Number(row?.ROWS_SEEN) };
}

/**
 * The ratio that everybody's pace is to be moved to. Patients are more different than a model can tell, so right hazards make curves whose
 * mean is too short, and right exposures leave some of that; bed-days are sums of means. Few rows cannot tell it from chance.
 */
export function ratioWanted({ ratio, rows }: MeanRatio): number {
  return ratio ** (MEAN_SHRINKAGE / (rows + MEAN_SHRINKAGE));
}

/** A step towards the pace by which the ratio is the wanted one. @param pace by which it is what it is */
export function paceForMean(pace: number, ratio: number, wanted: number): number {
  return Math.abs(ratio / wanted - 1) > SAME_MEAN
    ? rounded(pace * Math.exp(Math.log(ratio / wanted) / ELASTICITY))
    : pace;
}

/**
 * A group's pace beside everybody's. Exposures are exponential where curves are right, so the logarithm of their mean has a
 * standard error of 1 / √rows.
 */
export function paceOfGroup({ exposure, rows }: Exposed, everybody: Exposed): number {
  const off = Math.log(everybody.exposure / exposure);
  if (!(Math.abs(off) > BEYOND / Math.sqrt(rows))) return 1;
  return rounded(Math.exp((off * rows) / (rows + SHRINKAGE)));
}

function rounded(pace: number): number {
  return Math.round(pace * 1e4) / 1e4;
}
