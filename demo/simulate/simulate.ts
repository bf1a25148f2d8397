import { beds } from '../../deploy/beds/beds.js';
import type { Context } from '../../deploy/context.js';
import { refuseOrigin } from '../../deploy/dataset/refuse-origin.js';
import { UserError } from '../../deploy/errors.js';
import { championOf } from '../../deploy/model/registry.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';
import type { BedsResult } from '../../report/beds/nights.js';
import { type ArrivalStep, admit, dischargeBefore, pendingSteps } from './arrivals.js';
import { graphRuns } from './graph-runs.js';
import { type Day, mailSimulation, type SimulateResult } from './mail.js';

export interface SimulateOptions {
  /** Steps at most; left out: until no admission waits. */
  readonly limit?: number;
  /** Beds are forecast on the last evening and on every so many'th before it; left out: on every one. */
  readonly forecastEvery?: number;
}

const DAY = 86_400_000;

/**
 * Lets the waiting admissions arrive day by day (or batch by batch): those who left before are discharged,
 * the day's patients come in, the task graph runs, beds are forecast from the evening before, whose discharges have come in
 * by now. The next day comes in while this one is scored. One mail at the end tells of all days, or one a day where the settings want no digest.
 */
export async function simulate(
  ctx: Context,
  contract: Contract,
  { limit, forecastEvery = 1 }: SimulateOptions = {},
): Promise<SimulateResult> {
  refuseOrigin(contract, 'a simulation');
  const champion = await championOf(ctx, contract.name);
  if (!champion)
    throw new UserError('No version has been promoted, so nothing would be predicted.', {
      next: 'Run los train --promote first.',
    });
  const pending = (await pendingSteps(ctx, contract)).slice(0, limit);
  if (pending.length === 0)
    throw new UserError(`No admissions of ${contract.name} are waiting to arrive.`, {
      next: 'Run los demo, which loads some.',
    });
  const total = { admitted: 0, scored: 0, discharged: 0 };
  const days: Day[] = [];
  let forecasts = 0;
  let forecastSeconds = 0;
  let latest: BedsResult | null = null;
  const graph = graphRuns(ctx, contract);
  const loaded = loads(ctx, contract, pending);
  const forecast = async (evening: number) => {
    if (contract.admission === undefined) return;
    const started = performance.now();
    latest = await beds(ctx, contract, new Date(evening).toISOString().slice(0, 10));
    forecastSeconds += (performance.now() - started) / 1000;
    forecasts++;
  };
  await ctx.progress.step('Let admissions arrive and score them', async (step) => {
    for (const [index, day] of pending.entries()) {
      ctx.signal.throwIfAborted();
      const { discharged, admitted } = await loaded(index);
      total.discharged += discharged;
      total.admitted += admitted;
      const evening = index > 0 && (pending.length - index) % forecastEvery === 0;
      // A forecast counts patients currently admitted: the next day waits for it.
      const run = await graph(evening ? undefined : async () => void (await loaded(index + 1)));
      total.scored += run.scored;
      if (evening) await forecast(Date.parse(day.label) - DAY);
      days.push({ label: day.label, arrived: day.rows, scored: run.scored });
      // Otherwise the days are in the mail at the end.
      if (ctx.settings.mail.digestHour === null)
        await ctx.mail.send('scoring', {
          summary: `${day.label}: ${day.rows} admissions arrived, ${run.scored} were scored by ${champion.version}.`,
          version: champion.version,
          rows: run.scored,
          figures: [{ label: 'Discharged so far', value: total.discharged }],
        });
      step.update(`${day.label}: ${total.scored} scored (${index + 1} of ${pending.length})`);
    }
    // The last day ends as well.
    total.discharged += (await loaded(pending.length)).discharged;
    total.scored += (await graph()).scored;
    await forecast(Date.parse(pending.at(-1)?.label ?? ''));
  });
  const live = await liveErrors(ctx, contract);
  await mailSimulation(ctx, champion.version, { days, ...total, live, beds: latest });
  return { steps: pending.length, ...total, live, forecasts, beds: latest, forecastSeconds };
}

/** Number of discharges before a day and of admissions on it. */
interface Load {
  readonly discharged: number;
  readonly admitted: number;
}

/** Loads the day of an index, once; of the one behind the last there is only who has left before it. */
function loads(ctx: Context, contract: Contract, pending: readonly ArrivalStep[]) {
  const done = new Map<number, Load>();
  return async (index: number): Promise<Load> => {
    const known = done.get(index);
    if (known) return known;
    const day = pending[index];
    const step = day?.step ?? (pending.at(-1)?.step ?? 0) + 1;
    const discharged = await dischargeBefore(ctx, contract, step);
    const load = { discharged, admitted: day ? await admit(ctx, contract, step) : 0 };
    done.set(index, load);
    return load;
  };
}

/** Errors of logged predictions with a known actual stay. Early on these are the short stays. */
export async function liveErrors(ctx: Context, contract: Contract): Promise<SimulateResult['live']> {
  const { id, patient = id } = contract;
  const [row] = await ctx.snowflake.query<Record<string, number>>(
    `SELECT COUNT(*) AS N, COUNT(DISTINCT COALESCE(TO_VARCHAR(f.${patient}), '')) AS PATIENTS,
  SQRT(AVG(POWER(PREDICTED_LOS - ACTUAL_LOS, 2))) AS RMSE, AVG(ABS(PREDICTED_LOS - ACTUAL_LOS)) AS MAE
FROM ${qualify(ctx.settings, 'LOS_PREDICTIONS')} AS l
LEFT JOIN ${qualify(ctx.settings, datasetNames(contract).features)} AS f ON TO_VARCHAR(f.${id}) = l.CASE_ID
WHERE l.DATASET = ${literal(contract.name)} AND l.ACTUAL_LOS IS NOT NULL
  AND l.PREDICTED_LOS IS NOT NULL AND NOT COALESCE(l.AFTER_DISCHARGE, FALSE)`,
  );
  const rows = Number(row?.N ?? 0);
  return Number(row?.PATIENTS ?? 0) < FEWEST_PATIENTS
    ? null
    : { rows, rmse: Number(row?.RMSE), mae: Number(row?.MAE) };
}
