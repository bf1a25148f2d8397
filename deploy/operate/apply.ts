import { acceptLoss } from '../../procedures/records/check.js';
import { mailApply } from '../../report/operations/apply-mail.js';
import type { ApplyResult } from '../../report/results/deployment.js';
import { drive } from '../clients/drive.js';
import type { Context } from '../context.js';
import { loadContract } from '../dataset/load.js';
import { requireOrigin } from '../dataset/probe-origin.js';
import { requireOnePlace } from '../history/one-place.js';
import { ensureHistoryTable, useProject } from '../history/prerequisites.js';
import { recordWork } from '../history/record-work.js';
import { mailingFailure } from '../mail/failure.js';
import { askChampion } from '../model/ask-champion.js';
import { removeArtifacts } from '../model/remove-artifacts.js';
import { describeAbandoned } from '../resources/abandoned-table.js';
import { applyPlan } from '../resources/apply.js';
import { type Change, makePlan, type Plan, type Stack } from '../resources/plan.js';
import { reading } from '../resources/reading.js';
import { assertCurrent, readPlan, type SavedPlan, toSavedPlan } from '../resources/saved-plan.js';
import { buildStack } from '../stack/index.js';
import { findRowsAgain } from './find-again.js';
import { requireManagedTasks } from './managed-tasks.js';
import { describeMissingFeatures } from './missing-features.js';
import { describeAcceptedLosses } from './plan.js';
import { describeLeftEndpoint, leavesEndpoint, requirePrivateApi } from './private-api.js';

/**
 * Brings both clouds to the declared state and sends the status mail, also when it fails. Running it again
 * finds nothing to do, or goes on where an interrupted run stopped. Of several at once each waits for the one before.
 * @param options.routine that there was nothing to do waits for the mail of the day; true unless said otherwise
 * @param options.acceptLoss names of tables, schema or database that are made although what they held is lost
 * @param planFile a plan that `los plan --out` wrote: it is carried out exactly, or refused when it is stale
 * @example
 * const { created, updated } = await apply(ctx);
 * await apply(ctx, 'plan.json'); // what los plan --out plan.json wrote
 */
export async function apply(
  ctx: Context,
  planFile?: string,
  {
    routine = true,
    acceptLoss = [],
  }: { readonly routine?: boolean; readonly acceptLoss?: readonly string[] } = {},
): Promise<ApplyResult> {
  const saved = planFile === undefined ? undefined : readPlan(planFile);
  const applied = await mailingFailure(ctx, 'los apply', () => applyStack(ctx, saved, acceptLoss), {
    summary: 'The deployment did not finish. Its completed steps stay; you need not undo anything.',
  });
  for (const left of applied.leftOut) ctx.progress.warn(left);
  const lost = await describeMissingFeatures(ctx, loadContract(ctx.settings.dataset, ctx.settings.timeZone));
  if (lost !== undefined) ctx.progress.warn(`${lost} Next: los train --promote`);
  if (leavesEndpoint(applied.removed)) ctx.progress.note(describeLeftEndpoint(ctx.aws.region));
  const champion = await askChampion(ctx);
  if (champion !== undefined) ctx.progress.warn(champion);
  const removed = await removeArtifacts(ctx);
  if (removed !== undefined) ctx.progress.note(removed);
  await mailApply(ctx, applied, routine, champion);
  return applied;
}

async function applyStack(
  context: Context,
  saved: SavedPlan | undefined,
  acceptedLosses: readonly string[],
): Promise<ApplyResult> {
  const contract = loadContract(context.settings.dataset, context.settings.timeZone);
  await requireOrigin(context, contract);
  await requirePrivateApi(context);
  let compiled: Promise<Stack> | undefined;
  const compile = () => (compiled ??= buildStack(context).then((stack) => ({ ...stack, acceptedLosses })));
  const lost = acceptedLosses.length > 0 ? await describeAcceptedLosses(context, await compile()) : [];
  let basis = saved;
  let ground: Change[] = [];
  return await recordWork(
    context,
    {
      action: 'apply',
      async ground() {
        const stack = await compile();
        await requireManagedTasks(context);
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
        step.update('comparing with what exists');
        const once = reading(ctx);
        await requireManagedTasks(once);
        await useProject(once);
        const plan = await makePlan(once, stack);
        if (basis) assertCurrent(ctx, basis, plan);
        const left = describeAbandoned(plan.changes);
        if (left !== undefined) ctx.progress.warn(left);
        const result = await applyPlan(ctx, stack, plan, (change, done) =>
          step.update(`${done + 1} of ${plan.changes.length}, ${change.action} ${change.id}`),
        );
        step.update('finding rows of derived tables again');
        await findRowsAgain(ctx, contract, [...ground, ...plan.changes]);
        const idsOf = (action: Change['action']) =>
          ground.filter((change) => change.action === action).map(({ id }) => id);
        const applied = {
          ...result,
          ...(lost.length > 0 ? { lost } : {}),
          created: [...idsOf('create'), ...result.created],
          renamed: [...idsOf('rename'), ...result.renamed],
          updated: [...idsOf('update'), ...result.updated],
          unchanged: result.unchanged - ground.length,
        };
        for (const table of acceptedLosses) await drive(ctx, acceptLoss(ctx.settings, contract.name, table));
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

/** Describes an apply, in a few words. */
export function describeApplied({
  created,
  renamed,
  updated,
  removed,
  unchanged,
  leftOut,
  lost = [],
}: ApplyResult): string {
  const left = leftOut.length > 0 ? `, ${leftOut.length} left out` : '';
  const moved = renamed.length > 0 ? `${renamed.length} renamed, ` : '';
  return `${created.length} created, ${moved}${updated.length} updated, ${removed.length} removed, ${unchanged} unchanged${left}${lost.map((each) => `. ${each.replace(/\.$/, '')}`).join('')}`;
}
