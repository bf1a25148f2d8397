import { canonical, fingerprintOf } from '../fingerprint.js';
import { defineKind, type LiveResource } from '../resource.js';
import { roleDetails } from './role-details.js';

/** Name of the inline policy by which a role is denied what its other policies allow. */
export const BOUNDS = 'bounds';

/**
 * What a role is denied, as a policy of its own: procedures of an earlier release may still need it, so it is put when they are
 * replaced. The resource is named after the role, and goes with it.
 */
export const roleBoundsKind = defineKind<{ readonly document: object }>({
  id: 'aws.role-bounds',

  async list(ctx, wanted) {
    const found = wanted.map(async ({ name, definition }): Promise<LiveResource[]> => {
      const live = (await roleDetails(ctx, name))?.policies[BOUNDS];
      if (live === undefined) return [];
      const agrees = canonical(live) === canonical(definition.document);
      const fingerprint = agrees ? fingerprintOf('aws.role-bounds', definition) : undefined;
      return [{ name, owner: 'managed', fingerprint }];
    });
    return (await Promise.all(found)).flat();
  },

  create: (ctx, { name, definition }) => put(ctx, name, definition.document),
  update: (ctx, { name, definition }) => put(ctx, name, definition.document),

  async remove() {},
});

async function put({ aws }: Parameters<typeof roleDetails>[0], RoleName: string, document: object) {
  await aws.iam.putRolePolicy({ RoleName, PolicyName: BOUNDS, PolicyDocument: JSON.stringify(document) });
  return undefined;
}
