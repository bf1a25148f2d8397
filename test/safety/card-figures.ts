import { expect } from 'chai';
import { drive } from '../../deploy/clients/drive.js';
import type { Context } from '../../deploy/context.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { longStayDaysOf } from '../../procedures/dataset/long-stay.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { rawRows } from '../../procedures/dataset/raw.js';
import { qualify } from '../../procedures/ground/names.js';
import { groupColumns, groupSelect, markSmallGroups } from '../../procedures/ground/small-groups.js';
import type { AppliedCard, Result } from '../../report/model/applied-card.js';

/** What a result of the card shows. */
interface Shown {
  readonly kind: string;
  readonly estimate: number;
  readonly lower?: number;
  readonly upper?: number;
}

/** Of the results that are no group's, SQL over sums of stays, and whether people see it as a share (with a decimal more than a mean in days). */
const LABELS: Readonly<Record<string, readonly [sql: string, isShare?: boolean]>> = {
  RMSE: ['SQRT(EE / W)'],
  'Mean absolute error': ['AE / W'],
  'Explained variance (R²)': ['1 - EE / (YY - Y * Y / W)', true],
  'CRPS of the predicted curve': ['CRPS / W'],
  'Bias (predicted − actual)': ['(P - Y) / W'],
  'Calibration slope (actual over predicted)': ['(PY - P * Y / W) / (PP - P * P / W)'],
  'Stays inside the 80 % interval, as a share': ['IN80 / W', true],
  'Stays inside the 95 % interval, as a share': ['IN95 / W', true],
  'Long stays predicted, as a share': ['LONG_P / W', true],
  'Long stays, as a share': ['LONG_Y / W', true],
  'Brier score of the probability of a long stay': ['BRIER / W', true],
  'CRPS of the distribution of all training stays': ['NO_FEATURES / W'],
  'RMSE of predicting the mean': ['SQRT(MEAN_EE / W)'],
  'MAE of predicting the median': ['MEDIAN_AE / W'],
};

/** Standard errors by which an end may miss that of the jackknife, and the width: a thousand replicates leave a tenth of an end, and it is not symmetric. */
const ENDS = 0.6;
const WIDTH = 0.4;

/**
 * Holds every figure of a card against SQL over the version's predictions of the holdout and its training set: estimates to the last digit that
 * is shown, standard errors of groups too; ends of the bootstrap's intervals against a jackknife over the same blocks of patients.
 */
export async function expectFigures(ctx: Context, contract: Contract, card: AppliedCard): Promise<void> {
  const { snowflake, settings } = ctx;
  const set = qualify(settings, datasetNames(contract).trainingSet);
  const stays = qualify(settings, 'CARD_STAYS_TMP');
  const longStay = longStayDaysOf(contract, settings.training.longStayDays);
  await snowflake.execute(staysSql(ctx, contract, card.version, stays));
  await drive(ctx, markSmallGroups(stays, contract.groups));
  const all = resultsOf(card, ['UsefulnessUsabilityEfficacy', 'SafetyReliability']);
  expect([...all.keys()]).to.have.members(Object.keys(LABELS));
  const [row] = await snowflake.query(figuresSql(stays, set, `SELECT 0 AS LEFT_OUT`, longStay));
  const parts = await snowflake.query(
    figuresSql(stays, set, `SELECT DISTINCT BLOCK AS LEFT_OUT FROM ${stays}`, longStay),
  );
  const n = Number(row!.N);
  for (const [i, [label, [, isShare = false]]] of Object.entries(LABELS).entries()) {
    const { estimate, lower, upper } = all.get(label)!;
    const value = Number(row![`F${i}`]);
    expectShown(estimate, value, n, isShare, label);
    if (lower === undefined || upper === undefined) continue;
    const values = parts.map((part) => Number(part[`F${i}`]));
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    const error = Math.sqrt(squares * (1 - 1 / values.length));
    expect((upper - lower) / error, `${label}: width in standard errors`).to.be.closeTo(2 * 1.96, WIDTH);
    expect((upper - value) / error, `${label}: upper end in standard errors`).to.be.closeTo(1.96, ENDS);
  }
  await expectGroups(ctx, contract, card, stays);
  await expectSides(ctx, contract, card, set);
  await snowflake.execute(`DROP TABLE ${stays}`);
}

/** Bias and coverage of every group, and their intervals by standard errors over patients. */
async function expectGroups(ctx: Context, contract: Contract, card: AppliedCard, stays: string) {
  const groups = resultsOf(card, ['FairnessEquity']);
  const { level } = groupColumns(contract.groups);
  let found = 0;
  for (const [i, columns] of contract.groups.entries()) {
    const rows = await ctx.snowflake.query(`WITH patients AS (
  SELECT ${level(i)} AS LEVEL, PATIENT, COUNT(*) AS N, SUM(WEIGHT) AS W, SUM(WEIGHT * (PREDICTED_LOS - LOS)) AS OFF,
    SUM(IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, WEIGHT, 0)) AS INSIDE FROM ${stays} GROUP BY 1, 2
),
means AS (SELECT LEVEL, SUM(N) AS N, SUM(W) AS W, SUM(OFF) / SUM(W) AS BIAS, SUM(INSIDE) / SUM(W) AS COVERAGE FROM patients GROUP BY LEVEL)
SELECT m.LEVEL, m.N, m.BIAS, m.COVERAGE, SQRT(SUM(POWER(p.OFF - m.BIAS * p.W, 2))) / m.W AS BIAS_ERROR,
  SQRT(SUM(POWER(p.INSIDE - m.COVERAGE * p.W, 2))) / m.W AS COVERAGE_ERROR
FROM means AS m JOIN patients AS p ON p.LEVEL = m.LEVEL WHERE m.N >= 30 GROUP BY m.LEVEL, m.N, m.W, m.BIAS, m.COVERAGE`);
    for (const { LEVEL, N, BIAS, COVERAGE, BIAS_ERROR, COVERAGE_ERROR } of rows) {
      const label = `${columns.join(' × ')} ${LEVEL}, ${N} stays`;
      for (const [name, value, error, isShare] of [
        ['Bias', BIAS, BIAS_ERROR, false],
        ['Inside the 80 % interval', COVERAGE, COVERAGE_ERROR, true],
      ] as const) {
        const shown = groups.get(`${name}, ${label}`);
        expect(shown, `${name}, ${label}`).to.not.equal(undefined);
        const at = (z: number) => Number(value) + z * 1.959964 * Number(error);
        expectShown(shown!.estimate, at(0), Number(N), isShare, `${name}, ${label}`);
        expectShown(shown!.lower!, at(-1), Number(N), isShare, `lower end, ${name}, ${label}`);
        expectShown(shown!.upper!, at(1), Number(N), isShare, `upper end, ${name}, ${label}`);
        found++;
      }
    }
  }
  expect(found).to.equal(groups.size).and.to.be.greaterThan(6);
}

/** How many stays, patients and days each side of the split has. */
async function expectSides(ctx: Context, { admission, patient }: Contract, card: AppliedCard, set: string) {
  const day = (end: string) =>
    admission ? `TO_VARCHAR(TO_DATE(${end}(${admission})), 'YYYY-MM-DD')` : 'NULL';
  const rows =
    await ctx.snowflake.query(`SELECT ROW_SIDE, COUNT(*) AS N, ${patient ? `COUNT(DISTINCT ${patient})` : 'NULL'} AS PATIENTS,
  ${day('MIN')} AS FIRST, ${day('MAX')} AS LAST, SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT) AS STAY FROM ${set} GROUP BY ROW_SIDE`);
  const text = JSON.stringify(card.parts.TrustIngredients);
  for (const { ROW_SIDE, N, PATIENTS, FIRST, LAST, STAY } of rows) {
    const patients = PATIENTS === null ? '' : ` of ${PATIENTS} patients`;
    const days = FIRST === null ? '' : `, admitted ${FIRST} to ${LAST}`;
    const said = `${ROW_SIDE}: ${N} stays${patients}${days}`;
    expect(text).to.contain(said);
    const [, mean] = text.split(said)[1]!.match(/^, mean stay ([\d.]+) days/) ?? [];
    if (ROW_SIDE !== 'open') expectShown(Number(mean), Number(STAY), Number(N), false, `mean of ${ROW_SIDE}`);
  }
}

function resultsOf({ parts }: AppliedCard, names: readonly string[]): Map<string, Shown> {
  const metrics = parts.KeyMetrics as unknown as Record<string, { Results: { MetricResult: Result[] } }>;
  return new Map(
    names.flatMap((name) =>
      metrics[name]!.Results.MetricResult.map(({ Label, ValueJson }): [string, Shown] => {
        const { value, ...shown } = JSON.parse(ValueJson);
        return [Label, { estimate: value, ...shown }];
      }),
    ),
  );
}

/** A figure as people see it: a mean in days has a decimal fewer than its stays have digits, a share as many. */
function expectShown(shown: number, exact: number, n: number, isShare: boolean, what: string): void {
  const unit = 10 ** -(String(n).length - (isShare ? 0 : 1));
  expect(shown, what).to.be.closeTo(exact, unit / 2 + 1e-9);
  expect(Math.abs(shown / unit - Math.round(shown / unit)), `digits of ${what}`).to.be.below(1e-6);
}

/** The holdout's predictions with what groups them, and the block of patients that each is in. */
function staysSql({ settings }: Context, contract: Contract, version: string, stays: string): string {
  const { id, patient = id, features, groups } = contract;
  const column = (name: string) => `${name in features ? 's' : 'r'}.${name}`;
  return `CREATE OR REPLACE TEMPORARY TABLE ${stays} AS
SELECT e.*, SUBSTR(MD5('block ' || TO_VARCHAR(s.${patient})), 1, 2) AS BLOCK, ${groupSelect(groups, `s.${patient}`, column).join(', ')}
FROM ${qualify(settings, 'LOS_EVALUATION')} AS e
JOIN ${qualify(settings, datasetNames(contract).trainingSet)} AS s ON TO_VARCHAR(s.${id}) = e.CASE_ID
JOIN ${rawRows(contract, qualify(settings, contract.table))} AS r ON r.${id} = s.${id}
WHERE e.VERSION = '${version}' AND e.SIDE = 'holdout'`;
}

/** The figures of LABELS, once for each block that is left out. @param leftOut SELECT of LEFT_OUT */
function figuresSql(stays: string, set: string, leftOut: string, longStayDays: number): string {
  const figures = Object.values(LABELS).map(([sql], i) => `${sql} AS F${i}`);
  return `WITH trained AS (SELECT LOS, SUM(ROW_WEIGHT) AS W FROM ${set} WHERE ROW_SIDE = 'train' GROUP BY LOS),
shares AS (SELECT LOS, W / SUM(W) OVER () AS SHARE FROM trained),
reached AS (SELECT LOS, SUM(SHARE) OVER (ORDER BY LOS) AS REACHED FROM shares),
centre AS (
  SELECT (SELECT SUM(SHARE * LOS) FROM shares) AS MEAN, (SELECT SUM(a.SHARE * b.SHARE * ABS(a.LOS - b.LOS)) FROM shares AS a CROSS JOIN shares AS b) AS SPREAD,
    (SELECT (MIN(IFF(REACHED >= .5 - 1e-9, LOS, NULL)) + MIN(IFF(REACHED > .5 + 1e-9, LOS, NULL))) / 2 FROM reached) AS MEDIAN
),
known AS (SELECT y.LOS, SUM(x.SHARE * ABS(x.LOS - y.LOS)) AS FAR FROM (SELECT DISTINCT LOS FROM ${stays}) AS y CROSS JOIN shares AS x GROUP BY y.LOS),
rows_of AS (
  SELECT e.*, k.FAR - c.SPREAD / 2 AS NO_FEATURES, c.MEAN, c.MEDIAN, IFF(e.LOS >= ${longStayDays}, 1, 0) AS IS_LONG
  FROM ${stays} AS e JOIN known AS k ON k.LOS = e.LOS CROSS JOIN centre AS c
),
blocks AS (
  SELECT BLOCK, COUNT(*) AS N, SUM(WEIGHT) AS W, SUM(WEIGHT * LOS) AS Y, SUM(WEIGHT * LOS * LOS) AS YY, SUM(WEIGHT * PREDICTED_LOS) AS P,
    SUM(WEIGHT * PREDICTED_LOS * PREDICTED_LOS) AS PP, SUM(WEIGHT * PREDICTED_LOS * LOS) AS PY,
    SUM(WEIGHT * POWER(PREDICTED_LOS - LOS, 2)) AS EE, SUM(WEIGHT * ABS(PREDICTED_LOS - LOS)) AS AE, SUM(WEIGHT * CRPS) AS CRPS,
    SUM(IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, WEIGHT, 0)) AS IN80, SUM(IFF(LOS BETWEEN LOW95_LOS AND HIGH95_LOS, WEIGHT, 0)) AS IN95,
    SUM(WEIGHT * LONG_STAY) AS LONG_P, SUM(WEIGHT * IS_LONG) AS LONG_Y, SUM(WEIGHT * POWER(LONG_STAY - IS_LONG, 2)) AS BRIER,
    SUM(WEIGHT * NO_FEATURES) AS NO_FEATURES, SUM(WEIGHT * POWER(MEAN - LOS, 2)) AS MEAN_EE, SUM(WEIGHT * ABS(MEDIAN - LOS)) AS MEDIAN_AE
  FROM rows_of GROUP BY BLOCK
),
sums AS (
  SELECT o.LEFT_OUT, ${['N', 'W', 'Y', 'YY', 'P', 'PP', 'PY', 'EE', 'AE', 'CRPS', 'IN80', 'IN95', 'LONG_P', 'LONG_Y', 'BRIER', 'NO_FEATURES', 'MEAN_EE', 'MEDIAN_AE'].map((name) => `SUM(b.${name}) AS ${name}`).join(', ')}
  FROM (${leftOut}) AS o CROSS JOIN blocks AS b WHERE b.BLOCK <> TO_VARCHAR(o.LEFT_OUT) OR TO_VARCHAR(o.LEFT_OUT) = '0' GROUP BY o.LEFT_OUT
)
SELECT N, ${figures.join(', ')} FROM sums`;
}
