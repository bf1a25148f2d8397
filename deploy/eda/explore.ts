import type { Contract } from '../../procedures/dataset/contract.js';
import type { Exploration as Answered } from '../../procedures/exploring/answer.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { mailExploration } from './mail.js';

export interface Exploration extends Answered {
  readonly run: string;
}

/**
 * Has the admissions explored in Snowflake.
 * @throws UserError where another dataset is deployed
 */
export async function explored(ctx: Context, contract: Contract): Promise<Exploration> {
  const made = await callProcedure<Exploration>(ctx, 'EXPLORE_ADMISSIONS', []);
  if (made.dataset !== contract.name)
    throw new UserError(
      `The dataset ${made.dataset} is deployed and can be explored, not ${contract.name}.`,
      { next: 'Leave out --dataset, or deploy the other one with los apply first.' },
    );
  return made;
}

/** The same, and mails what stands out. */
export async function explore(ctx: Context, contract: Contract): Promise<Exploration> {
  const made = await explored(ctx, contract);
  await mailExploration(ctx, made);
  return made;
}
