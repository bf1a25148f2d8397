import { literal } from '../../procedures/ground/names.js';

/** A question that people ask, and the statement that answers it. */
export interface VerifiedQuery {
  readonly name: string;
  readonly question: string;
  /** Over columns of the views, whose names are those of the logical tables: it runs over either. */
  readonly sql: string;
}

/** A view as the semantic view has it. */
export interface LogicalTable {
  readonly view: string;
  /** Other words for what it has a row of. */
  readonly synonyms: readonly string[];
  /** Columns that together name a row. */
  readonly key: readonly string[];
  /** Columns that rows are chosen and grouped by; all others are facts. */
  readonly dimensions: readonly string[];
}

const OF_A_FORECAST = ['DATASET', 'LEVEL', 'UNIT', 'NIGHT', 'MADE_ON', 'MADE_AT', 'FIRST_NIGHT_OVER'];

/** Views that LOS_READ may read: their figures are of ten patients and more. */
export const TABLES: readonly LogicalTable[] = [
  {
    view: 'LOS_BED_BOARD_FIGURES',
    synonyms: ['bed board', 'bed meeting', 'free beds', 'wards tonight'],
    key: ['DATASET', 'LEVEL', 'UNIT'],
    dimensions: [...OF_A_FORECAST, 'WORD', 'LAST_NIGHT_INSIDE'],
  },
  {
    view: 'LOS_BEDS',
    synonyms: ['bed forecast', 'occupancy', 'beds over the next nights'],
    key: ['DATASET', 'LEVEL', 'UNIT', 'NIGHT'],
    dimensions: [...OF_A_FORECAST, 'HORIZON'],
  },
  {
    view: 'LOS_BED_ACCURACY',
    synonyms: ['accuracy of bed forecasts'],
    key: ['DATASET', 'LEVEL', 'UNIT', 'HORIZON'],
    dimensions: ['DATASET', 'LEVEL', 'UNIT', 'HORIZON'],
  },
  {
    view: 'LOS_ACCURACY',
    synonyms: ['accuracy of predicted stays', 'prediction errors'],
    key: ['DATASET', 'MONTH', 'VERSION'],
    dimensions: ['DATASET', 'MONTH', 'VERSION'],
  },
];

/** Instructions about what a semantic view must not be asked to add up, in words for the model that writes SQL. */
export const INSTRUCTIONS = `Each table of beds has a row of the whole hospital, whose LEVEL is 'all', beside those of its parts: never add them together.
UNIT '(small wards)' stands for all wards of fewer than ten patients. Chances and percentiles of wards cannot be added.
LOS_ACCURACY has months all of whose patients have left.`;

/** Questions of a bed meeting, and how good the answers were. @param dataset by the name of its contract */
export function questions(dataset: string): readonly VerifiedQuery[] {
  const of = `DATASET = ${literal(dataset)}`;
  return [
    {
      name: 'first_ward',
      question: 'Which ward comes first in the bed meeting?',
      sql: `SELECT UNIT, WORD, OCCUPIED, FREE, TONIGHT, OVER_CAPACITY FROM LOS_BED_BOARD_FIGURES
WHERE ${of} AND LEVEL <> 'all'
ORDER BY OVER_CAPACITY DESC NULLS LAST, TONIGHT / NULLIF(CAPACITY, 0) DESC NULLS LAST, TONIGHT DESC, UNIT`,
    },
    {
      name: 'free_tonight',
      question: 'How many beds are free tonight?',
      sql: `SELECT CAPACITY, TONIGHT, P10, P90, FREE_TONIGHT FROM LOS_BED_BOARD_FIGURES
WHERE ${of} AND LEVEL = 'all'`,
    },
    {
      name: 'leaving_and_coming',
      question: 'How many patients leave today, and how many come, by ward?',
      sql: `SELECT UNIT, LEAVING, COMING FROM LOS_BED_BOARD_FIGURES WHERE ${of} AND LEVEL <> 'all' ORDER BY LEAVING DESC, UNIT`,
    },
    {
      name: 'last_forecast',
      question: 'Was the last forecast right?',
      sql: `SELECT UNIT, LAST_NIGHT, LAST_NIGHT_P10, LAST_NIGHT_P90, OCCUPIED, LAST_NIGHT_INSIDE FROM LOS_BED_BOARD_FIGURES
WHERE ${of} AND LAST_NIGHT IS NOT NULL ORDER BY LAST_NIGHT_INSIDE, UNIT`,
    },
    {
      name: 'over_capacity',
      question: 'When does a ward need more beds than it has?',
      sql: `SELECT UNIT, FIRST_NIGHT_OVER, CAPACITY FROM LOS_BED_BOARD_FIGURES
WHERE ${of} AND FIRST_NIGHT_OVER IS NOT NULL ORDER BY FIRST_NIGHT_OVER, UNIT`,
    },
    {
      name: 'next_nights',
      question: 'How many beds are occupied over the next nights?',
      sql: `SELECT NIGHT, MEAN, P10, P90, CAPACITY FROM LOS_BEDS WHERE ${of} AND LEVEL = 'all' ORDER BY NIGHT`,
    },
    {
      name: 'accuracy_of_beds',
      question: 'How good are forecasts of beds?',
      sql: `SELECT HORIZON, NIGHTS, MAE, MAE_AS_TODAY, COVERAGE FROM LOS_BED_ACCURACY
WHERE ${of} AND LEVEL = 'all' ORDER BY HORIZON`,
    },
    {
      name: 'accuracy_of_stays',
      question: 'How far off are predicted lengths of stay?',
      sql: `SELECT MONTH, VERSION, ADMISSIONS, MAE, BIAS, COVERAGE_80 FROM LOS_ACCURACY
WHERE ${of} ORDER BY MONTH DESC, VERSION`,
    },
  ];
}
