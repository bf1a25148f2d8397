// PRIMARY KEY, UNIQUE and FOREIGN KEY: kept, shown, and not enforced. Docs: sql-reference/sql/create-table-constraint.
import { randomUUID } from 'node:crypto';
import { identifier } from '../../catalog/catalog.js';
import type { Constraint, Table } from '../../catalog/objects.js';
import { invalidIdentifier, localRefusal, SnowflakeError } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';
import type { TokenStream } from '../../language/lexer.js';

/** A constraint as it is written; what it refers to is not looked up yet. */
export interface ConstraintDefinition {
  kind: Constraint['kind'];
  name?: string;
  columns: string[];
  rely: boolean;
  comment: string;
  references?: { table: string[]; columns: string[] };
}

const STARTS = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'REFERENCES'];

/** True if a constraint, of a table or of the column before it, begins here. */
export function startsConstraint(tokens: TokenStream): boolean {
  return tokens.peek().kind === 'word' && STARTS.includes(tokens.peek().value);
}

/**
 * Reads `[CONSTRAINT name] { PRIMARY KEY | UNIQUE | [FOREIGN KEY] … REFERENCES t [(columns)] }` and its properties.
 * @param column the column that it stands behind; without one it names its columns itself
 */
export function readConstraint(tokens: TokenStream, column?: string): ConstraintDefinition {
  const name = tokens.take('CONSTRAINT') ? tokens.identifier() : undefined;
  const kind = tokens.take('PRIMARY', 'KEY')
    ? 'PRIMARY KEY'
    : tokens.take('UNIQUE')
      ? 'UNIQUE'
      : 'FOREIGN KEY';
  if (
    kind === 'FOREIGN KEY' &&
    !tokens.take('FOREIGN', 'KEY') &&
    (column === undefined || !tokens.is('REFERENCES'))
  )
    throw tokens.tokenError();
  const columns = column === undefined ? readColumns(tokens) : [column];
  const definition: ConstraintDefinition = {
    kind,
    columns,
    rely: false,
    comment: '',
    ...(name !== undefined && { name }),
  };
  if (kind === 'FOREIGN KEY') {
    tokens.expect('REFERENCES');
    definition.references = { table: tokens.name(), columns: tokens.is('(') ? readColumns(tokens) : [] };
  }
  readProperties(tokens, definition);
  return definition;
}

function readColumns(tokens: TokenStream): string[] {
  tokens.expect('(');
  const columns = [tokens.identifier()];
  while (tokens.take(',')) columns.push(tokens.identifier());
  tokens.expect(')');
  return columns;
}

/** What other databases do with these words Snowflake does not: only the values that it has anyway are taken. */
function readProperties(tokens: TokenStream, definition: ConstraintDefinition): void {
  for (;;) {
    if (tokens.is('ENFORCED') || tokens.is('VALIDATE'))
      throw localRefusal(
        `${tokens.peek().value} of a constraint`,
        'Snowflake does not check the keys of standard tables either',
        'Leave it out.',
      );
    if (tokens.is('ON', 'UPDATE') || tokens.is('ON', 'DELETE')) {
      tokens.next();
      tokens.next();
      if (tokens.take('NO', 'ACTION')) continue;
      throw localRefusal(`ON … ${tokens.peek().value} of a foreign key`, 'keys are not enforced');
    }
    if (tokens.is('MATCH', 'SIMPLE') || tokens.is('MATCH', 'PARTIAL'))
      throw localRefusal(`MATCH ${tokens.peek(1).value}`, 'keys are not enforced');
    if (tokens.take('RELY')) definition.rely = true;
    else if (tokens.take('NORELY')) definition.rely = false;
    else if (tokens.take('COMMENT')) {
      tokens.take('=');
      definition.comment = tokens.string();
    } else if (
      !tokens.take('NOT', 'ENFORCED') &&
      !tokens.take('NOT', 'DEFERRABLE') &&
      !tokens.take('DEFERRABLE') &&
      !tokens.take('INITIALLY', 'DEFERRED') &&
      !tokens.take('INITIALLY', 'IMMEDIATE') &&
      !tokens.take('ENABLE') &&
      !tokens.take('DISABLE') &&
      !tokens.take('NOVALIDATE') &&
      !tokens.take('MATCH', 'FULL')
    )
      return;
  }
}

/**
 * Constraints of a table, looked up and named.
 * @param table with the columns that it will have; a foreign key may refer to the table itself
 * @throws SnowflakeError 000904 for an unknown column, 002003 for an unknown table
 */
export function resolveConstraints(
  context: StatementContext,
  table: Pick<Table, 'id' | 'name' | 'columns' | 'constraints'>,
  definitions: ConstraintDefinition[],
): Constraint[] {
  const { account, session } = context;
  const all = [...(table.constraints ?? [])];
  for (const definition of definitions) {
    for (const name of definition.columns) requireColumn(table, name);
    if (definition.kind === 'PRIMARY KEY' && all.some(({ kind }) => kind === 'PRIMARY KEY'))
      throw new SnowflakeError(
        '002200',
        '42601',
        `SQL compilation error:\nprimary key already exists for table '${identifier(table.name)}'`,
      );
    const name = definition.name ?? `SYS_CONSTRAINT_${randomUUID()}`;
    if (all.some((each) => each.name === name))
      throw new SnowflakeError(
        '002002',
        '42710',
        `SQL compilation error:\nObject '${identifier(name)}' already exists.`,
      );
    const { references, ...rest } = definition;
    const constraint: Constraint = { ...rest, name };
    if (references) {
      const own = references.table.length === 1 && references.table[0] === table.name;
      const target = own ? table : account.catalog.resolve('TABLE', references.table, session);
      if (target !== table) account.access.requireAny(session, ['REFERENCES', 'OWNERSHIP'], target as Table);
      const key = all
        .concat(target === table ? [] : (target.constraints ?? []))
        .find(({ kind }) => kind === 'PRIMARY KEY');
      const columns = references.columns.length > 0 ? references.columns : (key?.columns ?? []);
      for (const column of columns) requireColumn(target, column);
      if (columns.length !== definition.columns.length)
        throw new SnowflakeError(
          '002213',
          '42601',
          `SQL compilation error:\nForeign key of table '${identifier(table.name)}' does not match the key of '${identifier(target.name)}' that it refers to.`,
        );
      constraint.references = { tableId: target.id, columns };
    }
    all.push(constraint);
  }
  return all;
}

function requireColumn({ columns }: Pick<Table, 'columns'>, name: string): void {
  if (!columns.some((column) => column.name === name)) throw invalidIdentifier(identifier(name));
}

/** A table's fields for its constraints. */
export function constraintFields(constraints: Constraint[]): Pick<Table, 'constraints' | 'primaryKey'> {
  const key = constraints.find(({ kind }) => kind === 'PRIMARY KEY');
  return { constraints, primaryKey: key?.columns ?? [] };
}

/** Constraints after a column got another name (or, without one, was dropped: what it was part of goes). */
export function withColumn(constraints: Constraint[], from: string, to?: string): Constraint[] {
  if (to === undefined) return constraints.filter(({ columns }) => !columns.includes(from));
  return constraints.map((each) => ({
    ...each,
    columns: each.columns.map((name) => (name === from ? to : name)),
  }));
}
