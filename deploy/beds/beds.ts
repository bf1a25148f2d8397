import type { BedForecast } from '../../procedures/beds/forecast.js';
import type { Change } from '../../procedures/beds/what-if.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { type BedsResult, forecastOf } from '../../report/beds/nights.js';
import { answerOf } from '../../report/beds/what-if/answer.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { requireDeployed } from '../dataset/context.js';

/**
 * Has beds forecast, and reads what was said.
 * @param asOf YYYY-MM-DD: as on the evening of this day, from what had happened by then; left out: the last day known
 * @param whatIf what might be otherwise: then nothing is kept, and the answer stands beside the forecast
 * @throws UserError where the dataset has no dates, or is not the one that is deployed
 */
export async function beds(
  ctx: Context,
  contract: Contract,
  asOf?: string,
  whatIf?: readonly Change[],
): Promise<BedsResult> {
  const made = await callProcedure<BedForecast>(
    ctx,
    'FORECAST_BEDS',
    asOf === undefined && whatIf === undefined
      ? []
      : [{ object: { ...(asOf && { as_of: asOf }), ...(whatIf && { what_if: whatIf }) } }],
  );
  requireDeployed(made.dataset, contract);
  const answer = made.what_if === undefined ? {} : { ifSo: await answerOf(ctx, contract, made.what_if) };
  const groups = contract.wardGroups ?? [];
  return { ...made, ...answer, groups, forecast: await forecastOf(ctx, contract, made.madeOn) };
}
