import type { TokenStream } from './lexer.js';

const words = (list: string): Set<string> => new Set(list.split(/\s+/));

/**
 * Words that cannot be a column, a table or an alias unless they are quoted:
 * docs.snowflake.com/en/sql-reference/reserved-keywords, and the words that end a clause of a query.
 */
export const RESERVED = words(
  `ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONSTRAINT CREATE CROSS CURRENT
  DELETE DISTINCT DROP ELSE EXCEPT EXISTS FETCH FOLLOWING FOR FROM FULL GRANT GROUP HAVING ILIKE IN INCREMENT INNER
  INSERT INTERSECT INTO IS JOIN LATERAL LEFT LIKE LIMIT MINUS NATURAL NOT NULL OF OFFSET ON OR ORDER PIVOT QUALIFY
  REGEXP REVOKE RIGHT RLIKE ROW ROWS SAMPLE SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER UNION UNIQUE
  UNPIVOT UPDATE USING VALUES WHEN WHENEVER WHERE WINDOW WITH`,
);

/** Those of them that no name may be, not even behind AS. */
const NO_NAMES = words(
  `ALL ALTER AND ANY AS BETWEEN BY CHECK COLUMN CONNECT CREATE CURRENT DELETE DISTINCT DROP ELSE EXISTS FOLLOWING FOR
  FROM GRANT GROUP HAVING ILIKE IN INCREMENT INSERT INTERSECT INTO IS LIKE MINUS NOT NULL OF ON OR ORDER QUALIFY REGEXP
  REVOKE RLIKE ROW ROWS SAMPLE SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER UNION UNIQUE UPDATE VALUES
  WHENEVER WHERE WITH`,
);

/** The alias behind AS. @throws SnowflakeError 001003 for a reserved word */
export function nameAfterAs(s: TokenStream): string {
  const token = s.peek();
  if (token.kind === 'word' && NO_NAMES.has(token.value)) throw s.tokenError();
  return s.identifier();
}
