import type { Column } from '../../catalog/objects.js';
import { physicalColumn } from '../../catalog/physical.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import type { TokenStream } from '../../language/lexer.js';
import { parseType } from '../../language/parse-type.js';
import { typeName } from '../../types/type-name.js';
import { type ConstraintDefinition, readConstraint, startsConstraint } from './constraints.js';

/** A column's type, and what the statement calls it: docs release-notes/bcr-bundles/2025_07/bcr-2061. */
export function readType(tokens: TokenStream): Required<Pick<Column, 'type' | 'typeAlias'>> {
  const { start } = tokens.peek();
  const type = parseType(tokens);
  const typeAlias = tokens.text.slice(start, tokens.lastEnd).replace(/\s+/g, ' ').toUpperCase();
  return { type, typeAlias };
}

/** A column as CREATE TABLE or ALTER TABLE … ADD COLUMN writes it. */
export interface ColumnDefinition {
  column: Omit<Column, 'type'> & { type?: Column['type'] };
  constraints: ConstraintDefinition[];
  autoincrement?: { start: number; increment: number; ordered?: true };
}

export interface TableDefinition {
  columns: ColumnDefinition[];
  /** The table's own and its columns'. */
  constraints: ConstraintDefinition[];
}

/** Words that end a DEFAULT expression. */
const AFTER_DEFAULT = [
  'NOT',
  'NULL',
  'COMMENT',
  'PRIMARY',
  'UNIQUE',
  'CONSTRAINT',
  'REFERENCES',
  'FOREIGN',
  'AUTOINCREMENT',
  'IDENTITY',
  'COLLATE',
  'WITH',
  'TAG',
  'MASKING',
  'CHECK',
];

/**
 * Reads `( columns and constraints )`.
 * @param untyped CREATE TABLE t (a, b) AS SELECT: types may be left out
 */
export function readTableDefinition(tokens: TokenStream, untyped = false): TableDefinition {
  const definition: TableDefinition = { columns: [], constraints: [] };
  tokens.expect('(');
  do {
    if (startsConstraint(tokens)) definition.constraints.push(readConstraint(tokens));
    else {
      const read = readColumn(
        tokens,
        definition.columns.map(({ column }) => column),
        untyped,
      );
      definition.constraints.push(...read.constraints);
      definition.columns.push(read);
    }
  } while (tokens.take(','));
  tokens.expect(')');
  const key = definition.constraints.find(({ kind }) => kind === 'PRIMARY KEY');
  for (const { column } of definition.columns)
    if (key?.columns.includes(column.name)) column.nullable = false;
  return definition;
}

/** Reads a column of CREATE TABLE or ADD COLUMN. @param taken the columns before it: neither name is free */
export function readColumn(
  tokens: TokenStream,
  taken: Pick<Column, 'name' | 'physical'>[],
  untyped = false,
): ColumnDefinition {
  const name = columnName(tokens);
  if (taken.some((column) => column.name === name)) {
    throw new SnowflakeError('002025', '42S21', `SQL compilation error:\nduplicate column name '${name}'`);
  }
  const typed = !untyped || (tokens.peek().kind === 'word' && !AFTER_DEFAULT.includes(tokens.peek().value));
  const type = typed ? readType(tokens) : undefined;
  const read: ColumnDefinition = {
    column: {
      name,
      physical: physicalColumn(name, taken),
      nullable: true,
      comment: '',
      ...type,
    },
    constraints: [],
  };
  while (readColumnOption(tokens, read));
  return read;
}

/**
 * Words that are no column's name unless they are quoted: "reserved", "cannot be used as column name"
 * (docs.snowflake.com/en/sql-reference/reserved-keywords).
 */
const NO_COLUMN = new Set(
  `ALL ALTER AND ANY AS BETWEEN BY CHECK COLUMN CONNECT CONSTRAINT CREATE CURRENT CURRENT_DATE CURRENT_TIME
  CURRENT_TIMESTAMP CURRENT_USER DELETE DISTINCT DROP ELSE EXISTS FOLLOWING FOR FROM GRANT GROUP HAVING ILIKE IN
  INCREMENT INSERT INTERSECT INTO IS LIKE LOCALTIME LOCALTIMESTAMP MINUS NOT NULL OF ON OR ORDER QUALIFY REGEXP REVOKE
  RLIKE ROW ROWS SAMPLE SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER UNION UNIQUE UPDATE VALUES WHENEVER
  WHERE WITH`.split(/\s+/),
);

/** The name of a column that is made or renamed. @throws SnowflakeError 001003 for a reserved word */
export function columnName(tokens: TokenStream): string {
  const token = tokens.peek();
  if (token.kind === 'word' && NO_COLUMN.has(token.value)) throw tokens.tokenError();
  return tokens.identifier();
}

function readColumnOption(tokens: TokenStream, read: ColumnDefinition): boolean {
  const { column } = read;
  if (tokens.take('NOT', 'NULL')) column.nullable = false;
  else if (tokens.take('NULL')) column.nullable = true;
  else if (tokens.take('DEFAULT')) column.default = readDefault(tokens);
  else if (tokens.take('COMMENT')) {
    tokens.take('=');
    column.comment = tokens.string();
  } else if (tokens.take('AUTOINCREMENT') || tokens.take('IDENTITY'))
    read.autoincrement = checkAutoincrement(column, readAutoincrement(tokens));
  else if (startsConstraint(tokens)) read.constraints.push(readConstraint(tokens, column.name));
  else if (tokens.take('COLLATE')) {
    const collation = tokens.string();
    if (collation !== '' && collation !== 'utf8')
      throw localRefusal(`COLLATE '${collation}'`, 'texts compare by their code points');
  } else if (
    tokens.is('WITH') ||
    tokens.is('TAG') ||
    tokens.is('MASKING') ||
    tokens.is('CHECK') ||
    (tokens.is('AS') && tokens.peek(1).value === '(')
  )
    throw localRefusal(
      `column option ${tokens.peek().value}`,
      'tags, policies, checks and virtual columns are not built',
    );
  else return false;
  return true;
}

/**
 * A column that numbers its rows is a number, and has no other default.
 * @throws SnowflakeError 002023 or 001426
 */
function checkAutoincrement<T>(
  { name, type, default: other }: ColumnDefinition['column'],
  autoincrement: T,
): T {
  if (type && type.kind !== 'NUMBER' && type.kind !== 'FLOAT')
    throw new SnowflakeError(
      '002023',
      '22000',
      `SQL compilation error:\nData type of column ${name} does not allow AUTOINCREMENT: ${typeName(type)}`,
    );
  if (other !== undefined)
    throw new SnowflakeError(
      '001426',
      '42601',
      `SQL compilation error:\ncolumn ${name} has a DEFAULT and AUTOINCREMENT`,
    );
  return autoincrement;
}

/** The text of a DEFAULT's expression, up to the next option, comma or closing parenthesis. */
function readDefault(tokens: TokenStream): string {
  const from = tokens.peek().start;
  for (let depth = 0, first = true; ; first = false) {
    const token = tokens.peek();
    if (token.kind === 'end') break;
    if (depth === 0 && !first) {
      if (token.kind === 'operator' && [',', ')'].includes(token.value)) break;
      if (token.kind === 'word' && AFTER_DEFAULT.includes(token.value)) break;
    }
    if (token.kind === 'operator' && token.value === '(') depth++;
    if (token.kind === 'operator' && token.value === ')') depth--;
    tokens.next();
  }
  return tokens.text.slice(from, tokens.lastEnd);
}

/** `[(start, step)] | [START [=] n] [INCREMENT [=] n] [ORDER | NOORDER]` */
function readAutoincrement(tokens: TokenStream): NonNullable<ColumnDefinition['autoincrement']> {
  let start = 1;
  let increment = 1;
  let ordered = tokens.orderedSequences;
  const number = () => {
    const sign = tokens.take('-') ? -1 : 1;
    if (tokens.peek().kind !== 'number') throw tokens.tokenError();
    return sign * Number(tokens.next().value);
  };
  if (tokens.take('(')) {
    start = number();
    tokens.expect(',');
    increment = number();
    tokens.expect(')');
  }
  for (;;) {
    if (tokens.take('START')) {
      tokens.take('WITH') || tokens.take('=');
      start = number();
    } else if (tokens.take('INCREMENT')) {
      tokens.take('BY') || tokens.take('=');
      increment = number();
    } else if (tokens.take('ORDER')) ordered = true;
    else if (tokens.take('NOORDER')) ordered = false;
    else return { start, increment, ...(ordered && { ordered: true as const }) };
  }
}
