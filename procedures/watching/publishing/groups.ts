import { datasetNames } from '../../dataset/names.js';
import { rawRows } from '../../dataset/raw.js';
import { flatMap } from '../../ground/lists.js';
import { literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import { groupColumns, groupSelect, markSmallGroups } from '../../ground/small-groups.js';
import { execute, queryFirst, type Work } from '../../ground/work.js';
import { isPublishedSql, type Offer } from '../../publishing/publish.js';
import { roundDays, roundShare } from '../../publishing/rounding.js';
import type { WatchPlan } from '../plan.js';

/** Two-sided 95 %. */
const Z95 = 1.959963984540054;
/** Of which part of its holdout nothing was published by groups before; with less a version's figures would be those of few. */
const LEAST_NEW = 0.5;
/** Groups of fewer rows say little about the model, as in LOS_EVALUATION_METRICS. */
const FEWEST_ROWS = 30;

/**
 * Offers how a version predicted the groups of its holdout, as LOS_GROUP_FIGURES shows it, once. The figures are about stays that no version's were
 * about before, so that no two of them differ by a few; and a stay in a group of fewer than ten patients by one column counts among the small
 * groups by all, so that neither do figures by two columns.
 * @returns null: there is nothing to offer
 */
export function* offerGroups(plan: WatchPlan, version: string): Work<Offer | null> {
  const { contract, place } = plan;
  const { groups, id } = contract;
  const [evaluation, features] = [
    qualify(place, 'LOS_EVALUATION'),
    qualify(place, datasetNames(contract).features),
  ];
  const isOld = isPublishedSql(
    { place, dataset: contract.name },
    'groups',
    'CASE_ID',
    'TO_VARCHAR(LOS)',
    'any',
  );
  const holdout = `SELECT * FROM ${evaluation} WHERE VERSION = ${literal(version)} AND SIDE = 'holdout'`;
  if (groups.length === 0 || !(yield* isMostlyNew(holdout, isOld))) return null;
  const stays = qualify(place, 'LOS_GROUP_STAYS_TMP');
  const columns = Array.from(new Set(flatMap(groups, (names) => names)));
  const raw = columns.filter((name) => !contract.features[name] && name !== id);
  yield* execute(
    sqlText(plan, 'publishing/group-stays', {
      ...{ stays, id, features, isOld, holdout },
      keys: groupSelect(
        groups,
        `f.${contract.patient || id}`,
        (name) => `${raw.indexOf(name) < 0 ? 'f' : 'r'}.${name}`,
      ).join(', '),
      raw: `SELECT ${[id].concat(raw).join(', ')} FROM ${rawRows(contract, qualify(place, contract.table))} QUALIFY ROW_NUMBER() OVER (PARTITION BY ${id} ORDER BY ${id}) = 1`,
    }),
  );
  // What all share makes them one part (linkGroupings).
  const linked = groups.map((names) => names.concat('every stay'));
  yield* markSmallGroups(stays, linked);
  const { level } = groupColumns(linked);
  return {
    kind: 'groups',
    members: `SELECT ${literal(version)} AS SUBJECT, CASE_ID, PATIENT, TO_VARCHAR(LOS) AS STATE FROM ${stays}`,
    figures: () => ({
      sql: sqlText(plan, 'publishing/groups', {
        version: literal(version),
        fewest: String(FEWEST_ROWS),
        grouped: groups
          .map(
            (names, i) =>
              `SELECT ${literal(names.join(' × '))} AS GROUPED_BY, ${level(i)} AS LEVEL, * FROM ${stays}`,
          )
          .join('\n  UNION ALL '),
        ...meansSql(),
      }),
    }),
  };
}

/** Whether most stays of a holdout are of none that was published by groups; of a version that was they are not. */
function* isMostlyNew(holdout: string, isOld: string): Work<boolean> {
  const row = yield* queryFirst(`SELECT COUNT(*) AS N, COUNT_IF(NOT ${isOld}) AS FRESH FROM (${holdout})`);
  return Number(row?.N) > 0 && Number(row?.FRESH) >= LEAST_NEW * Number(row?.N);
}

/** Means by their names in LOS_GROUP_FIGURES: SQL of each stay's value. */
const MEANS = {
  BIAS: 'PREDICTED_LOS - LOS',
  COVERAGE_80: 'IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, 1, 0)',
  GONE_7: 'GONE_BY_7 - IFF(CEIL(LOS) <= 7, 1, 0)',
  GONE_14: 'GONE_BY_14 - IFF(CEIL(LOS) <= 14, 1, 0)',
} as const;

/** SQL of a patient's sums, of means with standard errors over patients, and of each mean and the ends of its 95 % interval, rounded. */
function meansSql() {
  const names = Object.keys(MEANS) as (keyof typeof MEANS)[];
  return {
    sums: names.map((name) => `SUM(WEIGHT * (${MEANS[name]})) AS ${name}`).join(', '),
    means: names.map((name) => `SUM(${name}) / SUM(W) AS ${name}`).join(', '),
    errors: names
      .map(
        (name) =>
          `SQRT(SUM(POWER(p.${name} - m.${name} * p.W, 2))) / ANY_VALUE(m.W) AS ${name}_ERROR, ANY_VALUE(m.${name}) AS ${name}`,
      )
      .join(', '),
    ends: names
      .map((name) => {
        const round = name === 'BIAS' ? roundDays : roundShare;
        const field = (suffix: string, z: number) =>
          `'${name}${suffix}', ${round(`${name} + ${z} * ${name}_ERROR`, 'N')}`;
        return [field('', 0), field('_LOW', -Z95), field('_HIGH', Z95)].join(', ');
      })
      .join(', '),
  };
}
