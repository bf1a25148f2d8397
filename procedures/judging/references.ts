import type { FeatureCode } from '../../udfs/encoding.js';
import type { Model } from '../../udfs/model.js';
import type { Contract } from '../dataset/contract.js';
import { finiteFeature, objectOf } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { flatMap, fromEntries } from '../ground/lists.js';
import { literal, qualified } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { first, query, type Row, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Features that reasons are looked for among; each costs one prediction more a row. */
const EXPLAINED = 10;
/** Validation rows on which the features are compared. */
const SAMPLE = 200;

/**
 * The usual value of each feature among the training rows: the median of a number, the commonest level of a
 * category. Reasons say how far a patient's value moved the prediction away from what this value would give,
 * everything else left as it is. The built-in container returns no contributions (SHAP), so the model is
 * asked: one prediction more per feature. Effects that two features have only together are not told apart.
 * @param features the version's, without those that selection dropped
 */
export function* fitReferences(
  { contract, settings }: Plan,
  features: readonly FeatureCode[],
): Work<Record<string, string | number>> {
  const table = qualified(settings, datasetNames(contract).trainingSet);
  const row: Row =
    (yield* first(
      `SELECT ${features
        .map(({ name, kind }) =>
          kind === 'numeric'
            ? `MEDIAN(${finiteFeature(contract, name)}) AS ${name}`
            : `MODE(${name}) AS ${name}`,
        )
        .join(', ')} FROM ${table} WHERE ROW_SIDE = 'train'`,
    )) || {};
  return fromEntries(
    flatMap(features, ({ name }): [string, string | number][] => {
      const value = row[name] as string | number | null | undefined;
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Those of some features. */
export function referencesOf(
  references: Readonly<Record<string, string | number>>,
  features: readonly FeatureCode[],
): Record<string, string | number> {
  return fromEntries(
    flatMap(features, ({ name }): [string, string | number][] => {
      const value = references[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What the contract puts in the place of a missing value, by feature. */
export function standInsOf({ features }: Contract): Record<string, string | number> {
  return fromEntries(
    flatMap(Object.entries(features), ([name, { default: given }]): [string, string | number][] =>
      given === undefined ? [] : [[name, given]],
    ),
  );
}

/** The features whose reference value moves the version's predictions most on average, in alphabetical order. */
export function* fitExplained(
  { contract, settings }: Plan,
  version: Version,
  { features }: Pick<Model, 'features'>,
  references: Readonly<Record<string, string | number>>,
): Work<string[]> {
  const names = Object.keys(references);
  if (names.length <= EXPLAINED) return names;
  const predict = qualified(settings, version.predict);
  const rows = yield* query<Row & { FEATURE: string }>(
    `SELECT FEATURE, AVG(ABS(DAYS - REFERENCE_DAYS)) AS MOVED
FROM (SELECT FEATURE, DAYS,
    ${predict}(OBJECT_INSERT(F, FEATURE, GET(REFS, FEATURE), TRUE)):days::FLOAT AS REFERENCE_DAYS
  FROM (SELECT F, ${predict}(F):days::FLOAT AS DAYS, PARSE_JSON(${literal(JSON.stringify(references))}) AS REFS
    FROM (SELECT ${objectOf(features.map(({ name }) => name))} AS F
      FROM ${qualified(settings, datasetNames(contract).trainingSet)}
      WHERE ROW_SIDE = 'validation' ORDER BY ${contract.id} LIMIT ${SAMPLE}))
  CROSS JOIN (SELECT COLUMN1 AS FEATURE FROM VALUES ${names.map((name) => `(${literal(name)})`).join(', ')}))
GROUP BY FEATURE ORDER BY MOVED DESC, FEATURE LIMIT ${EXPLAINED}`,
  );
  return rows.map(({ FEATURE }) => FEATURE).sort();
}
