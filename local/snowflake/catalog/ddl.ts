import { localRefusal } from '../errors.js';
import { typeName } from '../types/type-name.js';
import { constraintsOf } from './constraints.js';
import { integrationDdl, streamDdl, taskDdl, warehouseDdl } from './ddl-other.js';
import { routineDdl } from './ddl-routine.js';
import { commentOf, type DdlContext, nameForDdl, optionText, text } from './ddl-text.js';
import { identifier } from './names.js';
import type {
  CatalogObject,
  Column,
  Constraint,
  FileFormat,
  Retention,
  Sequence,
  Table,
  View,
} from './objects.js';
import { tracks } from './tracked-tables.js';

export type { DdlContext };

/**
 * The CREATE statement that would make the object again, as GET_DDL gives it
 * (docs.snowflake.com/en/sql-reference/functions/get_ddl).
 */
export function ddlOf(context: DdlContext, object: CatalogObject): string {
  switch (object.kind) {
    case 'TABLE':
      return tableDdl(context, object);
    case 'VIEW':
      return viewDdl(context, object);
    case 'SEQUENCE':
      return sequenceDdl(context, object);
    case 'FUNCTION':
    case 'PROCEDURE':
      return routineDdl(context, object);
    case 'TASK':
      return taskDdl(context, object);
    case 'STREAM':
      return streamDdl(context, object);
    case 'FILE FORMAT':
      return fileFormatDdl(context, object);
    case 'WAREHOUSE':
      return warehouseDdl(object);
    case 'DATABASE':
    case 'SCHEMA':
      return containerDdl(context, object);
    case 'INTEGRATION':
      if (object.category === 'STORAGE') return integrationDdl(object);
  }
  throw localRefusal(
    `GET_DDL of a ${object.kind.toLowerCase()}`,
    'Snowflake does not have it either',
    `Use DESCRIBE ${object.kind}.`,
  );
}

function retentionOptions({ retentionDays, extensionDays }: Retention): string[] {
  const options: string[] = [];
  if (retentionDays !== undefined) options.push(`DATA_RETENTION_TIME_IN_DAYS=${retentionDays}`);
  if (extensionDays !== undefined) options.push(`MAX_DATA_EXTENSION_TIME_IN_DAYS=${extensionDays}`);
  return options;
}

function tableDdl(context: DdlContext, table: Table): string {
  const { catalog } = context;
  const kind = table.persistence === 'permanent' ? 'TABLE' : `${table.persistence.toUpperCase()} TABLE`;
  const columns = table.columns.map((column) => `\t${columnDdl(context, column)}`);
  for (const constraint of constraintsOf(table)) {
    const shown = constraintDdl(context, constraint);
    if (shown) columns.push(`\t${shown}`);
  }
  const name = nameForDdl(context, table);
  // A stream turns the tracking on as well: what is made again with it needs no word of its own.
  const read = catalog.list('STREAM').some((stream) => tracks(stream, table.id));
  const tracking = table.changeTracking && !read ? ['CHANGE_TRACKING=TRUE'] : [];
  const options = [...retentionOptions(table), ...tracking, ...(table.comment ? [commentOf(table)] : [])];
  const tail = options.length > 0 ? `\n${options.join(' ')}\n` : '';
  const cluster = table.clusterBy ? ` cluster by ${table.clusterBy.replace(/^LINEAR/, '')}` : '';
  if (table.event) return `create or replace EVENT TABLE ${name}${cluster}${tail.trimEnd()};`;
  return `create or replace ${kind} ${name}${cluster} (\n${columns.join(',\n')}\n)${tail};`;
}

function columnDdl({ catalog }: DdlContext, column: Column): string {
  const parts = [identifier(column.name), typeName(column.type)];
  if (!column.nullable) parts.push('NOT NULL');
  const sequence = column.sequence === undefined ? undefined : catalog.get(column.sequence);
  if (sequence?.kind === 'SEQUENCE') {
    const order = sequence.ordered ? 'order' : 'noorder';
    parts.push(`autoincrement start ${sequence.start} increment ${sequence.increment} ${order}`);
  } else if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  if (column.comment) parts.push(`COMMENT ${text(column.comment)}`);
  return parts.join(' ');
}

/** A name that the system gave is not shown; a foreign key to a table that is gone is not either. */
function constraintDdl(
  { catalog }: DdlContext,
  { kind, name, columns, references, rely, comment }: Constraint,
): string | undefined {
  const list = (names: string[]) => `(${names.map(identifier).join(', ')})`;
  const own = name.startsWith('SYS_CONSTRAINT_') ? '' : `constraint ${identifier(name)} `;
  const target = references && catalog.get(references.tableId);
  if (references && !target) return undefined;
  const to = references ? ` references ${catalog.nameOf(target!)}${list(references.columns)}` : '';
  const about = comment ? ` comment ${text(comment)}` : '';
  return `${own}${kind.toLowerCase()} ${list(columns)}${to}${rely ? ' rely' : ''}${about}`;
}

/** From its parts and not from its text, whose name may be an old one. */
function viewDdl(context: DdlContext, view: View): string {
  const columns = view.columns.map(
    ({ name, comment }) => `\t${identifier(name)}${comment ? ` COMMENT ${text(comment)}` : ''}`,
  );
  const comment = view.comment ? ` ${commentOf(view)}` : '';
  return `create or replace ${view.secure ? 'secure ' : ''}view ${nameForDdl(context, view)}(\n${columns.join(',\n')}\n)${comment} as ${view.query};`;
}

function sequenceDdl(context: DdlContext, sequence: Sequence): string {
  const comment = sequence.comment ? ` ${commentOf(sequence)}` : '';
  const order = sequence.ordered ? 'order' : 'noorder';
  return `create or replace sequence ${nameForDdl(context, sequence)} start with ${sequence.start} increment by ${sequence.increment} ${order}${comment};`;
}

function fileFormatDdl(context: DdlContext, format: FileFormat): string {
  const { TYPE: type, ...rest } = format.options;
  const options = Object.entries(rest).map(([key, value]) => `\t${key} = ${optionText(value)}`);
  if (format.comment) options.push(`\t${commentOf(format)}`);
  return [
    `CREATE OR REPLACE FILE FORMAT ${nameForDdl(context, format)}`,
    `\tTYPE = ${type}`,
    ...options,
    ';',
  ].join('\n');
}

/** Tables before all that may read them; the rest as it was made, so that what a thing names is there. */
const ORDER: string[][] = [
  ['SCHEMA'],
  ['SEQUENCE'],
  ['FILE FORMAT'],
  ['TABLE'],
  ['FUNCTION', 'VIEW'],
  ['PROCEDURE'],
  ['STREAM'],
  ['TASK'],
];

/** A database or schema with what it contains, in an order in which it can be made. */
function containerDdl(
  context: DdlContext,
  object: Extract<CatalogObject, { kind: 'DATABASE' | 'SCHEMA' }>,
): string {
  const { catalog } = context;
  const kind = `${object.transient ? 'transient ' : ''}${object.kind.toLowerCase()}`;
  const options = [...retentionOptions(object), ...(object.comment ? [commentOf(object)] : [])];
  const own = `create or replace ${[kind, nameForDdl(context, object), ...options].join(' ')};`;
  const inside =
    object.kind === 'SCHEMA' ? catalog.contents(object) : catalog.list('SCHEMA', { database: object.name });
  const rank = (each: CatalogObject) => ORDER.findIndex((kinds) => kinds.includes(each.kind));
  const texts = inside
    .filter((each) => rank(each) >= 0 && !(each.kind === 'SEQUENCE' && each.hidden) && context.visible(each))
    .sort((a, b) => rank(a) - rank(b) || a.id - b.id)
    .map((each) => ddlOf(context, each));
  return [own, ...texts].join('\n\n');
}
