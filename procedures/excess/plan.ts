import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import type { Comparison } from '../dataset/questions.js';
import { rawRows } from '../dataset/raw.js';
import { flatMap } from '../ground/lists.js';
import { type Place, placeOf, qualify } from '../ground/names.js';
import { later } from '../ground/plan.js';
import type { PlanSource } from '../object.js';

/** The settings that MEASURE_EXCESS heeds. */
export interface ExcessSettings extends Place {
  readonly timeZone: string;
}

/** Plan that it is compiled with. */
export interface ExcessPlan {
  readonly contract: Pick<Contract, 'name'> & Pick<Contract, 'table'>;
  readonly place: Place;
  readonly zone: string;
  readonly comparisons: readonly Comparison[];
  /** All columns that name units: BY_0, BY_1 … of the stays; and all features of a reference, whether each is a number: F_0, F_1 … */
  readonly units: readonly string[];
  readonly features: readonly { readonly name: string; readonly numeric: boolean }[];
  /** Makes the temporary table of stays; `{{from}}` and `{{until}}` are left. */
  readonly stays: string;
}

/** Temporary table of the stays. */
export function staysTable(place: Place): string {
  return qualify(place, 'LOS_EXCESS_STAYS_TMP');
}

/** @throws Error where the contract names nothing to compare: then there is no such procedure */
export function excessPlan({ contract, settings, sql }: PlanSource<ExcessSettings>): ExcessPlan {
  const { excess: comparisons, features, id, patient = id, admission } = contract;
  if (comparisons === undefined || admission === undefined) throw new Error('The contract has no excess:');
  const names = datasetNames(contract);
  const units = flatMap(comparisons, ({ by }) => by);
  const known = Array.from(new Set(flatMap(comparisons, ({ reference }) => reference)));
  const unitSql = (name: string) => (name in contract.columns ? `r.${name}` : `f.${name}`);
  const columns = units
    .map((name, i) => `COALESCE(TO_VARCHAR(${unitSql(name)}), '(missing)') AS BY_${i}`)
    .concat(known.map((name, i) => `f.${name} AS F_${i}`));
  return {
    contract: { name: contract.name, table: contract.table },
    place: placeOf(settings),
    zone: settings.timeZone,
    comparisons,
    units,
    features: known.map((name) => ({ name, numeric: features[name]?.type === 'numeric' })),
    stays: sql('sql/excess/stays.sql', {
      stays: staysTable(settings),
      features: qualify(settings, names.features),
      raw: rawRows(contract, qualify(settings, names.raw)),
      id,
      patient,
      admission,
      columns: columns.join(',\n  '),
      ...later('from', 'until'),
    }),
  };
}
