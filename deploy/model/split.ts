import type { Snowflake } from '../clients/snowflake.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames, literal, qualified } from '../dataset/names.js';
import { UserError } from '../errors.js';
import { modelMarker } from '../resources/marker.js';
import type { Settings } from '../settings/settings.js';

/** How the labelled rows were divided, and what was left out. */
export interface SplitResult {
  /** One sentence for people: the rule. */
  readonly rule: string;
  readonly train: number;
  /** Rows that decide when boosting stops and calibrate the intervals; never fitted to. */
  readonly validation: number;
  /** Rows that nothing of the model has seen: every quoted metric is on them. */
  readonly holdout: number;
  /** Stays that had not ended, and the admissions younger than the mature cohort: not used. */
  readonly unfinished: number;
  readonly immature: number;
  readonly trainMean: number;
  readonly trainMin: number;
}

/** The cohort ends where, over a week of admissions, more than this share of stays has not ended. */
const OPEN_SHARE = 0.05;

/**
 * Writes the training set: every usable labelled row with its side.
 *
 * With dates: the latest admissions (settings.training.holdoutShare) are set aside. Of these, patients that
 * the training rows do not know are the holdout; returning patients are the validation side. So the model
 * is judged on later admissions of patients it has never seen. Without a patient column halves by a hash.
 *
 * Unfinished stays: dropping them would keep only the short stays of late admissions. So the cohort ends
 * before the first day at which more than 5 % of the admissions of the week up to it are still open: nearly
 * every admission in it has its stay, and the few that have not are counted.
 *
 * With a split column: that column; without dates: a random 20 % by a hash of the patient or the id. In both
 * cases a tenth of the training side, by hash, validates.
 */
export async function splitRows(
  snowflake: Snowflake,
  contract: Contract,
  settings: Settings,
): Promise<SplitResult> {
  const names = datasetNames(contract);
  const source = qualified(settings, names.features);
  const target = qualified(settings, names.trainingSet);
  const { side, rule, cohort } = await sideRule(snowflake, contract, settings, source);
  await snowflake.execute(`CREATE OR REPLACE TRANSIENT TABLE ${target}
COMMENT = ${literal(modelMarker(settings.prefix, contract.name))} AS
SELECT f.*, ${side} AS SIDE FROM ${source} AS f WHERE LOS IS NOT NULL${cohort ? ` AND ${cohort}` : ''}`);
  const [counts] = await snowflake.query<Record<string, number | null>>(`SELECT
  COUNT_IF(SIDE = 'train') AS TRAIN, COUNT_IF(SIDE = 'validation') AS VALIDATION,
  COUNT_IF(SIDE = 'holdout') AS HOLDOUT, AVG(IFF(SIDE = 'train', LOS, NULL)) AS TRAIN_MEAN,
  MIN(IFF(SIDE = 'train', LOS, NULL)) AS TRAIN_MIN FROM ${target}`);
  const [left] = await snowflake.query<Record<string, number>>(`SELECT COUNT_IF(LOS IS NULL) AS UNFINISHED,
  ${cohort ? `COUNT_IF(LOS IS NOT NULL AND NOT (${cohort}))` : '0'} AS IMMATURE FROM ${source}`);
  const result: SplitResult = {
    rule,
    train: Number(counts?.TRAIN ?? 0),
    validation: Number(counts?.VALIDATION ?? 0),
    holdout: Number(counts?.HOLDOUT ?? 0),
    unfinished: Number(left?.UNFINISHED ?? 0),
    immature: Number(left?.IMMATURE ?? 0),
    trainMean: Number(counts?.TRAIN_MEAN ?? Number.NaN),
    trainMin: Number(counts?.TRAIN_MIN ?? Number.NaN),
  };
  for (const [name, rows] of Object.entries({
    training: result.train,
    validation: result.validation,
    holdout: result.holdout,
  }))
    if (rows < 100)
      throw new UserError(`Only ${rows} rows would be left for ${name} of ${contract.name} (${rule}).`, {
        next: 'Load more discharged admissions, or change training.holdoutShare.',
      });
  return result;
}

interface SideRule {
  readonly side: string;
  readonly rule: string;
  readonly cohort: string | null;
}

async function sideRule(
  snowflake: Snowflake,
  contract: Contract,
  settings: Settings,
  source: string,
): Promise<SideRule> {
  const { admission, patient, id, split } = contract;
  const share = settings.training.holdoutShare;
  if (split) {
    const named = (value: string) => `TO_VARCHAR(${split.column}) = ${literal(value)}`;
    return {
      side: `CASE WHEN ${named(split.holdout)} THEN 'holdout' WHEN ${hashBelow(id, 0.1, 'side')} THEN 'validation' ELSE 'train' END`,
      rule: `column ${split.column} says which rows are the holdout; a random tenth of the others validates`,
      cohort: `(${named(split.training)} OR ${named(split.holdout)})`,
    };
  }
  if (!admission)
    return {
      side: `CASE WHEN ${hashBelow(patient ?? id, share, 'side')} THEN 'holdout' WHEN ${hashBelow(patient ?? id, share + (1 - share) * 0.1, 'side')} THEN 'validation' ELSE 'train' END`,
      rule: `there are no dates, so a random ${percent(share)} of the ${patient ? 'patients' : 'rows'} is the holdout`,
      cohort: null,
    };

  const matureBefore = await firstOpenDay(snowflake, admission, source);
  const cohort = matureBefore === null ? null : `${admission} < TO_DATE(${literal(matureBefore)})`;
  const [row] = await snowflake.query<{ FROM_DAY: string | null }>(`SELECT
  TO_VARCHAR(TO_DATE(PERCENTILE_DISC(${1 - share}) WITHIN GROUP (ORDER BY ${admission})), 'YYYY-MM-DD') AS FROM_DAY
FROM ${source} WHERE LOS IS NOT NULL${cohort ? ` AND ${cohort}` : ''}`);
  if (!row?.FROM_DAY)
    throw new UserError(`${contract.name} has no discharged admissions to train on.`, {
      next: 'Load admissions with their discharges first (los demo shows how).',
    });
  const late = `${admission} >= TO_DATE(${literal(row.FROM_DAY)})`;
  const unknownPatient = `MIN(${admission}) OVER (PARTITION BY ${patient}) >= TO_DATE(${literal(row.FROM_DAY)})`;
  return {
    side: `CASE WHEN NOT (${late}) THEN 'train' WHEN ${patient ? unknownPatient : hashBelow(id, 0.5, 'side')} THEN 'holdout' ELSE 'validation' END`,
    rule:
      `admissions from ${row.FROM_DAY} on are set aside: ` +
      (patient
        ? 'new patients are the holdout, returning ones validate'
        : 'half is the holdout, half validates'),
    cohort,
  };
}

/** First day of admission whose week has too many open stays; null when there is none. */
async function firstOpenDay(snowflake: Snowflake, admission: string, source: string): Promise<string | null> {
  const [row] = await snowflake.query<{ OPEN_DAY: string | null }>(`SELECT
  TO_VARCHAR(MIN(DAY), 'YYYY-MM-DD') AS OPEN_DAY
FROM (
  SELECT DAY, SUM(ADMISSIONS) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS WEEK_ADMISSIONS,
    SUM(STAYS) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS WEEK_STAYS
  FROM (SELECT TO_DATE(${admission}) AS DAY, COUNT(*) AS ADMISSIONS, COUNT(LOS) AS STAYS FROM ${source} GROUP BY 1)
)
WHERE WEEK_ADMISSIONS - WEEK_STAYS > ${OPEN_SHARE} * WEEK_ADMISSIONS`);
  return row?.OPEN_DAY ?? null;
}

/**
 * True for a share of the values of a column, always the same ones.
 * @param purpose what is chosen: choices for different purposes are independent of each other. With one hash
 *   for all, rows kept back to arrive later would have taken every row that was to validate.
 */
export function hashBelow(column: string, share: number, purpose: 'arrival' | 'side' | 'sample'): string {
  const bound = Math.round(share * 0xffffff)
    .toString(16)
    .padStart(6, '0');
  return `SUBSTR(MD5(${literal(`${purpose} `)} || TO_VARCHAR(${column})), 1, 6) < '${bound}'`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
