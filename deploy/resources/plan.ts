import type { ChangeSummary } from '../../report/results/deployment.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { differencesOf, type Properties } from './difference.js';
import { fingerprintOf } from './fingerprint.js';
import { reading } from './reading.js';
import { resolveReferences } from './references.js';
import {
  idOf,
  type LiveResource,
  type Outputs,
  partsOf,
  type Resource,
  type ResourceId,
  type ResourceKind,
} from './resource.js';

/** Everything that should exist, and who looks after it. */
export interface Stack {
  readonly resources: readonly Resource[];
  /** In the order of creation: destroy goes through them backwards. */
  readonly kinds: readonly ResourceKind[];
  /** Names of what is made although what it held is lost (ResourceKind.refuseNew). */
  readonly acceptedLosses?: readonly string[];
}

export type Action = ChangeSummary['action'];

export interface Change extends ChangeSummary {
  /** Undefined for a removal. */
  readonly resource?: Resource;
  /** For a renaming: the object under its earlier name. */
  readonly live?: LiveResource;
}

export interface Plan {
  /** Creations, renamings and updates in dependency order, then removals. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** Outputs of what exists already. */
  readonly outputs: ReadonlyMap<ResourceId, Outputs>;
}

/** Takes what keeps a kind from being listed, or one of its objects from being compared. */
export type Unread = (kind: string, error: unknown) => void;

/**
 * Lists every kind once and compares with the declared resources. Changes nothing.
 * @param unread makes a plan of what can be read: an object that cannot is left out, and what refers to it is compared
 *   in all else. Left out: what cannot be read is thrown
 */
export async function makePlan(ctx: Context, stack: Stack, unread?: Unread): Promise<Plan> {
  const ordered = sortByDependency(stack.resources);
  const missed = new Set<string>();
  const miss: Unread = (kind, error) => {
    if (!unread) throw error;
    missed.add(kind);
    unread(kind, error);
  };
  const live = await listAll(ctx, stack, miss);
  for (const kind of stack.kinds) {
    const gone = ordered.filter(
      ({ kind: of, name, formerly = [] }) =>
        of === kind.id &&
        !stack.acceptedLosses?.includes(name) &&
        ![name, ...formerly].some((each) => live.has(idOf({ kind: of, name: each }))),
    );
    const refused = gone.length > 0 && (await kind.refuseNew?.(ctx, gone));
    if (refused) miss(kind.id, refused);
  }
  const kinds = new Map(stack.kinds.map((kind) => [kind.id, kind]));
  const outputs = new Map<ResourceId, Outputs>();
  for (const [id, item] of live) if (item.outputs) outputs.set(id, item.outputs);
  const changes: Change[] = [];
  /** Made, or made again without what hung on it. */
  const remade = new Set<ResourceId>();
  /** The same, without the tags on its columns. */
  const untagged = new Set<ResourceId>();
  /** Tables that get their new name first: what is made on them follows. */
  const renamed: Change[] = [];
  for (const resource of ordered) {
    if (missed.has(resource.kind)) continue;
    const id = idOf(resource);
    const item = followRename(live.get(id), renamed);
    const lost = resource.redo === 'tags' ? untagged : remade;
    const cause = resource.redo ? resource.dependsOn.find((dependency) => lost.has(dependency)) : undefined;
    const kind = kinds.get(resource.kind);
    const change =
      renaming(resource, kind, live, renamed) ??
      compare(resource, kind, item, outputs, missed, miss) ??
      (cause && {
        action: 'update' as const,
        id,
        reason: `${cause} is made again`,
        differences: [],
        resource,
        live: item,
      });
    if (!change) continue;
    changes.push(change);
    if (change.action === 'rename' && kind?.holdsData) {
      renamed.push(change);
      continue;
    }
    const differs =
      change.differences.length > 0 ||
      item?.fingerprint !== fingerprintOf(resource.kind, resource.definition);
    const isNew = change.action === 'create' || change.action === 'rename' || change.replaces;
    if (isNew || kind?.dropsGrants?.(resource, differs)) remade.add(id);
    if (isNew || kind?.dropsTags) untagged.add(id);
  }
  const unchanged = ordered.length - changes.length;
  const wanted = new Set(ordered.map(idOf));
  for (const kind of [...stack.kinds].reverse())
    for (const [id, item] of live)
      if (item.owner === 'managed' && !wanted.has(id) && partsOf(id).kind === kind.id && !kind.holdsData)
        changes.push({
          action: 'remove',
          id,
          reason: successorOf(kind, item, ordered) ?? withLoss('no longer declared', kind, item),
          differences: [],
          live: item,
        });
  return { changes, unchanged, outputs };
}

/** The change that gives an object of ours its new name; undefined where there is none with an earlier one, or one has the new one already. */
function renaming(
  resource: Resource,
  kind: ResourceKind | undefined,
  live: ReadonlyMap<ResourceId, LiveResource>,
  renamed: readonly Change[],
): Change | undefined {
  const id = idOf(resource);
  if (live.has(id)) return undefined;
  const found = resource.formerly
    ?.map((name) => live.get(idOf({ kind: resource.kind, name })))
    .find((item) => item?.owner === 'managed');
  const old = followRename(found, renamed);
  if (!old) return undefined;
  const differences = kind?.move
    ? differencesOf(kind.definitionProperties?.(resource) ?? {}, old.properties ?? {})
    : [];
  const goesOn = kind?.move && differences.length === 0;
  const course = goesOn ? 'continues where it stood' : 'recreated';
  const reason = kind?.holdsData ? 'with all of its rows' : course;
  return { action: 'rename', id, from: old.name, reason, differences, resource, live: old };
}

/** Follows the renaming of a table: its properties name the table as it is called then. */
function followRename(item: LiveResource | undefined, renamed: readonly Change[]): LiveResource | undefined {
  if (!item?.properties || renamed.length === 0) return item;
  const currentName = (value: string | undefined) => {
    for (const { from, resource } of renamed)
      if (from && resource && value?.endsWith(`.${from}`))
        return `${value.slice(0, -from.length)}${resource.name}`;
    return value;
  };
  return {
    ...item,
    properties: Object.fromEntries(
      Object.entries(item.properties).map(([key, value]) => [key, currentName(value)]),
    ),
  };
}

/** Why one goes that a declared object takes the place of: under another name, or as an object of another kind. */
function successorOf(
  kind: ResourceKind,
  { name }: LiveResource,
  declared: readonly Resource[],
): string | undefined {
  const successor = declared.find((each) => each.kind === kind.id && each.formerly?.includes(name));
  if (successor) return `renamed, see ${successor.name}`;
  const other = declared.find((each) => each.name === name);
  return other && `is ${idOf(other)} now`;
}

/** Every live object of every kind, by id. What two kinds ask for is asked once. */
export async function listAll(
  ctx: Context,
  stack: Stack,
  unread?: Unread,
): Promise<Map<ResourceId, LiveResource>> {
  const once = reading(ctx);
  const lists = await Promise.all(
    stack.kinds.map(async (kind) => {
      const wanted = stack.resources.filter((resource) => resource.kind === kind.id);
      try {
        const items = await kind.list(once, wanted);
        return items.map((item) => [idOf({ kind: kind.id, name: item.name }), item] as const);
      } catch (error) {
        if (!unread) throw error;
        unread(kind.id, error);
        return [];
      }
    }),
  );
  return new Map(lists.flat());
}

function compare(
  resource: Resource,
  kind: ResourceKind | undefined,
  live: LiveResource | undefined,
  outputs: ReadonlyMap<ResourceId, Outputs>,
  missed: ReadonlySet<string>,
  miss: Unread,
): Change | undefined {
  const id = idOf(resource);
  const adopted = resource.adopt === true || (resource.adopt === 'unmarked' && !live?.otherDeployment);
  const refused =
    live?.owner === 'foreign' && !adopted
      ? ownershipError(resource, live)
      : live && kind?.refuse?.(resource, live);
  if (refused) miss(resource.kind, refused);
  if (refused || live?.owner === 'foreign') return undefined;
  const { definition, missing } = resolveReferences(resource.definition, outputs);
  /** True when it refers to what could not be read. */
  const blind = missing.some((reference) => missed.has(reference.slice(0, reference.indexOf(':'))));
  const declared = hideReferences(
    kind?.definitionProperties?.({ ...resource, definition }) ?? {},
    blind ? undefined : LATER,
  );
  if (!live) {
    const differences = differencesOf(
      declared,
      Object.fromEntries(Object.keys(declared).map((k) => [k, ''])),
    );
    return { action: 'create', id, reason: 'does not exist', differences, resource };
  }
  const differences = differencesOf(declared, live.properties ?? {});
  const replaces = differences.some(({ property }) => kind?.unalterable?.includes(property));
  const update = (reason: string, drift = false): Change => ({
    action: 'update',
    id,
    reason: replaces ? withLoss(reason, kind, live) : reason,
    differences,
    ...(drift ? { drift } : {}),
    ...(replaces ? { replaces } : {}),
    resource,
    live,
  });
  if (missing.length && !blind) return update(`refers to ${missing[0]}, which is to be made`);
  const same = blind || live.fingerprint === fingerprintOf(resource.kind, definition);
  if (live.drift) return update(live.drift, same || live.fingerprint === undefined);
  if (same) return differences.length ? update('was changed outside', true) : undefined;
  return update(live.fingerprint ? 'its definition changed' : 'it is not known to be as declared');
}

/** The reason for taking an object away, with what is lost by it. */
function withLoss(reason: string, kind: ResourceKind | undefined, live: LiveResource): string {
  const loss = kind?.removalLoss?.(live);
  return loss ? `${reason}; ${loss}` : reason;
}

const LATER = '(known after apply)';

/** References to what is still to be made, in words; without words a property that has one is not compared. */
function hideReferences(declared: Properties, words: string | undefined): Properties {
  const reference = /\$\{[^{}#]+#\w+\}/g;
  return Object.fromEntries(
    Object.entries(declared).map(([key, value]) => [
      key,
      words === undefined && value?.match(reference) ? undefined : value?.replaceAll(reference, words ?? ''),
    ]),
  );
}

function ownershipError({ name, kind }: Resource, { otherDeployment, restoreMark }: LiveResource): UserError {
  if (otherDeployment)
    return new UserError(`${name} (${kind}) belongs to another deployment, one of another prefix.`, {
      next: 'Give this one names of its own in los.config.yaml (prefix, snowflake.database and so on), or make it one of its environments (--env), which has its own of every name.',
    });
  return new UserError(`${name} (${kind}) exists already but does not carry the mark of this deployment.`, {
    next: `Rename or remove it, or choose other names in los.config.yaml (prefix, snowflake.schema).${
      restoreMark ? ` If it is this deployment's own and its comment was changed: ${restoreMark}` : ''
    }`,
  });
}

/**
 * Resources so that each comes after what it depends on.
 * @throws Error for a dependency that is not declared, or a circle: both are mistakes in the stack
 */
export function sortByDependency(resources: readonly Resource[]): Resource[] {
  const byId = new Map(resources.map((resource) => [idOf(resource), resource]));
  if (byId.size !== resources.length) {
    const duplicate = resources.find(
      (resource, i) => resources.findIndex((r) => idOf(r) === idOf(resource)) !== i,
    );
    throw new Error(`The stack declares ${duplicate ? idOf(duplicate) : 'a resource'} twice`);
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
