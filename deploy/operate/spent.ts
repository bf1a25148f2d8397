import { literal, qualified } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { prices } from '../costs/prices.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/** What this month has cost so far, as far as Snowflake lets the role see it. */
export interface Spent {
  /** Credits of the warehouse; null: the role may not see them. */
  readonly credits: number | null;
  readonly creditsUsd: number | null;
  /** Seconds of SageMaker's instances that trainings are billed for, and their list price; null where it is not known. */
  readonly trainingSeconds: number;
  readonly trainingUsd: number | null;
}

/** The month so far, from what Snowflake meters and what trainings wrote down. Endpoints, batch transforms of admissions and storage are in AWS's bill. */
export async function spentThisMonth(ctx: Context): Promise<Spent> {
  const credits = await creditsOf(ctx);
  const [row] = await showOrNothing(
    ctx,
    `SELECT SUM(BILLED_SECONDS) AS SECONDS FROM ${qualified(ctx.settings, 'LOS_TRAINING_STEPS')}
WHERE FINISHED_AT >= DATE_TRUNC(month, CURRENT_TIMESTAMP())`,
  );
  const trainingSeconds = Number(row?.SECONDS ?? 0);
  const hour = prices.instanceHour[ctx.settings.training.instanceType];
  return {
    credits,
    creditsUsd: credits === null ? null : credits * prices.snowflakeCredit,
    trainingSeconds,
    trainingUsd: hour === undefined ? null : (trainingSeconds / 3600) * hour,
  };
}

/**
 * WAREHOUSE_METERING_HISTORY answers whoever has MONITOR USAGE, and nobody else
 * (docs.snowflake.com, sql-reference/functions/warehouse_metering_history): los bootstrap prints the grant.
 */
async function creditsOf(ctx: Context): Promise<number | null> {
  if (ctx.target.control) return null; // the local Snowflake computes for nothing
  const { database, warehouse } = ctx.settings.snowflake;
  try {
    const [row] = await ctx.snowflake.query<{ CREDITS: number | null }>(
      `SELECT SUM(CREDITS_USED) AS CREDITS FROM TABLE(${database}.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(
  DATE_RANGE_START => DATE_TRUNC(month, CURRENT_DATE()), WAREHOUSE_NAME => ${literal(warehouse.name)}))`,
    );
    return row?.CREDITS === null || row?.CREDITS === undefined ? null : Number(row.CREDITS);
  } catch (error) {
    if (error instanceof SnowflakeError && error.beyondRole) return null;
    throw error;
  }
}

/** The same in one line. */
export function spentLine({ credits, creditsUsd, trainingSeconds, trainingUsd }: Spent): string {
  const dollars = (usd: number | null) => (usd === null ? 'price not known' : `$${usd.toFixed(2)}`);
  const warehouse =
    credits === null
      ? 'the warehouse’s credits are not to be seen (MONITOR USAGE: los bootstrap prints the grant)'
      : `${credits.toFixed(1)} credits (${dollars(creditsUsd)})`;
  return `${warehouse}; trainings ${Math.round(trainingSeconds).toLocaleString('en-US')} s of instances (${dollars(trainingUsd)}); endpoints and batch transforms are in AWS’s bill`;
}
