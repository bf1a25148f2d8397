import { itemAt } from '../../../udfs/require-value.js';
import type { Row } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { fingerprintOf } from '../fingerprint.js';
import { AT_ONCE, limiter } from '../limiter.js';
import { readOnce } from '../reading.js';
import { defineKind, type LiveResource } from '../resource.js';
import { showEach, showOrNothing } from './sql-kind.js';

/** The privileges of one of the project's roles. The resource is named after the role. */
export interface GrantsDefinition {
  readonly grants: readonly Grant[];
  /** Objects on which the role has exactly these grants, as `TYPE NAME`. */
  readonly objects: readonly string[];
}

export interface Grant {
  /** `USAGE`, `SELECT` … */
  readonly privilege: string;
  /** `TABLE`, `FUNCTION` … */
  readonly type: string;
  /** Fully qualified where the type lives in a schema; with argument types for callables. */
  readonly name: string;
}

/** Grants of each of the deployment's roles, by role. */
export function grantsToRoles(ctx: Context): Promise<ReadonlyMap<string, readonly Row[]>> {
  return readOnce(ctx, 'grants', async () => {
    const existing = (await ctx.snowflake.query('SHOW ROLES')).map(({ name }) => name);
    const roles = Object.values(ctx.settings.snowflake.roles).filter((role) => existing.includes(role));
    const grants = await showEach(
      ctx,
      roles.map((role) => `SHOW GRANTS TO ROLE ${role}`),
    );
    return new Map(roles.map((role, i) => [role, itemAt(grants, i)]));
  });
}

/**
 * True if the deploy role has a right on the account, or a role below it that is none of the deployment's and might
 * have it.
 * @param right e.g. `EXECUTE MANAGED TASK`
 */
export async function deployRoleHas(ctx: Context, right: string): Promise<boolean> {
  const { roles } = ctx.settings.snowflake;
  const productRoles: readonly string[] = Object.values(roles);
  const granted = (await grantsToRoles(ctx)).get(roles.deploy) ?? [];
  return granted.some(
    ({ privilege, granted_on: on, name }) =>
      privilege === right || (privilege === 'USAGE' && on === 'ROLE' && !productRoles.includes(String(name))),
  );
}

/**
 * Grants carry no comment, so the live ones are compared one by one.
 * On the project's own objects a role has what is declared and nothing more; grants on anything else stay:
 * an administrator may have added them for good reasons.
 */
export const grantsKind = defineKind<GrantsDefinition>({
  id: 'snowflake.grants',

  async list(ctx, wanted) {
    const granted = await grantsToRoles(ctx);
    return wanted.flatMap(({ name, definition }): LiveResource[] => {
      const live = granted.get(name) ?? [];
      if (live.length === 0) return [];
      const { missing, beyond } = compareGrants(definition, live);
      const drift = [
        ...missing.map((grant) => `lacks ${grant.privilege} on ${grant.name}`),
        ...beyond.map((grant) => `has ${grant.privilege} on ${grant.name}`),
      ];
      const fingerprint = fingerprintOf('snowflake.grants', definition);
      return [{ name, owner: 'managed', fingerprint, ...(drift.length ? { drift: summary(drift) } : {}) }];
    });
  },

  async create(ctx, resource) {
    const byObject = new Map<string, string[]>();
    for (const { privilege, type, name } of resource.definition.grants) {
      const object = `${type} ${name}`;
      byObject.set(object, [...(byObject.get(object) ?? []), privilege]);
    }
    // None needs another: one after the other they would be a round trip each, 60 of them for a role.
    const slots = limiter(AT_ONCE);
    await Promise.all(
      [...byObject].map(([object, privileges]) => {
        // Being in a role is granted in words of its own, and shown as USAGE on it.
        const what = object.startsWith('ROLE ') ? object : `${privileges.join(', ')} ON ${object}`;
        return slots(() => ctx.snowflake.execute(`GRANT ${what} TO ROLE ${resource.name}`));
      }),
    );
  },

  async update(ctx, resource, fingerprint) {
    const live = await showOrNothing(ctx, `SHOW GRANTS TO ROLE ${resource.name}`);
    for (const { privilege, type, name } of compareGrants(resource.definition, live).beyond)
      await ctx.snowflake.execute(`REVOKE ${privilege} ON ${type} ${name} FROM ROLE ${resource.name}`);
    return this.create(ctx, resource, fingerprint);
  },

  without: ({ grants, objects }, names) => ({
    grants: grants.filter(({ name }) => !names.includes(name.slice(name.lastIndexOf('.') + 1))),
    objects,
  }),

  // Dropping the role takes its grants with it.
  async remove() {},
});

const MOST_NAMED = 5;

/** The first of them, and how many more there are. */
export function summary(parts: readonly string[]): string {
  const more = parts.length - MOST_NAMED;
  return parts.slice(0, MOST_NAMED).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function compareGrants({ grants, objects }: GrantsDefinition, live: readonly Row[]) {
  const found = live.map(liveGrant);
  const have = new Set(found.map(keyOf));
  const declared = new Set(grants.map(keyOf));
  const objectNames = new Set(objects.map((object) => object.toUpperCase()));
  return {
    missing: grants.filter((grant) => !have.has(keyOf(grant))),
    beyond: found.filter(
      (grant) =>
        grant.privilege !== 'OWNERSHIP' &&
        objectNames.has(`${grant.type} ${grant.name}`.toUpperCase()) &&
        !declared.has(keyOf(grant)),
    ),
  };
}

/**
 * SHOW GRANTS names a function `DB.SCHEMA."F(X OBJECT):FLOAT"` and writes types with underscores; the grant
 * names it `DB.SCHEMA.F(OBJECT)`.
 */
function liveGrant(row: Row): Grant {
  const name = String(row.name).replaceAll('"', '');
  const [, path, list] = /^([^(]+)\(([^)]*)\)/.exec(name) ?? [];
  const types = (list ?? '')
    .split(',')
    .map((argument) => itemAt(argument.trim().split(/\s+/), -1))
    .filter(Boolean);
  return {
    privilege: String(row.privilege).toUpperCase(),
    type: String(row.granted_on).replaceAll('_', ' ').toUpperCase(),
    name: path === undefined ? name : `${path}(${types.join(', ')})`,
  };
}

function keyOf({ privilege, type, name }: Grant): string {
  return `${privilege} ${type} ${name.replaceAll(/\s/g, '')}`.toUpperCase();
}
