/**
 * VARIANTs are JSON texts here, in which 10 comes before 9. As Snowflake sorts them, numbers go by their values and
 * stand before texts: a DuckDB row that sorts like the VARIANT.
 */
export const variantKeys = (json: string): [number: string, text: string] => [
  `CASE WHEN json_type(${json}) IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') THEN CAST(${json} ->> '$' AS DOUBLE) END`,
  `(${json} ->> '$')`,
];

export const variantKey = (json: string): string => `row(${variantKeys(json).join(', ')})`;
