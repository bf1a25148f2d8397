import { type CatalogTransaction, identifier } from '../../catalog/catalog.js';
import { constraintsOf } from '../../catalog/constraints.js';
import type { Constraint, Table } from '../../catalog/objects.js';
import { doesNotExist, existsError, invalidProperty, localRefusal, SnowflakeError } from '../../errors.js';
import { alterEventTable } from '../../events/statements.js';
import { alterOutcome, readNamed } from '../../kernel/named-object.js';
import { clusterKeys, readOptions } from '../../kernel/options.js';
import { refuseTags } from '../../kernel/refused.js';
import { readRetention, withoutRetention } from '../../kernel/retention.js';
import { newPlace } from '../../kernel/schema-object.js';
import type { Statement, StatementContext, StatementOutcome } from '../../kernel/statement.js';
import { TokenStream } from '../../language/lexer.js';
import { readTags, startsTags } from '../masking/column-tags.js';
import { ColumnChanges } from './alter-columns.js';
import { readConstraint, startsConstraint } from './constraints.js';
import { refuseNewDefault } from './defaults.js';
import { columnName, readColumn, readType } from './table-definition.js';

async function alterTable(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'TABLE');
  const { object: table } = readNamed(context, 'TABLE');
  if (!table) return alterOutcome();
  account.access.requireOwnership(session, table);
  if (table.session !== undefined)
    throw localRefusal('ALTER TABLE on a temporary table', 'it is not built', 'Create it anew.');
  if (table.event) return alterEventTable(context, table);
  if (tokens.take('RENAME', 'TO')) return rename(context, table);
  if (tokens.take('SWAP', 'WITH')) return swap(context, table);
  await session.lock(table.id, context.signal);
  await account.catalog.change(session.connection, async (tx) => {
    // The lock may have been waited for.
    const current = account.catalog.get(table.id);
    const changes = new ColumnChanges(context, tx, current?.kind === 'TABLE' ? current : table);
    await alteration(context, changes);
    tokens.expectEnd();
    changes.put();
  });
  await session.transaction.commit();
  return alterOutcome();
}

/** What ALTER TABLE … SET takes besides (docs: sql/alter-table). */
const PROPERTIES = [
  'CONTACT',
  'DEFAULT_DDL_COLLATION',
  'ENABLE_SCHEMA_EVOLUTION',
  'MAX_DATA_EXTENSION_TIME_IN_DAYS',
  'STAGE_COPY_OPTIONS',
  'STAGE_FILE_FORMAT',
  'TAG',
];

async function alteration(context: StatementContext, changes: ColumnChanges): Promise<void> {
  const { tokens } = context;
  refuseTags(tokens);
  if (tokens.take('ADD')) return add(tokens, changes);
  if (tokens.take('DROP')) return drop(tokens, changes);
  if (tokens.take('RENAME', 'CONSTRAINT')) return renameConstraint(tokens, changes);
  if (tokens.take('RENAME', 'COLUMN')) {
    const from = tokens.identifier();
    tokens.expect('TO');
    return changes.rename(from, columnName(tokens));
  }
  if (tokens.take('ALTER') || tokens.take('MODIFY')) return modify(context, changes);
  if (tokens.take('CLUSTER', 'BY')) {
    changes.table.clusterBy = clusterKeys(tokens);
    return;
  }
  if (tokens.take('SET')) {
    const { retention, rest } = readRetention(readOptions(tokens), changes.table.persistence !== 'permanent');
    const { COMMENT, CHANGE_TRACKING, ...others } = rest;
    for (const key of Object.keys(others)) {
      if (!PROPERTIES.includes(key)) throw invalidProperty(key, 'TABLE');
      throw localRefusal(`ALTER TABLE … SET ${key}`, 'this option is not built');
    }
    changes.table = { ...changes.table, ...retention };
    if (COMMENT !== undefined) changes.table.comment = String(COMMENT);
    if (CHANGE_TRACKING === true) await changes.track();
    else if (CHANGE_TRACKING !== undefined)
      throw localRefusal(
        'CHANGE_TRACKING = FALSE',
        'it would break the streams on the table',
        'Drop them: without one, no changes are kept.',
      );
    return;
  }
  if (tokens.take('UNSET')) {
    do {
      const key = tokens.identifier();
      const without = withoutRetention(changes.table, key);
      if (without) changes.table = without;
      else if (key === 'COMMENT') changes.table.comment = '';
      else if (!PROPERTIES.includes(key)) throw invalidProperty(key, 'TABLE');
      else throw localRefusal(`ALTER TABLE … UNSET ${key}`, 'this option is not built');
    } while (tokens.take(','));
    return;
  }
  throw localRefusal(`ALTER TABLE … ${tokens.peek().value}`, 'this change is not built');
}

async function add(tokens: TokenStream, changes: ColumnChanges): Promise<void> {
  refuseOptimization(tokens, 'ADD');
  if (startsConstraint(tokens)) return changes.addConstraints([readConstraint(tokens)]);
  tokens.take('COLUMN');
  do {
    const ifNotExists = tokens.take('IF', 'NOT', 'EXISTS');
    const definition = readColumn(tokens, []);
    if (ifNotExists && changes.table.columns.some((column) => column.name === definition.column.name))
      continue;
    await changes.add(definition);
    await changes.addConstraints(definition.constraints);
  } while (tokens.take(','));
}

/** ADD | DROP { SEARCH OPTIMIZATION | ROW ACCESS POLICY … }, which would read as columns otherwise. */
function refuseOptimization(tokens: TokenStream, verb: string): void {
  for (const words of [
    'SEARCH OPTIMIZATION',
    'ROW ACCESS POLICY',
    'ALL ROW ACCESS POLICIES',
    'DATA METRIC FUNCTION',
  ])
    if (tokens.is(...words.split(' ')))
      throw localRefusal(`ALTER TABLE … ${verb} ${words}`, 'it is not built');
}

async function drop(tokens: TokenStream, changes: ColumnChanges): Promise<void> {
  refuseOptimization(tokens, 'DROP');
  if (startsConstraint(tokens)) return dropConstraint(tokens, changes);
  if (tokens.take('CLUSTERING', 'KEY')) {
    delete changes.table.clusterBy;
    return;
  }
  tokens.take('COLUMN');
  const ifExists = tokens.take('IF', 'EXISTS');
  do {
    const name = tokens.identifier();
    if (ifExists && !changes.table.columns.some((column) => column.name === name)) continue;
    await changes.drop(name);
  } while (tokens.take(','));
}

/** DROP { CONSTRAINT name | PRIMARY KEY | UNIQUE (columns) | FOREIGN KEY (columns) } [CASCADE | RESTRICT] */
function dropConstraint(tokens: TokenStream, changes: ColumnChanges): void {
  const constraints = constraintsOf(changes.table);
  let found: Constraint | undefined;
  if (tokens.take('CONSTRAINT')) {
    const name = tokens.identifier();
    found = constraints.find((each) => each.name === name);
    if (!found) throw doesNotExist('Constraint', identifier(name));
  } else {
    const kind = tokens.take('PRIMARY', 'KEY')
      ? 'PRIMARY KEY'
      : tokens.take('UNIQUE')
        ? 'UNIQUE'
        : 'FOREIGN KEY';
    if (kind === 'FOREIGN KEY') tokens.expect('FOREIGN', 'KEY');
    const columns = tokens.is('(') ? tokens.parenthesesText() : undefined;
    const wanted = columns === undefined ? undefined : new TokenStream(columns);
    const names: string[] = [];
    while (wanted && !wanted.done) {
      names.push(wanted.identifier());
      wanted.take(',');
    }
    found = constraints.find(
      (each) => each.kind === kind && (wanted === undefined || each.columns.join('\0') === names.join('\0')),
    );
    if (!found) throw doesNotExist(kind, names.map(identifier).join(', '));
  }
  tokens.take('CASCADE') || tokens.take('RESTRICT');
  changes.constrain(constraints.filter((each) => each !== found));
}

/** RENAME CONSTRAINT a TO b */
function renameConstraint(tokens: TokenStream, changes: ColumnChanges): void {
  const from = tokens.identifier();
  tokens.expect('TO');
  const name = tokens.identifier();
  const constraints = constraintsOf(changes.table);
  if (!constraints.some((each) => each.name === from)) throw doesNotExist('Constraint', identifier(from));
  if (constraints.some((each) => each.name === name)) throw existsError(identifier(name));
  changes.constrain(constraints.map((each) => (each.name === from ? { ...each, name } : each)));
}

function sequenceDefault(text: string): string {
  refuseNewDefault(text);
  return text;
}

async function modify(context: StatementContext, changes: ColumnChanges): Promise<void> {
  const { tokens } = context;
  const listed = tokens.take('(');
  do {
    tokens.take('COLUMN');
    const name = tokens.identifier();
    if (startsTags(context)) changes.setTags(name, readTags(context, changes.column(name).tags));
    else if (tokens.take('SET', 'DATA', 'TYPE') || tokens.take('TYPE'))
      await changes.setType(name, readType(tokens));
    else if (tokens.take('SET', 'NOT', 'NULL') || tokens.take('NOT', 'NULL'))
      await changes.setNullable(name, false);
    else if (tokens.take('DROP', 'NOT', 'NULL')) await changes.setNullable(name, true);
    else if (tokens.take('DROP', 'DEFAULT')) changes.setDefault(name, undefined);
    else if (tokens.take('SET', 'DEFAULT')) changes.setDefault(name, sequenceDefault(tokens.rest()));
    else if (tokens.take('UNSET', 'COMMENT')) changes.setComment(name, '');
    else if (tokens.take('COMMENT')) changes.setComment(name, tokens.string());
    else if (tokens.is('SET') || tokens.is('UNSET')) refuseColumnOption(tokens);
    else await changes.setType(name, readType(tokens));
  } while (tokens.take(','));
  if (listed) tokens.expect(')');
}

/** @throws SnowflakeError by name for `SET MASKING POLICY p` and what else a column may be given and is not here */
function refuseColumnOption(tokens: TokenStream): never {
  const [verb, what, kind] = [0, 1, 2].map((ahead) => tokens.peek(ahead).value);
  throw localRefusal(
    `ALTER TABLE … COLUMN … ${verb} ${what}${kind === 'POLICY' ? ' POLICY' : ''}`,
    'a policy is set on a tag, not on a column itself',
    'ALTER TAG … SET MASKING POLICY, and set the tag on the column.',
  );
}

async function rename(context: StatementContext, table: Table): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const place = newPlace(context, 'TABLE');
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) =>
    tx.put({ ...table, ...place, ddlOn: account.clock.now() }),
  );
  return alterOutcome();
}

async function swap(context: StatementContext, table: Table): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const other = account.catalog.resolve('TABLE', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireOwnership(session, other);
  // docs: sql-reference/sql/alter-table, SWAP WITH; its code and words are on no page.
  if (other.session !== undefined)
    throw new SnowflakeError(
      '000002',
      '0A000',
      `Unsupported feature 'SWAP of the permanent or transient table ${table.name} with the temporary table ${other.name}'.`,
    );
  const place = ({ name, database, schema }: Table) => ({ name, database, schema });
  await account.catalog.change(session.connection, (tx: CatalogTransaction) => {
    const ddlOn = account.clock.now();
    tx.put({ ...table, ...place(other), ddlOn });
    tx.put({ ...other, ...place(table), ddlOn });
  });
  return alterOutcome();
}

export const alterTableStatements: Statement[] = [
  { leading: [['ALTER', 'TABLE']], ddl: true, run: alterTable },
];
