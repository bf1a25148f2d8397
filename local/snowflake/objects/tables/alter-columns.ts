import { type CatalogTransaction, identifier } from '../../catalog/catalog.js';
import { constraintsOf } from '../../catalog/constraints.js';
import type { Column, ColumnTags, Constraint, Table } from '../../catalog/objects.js';
import { changeLogName, physicalColumn } from '../../catalog/physical.js';
import { invalidIdentifier, localRefusal, SnowflakeError, syntaxError } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';
import { createChangeLogSql, putHiddenSequence, tablesOf } from '../../kernel/table-storage.js';
import { defaultSql } from '../../query/for-ddl.js';
import { quoteText } from '../../storage/storage.js';
import type { DataType } from '../../types/data-type.js';
import { duckType } from '../../types/duck-type.js';
import { typeName } from '../../types/type-name.js';
import {
  type ConstraintDefinition,
  constraintFields,
  resolveConstraints,
  withColumn,
} from './constraints.js';
import { checkDefault, refuseChanging, refuseNewDefault } from './defaults.js';
import type { TableOptions } from './table-creation.js';
import type { ColumnDefinition, TableDefinition } from './table-definition.js';

/** A change of one table's columns, in DuckDB and in the definition; put() writes the result to the catalog. */
export class ColumnChanges {
  table: Table;

  constructor(
    private readonly context: StatementContext,
    private readonly tx: CatalogTransaction,
    table: Table,
  ) {
    this.table = { ...table, columns: [...table.columns] };
  }

  put(changes: Partial<Table> = {}): void {
    this.table = { ...this.table, ...changes, ddlOn: this.context.account.clock.now() };
    this.tx.put(this.table);
  }

  /** CHANGE_TRACKING = TRUE: streams on the table may begin here. */
  async track(): Promise<void> {
    if (this.table.changeTracking) return;
    await this.tx.run(createChangeLogSql(this.table));
    this.table.changeTracking = true;
  }

  column(name: string): Column {
    const column = this.table.columns.find((each) => each.name === name);
    if (!column) throw invalidIdentifier(identifier(name));
    return column;
  }

  /** Existing rows get the default. */
  async add(definition: ColumnDefinition): Promise<void> {
    const { column, autoincrement } = definition;
    if (this.table.columns.some((each) => each.name === column.name)) {
      throw new SnowflakeError(
        '001430',
        '42601',
        `SQL compilation error:\ncolumn '${identifier(column.name)}' already exists`,
      );
    }
    if (!column.type) throw syntaxError(`column '${column.name}' has no type.`);
    await checkDefault(this.context, column);
    if (column.default !== undefined) refuseChanging(column.default);
    const added: Column = {
      ...column,
      type: column.type,
      physical: physicalColumn(column.name, this.table.columns),
    };
    let filled: string | undefined;
    // Their numbers come last.
    if (autoincrement) filled = '0';
    else if (added.default !== undefined) filled = await defaultSql(this.context, added.default, added.type);
    else if (!added.nullable && (await this.hasRows())) throw this.cannotAdd(added.name);
    const table = quoteText(this.table.physical);
    const name = quoteText(added.physical);
    // A default of DuckDB's fills the rows that are there; an UPDATE would forbid SET NOT NULL in the same transaction.
    await this.tx.run(
      `ALTER TABLE ${table} ADD COLUMN ${name} ${duckType(added.type)}${filled ? ` DEFAULT ${filled}` : ''}`,
    );
    if (this.table.changeTracking)
      await this.tx.run(
        `ALTER TABLE ${quoteText(changeLogName(this.table))} ADD COLUMN ${name} ${duckType(added.type)}`,
      );
    if (filled) await this.tx.run(`ALTER TABLE ${table} ALTER COLUMN ${name} DROP DEFAULT`);
    if (!added.nullable) await this.tx.run(`ALTER TABLE ${table} ALTER COLUMN ${name} SET NOT NULL`);
    if (autoincrement) added.sequence = await this.number(added, autoincrement);
    this.table.columns.push(added);
  }

  /** Gives the rows that are there their numbers of a new sequence. @returns its id */
  private async number(
    { physical }: Column,
    autoincrement: NonNullable<ColumnDefinition['autoincrement']>,
  ): Promise<number> {
    const { start, increment } = autoincrement;
    const table = quoteText(this.table.physical);
    const rows = await this.tx.run(
      `UPDATE ${table} SET ${quoteText(physical)} = ${start} + ${increment} * (n - 1) FROM (SELECT "$row" AS "$numbered", row_number() OVER () AS n FROM ${table}) WHERE "$row" = "$numbered"`,
    );
    const sequence = putHiddenSequence(this.context, this.tx, this.table, autoincrement);
    const { sequences } = this.context.account.storage;
    sequences.begin(sequence.physical, BigInt(start) + BigInt(increment) * BigInt(rows), increment);
    return sequence.id;
  }

  private cannotAdd(name: string): SnowflakeError {
    return new SnowflakeError(
      '002028',
      '42601',
      `SQL compilation error:\nNon-nullable column '${identifier(name)}' cannot be added to non-empty table '${identifier(this.table.name)}' unless it has a non-null default value.`,
    );
  }

  async drop(name: string): Promise<void> {
    const column = this.table.columns.find((each) => each.name === name);
    if (!column) {
      throw new SnowflakeError('000904', '42000', `SQL compilation error:\ncolumn '${name}' does not exist`);
    }
    if (this.table.columns.length === 1) {
      throw new SnowflakeError(
        '002033',
        '42601',
        `SQL compilation error:\ncannot drop all the columns of table '${identifier(this.table.name)}'`,
      );
    }
    await this.alterAll(`DROP COLUMN ${quoteText(column.physical)}`);
    const sequence =
      column.sequence === undefined ? undefined : this.context.account.catalog.get(column.sequence);
    if (sequence) this.tx.remove(sequence);
    this.table.columns = this.table.columns.filter((each) => each !== column);
    this.constrain(withColumn(constraintsOf(this.table), name));
  }

  async rename(from: string, to: string): Promise<void> {
    const column = this.column(from);
    if (this.table.columns.some((each) => each.name === to)) {
      throw new SnowflakeError(
        '001430',
        '42601',
        `SQL compilation error:\ncolumn '${identifier(to)}' already exists`,
      );
    }
    const others = this.table.columns.filter((each) => each !== column);
    const physical = physicalColumn(to, others);
    if (physical.toLowerCase() !== column.physical.toLowerCase())
      await this.alterAll(`RENAME COLUMN ${quoteText(column.physical)} TO ${quoteText(physical)}`);
    this.replace(column, { ...column, name: to, physical });
    this.constrain(withColumn(constraintsOf(this.table), from, to));
  }

  /** Sets the table's constraints. */
  constrain(constraints: Constraint[]): void {
    this.table = { ...this.table, ...constraintFields(constraints) };
  }

  /** ADD [CONSTRAINT …]: what is part of a primary key may not be NULL any more. */
  async addConstraints(definitions: ConstraintDefinition[]): Promise<void> {
    const before = { ...this.table, constraints: constraintsOf(this.table) };
    this.constrain(resolveConstraints(this.context, before, definitions));
  }

  /** Only what keeps every value: longer texts, more digits before the point. */
  async setType(name: string, { type, typeAlias }: Pick<Column, 'type' | 'typeAlias'>): Promise<void> {
    const column = this.column(name);
    if (typeName(column.type) === typeName(type) && column.typeAlias === typeAlias) return;
    if (typeName(column.type) !== typeName(type) && !widens(column.type, type)) {
      throw new SnowflakeError(
        '002108',
        '22023',
        `SQL compilation error: cannot change column ${identifier(name)} from type ${typeName(column.type)} to ${typeName(type)} because they have incompatible types, or the change would lose precision.`,
      );
    }
    if (duckType(column.type) !== duckType(type))
      await this.alterAll(`ALTER COLUMN ${quoteText(column.physical)} TYPE ${duckType(type)}`);
    this.replace(column, { ...column, type, ...(typeAlias !== undefined && { typeAlias }) });
  }

  async setNullable(name: string, nullable: boolean): Promise<void> {
    const column = this.column(name);
    if (column.nullable === nullable) return;
    if (!nullable) {
      const rows = await this.context.session.connection.rows(
        `SELECT '1' FROM ${quoteText(this.table.physical)} WHERE ${quoteText(column.physical)} IS NULL LIMIT 1`,
      );
      if (rows.length > 0) {
        throw new SnowflakeError(
          '100072',
          '22000',
          `NULL result in a non-nullable column ${identifier(name)}`,
        );
      }
    }
    await this.tx.run(
      `ALTER TABLE ${quoteText(this.table.physical)} ALTER COLUMN ${quoteText(column.physical)} ${nullable ? 'DROP' : 'SET'} NOT NULL`,
    );
    this.replace(column, { ...column, nullable });
  }

  setComment(name: string, comment: string): void {
    const column = this.column(name);
    this.replace(column, { ...column, comment });
  }

  setTags(name: string, tags: ColumnTags): void {
    const column = this.column(name);
    this.replace(column, { ...column, tags });
  }

  setDefault(name: string, text: string | undefined): void {
    const { default: _old, ...column } = this.column(name);
    this.replace(this.column(name), text === undefined ? column : { ...column, default: text });
  }

  private replace(old: Column, column: Column): void {
    this.table.columns = this.table.columns.map((each) => (each === old ? column : each));
  }

  private async alterAll(change: string): Promise<void> {
    for (const table of tablesOf(this.table)) await this.tx.run(`ALTER TABLE ${quoteText(table)} ${change}`);
  }

  private async hasRows(): Promise<boolean> {
    return (
      (
        await this.context.session.connection.rows(
          `SELECT '1' FROM ${quoteText(this.table.physical)} LIMIT 1`,
        )
      ).length > 0
    );
  }
}

function widens(from: DataType, to: DataType): boolean {
  if (from.kind === 'TEXT' && to.kind === 'TEXT') return to.length >= from.length;
  if (from.kind === 'BINARY' && to.kind === 'BINARY') return to.length >= from.length;
  if (from.kind === 'NUMBER' && to.kind === 'NUMBER')
    return to.scale === from.scale && to.precision >= from.precision;
  return false;
}

/** CREATE OR ALTER TABLE on a table that exists: brings its columns to the definition. */
export async function alterColumnsTo(
  context: StatementContext,
  table: Table,
  definition: TableDefinition,
  { comment, retention, changeTracking }: Pick<TableOptions, 'comment' | 'retention' | 'changeTracking'>,
): Promise<void> {
  const { account, session } = context;
  const wanted = new Map(definition.columns.map((each) => [each.column.name, each]));
  await session.lock(table.id, context.signal);
  await account.catalog.change(session.connection, async (tx) => {
    const changes = new ColumnChanges(context, tx, table);
    for (const column of table.columns) if (!wanted.has(column.name)) await changes.drop(column.name);
    for (const [name, { column, autoincrement }] of wanted) {
      const existing = changes.table.columns.find((each) => each.name === name);
      if (!existing) await changes.add({ column, autoincrement, constraints: [] });
      else {
        if (column.type) await changes.setType(name, { ...column, type: column.type });
        await changes.setNullable(name, column.nullable);
        if (existing.comment !== column.comment) changes.setComment(name, column.comment);
        if (existing.default !== column.default) changeDefault(changes, name, column.default);
        if ((autoincrement !== undefined) !== (existing.sequence !== undefined)) {
          throw localRefusal(
            `CREATE OR ALTER TABLE changing AUTOINCREMENT of ${identifier(name)}`,
            'Snowflake does not allow it either',
          );
        }
      }
    }
    const order = [...wanted.keys()];
    // Snowflake refuses a new column anywhere but at the end; so a difference in order is a mistake.
    if (changes.table.columns.map((column) => column.name).join('\0') !== order.join('\0')) {
      throw new SnowflakeError(
        '001506',
        '42601',
        'SQL compilation error:\nCREATE OR ALTER TABLE cannot change the order of columns: new columns go to the end.',
      );
    }
    if (changeTracking) await changes.track();
    changes.constrain([]);
    await changes.addConstraints(definition.constraints);
    changes.put({ comment, ...retention });
  });
}

/** Snowflake lets a default be dropped, but not be set anew on an existing column (except to a sequence). */
function changeDefault(changes: ColumnChanges, name: string, to: string | undefined): void {
  if (to !== undefined) refuseNewDefault(to);
  changes.setDefault(name, undefined);
}
