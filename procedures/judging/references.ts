import type { Model } from '../../udfs/model.js';
import type { Contract } from '../dataset/contract.js';
import { objectOf } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { flatMap, fromEntries } from '../ground/lists.js';
import { literal, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { query, type Row, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Features that reasons are looked for among; each costs one prediction more a row. */
const EXPLAINED = 10;
/** Validation rows on which the features are compared. */
const SAMPLE = 200;

/** Values that the contract puts in the place of a missing value, by feature. */
export function defaultsToImpute({ features }: Contract): Record<string, string | number> {
  return fromEntries(
    flatMap(Object.entries(features), ([name, { default: given }]): [string, string | number][] =>
      given === undefined ? [] : [[name, given]],
    ),
  );
}

/**
 * The features whose usual value moves the version's predictions most on average, in alphabetical order: reasons are looked for among them. They
 * say how far a patient's value moved the prediction away from what the usual value would give, everything else left as it is. The
 * built-in container returns no contributions (SHAP), so the model is asked: one prediction more per feature.
 */
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
  FROM (SELECT s.${contract.id} AS ID, c.FEATURE AS FEATURE, ${qualify(settings, version.predict)}(${changed}):days::FLOAT AS DAYS
    FROM (SELECT * FROM ${qualify(settings, datasetNames(contract).trainingSet)}
      WHERE ROW_SIDE = 'validation' ORDER BY ${contract.id} LIMIT ${SAMPLE}) AS s
    CROSS JOIN (SELECT COLUMN1 AS FEATURE FROM VALUES ${['', ...names].map((name) => `(${literal(name)})`).join(', ')}) AS c))
WHERE FEATURE <> '' GROUP BY FEATURE ORDER BY MOVED DESC, FEATURE LIMIT ${EXPLAINED}`,
  );
  return rows.map(({ FEATURE }) => FEATURE).sort();
}
