import { itemAt } from '../../udfs/require-value.js';
import { type Origin, originOf } from '../ground/lines.js';
import type { Row } from './snowflake.js';

/** `… in NAME at 'source' position 7` of a function, `Execution error in store procedure NAME:` of a procedure. */
const FUNCTION = /JavaScript execution error: [\s\S]*? in ([A-Z_][A-Z0-9_$]*) at '/;
const PROCEDURE = /Execution error in store procedure ([A-Z_][A-Z0-9_$]*):/;

/**
 * Says of Snowflake's line numbers in an error which lines of TypeScript they are, as far as the routine carries
 * its line map. The routine is looked up by name in the session's database; what cannot be found stays as it is.
 * @param message what Snowflake reports
 * @param query runs a statement in the session
 */
export async function withTypeScriptLines(
  message: string,
  query: (sql: string) => Promise<Row[]>,
): Promise<string> {
  const procedure = PROCEDURE.exec(message)?.[1];
  const name = procedure ?? FUNCTION.exec(message)?.[1];
  if (name === undefined) return message;
  const rows = (
    await Promise.all(
      ['PROCEDURE', 'FUNCTION'].map((kind) =>
        query(
          `SELECT ${kind}_DEFINITION AS BODY FROM INFORMATION_SCHEMA.${kind}S WHERE ${kind}_NAME = '${name}'`,
        ),
      ),
    ).catch(() => [])
  ).flat();
  const bodies = [...new Set(rows.map((row) => String(row.BODY ?? '')))];
  // Overloads have bodies of their own, and the error does not say which one it was.
  if (bodies.length !== 1) return message;
  const withOrigin = (line: string, text: string) => {
    const origin = originOf(itemAt(bodies, 0), Number(line));
    return origin ? `${text} (${place(origin)})` : text;
  };
  return message
    .replace(/^(.+ line: )(\d+)$/gm, (text, _before: string, line: string) => withOrigin(line, text))
    .replace(/^(At .*, line )(\d+)( position \d+)/gm, (text, _before: string, line: string) =>
      withOrigin(line, text),
    );
}

const place = ({ file, line }: Origin) => `${file}:${line}`;
