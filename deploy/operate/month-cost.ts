import { literal, schemaPath } from '../../procedures/ground/names.js';
import type { MonthCost } from '../../report/results/costs.js';
import type { Row } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { creditsAMonth } from '../costs/estimate.js';
import { prices } from '../costs/prices.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import { fillFile, sqlFile } from '../sql-file.js';
import { unlessBeyondRole } from './ask.js';

/** The last 30 days, from what Snowflake meters and what trainings wrote down. Endpoints, batch transforms of admissions and storage are in AWS's bill. */
export async function costOfMonth({ settings, snowflake }: Context): Promise<MonthCost> {
  const values = {
    schema: schemaPath(settings),
    database: settings.snowflake.database,
    warehouse: literal(settings.snowflake.warehouse.name),
  };
  const ask = <R extends Row>(question: string) =>
    unlessBeyondRole(() => snowflake.query<R>(fillFile(`sql/status/${question}.sql`, values)));
  const metered = await ask<{ credits: number | null }>('credits');
  const billed = await ask<{ seconds: number | null }>('billed');
  const credits = metered?.[0]?.credits ?? null;
  const trainingSeconds = billed?.[0]?.seconds ?? 0;
  const hour = prices.instanceHour[settings.training.instanceType];
  return {
    credits,
    creditsUsd: credits === null ? null : credits * prices.snowflakeCredit,
    expected: creditsAMonth(settings, await graphRunsADay({ settings, snowflake })).typical,
    trainingSeconds,
    trainingUsd: hour === undefined ? null : (trainingSeconds / 3600) * hour,
  };
}

/** Runs of the scoring graph a day in the last 30 days; undefined where there is nothing deployed, or not for a day. */
export async function graphRunsADay(
  ctx: Pick<Context, 'settings' | 'snowflake'>,
): Promise<number | undefined> {
  const sql = sqlFile('sql/status/graph-runs.sql', { schema: schemaPath(ctx.settings) });
  const [seen] = await showOrNothing(ctx, sql);
  return seen?.runs == null ? undefined : Number(seen.runs);
}
