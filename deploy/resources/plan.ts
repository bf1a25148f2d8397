import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { fingerprintOf } from './fingerprint.js';
import { resolveReferences } from './references.js';
import {
  idOf,
  type LiveResource,
  type Outputs,
  type Resource,
  type ResourceId,
  type ResourceKind,
} from './resource.js';

/** Everything that should exist, and who looks after it. */
export interface Stack {
  readonly resources: readonly Resource[];
  /** In the order of creation: destroy goes through them backwards. */
  readonly kinds: readonly ResourceKind[];
}

export type Action = 'create' | 'update' | 'remove';

export interface Change {
  readonly action: Action;
  readonly id: ResourceId;
  /** Why, in a few words. */
  readonly reason: string;
  /** Undefined for a removal. */
  readonly resource?: Resource;
  readonly live?: LiveResource;
}

export interface Plan {
  /** Creations and updates in dependency order, then removals. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** Outputs of what exists already. */
  readonly outputs: ReadonlyMap<ResourceId, Outputs>;
}

/** Lists every kind once and compares with the declared resources. Changes nothing. */
export async function makePlan(ctx: Context, stack: Stack): Promise<Plan> {
  const ordered = inOrder(stack.resources);
  const live = await listAll(ctx, stack);
  const outputs = new Map<ResourceId, Outputs>();
  for (const [id, item] of live) if (item.outputs) outputs.set(id, item.outputs);
  const changes: Change[] = [];
  const changed = new Set<ResourceId>();
  for (const resource of ordered) {
    const id = idOf(resource);
    const item = live.get(id);
    const cause = resource.redo
      ? resource.dependsOn.find((dependency) => changed.has(dependency))
      : undefined;
    const change =
      compare(resource, item, outputs) ??
      (cause && { action: 'update' as const, id, reason: `${cause} changes`, resource, live: item });
    if (!change) continue;
    changes.push(change);
    changed.add(id);
  }
  const unchanged = ordered.length - changes.length;
  const wanted = new Set(ordered.map(idOf));
  for (const kind of [...stack.kinds].reverse())
    for (const [id, item] of live)
      if (item.owner === 'managed' && !wanted.has(id) && id.startsWith(`${kind.id}:`) && !kind.holdsData)
        changes.push({ action: 'remove', id, reason: 'no longer declared', live: item });
  return { changes, unchanged, outputs };
}

/** Every live object of every kind, by id. */
export async function listAll(ctx: Context, stack: Stack): Promise<Map<ResourceId, LiveResource>> {
  const lists = await Promise.all(
    stack.kinds.map(async (kind) => {
      const wanted = stack.resources.filter((resource) => resource.kind === kind.id);
      const items = await kind.list(ctx, wanted);
      return items.map((item) => [idOf({ kind: kind.id, name: item.name }), item] as const);
    }),
  );
  return new Map(lists.flat());
}

function compare(
  resource: Resource,
  live: LiveResource | undefined,
  outputs: ReadonlyMap<ResourceId, Outputs>,
): Change | undefined {
  const id = idOf(resource);
  if (!live) return { action: 'create', id, reason: 'does not exist', resource };
  if (live.owner === 'foreign') {
    if (resource.adopt) return undefined;
    throw new UserError(
      `${resource.name} (${resource.kind}) exists already but was not made by this deployment.`,
      {
        next: 'Rename or remove it, or choose other names in los.config.yaml (prefix, snowflake.schema).',
      },
    );
  }
  const resolved = resolveReferences(resource.definition, outputs);
  if (resolved.missing.length)
    return {
      action: 'update',
      id,
      reason: `refers to ${resolved.missing[0]}, which is to be made`,
      resource,
      live,
    };
  if (live.drift) return { action: 'update', id, reason: live.drift, resource, live };
  if (live.fingerprint === fingerprintOf(resource.kind, resolved.definition)) return undefined;
  const reason = live.fingerprint ? 'its definition changed' : 'it is not known to be as declared';
  return { action: 'update', id, reason, resource, live };
}

/**
 * Resources so that each comes after what it depends on.
 * @throws Error for a dependency that is not declared, or a circle: both are mistakes in the stack
 */
export function inOrder(resources: readonly Resource[]): Resource[] {
  const byId = new Map(resources.map((resource) => [idOf(resource), resource]));
  if (byId.size !== resources.length) {
    const twice = resources.find(
      (resource, i) => resources.findIndex((r) => idOf(r) === idOf(resource)) !== i,
    );
    throw new Error(`The stack declares ${twice ? idOf(twice) : 'a resource'} twice`);
  }
  const done = new Set<ResourceId>();
  const ordered: Resource[] = [];
  const visit = (resource: Resource, path: ResourceId[]) => {
    const id = idOf(resource);
    if (done.has(id)) return;
    if (path.includes(id)) throw new Error(`The stack goes in a circle: ${[...path, id].join(' → ')}`);
    for (const dependency of resource.dependsOn) {
      const target = byId.get(dependency);
      if (!target) throw new Error(`${id} depends on ${dependency}, which the stack does not declare`);
      visit(target, [...path, id]);
    }
    done.add(id);
    ordered.push(resource);
  };
  for (const resource of resources) visit(resource, []);
  return ordered;
}
