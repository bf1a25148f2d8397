// SHOW PRIMARY KEYS, UNIQUE KEYS, IMPORTED KEYS and EXPORTED KEYS.

import { constraintsOf } from '../../catalog/constraints.js';
import type { Constraint, Table } from '../../catalog/objects.js';
import { listVisible, readShowFilter, showTime } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../../kernel/statement.js';
import type { Row } from '../../types/data-type.js';

const KEYS = [
  'created_on',
  'database_name',
  'schema_name',
  'table_name',
  'column_name',
  'key_sequence',
  'constraint_name',
  'rely',
  'comment',
];
const FOREIGN_KEYS = [
  'created_on',
  'pk_database_name',
  'pk_schema_name',
  'pk_table_name',
  'pk_column_name',
  'fk_database_name',
  'fk_schema_name',
  'fk_table_name',
  'fk_column_name',
  'key_sequence',
  'update_rule',
  'delete_rule',
  'fk_name',
  'pk_name',
  'deferrability',
  'rely',
  'comment',
];

/** `IN [TABLE] name`, or a scope as other SHOWs have it. */
function tablesOf(context: StatementContext): Table[] {
  const { account, session, tokens } = context;
  const scope = ['ACCOUNT', 'DATABASE', 'SCHEMA'].includes(tokens.peek(1).value);
  if (!tokens.is('IN') || scope) return listVisible(context, 'TABLE', readShowFilter(context, 'TABLE'));
  tokens.expect('IN');
  tokens.take('TABLE');
  const table = account.catalog.resolve('TABLE', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['SELECT', 'REFERENCES', 'INSERT', 'UPDATE', 'DELETE'], table);
  return [table];
}

function keys(kind: 'PRIMARY KEY' | 'UNIQUE', word: string) {
  return (context: StatementContext): StatementOutcome => {
    context.tokens.expect('SHOW', word, 'KEYS');
    const rows = tablesOf(context).flatMap((table) =>
      constraintsOf(table)
        .filter((constraint) => constraint.kind === kind)
        .flatMap((constraint) =>
          constraint.columns.map((column, i) => [
            showTime(table),
            table.database,
            table.schema,
            table.name,
            column,
            String(i + 1),
            constraint.name,
            String(constraint.rely),
            constraint.comment || null,
          ]),
        ),
    );
    return textResult(KEYS, rows, STATEMENT_TYPE.SHOW);
  };
}

function foreignRows({ account }: StatementContext, table: Table, constraint: Constraint): Row[] {
  const target = account.catalog.get(constraint.references!.tableId);
  if (target?.kind !== 'TABLE') return []; // dropped since
  const { columns } = constraint.references!;
  const key = constraintsOf(target).find((each) => each.columns.join('\0') === columns.join('\0'));
  return columns.map((column, i) => [
    showTime(table),
    target.database,
    target.schema,
    target.name,
    column,
    table.database,
    table.schema,
    table.name,
    constraint.columns[i]!,
    String(i + 1),
    'NO ACTION',
    'NO ACTION',
    constraint.name,
    key?.name ?? null,
    'NOT DEFERRABLE',
    String(constraint.rely),
    constraint.comment || null,
  ]);
}

const foreignKeys = (table: Table) => constraintsOf(table).filter(({ kind }) => kind === 'FOREIGN KEY');

/** The foreign keys of the tables. */
function importKeys(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'IMPORTED', 'KEYS');
  const rows = tablesOf(context).flatMap((table) =>
    foreignKeys(table).flatMap((constraint) => foreignRows(context, table, constraint)),
  );
  return textResult(FOREIGN_KEYS, rows, STATEMENT_TYPE.SHOW);
}

/** The foreign keys that refer to the tables. */
function exportKeys(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'EXPORTED', 'KEYS');
  const ids = new Set(tablesOf(context).map(({ id }) => id));
  const { catalog, access } = context.account;
  const rows = catalog
    .list('TABLE')
    .filter((table) => access.visible(context.session, table))
    .flatMap((table) =>
      foreignKeys(table)
        .filter(({ references }) => ids.has(references!.tableId))
        .flatMap((constraint) => foreignRows(context, table, constraint)),
    );
  return textResult(FOREIGN_KEYS, rows, STATEMENT_TYPE.SHOW);
}

export const showKeyStatements: Statement[] = [
  { leading: [['SHOW', 'PRIMARY', 'KEYS']], run: keys('PRIMARY KEY', 'PRIMARY') },
  { leading: [['SHOW', 'UNIQUE', 'KEYS']], run: keys('UNIQUE', 'UNIQUE') },
  { leading: [['SHOW', 'IMPORTED', 'KEYS']], run: importKeys },
  { leading: [['SHOW', 'EXPORTED', 'KEYS']], run: exportKeys },
];
