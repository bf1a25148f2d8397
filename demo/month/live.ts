import { beds } from '../../deploy/beds/beds.js';
import { callProcedure } from '../../deploy/clients/call.js';
import type { Context } from '../../deploy/context.js';
import { notify } from '../../deploy/watching/notify.js';
import { watch } from '../../deploy/watching/watch.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { qualify } from '../../procedures/ground/names.js';
import type { BedsResult } from '../../report/beds/nights.js';
import { dayOf, isoOf } from '../general/calendar.js';
import type { LivingHospital } from '../general/load.js';
import { graphRuns } from '../simulate/graph-runs.js';
import { type Day, mailSimulation, type SimulateResult } from '../simulate/mail.js';
import { liveErrors } from '../simulate/simulate.js';

/** Beds are forecast on so many of the last evenings, so that what came of ten of them can be seen: LOS_BED_ACCURACY shows no fewer. */
const FORECASTS = 11;
/** Everybody is predicted again on the mornings of so many of the last days, and this morning where it has come already. */
const MORNINGS = 5;
/** Days between two looks of the watch, the first of which comes after a week. */
const WEEK = 7;

/**
 * Lets the hospital go on day by day: what its systems know by the end of a day comes in, the task graph runs; beds are forecast, the watch looks, and
 * everybody is predicted again as of that day's morning.
 * @param version that answers
 * @param first, last YYYY-MM-DD
 */
export async function live(
  ctx: Context,
  contract: Contract,
  hospital: LivingHospital,
  version: string,
  first: string,
  last: string,
): Promise<SimulateResult> {
  const graph = graphRuns(ctx, contract);
  const days: Day[] = [];
  const total = { admitted: 0, discharged: 0, scored: 0 };
  let forecasts = 0;
  let forecastSeconds = 0;
  let latest: BedsResult | null = null;
  await ctx.progress.step('Let a month pass, day by day', async (step) => {
    for (let day = dayOf(first); day <= dayOf(last); day++) {
      ctx.signal.throwIfAborted();
      const date = isoOf(day);
      const left = dayOf(last) - day;
      const { admitted, discharged } = await hospital.goOn(date);
      const { scored } = await graph();
      total.admitted += admitted;
      total.discharged += discharged;
      total.scored += scored;
      days.push({ label: date, arrived: admitted, scored });
      if (left < FORECASTS) {
        const started = performance.now();
        latest = await beds(ctx, contract, date);
        forecastSeconds += (performance.now() - started) / 1000;
        forecasts++;
      }
      if (left % WEEK === 0 && days.length >= WEEK) {
        await watch(ctx, contract, date);
        await stopTrainings(ctx);
      }
      if (left < MORNINGS) await callProcedure(ctx, 'RENEW_PREDICTIONS', [date]);
      step.update(`${date}: ${total.scored} scored (${left} to go)`);
    }
  });
  await callProcedure(ctx, 'RENEW_PREDICTIONS', []);
  await hospital.end();
  await notify(ctx);
  const errors = await liveErrors(ctx, contract);
  await mailSimulation(ctx, version, { days, ...total, live: errors, beds: latest });
  return { steps: days.length, ...total, live: errors, forecasts, beds: latest, forecastSeconds };
}

/** Stops what an alarm has begun, and says so: a hospital's training goes on and proposes its version; the demo ends before that. */
async function stopTrainings(ctx: Context): Promise<void> {
  const open = await ctx.snowflake.query<{ RUN_ID: string }>(
    `SELECT RUN_ID FROM ${qualify(ctx.settings, 'LOS_TRAINING_RUNS')} WHERE STATUS = 'OPEN'`,
  );
  for (const { RUN_ID } of open) {
    await callProcedure(ctx, 'STOP_TRAINING', [RUN_ID]);
    ctx.progress.note('The watch has begun a training because of its alarm; the demo stops it here');
  }
}
