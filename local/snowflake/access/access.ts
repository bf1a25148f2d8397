import type { Catalog, CatalogTransaction } from '../catalog/catalog.js';
import { identifier, pathOf, title } from '../catalog/catalog.js';
import { INFORMATION_SCHEMA } from '../catalog/information-schema.js';
import type { CatalogObject, FutureGrant, Grant, Grantee, Schema } from '../catalog/objects.js';
import { doesNotExist, insufficientPrivileges, type SnowflakeError } from '../errors.js';
import type { Session } from '../sessions/session.js';

/**
 * Who may do what: roles, their hierarchy, and the grants in the catalog.
 * Rules: docs.snowflake.com/en/user-guide/security-access-control-overview and …-privileges.
 */
export class Access {
  accountName = 'LOCAL';

  constructor(private readonly catalog: Catalog) {}

  /** The active roles with all they inherit: the primary one, PUBLIC, and the secondary ones if in use. */
  activeRoles(session: Session): Set<string> {
    const start = [session.role, 'PUBLIC'];
    if (session.secondaryRoles) start.push(...this.rolesOf({ kind: 'USER', name: session.user }));
    return this.closure(start);
  }

  /** Gives a new object what GRANT … ON FUTURE promised: the schema's future grants, or else the database's. */
  grantFuture(tx: CatalogTransaction, object: CatalogObject, schema?: Schema): void {
    const future = this.catalog
      .grants()
      .filter((grant) => grant.kind === 'FUTURE GRANT' && grant.objects === object.kind) as FutureGrant[];
    const inSchema = schema ? future.filter((grant) => grant.in.id === schema.id) : [];
    const database = 'database' in object ? this.catalog.at('DATABASE', object.database) : undefined;
    const applying = inSchema.length > 0 ? inSchema : future.filter((grant) => grant.in.id === database?.id);
    for (const { privilege, to, grantOption, by } of applying) {
      if (privilege === 'OWNERSHIP') tx.put({ ...object, owner: to.name });
      else
        tx.put({
          kind: 'GRANT',
          id: this.catalog.nextId(),
          privilege,
          on: { kind: object.kind, id: object.id },
          to,
          grantOption,
          by,
          createdOn: object.createdOn,
        });
    }
  }

  /** The roles that are granted to this user (directly), with PUBLIC. */
  rolesOf(grantee: Grantee): string[] {
    const roles: string[] = [];
    for (const grant of this.grantsTo(grantee)) {
      if (grant.on.kind !== 'ROLE' || grant.privilege !== 'USAGE') continue;
      const role = this.catalog.get(grant.on.id);
      if (role) roles.push(role.name);
    }
    if (grantee.kind === 'USER') roles.push('PUBLIC');
    return roles;
  }

  /** True if this user may `USE ROLE` it: it or a role above it is granted to the user. */
  mayAssume(user: string, role: string): boolean {
    return this.closure(this.rolesOf({ kind: 'USER', name: user })).has(role);
  }

  /** These roles and all that are granted to them. */
  closure(start: string[]): Set<string> {
    const roles = new Set(start);
    for (const role of roles)
      for (const inherited of this.rolesOf({ kind: 'ROLE', name: role })) roles.add(inherited);
    return roles;
  }

  /** True if the active roles own the object or hold one of the privileges on it. */
  holds(session: Session, object: CatalogObject, ...privileges: string[]): boolean {
    const roles = this.activeRoles(session);
    return this.owns(roles, object) || this.hasGrant(roles, object.id, privileges);
  }

  /**
   * Demands a privilege on an object, and USAGE on its database and schema.
   * @throws SnowflakeError 002003 if the active roles may not even see the object, 003001 if they lack the privilege
   */
  require(session: Session, privilege: string, object: CatalogObject): void {
    this.requireAny(session, [privilege], object);
  }

  requireAny(session: Session, privileges: string[], object: CatalogObject): void {
    if ('session' in object && object.session) return; // a temporary table is its session's own
    const roles = this.activeRoles(session);
    this.requireContainers(roles, object);
    if (this.owns(roles, object)) return;
    if (this.hasGrant(roles, object.id, privileges)) return;
    throw this.refusal(roles, object);
  }

  /** Demands ownership, e.g. to ALTER, DROP or REPLACE. */
  requireOwnership(session: Session, object: CatalogObject): void {
    this.requireAny(session, ['OWNERSHIP'], object);
  }

  /**
   * Demands `CREATE <kind>` on a schema, database (for SCHEMA) or, without container, the account.
   * @throws SnowflakeError 003001
   */
  requireCreate(session: Session, kind: string, container?: CatalogObject): void {
    const privilege = `CREATE ${kind}`;
    if (container) this.require(session, privilege, container);
    else this.requireAccount(session, privilege);
  }

  /** Demands a privilege on the account: CREATE DATABASE, EXECUTE TASK, MANAGE GRANTS … */
  requireAccount(session: Session, privilege: string): void {
    if (!this.holdsAccount(session, privilege)) throw insufficientPrivileges('account', this.accountName);
  }

  holdsAccount(session: Session, privilege: string): boolean {
    return this.hasGrant(this.activeRoles(session), 0, [privilege]);
  }

  /** True if SHOW lists it: roles and oneself always, else what the active roles own or hold any privilege on. */
  visible(session: Session, object: CatalogObject, roles = this.activeRoles(session)): boolean {
    if (object.kind === 'ROLE' || (object.kind === 'USER' && object.name === session.user)) return true;
    if (this.hasGrant(roles, 0, ['MANAGE GRANTS'])) return true;
    // A role that sees a database sees its INFORMATION_SCHEMA.
    if (object.kind === 'SCHEMA' && object.name === INFORMATION_SCHEMA) {
      const database = this.catalog.at('DATABASE', object.database);
      return database !== undefined && this.visible(session, database, roles);
    }
    return this.owns(roles, object) || this.hasGrant(roles, object.id);
  }

  private requireContainers(roles: Set<string>, object: CatalogObject): void {
    for (const container of this.containersOf(object)) {
      if (this.owns(roles, container) || this.hasGrant(roles, container.id, ['USAGE', 'ALL'])) continue;
      throw doesNotExist(title(container.kind), pathOf(container).map(identifier).join('.'));
    }
  }

  private containersOf(object: CatalogObject): CatalogObject[] {
    const path: CatalogObject[] = [];
    if (!('database' in object)) return path;
    const database = this.catalog.at('DATABASE', object.database);
    if (database) path.push(database);
    const schema = 'schema' in object ? this.catalog.at('SCHEMA', object.database, object.schema) : undefined;
    if (schema) path.push(schema);
    return path;
  }

  private refusal(roles: Set<string>, object: CatalogObject): SnowflakeError {
    if (this.hasGrant(roles, object.id) || object.kind === 'SCHEMA' || object.kind === 'DATABASE') {
      return insufficientPrivileges(object.kind.toLowerCase(), object.name);
    }
    const label = object.kind === 'TABLE' || object.kind === 'VIEW' ? 'Object' : title(object.kind);
    return doesNotExist(label, pathOf(object).map(identifier).join('.'));
  }

  owns(roles: Set<string>, object: CatalogObject): boolean {
    return object.owner !== '' && roles.has(object.owner);
  }

  /** @param privileges none: any privilege will do */
  private hasGrant(roles: Set<string>, id: number, privileges?: string[]): boolean {
    for (const role of roles) {
      for (const grant of this.grantsTo({ kind: 'ROLE', name: role })) {
        if (grant.on.id === id && (!privileges || privileges.includes(grant.privilege))) return true;
      }
    }
    return false;
  }

  private grantsTo(grantee: Grantee): Grant[] {
    return this.catalog.grantsTo(grantee);
  }
}

/** Privileges on the account that the system's own roles have. */
export const SYSTEM_GRANTS: Record<string, string[]> = {
  ACCOUNTADMIN: [
    'APPLY MASKING POLICY',
    'APPLY TAG',
    'CREATE DATABASE',
    'CREATE INTEGRATION',
    'CREATE NETWORK POLICY',
    'CREATE ROLE',
    'CREATE USER',
    'CREATE WAREHOUSE',
    'EXECUTE TASK',
    'EXECUTE MANAGED TASK',
    'MANAGE GRANTS',
    'MODIFY LOG LEVEL',
    'MODIFY SESSION LOG LEVEL',
    'MODIFY SESSION TRACE LEVEL',
    'MODIFY TRACE LEVEL',
    'MONITOR EXECUTION',
    'MONITOR USAGE',
  ],
  SECURITYADMIN: ['MANAGE GRANTS', 'CREATE NETWORK POLICY', 'CREATE ROLE', 'CREATE USER'],
  USERADMIN: ['CREATE ROLE', 'CREATE USER'],
  SYSADMIN: ['CREATE DATABASE', 'CREATE WAREHOUSE'],
};

/** Who inherits whom: docs "System-defined roles". */
export const SYSTEM_HIERARCHY: [role: string, grantedTo: string][] = [
  ['SYSADMIN', 'ACCOUNTADMIN'],
  ['SECURITYADMIN', 'ACCOUNTADMIN'],
  ['USERADMIN', 'SECURITYADMIN'],
];
