import type { SqlFile } from '../../ground/plan.js';
import type { DatesSql } from '../plan.js';
import type { BedValues } from '../values.js';

/** The statements about dates of discharge that people expect. */
export function datesSql(values: BedValues, sqlFile: SqlFile): DatesSql {
  return {
    read: sqlFile('sql/beds/dates/latest.sql', values),
    learn: sqlFile('sql/beds/dates/evidence.sql', values),
    blend: sqlFile('sql/beds/dates/blend.sql', values),
    replace: `DELETE FROM ${values.dates} WHERE DATASET = ${values.dataset} AND MADE_ON = {{from}}`,
    keep: sqlFile('sql/beds/dates/keep.sql', values),
  };
}
