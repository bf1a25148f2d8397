import type { Separator } from './csv-file.js';

/** `31.01.2026`, and a time after it. */
const DOTTED = /^(\d\d)\.(\d\d)\.(\d{4})(?=$|[ T])/;

/** A date of a file as Snowflake reads it: `31.01.2026` is 2026-01-31; any other text stays as it is. */
export function plainDate(value: string): string {
  return value.replace(DOTTED, '$3-$2-$1');
}

/** A number of a file as Snowflake reads it: where no commas divide fields, `1,5` is 1.5. */
export function plainNumber(value: string, separator: Separator): string {
  return separator === ',' ? value : value.replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
}

/** `plainDate` of a field of a staged file, in SQL: COPY INTO takes in few functions, this one among them. */
export function plainDateSql(field: string): string {
  return `REGEXP_REPLACE(${field}, '^([0-9]{2})[.]([0-9]{2})[.]([0-9]{4})', '\\\\3-\\\\2-\\\\1')`;
}

/** `plainNumber` of a field of a staged file, in SQL. */
export function plainNumberSql(field: string): string {
  return `REPLACE(${field}, ',', '.')`;
}
