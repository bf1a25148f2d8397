import { fromEntries } from '../ground/lists.js';
import type { PlaceValues } from '../ground/plan.js';
import type { Contract, Feature } from './contract.js';

/** Features that tell of a patient's earlier admissions, and which of the two they are. */
export function historyFeatures({
  features,
}: Contract): [name: string, of: NonNullable<Feature['history']>][] {
  const found: [string, NonNullable<Feature['history']>][] = [];
  for (const [name, { history }] of Object.entries(features)) if (history) found.push([name, history]);
  return found;
}

/** The contract without them, for code that reads the raw table row by row. */
export function withoutHistory(contract: Contract): Contract {
  const own = Object.entries(contract.features).filter(([, feature]) => feature.history === undefined);
  return own.length < Object.keys(contract.features).length
    ? { ...contract, features: fromEntries(own) }
    : contract;
}

const COLUMNS = { admissions: 'h.ADMISSIONS', bedDays: 'h.BED_DAYS' } as const;

/**
 * Text after FROM, with the contract's history features as columns; as it is where there are none.
 * @param fill gives sql/features/history.sql with its placeholders filled in
 * @param source rows whose features are wanted: what stands after FROM, with its WHERE
 * @param raw all admissions, by the contract's names
 * @param features the feature table: what it says already of an admission of the same patient and day stands, for that was
 *   known when the patient came in, whatever has been corrected since; left out: nothing is said yet
 */
export function withHistory(
  contract: Contract,
  fill: (values: PlaceValues<'sql/features/history.sql'>) => string,
  source: string,
  raw: string,
  features?: string,
): string {
  const { id, patient, admission, discharge, history } = contract;
  const wanted = historyFeatures(contract);
  if (wanted.length === 0) return source;
  if (!history || !patient || !admission || !discharge)
    throw new Error(`The contract of ${contract.name} has history features without what they follow from`);
  const value = ([name, of]: (typeof wanted)[0]) =>
    `${features === undefined ? COLUMNS[of] : `COALESCE(k.${name}, ${COLUMNS[of]})`} AS ${name}`;
  const kept = `\nLEFT JOIN ${features} AS k ON k.${id} = a.${id} AND k.${patient} = a.${patient} AND k.${admission} = a.${admission}`;
  return `(${fill({
    source,
    raw,
    id,
    patient,
    admission,
    discharge,
    window: String(history.days),
    values: wanted.map(value).join(', '),
    kept: features === undefined ? '' : kept,
  })})`;
}
