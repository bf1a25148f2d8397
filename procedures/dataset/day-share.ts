/**
 * SQL for the day up to which (at least) a share of the rows lies, as YYYY-MM-DD. Percentiles are of numbers only in an
 * account: PERCENTILE_DISC with an ORDER BY of dates is "incompatible types" there. So days are numbered from 1970.
 * @param column of type DATE or TIMESTAMP
 * @param share between 0 and 1
 */
export function dayOfShare(column: string, share: number): string {
  const first = "TO_DATE('1970-01-01', 'YYYY-MM-DD')";
  const day = `PERCENTILE_DISC(${share}) WITHIN GROUP (ORDER BY DATEDIFF(day, ${first}, ${column}))`;
  return `TO_VARCHAR(DATEADD(day, ${day}, ${first}), 'YYYY-MM-DD')`;
}
