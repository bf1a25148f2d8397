import type { ApplyResult } from '../../report/results/deployment.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { missingRight } from '../clients/missing-right.js';
import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';
import { fingerprintOf } from './fingerprint.js';
import { AT_ONCE, limiter } from './limiter.js';
import { Omission } from './omission.js';
import type { Change, Plan, Stack } from './plan.js';
import { resolveReferences } from './references.js';
import { idOf, type Outputs, partsOf, type ResourceId, type ResourceKind } from './resource.js';

type Outcome = 'done' | 'left out' | 'failed';

const LISTS = { create: 'created', rename: 'renamed', update: 'updated', remove: 'removed' } as const;

/**
 * Carries out a plan: every change as soon as what it depends on is as declared, independent ones at once,
 * removals last. After a failure what does not depend on it still finishes; running apply again goes on. What a kind
 * leaves out (Omission) is no failure: only what depends on it is left out as well.
 * @param onProgress called before each change
 * @throws UserError naming every change that failed
 */
export async function applyPlan(
  ctx: Context,
  stack: Stack,
  plan: Plan,
  onProgress: (change: Change, done: number) => void = () => {},
): Promise<ApplyResult> {
  const kinds = new Map(stack.kinds.map((kind) => [kind.id, kind]));
  const outputs = new Map<ResourceId, Outputs>(plan.outputs);
  const applied: ApplyResult = {
    created: [],
    renamed: [],
    updated: [],
    removed: [],
    unchanged: plan.unchanged,
    leftOut: [],
  };
  const failures: { id: ResourceId; error: unknown }[] = [];
  const ended = new Map<ResourceId, Promise<Outcome>>();
  const slots = limiter(AT_ONCE);
  let done = 0;

  const perform = async (planned: Change): Promise<Outcome> => {
    const needs = planned.resource?.dependsOn ?? [];
    const dependencies = await Promise.all(needs.map((id) => ended.get(id) ?? 'done'));
    if (dependencies.includes('failed')) return 'failed';
    const missing = needs.filter((_, i) => dependencies[i] === 'left out');
    const change = missing.length > 0 ? without(kinds, planned, missing) : planned;
    if (!change) return 'left out';
    return slots(async () => {
      if (ctx.signal.aborted) return 'failed';
      onProgress(change, done++);
      try {
        const made = await carryOut(ctx, kinds, change, outputs);
        if (made) outputs.set(change.id, made);
        applied[LISTS[change.action]].push(change.id);
        return 'done';
      } catch (error) {
        if (error instanceof Omission) {
          applied.leftOut.push(`${error.message} ${error.next}`);
          return 'left out';
        }
        failures.push({ id: change.id, error });
        return 'failed';
      }
    });
  };

  for (const change of plan.changes) if (change.action !== 'remove') ended.set(change.id, perform(change));
  if (!(await Promise.all(ended.values())).includes('failed'))
    for (const change of plan.changes)
      if (change.action === 'remove' && (await perform(change)) === 'failed') break;

  if (failures.length) throw failure(failures, plan, done);
  if (ctx.signal.aborted)
    throw new UserError('Apply was interrupted; what it had begun is finished.', {
      next: 'Run los apply again to continue.',
    });
  return applied;
}

/** A change without what it says of objects that were left out; undefined where it cannot be made without them. */
function without(
  kinds: ReadonlyMap<string, ResourceKind>,
  change: Change,
  missing: readonly ResourceId[],
): Change | undefined {
  const { resource } = change;
  const kind = resource && kinds.get(resource.kind);
  if (!resource || !kind?.without) return undefined;
  const names = missing.map((id) => partsOf(id).name);
  return {
    ...change,
    resource: { ...resource, definition: kind.without(resource.definition, names) },
  };
}

async function carryOut(
  ctx: Context,
  kinds: ReadonlyMap<string, ResourceKind>,
  change: Change,
  outputs: ReadonlyMap<ResourceId, Outputs>,
): Promise<Outputs | undefined> {
  const kind = kinds.get(partsOf(change.id).kind);
  if (!kind) throw new Error(`No resource kind looks after ${change.id}`);
  if (!change.resource) {
    await kind.remove(ctx, requireValue(change.live, `what stands of ${change.id}`));
    return undefined;
  }
  const { definition, missing } = resolveReferences(change.resource.definition, outputs);
  if (missing.length)
    throw new Error(`${idOf(change.resource)} refers to ${missing.join(', ')}, which gave none`);
  const resource = { ...change.resource, definition };
  const fingerprint = fingerprintOf(resource.kind, definition);
  const { action, live } = change;
  const present = () => requireValue(live, `what stands of ${change.id}`);
  const make = async () => {
    if (action === 'rename' && kind.move) return await kind.move(ctx, resource, fingerprint, present());
    if (action === 'update') return await kind.update(ctx, resource, fingerprint, present());
    return await kind.create(ctx, resource, fingerprint);
  };
  return (await make()) ?? live?.outputs;
}

function failure(failures: { id: ResourceId; error: unknown }[], plan: Plan, done: number): UserError {
  const lines = failures.map(({ id, error }) => `${id}: ${messageOf(error)}`);
  const first = itemAt(failures, 0).error;
  return new Failure(
    `${failures.length} of ${plan.changes.length} changes failed (${done - failures.length} done).\n  ${lines.join('\n  ')}`,
    {
      next:
        (first instanceof UserError && first.next) ||
        missingRight(messageOf(first)) ||
        'Mend the cause and run los apply again: it continues from here.',
      cause: first,
    },
  );
}
