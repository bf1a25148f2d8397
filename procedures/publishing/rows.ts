import { type Place, qualify } from '../ground/names.js';

/** Columns of LOS_PUBLISHED_ROWS beside DATASET, KIND and SUBJECT, by type: fields of published rows that views show. */
export const ROW_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  DATE: ['MONTH', 'FROM_DAY', 'TO_DAY'],
  VARCHAR: ['VERSION', 'FEATURE', 'TEST', 'PREDICTOR', 'GROUPED_BY', 'LEVEL'],
  BOOLEAN: ['FLAGGED'],
  NUMBER: ['ROW_COUNT'],
  FLOAT: [
    ...[
      'ADMISSIONS',
      'MEAN_STAY',
      'PREDICTED',
      'BIAS',
      'MAE',
      'MAE_OF_MEAN',
      'COVERAGE_80',
      'COVERAGE_95',
      'CRPS',
    ],
    ...['SHIFT', 'PSI', 'RATE', 'FINDABLE', 'ESTIMATED', 'REALISED', 'RATIO', 'RATIO_LOW', 'RATIO_HIGH'],
    ...[
      'RMSE',
      'MEDIAN_ERROR',
      'WITHIN_1',
      'WITHIN_2',
      'WITHIN_3',
      'R2',
      'BED_DAYS_PREDICTED',
      'BED_DAYS_ACTUAL',
    ],
    ...[
      'WIDTH_80',
      'WIDTH_95',
      'LONG_STAYS',
      'LONG_STAYS_PREDICTED',
      'EFFECTIVE_ROWS',
      'MEDIAN_MAE',
      'BRIER',
    ],
    ...['LOG_SCORE', 'RELATIVE_MAE', 'MONTHS', 'EXCESS_DAYS', 'FUNNEL_LOW', 'FUNNEL_HIGH'],
  ],
  ARRAY: ['PIT'],
  VARIANT: ['METRICS', 'LINEAGE'],
};

/** INSERT of the rows of what is published now, in place of those that are there. */
export function overwriteRows(place: Place): string {
  return `INSERT OVERWRITE INTO ${selectRows(place)}`;
}

function rowsTable(place: Place): string {
  return qualify(place, 'LOS_PUBLISHED_ROWS');
}

/** By names: an upgrade puts new columns last, wherever the table's file has them. */
function selectRows(place: Place): string {
  const names: string[] = [];
  const values: string[] = [];
  for (const type of Object.keys(ROW_COLUMNS))
    for (const name of ROW_COLUMNS[type] as string[]) {
      names.push(name);
      values.push(`f.VALUE:${name}::${type}`);
    }
  return `${rowsTable(place)} (DATASET, KIND, SUBJECT, ${names.join(', ')})
SELECT p.DATASET, p.KIND, p.SUBJECT, ${values.join(', ')}
FROM (
  SELECT * FROM ${qualify(place, 'LOS_PUBLICATIONS')} WHERE FIGURES IS NOT NULL AND KIND <> 'exploration'
  QUALIFY ROUND = MAX(ROUND) OVER (PARTITION BY DATASET, KIND, SUBJECT)
) AS p, LATERAL FLATTEN(INPUT => p.FIGURES) AS f`;
}
