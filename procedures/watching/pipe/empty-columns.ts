import { MARKS } from '../../../udfs/encoding/marks.js';
import { datasetNames } from '../../dataset/names.js';
import { sourceName } from '../../dataset/raw.js';
import { literal, qualify } from '../../ground/names.js';
import { queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import { type Sign, shareWords } from '../signs.js';
import type { Check } from './checks.js';

/** Of fewer patients a column may be empty by chance. */
const ENOUGH = 20;
/** Patients in hospital that are looked at: the newest, of whom a column that has ceased to come is missing first. */
const NEWEST = 50;
/** A feature that is missing in such a share of them is looked at. */
const EMPTY = 0.9;
/** It is a sign where it was known in such a share when patients were predicted first. */
const FILLED = 0.5;
const REMEMBERED_DAYS = 60;

/** A column that comes empty: patients in hospital are predicted without it at once, and the daily monitor sees only new admissions. */
export const emptyColumnsCheck: Check = {
  name: 'empty columns',
  kinds: ['source'],
  *look(plan) {
    const { contract, place } = plan;
    const names = Object.keys(contract.features).filter((name) => !contract.features[name]?.history);
    const patients = yield* countMissing(
      names,
      (name) => isMissing(name, name),
      'DEFAULTED',
      `${qualify(place, datasetNames(contract).features)} WHERE WITHDRAWN_AT IS NULL AND LOS IS NULL ORDER BY FIRST_BUILT_AT DESC LIMIT ${NEWEST}`,
    );
    const empty = names.filter((_, i) => isShare(patients.missing[i], patients.all, EMPTY));
    if (patients.all < ENOUGH || empty.length === 0) return [];
    const predicted = yield* countMissing(
      empty,
      (name) => isMissing(name, `GET(FEATURES, ${literal(name)})`),
      `GET(FEATURES, ${literal(MARKS.defaulted)})::VARCHAR`,
      `${qualify(place, 'LOS_PREDICTION_LOG')} WHERE DATASET = ${literal(contract.name)} AND COALESCE(REVISION, 1) = 1 AND FEATURES IS NOT NULL
  AND PREDICTED_AT > DATEADD(day, -${REMEMBERED_DAYS}, CURRENT_TIMESTAMP())`,
    );
    if (predicted.all < ENOUGH) return [];
    return empty
      .map((name, i) => ({ name, missing: predicted.missing[i] as number }))
      .filter(({ missing }) => isShare(predicted.all - missing, predicted.all, FILLED))
      .map(({ name, missing }) =>
        emptySign(plan, name, patients.missing[names.indexOf(name)] as number, patients.all, {
          known: predicted.all - missing,
          all: predicted.all,
        }),
      );
  },
};

interface Missing {
  readonly all: number;
  /** For each name, in order. */
  readonly missing: readonly number[];
}

/** SQL of whether a feature is missing: it has no value, or its default instead of one. */
function isMissing(name: string, value: string): string {
  return `${value} IS NULL OR CONTAINS(LOS_DEFAULTED, ${literal(`,${name},`)})`;
}

/**
 * How many rows there are, and in how many each feature is missing.
 * @param defaulted SQL of the names of those that have their default instead, with commas between
 * @param from what stands after FROM
 */
function* countMissing(
  names: readonly string[],
  missing: (name: string) => string,
  defaulted: string,
  from: string,
): Work<Missing> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N${names.map((name, i) => `, COUNT_IF(${missing(name)}) AS M${i}`).join('')} FROM (SELECT *, ',' || COALESCE(${defaulted}, '') || ',' AS LOS_DEFAULTED FROM ${from})`,
  );
  return { all: Number(row?.N), missing: names.map((_, i) => Number(row?.[`M${i}`])) };
}

function isShare(n: number | undefined, all: number, least: number): boolean {
  return n !== undefined && n >= least * all;
}

function emptySign(
  { contract }: WatchPlan,
  name: string,
  missing: number,
  all: number,
  before: { readonly known: number; readonly all: number },
): Sign {
  return {
    kind: 'source',
    subject: name,
    severity: 'critical',
    message: `${name} is missing in ${shareWords(missing / all, all)} of the newest ${all} patients in hospital; when they were predicted first it was known in ${shareWords(before.known / before.all, before.all)} of ${before.all} (last ${REMEMBERED_DAYS} days). A column of ${sourceName(contract)} comes empty, and predictions are made without it. Load it again: the patients are then predicted once more.`,
    lookAt: 'source',
  };
}
