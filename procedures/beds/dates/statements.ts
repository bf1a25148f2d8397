import type { Contract } from '../../dataset/contract.js';
import { datasetNames } from '../../dataset/names.js';
import { type Place, qualify } from '../../ground/names.js';
import { later, type SqlFile } from '../../ground/plan.js';
import type { DatesSql } from '../plan.js';
import type { BedValues } from '../values.js';

/** The statements about dates of discharge that people expect. */
export function datesSql(contract: Contract, place: Place, values: BedValues, sqlFile: SqlFile): DatesSql {
  return {
    read: sqlFile('sql/beds/dates/latest.sql', values),
    learn: sqlFile('sql/beds/dates/evidence.sql', { ...values, ...later('readiness') }),
    readiness:
      contract.readyForDischarge === undefined
        ? null
        : `SELECT STAY, SINCE, RECORDED FROM ${qualify(place, datasetNames(contract).ready)}`,
    blend: sqlFile('sql/beds/dates/blend.sql', values),
    replace: `DELETE FROM ${values.dates} WHERE DATASET = ${values.dataset} AND MADE_ON = {{from}}`,
    keep: sqlFile('sql/beds/dates/keep.sql', values),
  };
}
