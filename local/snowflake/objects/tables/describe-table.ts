import { constraintsOf } from '../../catalog/constraints.js';
import { informationView } from '../../catalog/information-schema.js';
import type { Column, Constraint, Table, View } from '../../catalog/objects.js';
import { localRefusal, wrongKind } from '../../errors.js';
import { listVisible, readShowFilter } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../../kernel/statement.js';
import type { DataType, Row } from '../../types/data-type.js';
import { typeName } from '../../types/type-name.js';

/** The JSON of SHOW COLUMNS' data_type. */
function typeJson(type: DataType, nullable: boolean): string {
  if (type.kind === 'NUMBER')
    return JSON.stringify({ type: 'FIXED', precision: type.precision, scale: type.scale, nullable });
  if (type.kind === 'FLOAT') return JSON.stringify({ type: 'REAL', nullable });
  if (type.kind === 'TEXT')
    return JSON.stringify({
      type: 'TEXT',
      length: type.length,
      byteLength: type.length,
      nullable,
      fixed: false,
    });
  if (type.kind === 'BINARY')
    return JSON.stringify({
      type: 'BINARY',
      length: type.length,
      byteLength: type.length,
      nullable,
      fixed: true,
    });
  if ('scale' in type) return JSON.stringify({ type: type.kind, precision: 0, scale: type.scale, nullable });
  return JSON.stringify({ type: type.kind, nullable });
}

function showColumns(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'COLUMNS');
  const relation = tableOfShow(context);
  const filter = relation ? undefined : readShowFilter(context, 'TABLE');
  const relations = relation
    ? [relation]
    : [...listVisible(context, 'TABLE', filter!), ...listVisible(context, 'VIEW', filter!)];
  const rows: Row[] = relations.flatMap((each) =>
    each.columns.map((column) => {
      const own = column as Column;
      return [
        each.name,
        each.schema,
        column.name,
        typeJson(column.type, column.nullable),
        column.nullable ? 'true' : 'NOT_NULL',
        own.default ?? '',
        'COLUMN',
        '',
        column.comment,
        each.database,
        autoincrement(context, own),
        '',
      ];
    }),
  );
  return textResult(
    [
      'table_name',
      'schema_name',
      'column_name',
      'data_type',
      'null?',
      'default',
      'kind',
      'expression',
      'comment',
      'database_name',
      'autoincrement',
      'schema_evolution_record',
    ],
    rows,
    STATEMENT_TYPE.SHOW,
  );
}

/** `SHOW COLUMNS IN [TABLE | VIEW] name`, if that is what stands there. */
function tableOfShow(context: StatementContext): Table | View | undefined {
  const { account, session, tokens } = context;
  if (!tokens.is('IN') || ['ACCOUNT', 'DATABASE', 'SCHEMA'].includes(tokens.peek(1).value)) return undefined;
  tokens.expect('IN');
  tokens.take('TABLE') || tokens.take('VIEW');
  const name = tokens.name();
  tokens.expectEnd();
  const always = informationView(context, name);
  if (always) return always;
  const relation = account.catalog.resolveRelation(name, session);
  account.access.requireAny(session, ['SELECT', 'REFERENCES', 'INSERT', 'UPDATE', 'DELETE'], relation);
  if (relation.kind === 'STREAM')
    throw localRefusal(
      'SHOW COLUMNS IN a stream',
      'it shows the columns of tables and views',
      'Use DESCRIBE STREAM.',
    );
  return relation;
}

function autoincrement({ account }: StatementContext, column: Column): string {
  const sequence = column.sequence === undefined ? undefined : account.catalog.get(column.sequence);
  return sequence?.kind === 'SEQUENCE'
    ? `IDENTITY START ${sequence.start} INCREMENT ${sequence.increment} ${sequence.ordered ? 'ORDER' : 'NOORDER'}`
    : '';
}

const DESCRIBED = [
  'name',
  'type',
  'kind',
  'null?',
  'default',
  'primary key',
  'unique key',
  'check',
  'expression',
  'comment',
  'policy name',
  'privacy domain',
  'schema evolution record',
];

function describeTable(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  const event = tokens.take('EVENT');
  const kind = tokens.take('VIEW') ? 'VIEW' : 'TABLE';
  if (kind === 'TABLE') tokens.expect('TABLE');
  const name = tokens.name();
  if (tokens.is('TYPE')) {
    tokens.next();
    tokens.expect('=');
    if (tokens.take('STAGE'))
      throw localRefusal('DESCRIBE TABLE … TYPE = STAGE', 'tables keep no stage options of their own');
    tokens.expect('COLUMNS');
  }
  tokens.expectEnd();
  const always = informationView(context, name);
  const relation =
    always ??
    account.catalog.find('TABLE', name, session) ??
    account.catalog.find('VIEW', name, session) ??
    account.catalog.resolve(kind, name, session);
  if (!always)
    account.access.requireAny(
      session,
      ['SELECT', 'REFERENCES', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'],
      relation,
    );
  if (event && !(relation.kind === 'TABLE' && relation.event)) throw wrongKind(relation.kind, 'EVENT_TABLE');
  const constraints = relation.kind === 'TABLE' ? constraintsOf(relation) : [];
  const keyFlag = (kind: Constraint['kind'], name: string) =>
    constraints.some((each) => each.kind === kind && each.columns.includes(name)) ? 'Y' : 'N';
  const rows = relation.columns.map((column) => {
    const own = column as Column;
    const filled = own.default ?? (autoincrement(context, own) || null);
    return [
      column.name,
      typeName(column.type),
      'COLUMN',
      column.nullable ? 'Y' : 'N',
      filled,
      keyFlag('PRIMARY KEY', column.name),
      keyFlag('UNIQUE', column.name),
      null,
      null,
      column.comment || null,
      null,
      null,
      null,
    ];
  });
  return textResult(DESCRIBED, rows, STATEMENT_TYPE.DESCRIBE);
}

export const describeTableStatements: Statement[] = [
  { leading: [['SHOW', 'COLUMNS']], run: showColumns },
  {
    leading: [
      ['DESCRIBE', 'TABLE'],
      ['DESCRIBE', 'EVENT', 'TABLE'],
      ['DESCRIBE', 'VIEW'],
    ],
    run: describeTable,
  },
];
