import type { Contract } from '../../procedures/dataset/contract.js';
import { BY_GATES, type PromoteOptions, type PromoteResult } from '../../procedures/promoting/promote.js';
import { mailPromotion } from '../../report/model/promotion-mail.js';
import { requireValue } from '../../udfs/require-value.js';
import { callProcedure, ProcedureRefusal } from '../clients/call.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { recordWork } from '../history/record-work.js';
import { findVersion, versions } from './registry.js';

export type { PromoteResult } from '../../procedures/promoting/promote.js';

/** A version that a gate stopped. Nothing was changed. */
export class GateRefusal extends UserError {}

/**
 * Has predict_los switched to a version by PROMOTE_MODEL, and mails it.
 * @param name version such as `health-v2`; left out: the newest trained one
 * @throws GateRefusal where a gate says no
 */
export async function promote(
  ctx: Context,
  contract: Contract,
  name?: string,
  options: PromoteOptions = {},
): Promise<PromoteResult> {
  return await recordWork(
    ctx,
    { action: 'promote', subject: name ?? `the newest of ${contract.name}` },
    async (inTurn) => {
      // The procedure knows the deployed dataset alone: without a name it would take the newest of that.
      const { version } = await findVersion(inTurn, contract, name);
      return await switchChampion(inTurn, `Switch predict_los to ${version}`, () =>
        callProcedure(inTurn, 'PROMOTE_MODEL', [version, { object: options }]),
      );
    },
    describePromotion,
  );
}

/** Has the champion before the present one made champion again by ROLL_BACK_MODEL. */
export async function rollback(ctx: Context, contract: Contract): Promise<PromoteResult> {
  return await recordWork(
    ctx,
    { action: 'rollback', subject: contract.name },
    async (inTurn) => {
      if (!(await versions(inTurn)).some(({ dataset }) => dataset === contract.name))
        throw new UserError(`There is no version of ${contract.name} to go back to.`, {
          next: 'los model list names the versions.',
        });
      return await switchChampion(inTurn, 'Switch predict_los to the champion before', () =>
        callProcedure(inTurn, 'ROLL_BACK_MODEL', []),
      );
    },
    describePromotion,
  );
}

async function switchChampion(
  ctx: Context,
  title: string,
  call: () => Promise<PromoteResult>,
): Promise<PromoteResult> {
  const { progress } = ctx;
  let result: PromoteResult;
  try {
    result = await progress.step(title, call);
  } catch (error) {
    if (error instanceof ProcedureRefusal && error.by === BY_GATES)
      throw new GateRefusal(error.message, {
        next: requireValue(error.next, 'a next step of gates'),
        cause: error,
      });
    throw error;
  }
  const { gates, removed } = result;
  for (const gate of gates.filter(({ passed }) => !passed))
    progress.note(`Promoted although the gate “${gate.name}” failed (${gate.finding})`);
  if (result.warning) progress.warn(result.warning);
  if (removed.length > 0) progress.note(`Removed by the retention rule: ${removed.join(', ')}`);
  await mailPromotion(ctx, result);
  return result;
}

function describePromotion({ version, previous, gates, reason }: PromoteResult): string {
  const overridden = gates.filter(({ passed }) => !passed).map((gate) => gate.name);
  return [
    `predict_los answers from ${version}${previous ? `, before: ${previous}` : ''}`,
    ...(reason ? [`because ${reason}`] : []),
    ...(overridden.length ? [`although the gates said no: ${overridden.join(', ')}`] : []),
  ].join('; ');
}
