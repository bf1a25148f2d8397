import { doesNotExist, existsError, SnowflakeError } from '../errors.js';
import type { Session } from '../sessions/session.js';
import { type Connection, literal, type Storage } from '../storage/storage.js';
import { Turns } from '../storage/turns.js';
import type { DataType } from '../types/data-type.js';
import { containerOf, identifier, pathOf, shortTypeName, title } from './names.js';
import type {
  CatalogObject,
  Dropped,
  FutureGrant,
  Grant,
  Grantee,
  InSchema,
  ObjectKind,
  Routine,
  Schema,
  Stored,
  Stream,
  Table,
  View,
} from './objects.js';
import { dropsOf } from './physical.js';

export { identifier, pathOf, shortTypeName, title };

export type ObjectOf<K extends ObjectKind> = Extract<CatalogObject, { kind: K }>;

/** What a change of the catalog may do; it is in memory for everybody once DuckDB has committed. */
export interface CatalogTransaction {
  /** DDL in DuckDB, in the same transaction. */
  run(sql: string): Promise<number>;
  /** Adds an object, or writes the new state of one (same id). Never change an object in place: copy it. */
  put(object: Stored): void;
  /** Removes an object, what it contains, the grants on it, and its tables in DuckDB. */
  remove(object: Stored): void;
  /** As remove(), but UNDROP can bring it back until this time (milliseconds since 1970). */
  drop(object: Dropped['object'], now: number, until: number): void;
  /** UNDROP: puts everything back as it was. */
  restore(dropped: Dropped): void;
}

export interface Scope {
  database?: string;
  schema?: string;
}

/** Tables and views share one set of names. */
const namespaceOf = (kind: ObjectKind): string => (kind === 'VIEW' ? 'TABLE' : kind);

/** All objects of the account, in memory, behind a table of the same DuckDB file as the data. */
export class Catalog {
  private readonly byId = new Map<number, Stored>();
  /** namespace, then dotted name → objects (several only for a routine's overloads). */
  private readonly byName = new Map<string, CatalogObject[]>();
  private readonly byGrantee = new Map<string, Grant[]>();
  private ids = 0;
  private readonly turns = new Turns();

  private constructor(private readonly connection: Connection) {}

  static async open(storage: Storage): Promise<Catalog> {
    const catalog = new Catalog(await storage.connect());
    // Each start takes its ids from a new block, so that none is ever used twice.
    catalog.ids = storage.start * 10_000_000;
    for (const [json] of await catalog.connection.rows('SELECT json FROM catalog ORDER BY id')) {
      catalog.index(JSON.parse(json!) as Stored);
    }
    storage.sequences.keep(catalog.sequences());
    return catalog;
  }

  /** The physical names of all sequences, also of those that UNDROP could bring back. */
  private sequences(): Set<string> {
    const stored = [...this.byId.values()].flatMap((each) =>
      each.kind === 'DROPPED' ? (each.stored as Stored[]) : each,
    );
    return new Set(stored.flatMap((each) => (each.kind === 'SEQUENCE' ? each.physical : [])));
  }

  close(): void {
    this.connection.close();
  }

  nextId(): number {
    return ++this.ids;
  }

  get(id: number): CatalogObject | undefined {
    const object = this.byId.get(id);
    return object && isObject(object) ? object : undefined;
  }

  /**
   * Database, schema and name that a name of one to three parts means in this session.
   * @throws SnowflakeError 090105 / 090106 if the session has no current database or schema
   */
  qualify(parts: string[], session: Session, statement = 'statement'): [string, string, string] {
    const name = parts[parts.length - 1]!;
    const database = parts.length > 2 ? parts[parts.length - 3] : session.database;
    const schema = parts.length > 1 ? parts[parts.length - 2] : session.schema;
    if (!database) throw noCurrent('database', '090105', statement);
    if (!schema) throw noCurrent('schema', '090106', statement);
    return [database, schema, name];
  }

  /** The object of this kind and name, if there is one. A temporary table hides a permanent one. */
  find<K extends ObjectKind>(kind: K, parts: string[], session: Session): ObjectOf<K> | undefined {
    if (containerOf(kind) === 'ACCOUNT')
      return this.lookup(kind, [parts[parts.length - 1]!])[0] as ObjectOf<K>;
    if (kind === 'SCHEMA') {
      const database = parts.length > 1 ? parts[0]! : session.database;
      if (!database) throw noCurrent('database', '090105', 'statement');
      return this.lookup(kind, [database, parts[parts.length - 1]!])[0] as ObjectOf<K>;
    }
    const full = this.qualify(parts, session);
    if (kind === 'TABLE') {
      const temporary = session.temporary.get(full.join('\0'));
      if (temporary) return temporary as CatalogObject as ObjectOf<K>;
    }
    const object = this.lookup(kind, full)[0];
    return object?.kind === kind ? (object as ObjectOf<K>) : undefined;
  }

  /** @throws SnowflakeError 002003 if there is none */
  resolve<K extends ObjectKind>(kind: K, parts: string[], session: Session): ObjectOf<K> {
    const object = this.find(kind, parts, session);
    if (object) return object;
    throw this.missing(kind, parts, session);
  }

  /** What `FROM name` may mean: a table, a view or a stream. */
  findRelation(parts: string[], session: Session): Table | View | Stream | undefined {
    return (
      this.find('TABLE', parts, session) ??
      this.find('VIEW', parts, session) ??
      this.find('STREAM', parts, session)
    );
  }

  /** @throws SnowflakeError 002003 "Object 'X' does not exist or not authorized." */
  resolveRelation(parts: string[], session: Session): Table | View | Stream {
    const relation = this.findRelation(parts, session);
    if (!relation) throw this.missing('TABLE', parts, session, 'Object');
    return relation;
  }

  /** All overloads of a function or procedure. */
  findRoutines(kind: 'FUNCTION' | 'PROCEDURE', parts: string[], session: Session): Routine[] {
    return this.lookup(kind, this.qualify(parts, session)) as Routine[];
  }

  /**
   * The routine with exactly these argument types, as DROP, ALTER and DESCRIBE name it: `f(FLOAT, VARCHAR)`.
   * @throws SnowflakeError 002003
   */
  resolveRoutine(
    kind: 'FUNCTION' | 'PROCEDURE',
    parts: string[],
    types: DataType[],
    session: Session,
  ): Routine {
    const wanted = types.map((type) => type.kind).join();
    const found = this.findRoutines(kind, parts, session).find(
      (routine) => routine.arguments.map((argument) => argument.type.kind).join() === wanted,
    );
    if (found) return found;
    const shown = types.map((type) => shortTypeName(type)).join(', ');
    throw doesNotExist(kind === 'FUNCTION' ? 'Function' : 'Procedure', `${parts.join('.')}(${shown})`);
  }

  /** All objects of a kind, in the order of their names. */
  list<K extends ObjectKind>(kind: K, scope: Scope = {}): ObjectOf<K>[] {
    const found: CatalogObject[] = [];
    for (const object of this.byId.values()) {
      if (!isObject(object) || object.kind !== kind) continue;
      if (scope.database !== undefined && databaseOf(object) !== scope.database) continue;
      if (scope.schema !== undefined && (object as InSchema).schema !== scope.schema) continue;
      found.push(object);
    }
    return found.sort(byName) as ObjectOf<K>[];
  }

  /** Every object of the account. */
  all(): CatalogObject[] {
    return [...this.byId.values()].filter(isObject);
  }

  /** What UNDROP could bring back, the latest first. */
  listDropped(): Dropped[] {
    const found = [...this.byId.values()].filter((each): each is Dropped => each.kind === 'DROPPED');
    return found.sort((a, b) => b.droppedOn - a.droppedOn || b.id - a.id);
  }

  /** Everything inside a schema. */
  contents(schema: Schema): CatalogObject[] {
    const found: CatalogObject[] = [];
    for (const object of this.byId.values()) {
      if (!isObject(object) || object.kind === 'SCHEMA') continue;
      if (databaseOf(object) === schema.database && (object as InSchema).schema === schema.name)
        found.push(object);
    }
    return found;
  }

  /** The object with exactly this full name. */
  at<K extends ObjectKind>(kind: K, ...path: string[]): ObjectOf<K> | undefined {
    return this.lookup(kind, path).find((object) => object.kind === kind) as ObjectOf<K> | undefined;
  }

  grants(): (Grant | FutureGrant)[] {
    return [...this.byId.values()].filter(isGrant);
  }

  grantsOn(id: number): Grant[] {
    return this.grants().filter((grant): grant is Grant => grant.kind === 'GRANT' && grant.on.id === id);
  }

  /** The grants to one role or user. */
  grantsTo(grantee: Grantee): Grant[] {
    return this.byGrantee.get(`${grantee.kind} ${grantee.name}`) ?? [];
  }

  /** Dotted name, quoted where Snowflake would have to. */
  nameOf(object: CatalogObject): string {
    return pathOf(object).map(identifier).join('.');
  }

  /** @throws SnowflakeError 002002 if the name is taken */
  requireFree(kind: ObjectKind, path: string[]): void {
    if (this.lookup(kind, path).length > 0) throw existsError(path.map(identifier).join('.'));
  }

  /**
   * One change of the catalog with its DDL in DuckDB: one transaction, joined to the connection's if one is open. No
   * two write it at once: DuckDB refuses one of two transactions that change the same row.
   */
  change<T>(connection: Connection, work: (tx: CatalogTransaction) => Promise<T> | T): Promise<T> {
    return connection.inTransaction
      ? this.write(connection, work)
      : this.runAlone(() => this.write(connection, work));
  }

  /** For a transaction that is to be committed with its changes of the catalog before anybody else makes one. */
  runAlone<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(work);
  }

  private async write<T>(
    connection: Connection,
    work: (tx: CatalogTransaction) => Promise<T> | T,
  ): Promise<T> {
    const joined = connection.inTransaction;
    if (!joined) await connection.begin();
    try {
      const writes: { object: Stored; removed: boolean; kept?: boolean }[] = [];
      const result = await work({
        run: (sql) => connection.run(sql),
        put: (object) => writes.push({ object, removed: false }),
        remove: (object) => {
          for (const each of this.withDependents(object)) writes.push({ object: each, removed: true });
        },
        drop: (object, droppedOn, until) => {
          const stored = this.withDependents(object) as Dropped['stored'];
          for (const each of stored) writes.push({ object: each, removed: true, kept: true });
          const id = this.nextId();
          writes.push({
            object: { kind: 'DROPPED', id, object, stored, droppedOn, until },
            removed: false,
          });
        },
        restore: (dropped) => {
          writes.push({ object: dropped, removed: true, kept: true });
          for (const each of dropped.stored) writes.push({ object: each, removed: false });
        },
      });
      for (const { object, removed, kept } of writes) {
        if (!removed || kept) continue;
        for (const sql of dropsOf(object)) await connection.run(sql);
      }
      const ids = [...new Set(writes.map(({ object }) => object.id))];
      if (ids.length > 0) connection.defer(`DELETE FROM catalog WHERE id IN (${ids})`);
      const last = new Map(writes.map((write) => [write.object.id, write]));
      const values = [...last.values()]
        .filter(({ removed }) => !removed)
        .map(({ object }) => `(${object.id}, ${literal(object.kind)}, ${literal(JSON.stringify(object))})`);
      if (values.length > 0) connection.defer(`INSERT INTO catalog VALUES ${values.join()}`);
      connection.runAfterCommit(() => {
        for (const { object, removed } of writes) {
          this.unindex(object.id);
          if (!removed) this.index(object);
        }
      });
      if (!joined) await connection.commit();
      return result;
    } catch (error) {
      if (!joined && connection.inTransaction) await connection.rollback();
      throw error;
    }
  }

  private withDependents(object: Stored): Stored[] {
    const all: Stored[] = [object];
    if (!isObject(object)) return all;
    if (object.kind === 'TABLE') {
      for (const { sequence } of object.columns) {
        const hidden = sequence === undefined ? undefined : this.get(sequence);
        if (hidden) all.push(hidden);
      }
    } else if (object.kind === 'DATABASE') {
      for (const schema of this.list('SCHEMA', { database: object.name })) {
        all.push(schema, ...this.contents(schema));
      }
    } else if (object.kind === 'SCHEMA') all.push(...this.contents(object));
    const gone = new Set(all.map((each) => each.id));
    for (const grant of this.grants()) {
      const on = grant.kind === 'GRANT' ? grant.on.id : grant.in.id;
      const toRole = object.kind === 'ROLE' && grant.to.kind === 'ROLE' && grant.to.name === object.name;
      const toUser = object.kind === 'USER' && grant.to.kind === 'USER' && grant.to.name === object.name;
      if (gone.has(on) || toRole || toUser) all.push(grant);
    }
    return all;
  }

  private missing(kind: ObjectKind, parts: string[], session: Session, label?: string): SnowflakeError {
    const shown = parts.map(identifier).join('.');
    if (containerOf(kind) === 'ACCOUNT') return doesNotExist(label ?? title(kind), shown);
    if (kind === 'SCHEMA') {
      const full = parts.length > 1 || !session.database ? parts : [session.database, ...parts];
      return doesNotExist('Schema', full.map(identifier).join('.'));
    }
    const [database, schema] = this.qualify(parts, session);
    if (!this.lookup('DATABASE', [database])[0]) return doesNotExist('Database', identifier(database));
    if (!this.lookup('SCHEMA', [database, schema])[0]) {
      return doesNotExist('Schema', `${identifier(database)}.${identifier(schema)}`);
    }
    // Of stages an account shows the whole name: "Stage 'DB.SCHEMA.X' does not exist or not authorized."
    const whole =
      kind === 'STAGE' ? [database, schema, parts[parts.length - 1]!].map(identifier).join('.') : shown;
    return doesNotExist(label ?? title(kind), whole);
  }

  private lookup(kind: ObjectKind, path: string[]): CatalogObject[] {
    return this.byName.get(`${namespaceOf(kind)}\0${path.join('\0')}`) ?? [];
  }

  private index(object: Stored): void {
    this.byId.set(object.id, object);
    if (!isObject(object)) {
      if (object.kind !== 'GRANT') return;
      const to = `${object.to.kind} ${object.to.name}`;
      this.byGrantee.set(to, [...(this.byGrantee.get(to) ?? []), object]);
      return;
    }
    const key = `${namespaceOf(object.kind)}\0${pathOf(object).join('\0')}`;
    const same = this.byName.get(key);
    if (same) same.push(object);
    else this.byName.set(key, [object]);
  }

  private unindex(id: number): void {
    const object = this.byId.get(id);
    if (!object) return;
    this.byId.delete(id);
    if (!isObject(object)) {
      if (object.kind === 'DROPPED') return;
      const to = `${object.to.kind} ${object.to.name}`;
      const rest = (this.byGrantee.get(to) ?? []).filter((other) => other.id !== id);
      this.byGrantee.set(to, rest);
      return;
    }
    const key = `${namespaceOf(object.kind)}\0${pathOf(object).join('\0')}`;
    const rest = (this.byName.get(key) ?? []).filter((other) => other.id !== id);
    if (rest.length > 0) this.byName.set(key, rest);
    else this.byName.delete(key);
  }
}

/** Whether an entry of the catalog is an object that is there. */
function isObject(stored: Stored): stored is CatalogObject {
  return !isGrant(stored) && stored.kind !== 'DROPPED';
}

/** Whether an entry of the catalog is a grant and no object. */
export function isGrant(object: Stored): object is Grant | FutureGrant {
  return object.kind === 'GRANT' || object.kind === 'FUTURE GRANT';
}

function databaseOf(object: CatalogObject): string | undefined {
  return 'database' in object ? object.database : undefined;
}

function byName(a: CatalogObject, b: CatalogObject): number {
  const left = pathOf(a).join('\0');
  const right = pathOf(b).join('\0');
  return left < right ? -1 : left > right ? 1 : a.id - b.id;
}

function noCurrent(what: 'database' | 'schema', code: string, statement: string): SnowflakeError {
  return new SnowflakeError(
    code,
    '22000',
    `Cannot perform ${statement}. This session does not have a current ${what}. Call 'USE ${what.toUpperCase()}', or use a qualified name.`,
  );
}
