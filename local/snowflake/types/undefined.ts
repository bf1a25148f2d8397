/**
 * An array made from a SQL NULL has an undefined element: it is no JSON null, and reading it gives SQL NULL (docs:
 * user-guide/semistructured-considerations). JSON has no such thing, so that it is kept as a text that is never written.
 * Code that shows JSON writes `undefined` for it.
 */
export const UNDEFINED: string = '"\\u0001undefined"';

/** The undefined element in DuckDB SQL. */
export const UNDEFINED_JSON = `CAST('${UNDEFINED}' AS JSON)`;

/** An element that was read: NULL if it is undefined. */
export const defineSql = (sql: string): string => `nullif(${sql}, ${UNDEFINED_JSON})`;

/** The text of a JSON value in DuckDB SQL, as Snowflake shows it. */
export const jsonAsText = (sql: string): string =>
  `replace(CAST(${sql} AS VARCHAR), '${UNDEFINED}', 'undefined')`;

/** The same for readers of plain JSON: null for what is undefined. */
export const plainText = (sql: string): string => `replace(CAST(${sql} AS VARCHAR), '${UNDEFINED}', 'null')`;

/** JSON text with `undefined` where an element is undefined. */
export const showUndefined = (json: string): string =>
  json.includes(UNDEFINED) ? json.replaceAll(UNDEFINED, 'undefined') : json;

/** JSON text for readers of plain JSON, such as files and other services. */
export const plainJson = (json: string): string =>
  json.includes(UNDEFINED) ? json.replaceAll(UNDEFINED, 'null') : json;
