import { notSupportedLocally } from '../errors.js';
import { typeName } from '../types/type-name.js';
import type { Catalog } from './catalog.js';
import { identifier } from './catalog.js';
import { constraintsOf } from './constraints.js';
import type {
  CatalogObject,
  Column,
  Constraint,
  FileFormat,
  Routine,
  Sequence,
  Table,
  Task,
} from './objects.js';

/**
 * The CREATE statement that would make the object again, as GET_DDL gives it
 * (docs.snowflake.com/en/sql-reference/functions/get_ddl).
 */
export function ddlOf(catalog: Catalog, object: CatalogObject): string {
  switch (object.kind) {
    case 'TABLE':
      return tableDdl(catalog, object);
    case 'VIEW':
      return `${object.text};`;
    case 'SEQUENCE':
      return sequenceDdl(object);
    case 'FUNCTION':
    case 'PROCEDURE':
      return routineDdl(object);
    case 'TASK':
      return taskDdl(object);
    case 'FILE FORMAT':
      return fileFormatDdl(object);
    case 'DATABASE':
    case 'SCHEMA':
      return containerDdl(catalog, object);
    default:
      throw notSupportedLocally(
        `GET_DDL of a ${object.kind.toLowerCase()}`,
        'its text is not put together here',
        `Use DESCRIBE ${object.kind}.`,
      );
  }
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function commentOf(object: { comment: string }): string {
  return object.comment ? `COMMENT=${text(object.comment)}` : '';
}

function tableDdl(catalog: Catalog, table: Table): string {
  const kind = table.persistence === 'permanent' ? 'TABLE' : `${table.persistence.toUpperCase()} TABLE`;
  const columns = table.columns.map((column) => `\t${columnDdl(catalog, column)}`);
  for (const constraint of constraintsOf(table)) {
    const shown = constraintDdl(catalog, constraint);
    if (shown) columns.push(`\t${shown}`);
  }
  const comment = table.comment ? `\n${commentOf(table)}\n` : '';
  const cluster = table.clusterBy ? ` cluster by ${table.clusterBy.replace(/^LINEAR/, '')}` : '';
  if (table.event)
    return `create or replace EVENT TABLE ${identifier(table.name)}${cluster}${comment.trimEnd()};`;
  return `create or replace ${kind} ${identifier(table.name)}${cluster} (\n${columns.join(',\n')}\n)${comment};`;
}

function columnDdl(catalog: Catalog, column: Column): string {
  const parts = [identifier(column.name), typeName(column.type)];
  if (!column.nullable) parts.push('NOT NULL');
  const sequence = column.sequence === undefined ? undefined : catalog.get(column.sequence);
  if (sequence?.kind === 'SEQUENCE') {
    parts.push(`autoincrement start ${sequence.start} increment ${sequence.increment} noorder`);
  } else if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  if (column.comment) parts.push(`COMMENT ${text(column.comment)}`);
  return parts.join(' ');
}

/** A name that the system gave is not shown; a foreign key to a table that is gone is not either. */
function constraintDdl(
  catalog: Catalog,
  { kind, name, columns, references, rely }: Constraint,
): string | undefined {
  const list = (names: string[]) => `(${names.map(identifier).join(', ')})`;
  const own = name.startsWith('SYS_CONSTRAINT_') ? '' : `constraint ${identifier(name)} `;
  const target = references && catalog.get(references.tableId);
  if (references && !target) return undefined;
  const to = references ? ` references ${catalog.nameOf(target!)}${list(references.columns)}` : '';
  return `${own}${kind.toLowerCase()} ${list(columns)}${to}${rely ? ' rely' : ''}`;
}

function sequenceDdl(sequence: Sequence): string {
  const comment = sequence.comment ? ` ${commentOf(sequence)}` : '';
  return `create or replace sequence ${identifier(sequence.name)} start with ${sequence.start} increment by ${sequence.increment} noorder${comment};`;
}

function routineDdl(routine: Routine): string {
  const signature = routine.arguments
    .map(({ name, type }) => `${quotedIfOdd(name)} ${typeName(type)}`)
    .join(', ');
  const lines = [
    `CREATE OR REPLACE ${routine.secure ? 'SECURE ' : ''}${routine.language === 'EXTERNAL' ? 'EXTERNAL ' : ''}${routine.kind} ${quotedIfOdd(routine.name)}(${signature})`,
    `RETURNS ${returnsOf(routine)}${routine.nullable ? '' : ' NOT NULL'}`,
  ];
  if (routine.external) {
    lines.push(
      `API_INTEGRATION = ${identifier(routine.external.integration)}`,
      `AS ${text(routine.external.url)};`,
    );
    return lines.join('\n');
  }
  lines.push(`LANGUAGE ${routine.language}`);
  if (routine.strict) lines.push('STRICT');
  if (routine.comment) lines.push(commentOf(routine));
  if (routine.kind === 'PROCEDURE') lines.push(`EXECUTE AS ${routine.executeAs}`);
  lines.push(`AS ${text(routine.body)};`);
  return lines.join('\n');
}

function returnsOf(routine: Routine): string {
  if (!routine.returnsTable) return typeName(routine.returns);
  return `TABLE (${routine.returnsTable.map(({ name, type }) => `${quotedIfOdd(name)} ${typeName(type)}`).join(', ')})`;
}

function quotedIfOdd(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function taskDdl(task: Task): string {
  const lines = [`create or replace task ${identifier(task.name)}`];
  if (task.warehouse) lines.push(`\twarehouse=${identifier(task.warehouse)}`);
  if (task.schedule) lines.push(`\tschedule=${text(task.schedule)}`);
  if (task.config) lines.push(`\tconfig=${text(task.config)}`);
  if (task.predecessors.length > 0) lines.push(`\tafter ${task.predecessors.join(', ')}`);
  if (task.comment) lines.push(`\t${commentOf(task)}`);
  if (task.condition) lines.push(`\twhen ${task.condition}`);
  lines.push(`\tas ${task.definition};`);
  return lines.join('\n');
}

function fileFormatDdl(format: FileFormat): string {
  const options = Object.entries(format.options).map(([key, value]) => `\t${key} = ${optionText(value)}`);
  return `CREATE OR REPLACE FILE FORMAT ${identifier(format.name)}\n${options.join('\n')}\n;`;
}

function optionText(value: string | number | boolean | string[]): string {
  if (Array.isArray(value)) return `(${value.map(text).join(', ')})`;
  return typeof value === 'string' ? text(value) : String(value).toUpperCase();
}

/** A database or schema with what it contains, in an order in which it can be made. */
function containerDdl(
  catalog: Catalog,
  object: Extract<CatalogObject, { kind: 'DATABASE' | 'SCHEMA' }>,
): string {
  const kind = object.kind.toLowerCase();
  const own = `create or replace ${kind} ${identifier(object.name)}${object.comment ? ` ${commentOf(object)}` : ''};`;
  const order = ['SCHEMA', 'SEQUENCE', 'FILE FORMAT', 'TABLE', 'VIEW', 'FUNCTION', 'PROCEDURE', 'TASK'];
  const inside =
    object.kind === 'SCHEMA' ? catalog.contents(object) : catalog.list('SCHEMA', { database: object.name });
  const texts = inside
    .filter((each) => order.includes(each.kind) && !(each.kind === 'SEQUENCE' && each.hidden))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((each) => ddlOf(catalog, each));
  return [own, ...texts].join('\n\n');
}
