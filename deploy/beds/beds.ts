import type { BedForecast } from '../../procedures/beds/forecast.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { type BedsResult, forecastOf } from '../../report/beds/nights.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { requireDeployed } from '../dataset/context.js';

/**
 * Has beds forecast, and reads what was said.
 * @param asOf YYYY-MM-DD: as on the evening of this day, from what had happened by then; left out: the last day known
 * @throws UserError where the dataset has no dates, or is not the one that is deployed
 */
export async function beds(ctx: Context, contract: Contract, asOf?: string): Promise<BedsResult> {
  const made = await callProcedure<BedForecast>(
    ctx,
    'FORECAST_BEDS',
    asOf === undefined ? [] : [{ object: { as_of: asOf } }],
  );
  requireDeployed(made.dataset, contract);
  return { ...made, forecast: await forecastOf(ctx, contract, made.madeOn) };
}
