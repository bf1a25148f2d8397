import { literal } from '../ground/names.js';
import type { Contract } from './contract.js';
import { finiteFeature } from './feature-sql.js';

/**
 * SELECT of one row per feature and row of `source`: FEATURE, LEVEL (of categorical and ordered ones) or VALUE (of numeric
 * ones), both NULL where it is missing or no number to a model, and what is passed along.
 * @param names which features
 * @param source what stands after FROM, with its WHERE
 * @param passed further columns
 */
export function featureValues(
  contract: Contract,
  names: readonly string[],
  source: string,
  passed: readonly string[] = [],
): string {
  const more = passed.map((name) => `, ${name}`).join('');
  return names
    .map((name) =>
      contract.features[name]?.type === 'numeric'
        ? `SELECT ${literal(name)} AS FEATURE, NULL::VARCHAR AS LEVEL, ${finiteFeature(contract, name)}::FLOAT AS VALUE${more} FROM ${source}`
        : `SELECT ${literal(name)} AS FEATURE, ${name}::VARCHAR AS LEVEL, NULL::FLOAT AS VALUE${more} FROM ${source}`,
    )
    .join('\nUNION ALL ');
}

/**
 * Features that tell of the calendar: computed from the day of admission and nothing else would tell of it. Those of a week
 * always differ from those of a year.
 */
export function calendarFeatures({ features, admission }: Contract): string[] {
  if (admission === undefined) return [];
  const day = new RegExp(`\\b${admission}\\b`, 'i');
  return Object.keys(features).filter(
    (name) => name === admission || day.test(String(features[name]?.sql || '')),
  );
}
