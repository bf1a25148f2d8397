import type { Paces } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { flatMap } from '../ground/lists.js';
import { literal, qualified, shared } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { query, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** A group needs this many validation rows to be looked at. */
const ROWS_PER_GROUP = 50;
/** A group's pace counts as if so many rows of everybody's pace stood beside its own. */
const SHRINKAGE = 30;
/** Standard errors beyond which a pace is not chance. Many groups are looked at, so more for them. */
const BEYOND = 2;
const BEYOND_IN_GROUPS = 3;

/** Of a group of validation rows, or of all: mean exposure, and how many rows of equal weight would say as much. */
export interface Exposed {
  readonly exposure: number;
  readonly rows: number;
}

/**
 * How fast the validation rows' patients leave against what a version's curves say, over all and in groups known on admission
 * that need it; undefined where nothing needs to be corrected.
 * @param trained rows that the model was fitted to
 */
export function* fitPaces(plan: Plan, version: Version, trained: number): Work<Paces | undefined> {
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
  const all = paceOfAll(everybody, trained);
  const widened = flatMap(groups, (features, i) => {
    const paces: Record<string, number> = {};
    for (const group of exposed)
      if (group.grouping === i) {
        const pace = paceOfGroup(group, everybody);
        if (pace !== 1) paces[group.key] = pace;
      }
    return Object.keys(paces).length > 0 ? [{ features, paces }] : [];
  });
  return all === 1 && widened.length === 0 ? undefined : { all, groups: widened };
}

/**
 * Everybody's pace. Exposures are exponential where curves are right, so the logarithm of their mean has a standard error of
 * 1 / √rows. How long patients stay moves from one season to the next by more than that; the training rows are evidence
 * too, and their own pace is 1. So as much is corrected as fitting the model to these rows as well would: their share.
 */
export function paceOfAll({ exposure, rows }: Exposed, trained: number): number {
  const off = -Math.log(exposure);
  if (!(Math.abs(off) > BEYOND / Math.sqrt(rows))) return 1;
  return rounded(Math.exp((off * rows) / (rows + trained)));
}

/** A group's pace beside everybody's. */
export function paceOfGroup({ exposure, rows }: Exposed, everybody: Exposed): number {
  const off = Math.log(everybody.exposure / exposure);
  if (!(Math.abs(off) > BEYOND_IN_GROUPS / Math.sqrt(rows))) return 1;
  return rounded(Math.exp((off * rows) / (rows + SHRINKAGE)));
}

function rounded(pace: number): number {
  return Math.round(pace * 1e4) / 1e4;
}
