import { identifier } from '../catalog/catalog.js';
import type { Database, Schema } from '../catalog/objects.js';
import { notSupportedLocally } from '../errors.js';
import { alterObject, dropped, findOrRefuse, keepExisting, readName } from './named-object.js';
import { createHead, type OptionValue, readOptions } from './options.js';
import { showContainerStatements } from './show-containers.js';
import { type Statement, type StatementContext, type StatementOutcome, status } from './statement.js';

/** Options of databases and schemas that are kept; the rest is refused by name. */
function containerComment(kind: string, options: Record<string, OptionValue>): string {
  const { COMMENT, DATA_RETENTION_TIME_IN_DAYS, ...rest } = options;
  for (const key of Object.keys(rest)) {
    throw notSupportedLocally(`${kind} … ${key}`, 'only COMMENT is built');
  }
  if (
    DATA_RETENTION_TIME_IN_DAYS !== undefined &&
    DATA_RETENTION_TIME_IN_DAYS !== 0 &&
    DATA_RETENTION_TIME_IN_DAYS !== 1
  )
    throw notSupportedLocally(`${kind} … DATA_RETENTION_TIME_IN_DAYS`, 'there is no Time Travel');
  return String(COMMENT ?? '');
}

async function createDatabase(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'DATABASE');
  if (tokens.is('CLONE') || tokens.is('FROM'))
    throw notSupportedLocally(
      'CREATE DATABASE … CLONE | FROM SHARE',
      'data is not shared or cloned by database',
    );
  const comment = containerComment('CREATE DATABASE', readOptions(tokens));
  tokens.expectEnd();
  account.access.requireCreate(session, 'DATABASE');
  const name = head.name[0]!;
  const existing = account.catalog.find('DATABASE', [name], session);
  const kept = existing && keepExisting(context, head, existing, true);
  if (kept) return kept;
  if (existing && head.orAlter) {
    await account.catalog.change(session.connection, (tx) => tx.put({ ...existing, comment }));
    return status(`${identifier(name)} successfully altered.`);
  }
  const base = { owner: session.role, createdOn: account.clock.now() };
  await account.catalog.change(session.connection, (tx) => {
    if (existing) tx.remove(existing);
    const transient = head.modifiers.has('TRANSIENT');
    const database: Database = {
      kind: 'DATABASE',
      id: account.catalog.nextId(),
      name,
      comment,
      transient,
      ...base,
    };
    tx.put(database);
    tx.put({
      kind: 'SCHEMA',
      id: account.catalog.nextId(),
      name: 'PUBLIC',
      database: name,
      comment: '',
      transient,
      ...base,
    });
    account.access.grantFuture(tx, database);
  });
  session.database = name;
  session.schema = 'PUBLIC';
  return status(`Database ${identifier(name)} successfully created.`);
}

async function createSchema(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'SCHEMA');
  if (tokens.is('CLONE')) throw notSupportedLocally('CREATE SCHEMA … CLONE', 'data is not cloned by schema');
  if (tokens.take('WITH', 'MANAGED', 'ACCESS'))
    throw notSupportedLocally('WITH MANAGED ACCESS', 'managed schemas are not built');
  const comment = containerComment('CREATE SCHEMA', readOptions(tokens));
  tokens.expectEnd();
  const name = head.name[head.name.length - 1]!;
  // find() also says so if there is no current database.
  const existing = account.catalog.find('SCHEMA', head.name, session);
  const database = account.catalog.resolve(
    'DATABASE',
    [head.name.length > 1 ? head.name[0]! : session.database!],
    session,
  );
  account.access.requireCreate(session, 'SCHEMA', database);
  const kept = existing && keepExisting(context, head, existing, true);
  if (kept) return kept;
  if (existing && head.orAlter) {
    await account.catalog.change(session.connection, (tx) => tx.put({ ...existing, comment }));
    return status(`${identifier(name)} successfully altered.`);
  }
  await account.catalog.change(session.connection, (tx) => {
    if (existing) tx.remove(existing);
    const schema: Schema = {
      kind: 'SCHEMA',
      id: account.catalog.nextId(),
      name,
      database: database.name,
      comment,
      transient: head.modifiers.has('TRANSIENT') || database.transient,
      owner: session.role,
      createdOn: account.clock.now(),
    };
    tx.put(schema);
    account.access.grantFuture(tx, schema);
  });
  session.database = database.name;
  session.schema = name;
  return status(`Schema ${identifier(name)} successfully created.`);
}

function drop(kind: 'DATABASE' | 'SCHEMA') {
  return async (context: StatementContext): Promise<StatementOutcome> => {
    const { account, session, tokens } = context;
    tokens.expect('DROP', kind);
    const { parts, ifExists } = readName(tokens, kind);
    if (tokens.take('RESTRICT'))
      throw notSupportedLocally(`DROP ${kind} … RESTRICT`, 'foreign keys are not kept');
    tokens.take('CASCADE');
    tokens.expectEnd();
    const object = findOrRefuse(context, kind, parts, ifExists);
    if (!object) return dropped(parts, false);
    account.access.requireOwnership(session, object);
    await account.catalog.change(session.connection, (tx) => tx.remove(object));
    const database = object.kind === 'SCHEMA' ? object.database : object.name;
    if (session.database === database && (kind === 'DATABASE' || session.schema === object.name)) {
      session.schema = undefined;
      if (kind === 'DATABASE') session.database = undefined;
    }
    return dropped(parts, true);
  };
}

/** ALTER DATABASE | SCHEMA … SET COMMENT | UNSET COMMENT | RENAME TO */
function alter(kind: 'DATABASE' | 'SCHEMA') {
  return (context: StatementContext): Promise<StatementOutcome> => {
    const { tokens } = context;
    return alterObject(context, kind, (object) => {
      if (tokens.is('RENAME') || tokens.is('SWAP')) {
        throw notSupportedLocally(
          `ALTER ${kind} … ${tokens.peek().value}`,
          'what it contains would have to be renamed as well',
          'Create it under the new name.',
        );
      }
      let comment = '';
      if (tokens.take('SET')) comment = containerComment(`ALTER ${kind}`, readOptions(tokens));
      else tokens.expect('UNSET', 'COMMENT');
      return { ...object, comment };
    });
  };
}

export const containerStatements: Statement[] = [
  { leading: [['CREATE', 'DATABASE']], ddl: true, run: createDatabase },
  { leading: [['CREATE', 'SCHEMA']], ddl: true, run: createSchema },
  { leading: [['DROP', 'DATABASE']], ddl: true, run: drop('DATABASE') },
  { leading: [['DROP', 'SCHEMA']], ddl: true, run: drop('SCHEMA') },
  { leading: [['ALTER', 'DATABASE']], ddl: true, run: alter('DATABASE') },
  { leading: [['ALTER', 'SCHEMA']], ddl: true, run: alter('SCHEMA') },
  ...showContainerStatements,
];
