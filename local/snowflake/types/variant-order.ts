/**
 * VARIANTs are JSON texts here, in which 10 comes before 9. Snowflake sorts them by kind (BOOLEANs, numbers, texts,
 * objects, arrays, JSON null), numbers by their values: DuckDB values that sort like the VARIANT.
 */
export const variantKeys = (json: string): [rank: string, number: string, text: string] => [
  `CASE json_type(${json}) WHEN 'BOOLEAN' THEN 0 WHEN 'VARCHAR' THEN 2 WHEN 'OBJECT' THEN 3 WHEN 'ARRAY' THEN 4 WHEN 'NULL' THEN 5 ELSE CASE WHEN ${json} IS NOT NULL THEN 1 END END`,
  `CASE WHEN json_type(${json}) IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN CAST(${json} ->> '$' AS DOUBLE) END`,
  `(${json} ->> '$')`,
];

export const variantKey = (json: string): string => `row(${variantKeys(json).join(', ')})`;

/** What equal VARIANTs have in common: 7 and 7.0 are one number, whatever their texts. */
export const variantIdentity = (json: string): string =>
  `CASE WHEN json_type(${json}) = 'DOUBLE' THEN regexp_replace(CAST(${json} AS VARCHAR), '^(-?[0-9]+)\\.0+$|(\\.[0-9]*[1-9])0+$', '\\1\\2') ELSE CAST(${json} AS VARCHAR) END`;
