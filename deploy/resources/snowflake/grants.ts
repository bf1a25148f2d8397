import { fingerprintOf } from '../fingerprint.js';
import type { LiveResource, ResourceKind } from '../resource.js';
import { showOrNothing } from './sql-kind.js';

/** The privileges of one of the project's roles. The resource is named after the role. */
export interface GrantsDefinition {
  readonly grants: readonly Grant[];
}

export interface Grant {
  /** `USAGE`, `SELECT` … */
  readonly privilege: string;
  /** `TABLE`, `FUNCTION` … */
  readonly type: string;
  /** Fully qualified where the type lives in a schema; with argument types for callables. */
  readonly name: string;
}

/**
 * Grants carry no comment, so the live ones are compared one by one: SHOW GRANTS TO ROLE, once per role.
 * Grants beyond the declared ones stay: an administrator may have added them for good reasons.
 */
export const grantsKind: ResourceKind<GrantsDefinition> = {
  id: 'snowflake.grants',

  async list(ctx, wanted) {
    const lists = await Promise.all(
      wanted.map(async (resource): Promise<LiveResource[]> => {
        const live = await showOrNothing(ctx, `SHOW GRANTS TO ROLE ${resource.name}`);
        if (live.length === 0) return [];
        const have = new Set(
          live.map((row) => keyOf(String(row.privilege), String(row.granted_on), String(row.name))),
        );
        const missing = resource.definition.grants.filter(
          (grant) => !have.has(keyOf(grant.privilege, grant.type, grant.name)),
        );
        return [
          {
            name: resource.name,
            owner: 'managed',
            fingerprint: fingerprintOf('snowflake.grants', resource.definition),
            ...(missing.length ? { drift: `lacks ${missing[0]!.privilege} on ${missing[0]!.name}` } : {}),
          },
        ];
      }),
    );
    return lists.flat();
  },

  async create(ctx, resource) {
    for (const { privilege, type, name } of resource.definition.grants)
      await ctx.snowflake.execute(`GRANT ${privilege} ON ${type} ${name} TO ROLE ${resource.name}`);
    return undefined;
  },

  update(ctx, resource, fingerprint) {
    return this.create(ctx, resource, fingerprint);
  },

  // Dropping the role takes its grants with it.
  async remove() {},
};

/** SHOW GRANTS names a function `DB.SCHEMA."F(X OBJECT):FLOAT"` and writes types with underscores. */
function keyOf(privilege: string, type: string, name: string): string {
  const bare = name.replaceAll('"', '').replace(/\(.*$/s, '').toUpperCase();
  return `${privilege} ${type.replaceAll('_', ' ')} ${bare}`.toUpperCase();
}
