import { identifier } from '../../catalog/catalog.js';
import { SnowflakeError } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';
import { defaultColumn } from '../../query/for-ddl.js';
import type { DataType } from '../../types/data-type.js';

const NUMBERS: DataType['kind'][] = ['NUMBER', 'FLOAT', 'DECFLOAT'];

/** What a default may be of: its column's own family of types. Only BOOLEANs become numbers, and dates timestamps. */
function fits(from: DataType, to: DataType): boolean {
  const numbers = NUMBERS.includes(to.kind);
  if (numbers) return NUMBERS.includes(from.kind) || from.kind === 'BOOLEAN';
  const isTime = (type: DataType) => type.kind.startsWith('TIMESTAMP');
  if (isTime(to)) return isTime(from) || from.kind === 'DATE';
  return from.kind === to.kind;
}

/**
 * A DEFAULT is not converted to its column's type as a stored value is.
 * @throws SnowflakeError 002026-like for a default of another family
 */
export async function checkDefault(
  context: StatementContext,
  column: { name: string; type?: DataType; default?: string },
): Promise<void> {
  if (column.default === undefined || !column.type) return;
  if (/^\s*\(\s*(SELECT|WITH)\b/i.test(column.default)) throw invalidDefault(column.default);
  const given = await defaultColumn(context, column.default);
  if (given.untyped || fits(given.type, column.type)) return;
  throw new SnowflakeError(
    '002023',
    '22000',
    `SQL compilation error:\nDefault value data type does not match data type for column ${identifier(column.name)}`,
  );
}

/** Functions that give another value each time; rows that a table has already could not be told which. */
const CHANGING =
  /\b(CURRENT_\w+|LOCALTIME|LOCALTIMESTAMP|SYSDATE|SYSTIMESTAMP|GETDATE|RANDOM|RANDSTR|UUID_STRING|NEXTVAL|SEQ[1248])\b/i;

/** ADD COLUMN fills the rows that are there with the default: it must be a constant. @throws SnowflakeError 002262 */
export function refuseChanging(text: string): void {
  if (CHANGING.test(text.replace(/'(?:[^']|'')*'/g, "''"))) throw invalidDefault(text);
}

function invalidDefault(text: string): SnowflakeError {
  return new SnowflakeError(
    '002262',
    '22000',
    `SQL compilation error:\nInvalid column default expression [${text}]`,
  );
}

/** An existing column's default may only become that of a sequence. @throws SnowflakeError 002062 */
export function refuseNewDefault(text: string): void {
  if (!/\.NEXTVAL\s*$/i.test(text))
    throw new SnowflakeError(
      '002062',
      '0A000',
      "SQL compilation error:\nUnsupported feature 'Alter Column Set Default'.",
    );
}
