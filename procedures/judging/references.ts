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
  const changed = objectOf(
    features.map(({ name }) => name),
    (name) => {
      const usual = references[name];
      if (usual === undefined) return `s.${name}`;
      return `IFF(c.FEATURE = ${literal(name)}, ${typeof usual === 'number' ? usual : literal(usual)}, s.${name})`;
    },
  );
  // Asked at once: each row as it is, which is no feature, and with each feature changed.
  const rows = yield* query<Row & { FEATURE: string }>(
    `SELECT FEATURE, AVG(ABS(DAYS - OWN_DAYS)) AS MOVED
FROM (SELECT FEATURE, DAYS, MAX(IFF(FEATURE = '', DAYS, NULL)) OVER (PARTITION BY ID) AS OWN_DAYS
  FROM (SELECT s.${contract.id} AS ID, c.FEATURE AS FEATURE, ${qualified(settings, version.predict)}(${changed}):days::FLOAT AS DAYS
    FROM (SELECT * FROM ${qualified(settings, datasetNames(contract).trainingSet)}
      WHERE ROW_SIDE = 'validation' ORDER BY ${contract.id} LIMIT ${SAMPLE}) AS s
    CROSS JOIN (SELECT COLUMN1 AS FEATURE FROM VALUES ${['', ...names].map((name) => `(${literal(name)})`).join(', ')}) AS c))
WHERE FEATURE <> '' GROUP BY FEATURE ORDER BY MOVED DESC, FEATURE LIMIT ${EXPLAINED}`,
  );
  return rows.map(({ FEATURE }) => FEATURE).sort();
}
