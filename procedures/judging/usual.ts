import { type FeatureCode, RARELY_ABSENT } from '../../udfs/encoding/encoding.js';
import type { Inputs } from '../../udfs/model.js';
import type { Contract } from '../dataset/contract.js';
import { finiteFeature } from '../dataset/feature-sql.js';
import { historyFeatures } from '../dataset/history.js';
import { datasetNames } from '../dataset/names.js';
import type { Selection } from '../fitting/selection.js';
import { flatMap, fromEntries, hasOwn } from '../ground/lists.js';
import { literal, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf } from '../ground/small-groups.js';
import { queryFirst, type Row, type Work } from '../ground/work.js';

/**
 * The codes with what is usual of each feature among the training rows (the median of a number, the commonest level of a category),
 * and which share of these rows has no value of it. That usual value stands in where hardly any training row lacked one
 * (udfs/encoding/encoding.ts), and reasons are told against it (judging/references.ts). What fewer than ten patients have is no
 * usual value, and a share that is about fewer counts as none.
 */
export function* withUsual(
  { contract, settings }: Plan,
  features: readonly FeatureCode[],
): Work<FeatureCode[]> {
  const table = qualify(settings, datasetNames(contract).trainingSet);
  const patient = patientOf(contract);
  const given = flatMap(features, (code, i) => {
    const value = code.kind === 'numeric' ? finiteFeature(contract, code.name) : code.name;
    return [`${value} AS V${i}`, `${value} IS NULL${ofDefault(contract, code.name)} AS X${i}`];
  });
  // Each condition is looked at once, however many figures are made of it.
  const rows = `(SELECT LOS_PERSON, ${given.join(', ')}
FROM (SELECT *, ${patient} AS LOS_PERSON, ',' || DEFAULTED || ',' AS ${DEFAULTS} FROM ${table} WHERE ROW_SIDE = 'train'))`;
  const row: Row =
    (yield* queryFirst(
      `SELECT COUNT(DISTINCT LOS_PERSON) AS PATIENTS, ${features
        .map(
          ({ kind }, i) =>
            `${kind === 'numeric' ? 'MEDIAN' : 'MODE'}(V${i}) AS U${i}, COUNT_IF(X${i}) / COUNT(*) AS A${i}, COUNT(DISTINCT IFF(X${i}, LOS_PERSON, NULL)) AS WITHOUT_${i}`,
        )
        .join(',\n  ')}\nFROM ${rows}`,
    )) || {};
  // How many ever have a value is asked only where nearly all lack it at times.
  const unsure = features
    .map((_, i) => i)
    .filter((i) => Number(row.PATIENTS || 0) - Number(row[`WITHOUT_${i}`] || 0) < FEWEST_PATIENTS);
  const having: Row =
    (unsure.length > 0 &&
      (yield* queryFirst(
        `SELECT ${unsure.map((i) => `COUNT(DISTINCT IFF(X${i}, NULL, LOS_PERSON)) AS WITH_${i}`).join(', ')}\nFROM ${rows}`,
      ))) ||
    {};
  const ranges = yield* readRanges(table, patient, contract, features);
  return features.map((code, i) => {
    const range = code.kind === 'numeric' ? ranges(i) : undefined;
    const fewHave = unsure.indexOf(i) >= 0 && Number(having[`WITH_${i}`] || 0) < FEWEST_PATIENTS;
    const fewLack = Number(row[`WITHOUT_${i}`] || 0) < FEWEST_PATIENTS;
    const share = Math.round(Number(row[`A${i}`] || 0) * 1e4) / 1e4;
    const most = fewHave ? 1 : share;
    const absent = fewLack ? 0 : most;
    const usual = row[`U${i}`] as string | number | null | undefined;
    if (usual === null || usual === undefined || fewHave || isRare(code, usual)) return { ...code, absent };
    return { ...code, absent, usual, ...(range ? { range } : {}) };
  });
}

/** The least and the most of each number that all of ten parts of the patients reach, and so ten patients; by the place of its code. */
function* readRanges(
  table: string,
  patient: string,
  contract: Contract,
  features: readonly FeatureCode[],
): Work<(i: number) => readonly [number, number] | undefined> {
  const values = flatMap(features, ({ kind, name }, i) =>
    kind === 'numeric' ? [{ i, value: finiteFeature(contract, name) }] : [],
  );
  if (values.length === 0) return () => undefined;
  const list = (sql: (value: { i: number; value: string }) => string) => values.map(sql).join(', ');
  const row: Row =
    (yield* queryFirst(
      `SELECT ${list(({ i }) => `IFF(COUNT(L${i}) = ${FEWEST_PATIENTS}, MAX(L${i}), NULL) AS L${i}, MIN(H${i}) AS H${i}`)}
FROM (
  SELECT MOD(ABS(HASH(${patient})), ${FEWEST_PATIENTS}) AS PART, ${list(({ i, value }) => `MIN(${value}) AS L${i}, MAX(${value}) AS H${i}`)}
  FROM ${table} WHERE ROW_SIDE = 'train' GROUP BY PART
)`,
    )) || {};
  return (i) => {
    const [low, high] = [row[`L${i}`], row[`H${i}`]];
    if (low === null || low === undefined || high === null || high === undefined) return undefined;
    // With few patients of which each has another number the parts may cross.
    return Number(low) <= Number(high) ? [Number(low), Number(high)] : undefined;
  };
}

/** Tells whether the encoder has no place of its own for a level, because too few patients had it. */
function isRare(code: FeatureCode, level: string | number): boolean {
  if (code.kind === 'onehot') return code.levels.indexOf(String(level)) < 0;
  if (code.kind === 'target') return !hasOwn(code.levels, String(level));
  return code.kind === 'packed' && !code.groups.some(([, levels]) => levels.indexOf(String(level)) >= 0);
}

/** The names of a row's features with a default in it, a comma before and behind each. */
const DEFAULTS = 'LOS_DEFAULTS';

/** Rows in which the contract's default is imputed have none. */
function ofDefault({ features }: Contract, name: string): string {
  return features[name]?.default === undefined ? '' : ` OR CONTAINS(${DEFAULTS}, ${literal(`,${name},`)})`;
}

/** Features with a default that hardly any training row needed. */
export function rareDefaults({ features }: Contract, codes: readonly FeatureCode[]): string[] {
  return codes
    .filter(({ name, absent }) => features[name]?.default !== undefined && (absent || 0) < RARELY_ABSENT)
    .map(({ name }) => name);
}

/** Usual values by feature, as far as there are any. */
export function usualOf(codes: readonly FeatureCode[]): Record<string, string | number> {
  return fromEntries(
    flatMap(codes, ({ name, usual }): [string, string | number][] =>
      usual === undefined ? [] : [[name, usual]],
    ),
  );
}

/**
 * Inputs that a version makes of what a caller says.
 * @param kept the version's features
 * @param rare of all of the contract's features
 * @param selection what permuting each feature costs; null: none was made, and each counts the same
 */
export function inputsOf(
  { contract, reads }: Pick<Plan, 'contract' | 'reads'>,
  kept: readonly FeatureCode[],
  rare: readonly string[],
  selection: Pick<Selection, 'shares'> | null,
): Inputs {
  const { columns, features, sources = {} } = contract;
  const into: Record<string, string[]> = {};
  for (const name of Object.keys(columns).concat(Object.keys(features))) into[name] = [];
  const isKept = (name: string) => kept.some((code) => code.name === name);
  for (const name of Object.keys(features)) {
    if (!isKept(name)) continue;
    for (const from of (reads[name] || []).concat(name))
      if ((into[from] as string[]).indexOf(name) < 0) (into[from] as string[]).push(name);
  }
  const cost = (name: string) => selection?.shares[name] || 0;
  const all = kept.reduce((sum, { name }) => sum + cost(name), 0);
  const share = (name: string) => (all > 0 ? cost(name) / all : 1 / kept.length);
  const called = fromEntries(
    flatMap(Object.entries(sources), ([name, source]): [string, string][] =>
      source.toUpperCase() === name ? [] : [[source.toUpperCase(), name]],
    ),
  );
  return {
    into,
    ...(Object.keys(called).length > 0 ? { called } : {}),
    id: contract.id,
    rareDefaults: rare,
    history: historyFeatures(contract)
      .map(([name]) => name)
      .filter(isKept),
    shares: fromEntries(
      kept.map(({ name }): [string, number] => [name, Math.round(share(name) * 1e6) / 1e6]),
    ),
  };
}
