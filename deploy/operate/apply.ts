import type { Context } from '../context.js';
import { loadContract } from '../dataset/load.js';
import { ensureHistoryTable, useProject } from '../history/prerequisites.js';
import { recordWork } from '../history/record-work.js';
import { mailingFailure } from '../mail/failure.js';
import { type ApplyResult, applyPlan } from '../resources/apply.js';
import { type Change, makePlan, type Plan, type Stack } from '../resources/plan.js';
import { partsOf, type ResourceId } from '../resources/resource.js';
import { assertCurrent, readPlan, type SavedPlan, toSavedPlan } from '../resources/saved-plan.js';
import { buildStack } from '../stack/index.js';
import { describeAbandoned } from './abandoned-table.js';
import { askChampion } from './ask-champion.js';
import { findRowsAgain } from './find-again.js';
import { describeMissingFeatures } from './missing-features.js';
import { requireOnePlace } from './one-place.js';

/**
 * Brings both clouds to the declared state and sends the status mail, also when it fails. Running it again
 * finds nothing to do, or goes on where an interrupted run stopped. Of several at once each waits for the one before.
 * @param options.routine that there was nothing to do waits for the mail of the day; true unless said otherwise
 * @param planFile a plan that `los plan --out` wrote: it is carried out exactly, or refused when it is stale
 * @example
 * const { created, updated } = await apply(ctx);
 * await apply(ctx, 'plan.json'); // what los plan --out plan.json wrote
 */
export async function apply(
  ctx: Context,
  planFile?: string,
  { routine = true }: { readonly routine?: boolean } = {},
): Promise<ApplyResult> {
  const saved = planFile === undefined ? undefined : readPlan(planFile);
  const applied = await mailingFailure(ctx, 'los apply', () => applyStack(ctx, saved), {
    summary: 'The deployment did not finish. What was done stays; nothing has to be undone.',
  });
  for (const left of applied.leftOut) ctx.progress.warn(left);
  const lost = await describeMissingFeatures(ctx, loadContract(ctx.settings.dataset, ctx.settings.timeZone));
  if (lost !== undefined) ctx.progress.warn(`${lost} Next: los train --promote`);
  const champion = await askChampion(ctx);
  if (champion !== undefined) ctx.progress.warn(champion);
  await mailApplied(ctx, applied, routine, champion);
  return applied;
}

/** Tells what was made by kinds, or by names where they are few. */
async function mailApplied(
  { mail }: Context,
  applied: ApplyResult,
  routine: boolean,
  champion: string | undefined,
): Promise<void> {
  const { unchanged } = applied;
  const done = (['created', 'renamed', 'updated', 'removed'] as const)
    .map((what) => ({ what, ids: applied[what] }))
    .filter(({ ids }) => ids.length > 0);
  await mail.send(
    'deploy',
    {
      changes: done.map(({ what, ids }) => `${ids.length} ${what}`).join(', '),
      key: [
        ...done.map(({ what, ids }) => ({ label: what, value: ids.length })),
        ...(unchanged > 0 ? [{ label: 'unchanged', value: unchanged }] : []),
      ],
      summary: `Snowflake and AWS ${done.length > 0 ? 'now' : 'already'} match the settings${applied.leftOut.length > 0 ? ', except for what is named here' : ''}.`,
      sentences: [
        ...done.map(
          ({ what, ids }) => `${what.charAt(0).toUpperCase()}${what.slice(1)}: ${nameResources(ids)}.`,
        ),
        ...applied.leftOut,
        ...(champion === undefined ? [] : [champion]),
      ],
      next: 'The current state, and who deployed when:',
      commands: ['los status', 'los history'],
    },
    { routine: routine && done.length === 0 && applied.leftOut.length === 0 && champion === undefined },
  );
}

/** So many objects, and kinds of them, are named in a mail. */
const NAMED = 5;

function nameResources(ids: readonly ResourceId[]): string {
  if (ids.length <= NAMED) return ids.map((id) => id.slice(id.indexOf('.') + 1).replace(':', ' ')).join(', ');
  const kinds = new Map<string, number>();
  for (const id of ids) {
    const kind = partsOf(id)
      .kind.replace(/^\w+\./, '')
      .replaceAll('-', ' ');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const most = [...kinds].sort(([, a], [, b]) => b - a).slice(0, NAMED);
  const others = ids.length - most.reduce((sum, [, count]) => sum + count, 0);
  const words = most.map(
    ([kind, count]) => `${count} ${kind}${count === 1 || kind.endsWith('s') ? '' : 's'}`,
  );
  return `${words.join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
}

async function applyStack(context: Context, saved: SavedPlan | undefined): Promise<ApplyResult> {
  let compiled: Promise<Stack> | undefined;
  const compile = () => (compiled ??= buildStack(context));
  let basis = saved;
  let ground: Change[] = [];
  return await recordWork(
    context,
    {
      action: 'apply',
      async ground() {
        const stack = await compile();
        await requireOnePlace(context);
        const before = saved && (await makePlan(context, stack));
        if (before) assertCurrent(context, saved, before);
        ground = [...ground, ...(await ensureHistoryTable(context, stack))];
        // What has just been done is no longer to be done; all else must be as it was planned.
        // Grants stay on a table that is renamed, so that other grants are missing then than were planned.
        const renamed = ground.some(({ action }) => action === 'rename');
        if (before)
          basis = toSavedPlan(context, renamed ? await makePlan(context, stack) : without(before, ground));
      },
    },
    (ctx) =>
      ctx.progress.step('Deploy to Snowflake and AWS', async (step) => {
        step.update('compiling');
        const stack = await compile();
        await useProject(ctx);
        step.update('comparing with what exists');
        const plan = await makePlan(ctx, stack);
        if (basis) assertCurrent(ctx, basis, plan);
        const left = describeAbandoned(plan.changes);
        if (left !== undefined) ctx.progress.warn(left);
        const result = await applyPlan(ctx, stack, plan, (change, done) =>
          step.update(`${done + 1} of ${plan.changes.length}, ${change.action} ${change.id}`),
        );
        step.update('finding rows of derived tables again');
        const contract = loadContract(ctx.settings.dataset, ctx.settings.timeZone);
        await findRowsAgain(ctx, contract, [...ground, ...plan.changes]);
        const idsOf = (action: Change['action']) =>
          ground.filter((change) => change.action === action).map(({ id }) => id);
        const applied = {
          ...result,
          created: [...idsOf('create'), ...result.created],
          renamed: [...idsOf('rename'), ...result.renamed],
          updated: [...idsOf('update'), ...result.updated],
          unchanged: result.unchanged - ground.length,
        };
        step.update(describeApplied(applied));
        return applied;
      }),
    describeApplied,
  );
}

function without(plan: Plan, done: readonly Change[]): Plan {
  const ids = done.map(({ id }) => id);
  const changes = plan.changes.filter(({ id }) => !ids.includes(id));
  return { ...plan, changes, unchanged: plan.unchanged + plan.changes.length - changes.length };
}

/** What an apply did, in a few words. */
export function describeApplied({
  created,
  renamed,
  updated,
  removed,
  unchanged,
  leftOut,
}: ApplyResult): string {
  const left = leftOut.length > 0 ? `, ${leftOut.length} left out` : '';
  const moved = renamed.length > 0 ? `${renamed.length} renamed, ` : '';
  return `${created.length} created, ${moved}${updated.length} updated, ${removed.length} removed, ${unchanged} unchanged${left}`;
}
