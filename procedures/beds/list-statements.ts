import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { qualify } from '../ground/names.js';
import type { SqlFile } from '../ground/plan.js';
import { championSql } from '../scoring/statements/score.js';
import { type Level, union } from './levels.js';
import type { BedsSettings, ListSql, WhatIfSql } from './plan.js';
import { type BedValues, LIST_TABLES } from './values.js';

/** The statements about the list of planned admissions. */
export function listSql(
  contract: Contract,
  settings: BedsSettings,
  levels: readonly Level[],
  values: BedValues,
  sqlFile: SqlFile,
): ListSql {
  const { planned_curves: curves } = values;
  return {
    lists: listsOf(contract, settings),
    read: sqlFile('sql/beds/planned/list.sql', values),
    unread: sqlFile('sql/beds/planned/unread.sql', values),
    prepare: [
      ...((contract.planned?.patient ?? contract.decisions?.patient)
        ? [sqlFile('sql/beds/planned/link.sql', values)]
        : []),
      sqlFile('sql/beds/planned/kinds.sql', values),
      sqlFile('sql/beds/planned/chances.sql', values),
      sqlFile('sql/beds/planned/booked.sql', values),
      sqlFile('sql/beds/planned/curves.sql', values),
    ],
    champion: championSql(contract, settings, sqlFile),
    ask: sqlFile('sql/beds/planned/ask.sql', values),
    replace: `DELETE FROM ${curves} WHERE NOT FRESH AND STAY_ID IN (SELECT STAY_ID FROM ${curves} WHERE FRESH)`,
    keep: sqlFile('sql/beds/planned/keep.sql', values),
    count: [
      sqlFile('sql/beds/arrivals-by-type.sql', values),
      sqlFile('sql/beds/planned/listed.sql', { ...values, levels: union(levels.map(listShareSql)) }),
      sqlFile('sql/beds/planned/explained.sql', values),
      ...(contract.moves === undefined ? [] : [sqlFile('sql/beds/moves/explained.sql', values)]),
    ],
    patients: sqlFile('sql/beds/planned/patients.sql', values),
    facts: sqlFile('sql/beds/planned/facts.sql', values),
  };
}

/** The lists of who will come that the contract names. */
function listsOf(contract: Contract, settings: BedsSettings): ListSql['lists'] {
  const names = datasetNames(contract);
  return (['planned', 'decisions'] as const)
    .filter((key) => contract[key] !== undefined)
    .map((key) => ({
      name: key === 'planned' ? 'Planned admissions' : 'Decisions to admit',
      rows: `SELECT *, ${key === 'decisions'} AS DECIDED FROM ${qualify(settings, names[key])}`,
    }));
}

/** The statements of what_if. */
export function whatIfSql(contract: Contract, values: BedValues, sqlFile: SqlFile): WhatIfSql {
  const { admission, ward, department, admissionType } = contract;
  const planned = contract.planned ?? contract.decisions;
  const { base, what_ifs: table, dataset } = values;
  return {
    base,
    prepare:
      planned === undefined
        ? [
            sqlFile('sql/beds/what-if/booked.sql', values),
            `CREATE OR REPLACE TEMPORARY TABLE ${values.planned_curves} (STAY_ID VARCHAR, CURVE OBJECT)`,
          ]
        : [],
    plan: planned === undefined ? null : sqlFile('sql/beds/what-if/plan.sql', values),
    cancel: planned === undefined ? null : sqlFile('sql/beds/what-if/cancel.sql', values),
    extras: sqlFile('sql/beds/what-if/extras.sql', values),
    patients: sqlFile('sql/beds/planned/patients.sql', values),
    forget: `DELETE FROM ${table} WHERE DATASET = ${dataset} AND ASKED_AT < DATEADD(day, -1, CURRENT_TIMESTAMP())`,
    answer: sqlFile('sql/beds/what-if/answer.sql', values),
    inputs: {
      day: admission as string,
      ...(planned?.ward && ward ? { ward } : {}),
      ...(planned?.department && department ? { department } : {}),
      ...(planned?.kind && admissionType ? { kind: admissionType } : {}),
    },
    alike: admissionType === undefined ? '(none)' : '(alike)',
    drop: [base, ...LIST_TABLES.map((name) => values[name])].map((name) => `DROP TABLE IF EXISTS ${name}`),
  };
}

function listShareSql({ level, unit }: Level): string {
  const same = level === 'all' ? 'TRUE' : `EQUAL_NULL(LISTED_${level.toUpperCase()}, ${level.toUpperCase()})`;
  return `SELECT '${level}' AS LEVEL, ${unit('seen')} AS UNIT, TYPE, NIGHT, SUM(WEIGHT) AS N, SUM(IFF(STAY_ID IS NOT NULL AND ${same}, WEIGHT, 0)) AS LISTED
FROM seen GROUP BY 2, 3, 4`;
}
