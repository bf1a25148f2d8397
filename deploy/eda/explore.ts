import type { Contract } from '../../procedures/dataset/contract.js';
import { mailExploration } from '../../report/eda/mail.js';
import type { Exploration } from '../../report/results/exploration.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { requireDeployed } from '../dataset/context.js';

/**
 * Has the admissions explored in Snowflake.
 * @param current of all stays that have ended by now, which takes the right to read rows; else the answer of the month
 * @throws UserError where another dataset is deployed
 */
export async function exploreAdmissions(
  ctx: Context,
  contract: Contract,
  current = false,
): Promise<Exploration> {
  const made = await callProcedure<Exploration>(
    ctx,
    'EXPLORE_ADMISSIONS',
    current ? [{ object: { current: true } }] : [],
  );
  requireDeployed(made.dataset, contract);
  return made;
}

/** The same, and mails what stands out. */
export async function explore(ctx: Context, contract: Contract): Promise<Exploration> {
  const made = await exploreAdmissions(ctx, contract);
  await mailExploration(ctx, made);
  return made;
}
