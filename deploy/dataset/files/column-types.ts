/** Types of columns that a contract can have. */
const TAKEN = [
  'NUMBER',
  'FLOAT',
  'VARCHAR',
  'BOOLEAN',
  'DATE',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
];

/** Whether a column's type is that of dates or times. */
export function isDate(type: string): boolean {
  return /^(DATE|TIMESTAMP)/.test(type);
}

/** Whether a column's type is that of numbers. */
export function isNumber(type: string): boolean {
  return /^(NUMBER|FLOAT)/.test(type);
}

/** Whether a contract can have a column of this type. */
export function isTaken(type: string): boolean {
  return TAKEN.includes(type);
}
