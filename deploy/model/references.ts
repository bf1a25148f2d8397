import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualified } from '../../procedures/ground/names.js';
import type { FeatureCode } from '../../udfs/encoding.js';
import type { Context } from '../context.js';
import type { Version } from './version.js';

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
export async function fitReferences(
  { snowflake, settings }: Context,
  contract: Contract,
  features: readonly FeatureCode[],
): Promise<Record<string, string | number>> {
  const table = qualified(settings, datasetNames(contract).trainingSet);
  const [row] = await snowflake.query<Record<string, string | number | null>>(
    `SELECT ${features
      .map(({ name, kind }) => `${kind === 'numeric' ? 'MEDIAN' : 'MODE'}(${name}) AS ${name}`)
      .join(', ')} FROM ${table} WHERE ROW_SIDE = 'train'`,
  );
  return Object.fromEntries(
    features.flatMap(({ name }) => {
      const value = row?.[name];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The features whose reference value moves the version's predictions most on average, in alphabetical order. */
export async function fitExplained(
  { snowflake, settings }: Context,
  contract: Contract,
  version: Version,
  references: Readonly<Record<string, string | number>>,
): Promise<string[]> {
  const names = Object.keys(references);
  if (names.length <= EXPLAINED) return names;
  const predict = qualified(settings, version.predict);
  const rows = await snowflake.query<{ FEATURE: string }>(
    `SELECT FEATURE, AVG(ABS(DAYS - REFERENCE_DAYS)) AS MOVED
FROM (SELECT FEATURE, ${predict}(F):days::FLOAT AS DAYS,
    ${predict}(OBJECT_INSERT(F, FEATURE, GET(REFS, FEATURE), TRUE)):days::FLOAT AS REFERENCE_DAYS
  FROM (SELECT ${featureObject(contract)} AS F, PARSE_JSON(${literal(JSON.stringify(references))}) AS REFS
    FROM ${qualified(settings, datasetNames(contract).trainingSet)}
    WHERE ROW_SIDE = 'validation' ORDER BY ${contract.id} LIMIT ${SAMPLE})
  CROSS JOIN (SELECT COLUMN1 AS FEATURE FROM VALUES ${names.map((name) => `(${literal(name)})`).join(', ')}))
GROUP BY FEATURE ORDER BY MOVED DESC, FEATURE LIMIT ${EXPLAINED}`,
  );
  return rows.map(({ FEATURE }) => FEATURE).sort();
}
