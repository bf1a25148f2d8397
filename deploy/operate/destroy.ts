import { setTimeout as sleep } from 'node:timers/promises';
import { requireValue } from '../../udfs/require-value.js';
import { missingRight } from '../clients/missing-right.js';
import type { Context } from '../context.js';
import { messageOf, UserError } from '../errors.js';
import { retryWhile } from '../ground/retry.js';
import { historyPrerequisites } from '../history/prerequisites.js';
import { type Record, recordWork } from '../history/record-work.js';
import { removeVersions } from '../model/registry.js';
import { listAll, type Stack } from '../resources/plan.js';
import { idOf, type LiveResource, partsOf, type ResourceId } from '../resources/resource.js';
import { buildStack } from '../stack/index.js';
import { describeLeftEndpoint, leavesEndpoint } from './private-api.js';

export interface DestroyOptions {
  /** Without it nothing is removed, only listed. */
  readonly yes: boolean;
  /** Also what holds data: tables, schema, database, bucket. */
  readonly purgeData: boolean;
}

export interface DestroyResult {
  readonly removed: ResourceId[];
  readonly kept: ResourceId[];
}

/**
 * Removes what apply, training and promotion made, in reverse order. Objects of others are never touched: a
 * database or schema that holds some is kept, and said so. It waits for an apply or a training that is under way.
 * @throws UserError when `yes` is missing, listing what would go
 * @example
 * const { removed, kept } = await destroy(ctx, { yes: true, purgeData: false });
 */
export async function destroy(ctx: Context, options: DestroyOptions): Promise<DestroyResult> {
  const stack = await buildStack(ctx);
  const purge = options.purgeData || ctx.target.dataIsDisposable;
  if (!options.yes) {
    const { going, kept, holding } = await chooseObjects(ctx, stack, purge);
    throw confirmationError(going, kept, holding);
  }
  await ctx.mail.flush();
  const result = await recordWork(
    ctx,
    { action: 'destroy', subject: purge ? 'with its data' : undefined, without: true },
    (inTurn, record) =>
      ctx.progress.step('Remove everything', async (step) => {
        const done = await removeAll(inTurn, stack, purge, record, (text) => step.update(text));
        step.update(`${done.removed.length} removed, ${done.kept.length} kept`);
        return done;
      }),
    ({ removed }) => `${removed.length} removed`,
  );
  if (leavesEndpoint(result.removed)) ctx.progress.note(describeLeftEndpoint(ctx.aws.region));
  await ctx.mail.send('destroy', {
    removed: result.removed.length,
    kept: result.kept,
    key: [
      { label: 'removed', value: result.removed.length },
      { label: 'kept', value: result.kept.length },
    ],
    summary: `${result.removed.length} objects were removed from Snowflake and AWS${result.kept.length > 0 ? '; what holds data was kept' : ', and nothing is left'}.`,
    ...(result.kept.length > 0
      ? { next: 'To remove the data as well:', commands: ['los destroy --yes --purge-data'] }
      : { next: 'To have all of it again:', commands: ['los apply'] }),
  });
  if (purge && result.kept.length === 0 && !(await othersLiveHere(ctx))) await ctx.target.discard();
  return result;
}

/** Lists our objects: what would go, and what stays because it holds data. */
async function chooseObjects(ctx: Context, stack: Stack, purge: boolean) {
  const stackItems = [...(await listAll(ctx, stack))].filter(([, item]) => item.owner !== 'foreign');
  const holding = dataHolders(stack);
  const kept = purge ? [] : stackItems.map(([id]) => id).filter(holding);
  return { going: stackItems.filter(([id]) => !kept.includes(id)), kept, holding };
}

async function removeAll(
  ctx: Context,
  stack: Stack,
  purge: boolean,
  record: Record,
  onProgress: (text: string) => void,
): Promise<DestroyResult> {
  const { going, kept } = await chooseObjects(ctx, stack, purge);
  const result: DestroyResult = { removed: [], kept };
  const remove = async ([id, item]: Going) => {
    if (ctx.signal.aborted)
      throw new UserError('Destroy was interrupted; what it had begun is finished.', {
        next: 'Run los destroy again to continue.',
      });
    const kind = requireValue(
      stack.kinds.find((kind) => kind.id === partsOf(id).kind),
      `the kind of ${id}`,
    );
    const reason = await kind.whyKept?.(ctx, item.name);
    if (reason) {
      ctx.progress.warn(`${id} is kept: ${reason}`);
      result.kept.push(id);
      return;
    }
    onProgress(id);
    try {
      await kind.remove(ctx, item);
    } catch (error) {
      // An administrator made them, and takes them away.
      if (kind.id !== 'aws.iam-role' || !missingRight(messageOf(error))) throw error;
      ctx.progress.warn(`${id} is kept: these credentials may not delete it (${messageOf(error)})`);
      result.kept.push(id);
      return;
    }
    result.removed.push(id);
  };
  // The history holds the lease that keeps others from applying meanwhile: it goes last, with what it is in and written by.
  const ground = historyPrerequisites(ctx);
  for (const kind of [...stack.kinds].reverse())
    for (const each of going)
      if (partsOf(each[0]).kind === kind.id && !ground.includes(each[0])) await remove(each);
  // A champion without its endpoint would look like one that answers, once there is a deployment again.
  if (kept.includes(`snowflake.table:LOS_MODEL_REGISTRY`)) await removeVersions(ctx);
  onProgress('looking whether anything is left');
  await assertGone(ctx, stack, [...result.kept, ...ground], onProgress);
  await record.recordEnd(`${result.removed.length} removed`, LINGER);
  // With the container its contents go in the same moment, so that no command begins in what is about to go.
  const [warehouse, ...containers] = ground.map((id) => going.find((each) => each[0] === id));
  if (warehouse) await remove(warehouse);
  const [outermost, ...inside] = containers.filter((container) => container !== undefined);
  for (let at = outermost; at; at = inside.shift()) {
    await remove(at);
    if (!result.removed.includes(at[0])) continue;
    result.removed.push(...inside.map(([id]) => id));
    break;
  }
  return result;
}

type Going = readonly [ResourceId, LiveResource];

/** Seconds for which no other command begins while the last few objects go. */
const LINGER = 15;

/** Rights and trust are part of the roles: they go and stay with them. */
const PART_OF_ROLES = /^(snowflake\.grants|aws\.trust):/;

/** SageMaker lists an endpoint as Deleting for a minute or more after it took the call. */
const TAKEN_DOWN_SECONDS = 600;

/**
 * Lists both clouds once more, until nothing is left. IAM may show a deleted role for some seconds; endpoints that are
 * going are waited for, so that their names are free again and the next listing is empty.
 */
async function assertGone(
  ctx: Context,
  stack: Stack,
  kept: readonly ResourceId[],
  onProgress: (text: string) => void,
): Promise<void> {
  const end = performance.now() + TAKEN_DOWN_SECONDS * 1000;
  const listLeft = async () =>
    [...(await listAll(ctx, stack))].filter(
      ([id, { owner }]) => owner !== 'foreign' && !kept.includes(id) && !PART_OF_ROLES.test(id),
    );
  const going = ({ properties }: LiveResource) => properties?.status === 'Deleting';
  for (;;) {
    const found = await retryWhile(
      async () => {
        const all = await listLeft();
        const still = all.filter(([, item]) => !going(item)).map(([id]) => id);
        if (still.length)
          throw new UserError(`Removed, but still listed: ${still.join(', ')}.`, {
            next: 'Run los destroy again.',
          });
        return all.map(([id]) => id);
      },
      (error) => error instanceof UserError,
      { seconds: 30, signal: ctx.signal },
    );
    if (found.length === 0) return;
    if (performance.now() > end || ctx.signal.aborted) {
      ctx.progress.warn(`SageMaker is still removing ${found.join(', ')}; nothing is left to do`);
      return;
    }
    onProgress(`waiting for SageMaker to remove ${found.join(', ')}`);
    await sleep(GLANCE_MS, undefined, { signal: ctx.signal });
  }
}

/** Between two looks at endpoints that are going. */
const GLANCE_MS = 2000;

/** True if the account holds other databases: another environment's, or others'. */
async function othersLiveHere(ctx: Context): Promise<boolean> {
  return (await ctx.snowflake.query('SHOW DATABASES')).some((row) => row.name !== 'SNOWFLAKE');
}

/** Tells whether an id is of something that holds data. */
function dataHolders({ resources, kinds }: Stack) {
  const ids = new Set(resources.filter((resource) => resource.holdsData).map(idOf));
  const kindIds = kinds.filter((kind) => kind.holdsData).map((kind) => kind.id);
  return (id: ResourceId) => ids.has(id) || kindIds.includes(partsOf(id).kind);
}

function confirmationError(
  going: readonly (readonly [ResourceId, LiveResource])[],
  kept: readonly ResourceId[],
  holding: (id: ResourceId) => boolean,
): UserError {
  const data = going.map(([id]) => id).filter(holding);
  const lines = [
    `This would remove ${going.length} objects:`,
    ...going.map(([id]) => `  - ${id}`),
    ...(data.length ? [`Their data would be lost: ${data.join(', ')}.`] : []),
    ...(kept.length ? [`Kept, because they hold data: ${kept.join(', ')} (--purge-data removes them).`] : []),
  ];
  return new UserError(lines.join('\n'), { next: 'Run los destroy --yes to do it.' });
}
