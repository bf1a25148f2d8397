import { identifier, pathOf } from '../../catalog/catalog.js';
import { INFORMATION_SCHEMA } from '../../catalog/information-schema.js';
import type { Database, Retention, Schema } from '../../catalog/objects.js';
import { existsError, localRefusal } from '../../errors.js';
import { alterContainerParameters } from '../../events/alter-parameters.js';
import {
  alterObject,
  alterOutcome,
  dropOutcome,
  findOrRefuse,
  keepExisting,
  readName,
  readNamed,
} from '../../kernel/named-object.js';
import { createHead, type OptionValue, readOptions } from '../../kernel/options.js';
import { readRetention, withoutRetention } from '../../kernel/retention.js';
import {
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../../kernel/statement.js';
import { cloneSchemas, readClone } from '../tables/clone.js';
import { dropForNow } from '../tables/undrop.js';
import { type Move, moveContainers, newContainerPath } from './rename.js';
import { showContainerStatements } from './show-containers.js';

/** Options of databases and schemas that are kept; the rest is refused by name. */
function containerOptions(
  kind: string,
  options: Record<string, OptionValue>,
  transient: boolean,
): Retention & { comment?: string } {
  const { retention, rest } = readRetention(options, transient);
  const { COMMENT, ...others } = rest;
  for (const key of Object.keys(others))
    throw localRefusal(`${kind} … ${key}`, 'only COMMENT and the retention times are built');
  return { ...retention, ...(COMMENT !== undefined && { comment: String(COMMENT) }) };
}

async function createDatabase(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'DATABASE');
  if (tokens.is('FROM')) throw localRefusal('CREATE DATABASE … FROM', 'nothing is shared between accounts');
  const source = tokens.is('CLONE')
    ? account.catalog.resolve('DATABASE', readClone(context), session)
    : undefined;
  if (source) account.access.require(session, 'USAGE', source);
  const given = containerOptions('CREATE DATABASE', readOptions(tokens), head.modifiers.has('TRANSIENT'));
  tokens.expectEnd();
  account.access.requireCreate(session, 'DATABASE');
  const name = head.name[0]!;
  const existing = account.catalog.find('DATABASE', [name], session);
  const kept = existing && keepExisting(context, head, existing, true);
  if (kept) return kept;
  if (existing && head.orAlter) {
    await account.catalog.change(session.connection, (tx) => tx.put({ ...existing, comment: '', ...given }));
    return status(`${identifier(name)} successfully altered.`);
  }
  const base = { owner: session.role, createdOn: account.clock.now() };
  await account.catalog.change(session.connection, async (tx) => {
    if (existing) dropForNow(context, tx, existing);
    const transient = head.modifiers.has('TRANSIENT');
    const database: Database = {
      kind: 'DATABASE',
      comment: '',
      ...source,
      id: account.catalog.nextId(),
      name,
      transient,
      ...base,
      ...given,
    };
    tx.put(database);
    if (source) {
      const pairs = account.catalog.list('SCHEMA', { database: source.name }).map((schema) => {
        const target = { ...schema, id: account.catalog.nextId(), database: name, createdOn: base.createdOn };
        return { source: schema, target };
      });
      for (const { source: from, target } of pairs) {
        tx.put(target);
        for (const grant of account.catalog.grantsOn(from.id))
          tx.put({ ...grant, id: account.catalog.nextId(), on: { kind: 'SCHEMA', id: target.id } });
      }
      await cloneSchemas(context, tx, pairs, { from: [source.name], to: [name] });
    } else
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
  const source = tokens.is('CLONE')
    ? account.catalog.resolve('SCHEMA', readClone(context), session)
    : undefined;
  if (source) account.access.require(session, 'USAGE', source);
  if (tokens.take('WITH', 'MANAGED', 'ACCESS'))
    throw localRefusal('WITH MANAGED ACCESS', 'managed schemas are not built');
  const given = containerOptions('CREATE SCHEMA', readOptions(tokens), head.modifiers.has('TRANSIENT'));
  tokens.expectEnd();
  const name = head.name[head.name.length - 1]!;
  if (name === INFORMATION_SCHEMA) throw existsError(name);
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
    await account.catalog.change(session.connection, (tx) => tx.put({ ...existing, comment: '', ...given }));
    return status(`${identifier(name)} successfully altered.`);
  }
  await account.catalog.change(session.connection, async (tx) => {
    if (existing) dropForNow(context, tx, existing);
    const schema: Schema = {
      kind: 'SCHEMA',
      comment: '',
      ...source,
      id: account.catalog.nextId(),
      name,
      database: database.name,
      ...given,
      transient: head.modifiers.has('TRANSIENT') || database.transient,
      owner: session.role,
      createdOn: account.clock.now(),
    };
    tx.put(schema);
    if (source)
      await cloneSchemas(context, tx, [{ source, target: schema }], {
        from: [source.database, source.name],
        to: [schema.database, schema.name],
      });
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
      throw localRefusal(`DROP ${kind} … RESTRICT`, 'only DROP TABLE looks for foreign keys');
    tokens.take('CASCADE');
    tokens.expectEnd();
    const object = findOrRefuse(context, kind, parts, ifExists);
    if (!object) return dropOutcome(parts, false);
    account.access.requireOwnership(session, object);
    await account.catalog.change(session.connection, (tx) => dropForNow(context, tx, object));
    const database = object.kind === 'SCHEMA' ? object.database : object.name;
    if (session.database === database && (kind === 'DATABASE' || session.schema === object.name)) {
      session.schema = undefined;
      if (kind === 'DATABASE') session.database = undefined;
    }
    return dropOutcome(parts, true);
  };
}

/** ALTER DATABASE | SCHEMA … SET COMMENT | UNSET COMMENT | RENAME TO */
function alter(kind: 'DATABASE' | 'SCHEMA') {
  return async (context: StatementContext): Promise<StatementOutcome> => {
    const { tokens } = context;
    const parameters = await alterContainerParameters(context, kind);
    if (parameters) return parameters;
    const move = await moveTo(context, kind);
    if (move) return move;
    return alterObject(context, kind, (object) => {
      if (tokens.take('SET'))
        return { ...object, ...containerOptions(`ALTER ${kind}`, readOptions(tokens), object.transient) };
      tokens.expect('UNSET');
      let next = object;
      do {
        const key = tokens.identifier();
        const without = withoutRetention(next, key);
        if (!without && key !== 'COMMENT') throw tokens.tokenError();
        next = without ?? { ...next, comment: '' };
      } while (tokens.take(','));
      return next;
    });
  };
}

/** `ALTER DATABASE | SCHEMA name { RENAME TO | SWAP WITH } other`; undefined, where it was, for anything else. */
async function moveTo(
  context: StatementContext,
  kind: 'DATABASE' | 'SCHEMA',
): Promise<StatementOutcome | undefined> {
  const { account, session, tokens } = context;
  const start = tokens.peek().start;
  tokens.expect('ALTER', kind);
  const { object } = readNamed(context, kind);
  const rename = tokens.take('RENAME', 'TO');
  if (!rename && !tokens.take('SWAP', 'WITH')) {
    tokens.seek(start);
    return undefined;
  }
  if (!object) return alterOutcome();
  account.access.requireOwnership(session, object);
  const moves: Move[] = [];
  if (rename) moves.push({ object, path: newContainerPath(context, object) });
  else {
    const other = account.catalog.resolve(kind, tokens.name(), session);
    account.access.requireOwnership(session, other);
    moves.push({ object, path: pathOf(other) }, { object: other, path: pathOf(object) });
  }
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => moveContainers(context, tx, moves));
  return alterOutcome();
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
