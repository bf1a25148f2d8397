import { literal, schemaPath } from '../../procedures/ground/names.js';
import type { Row } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { prices } from '../costs/prices.js';
import { sqlFile } from '../sql-file.js';
import { unlessBeyondRole } from './ask.js';

/** What this month has cost so far, as far as Snowflake lets the role see it. */
export interface MonthCost {
  /** Credits of the warehouse; null: the role may not see them. */
  readonly credits: number | null;
  readonly creditsUsd: number | null;
  /** Seconds of SageMaker's instances that trainings are billed for, and their list price; null where it is not known. */
  readonly trainingSeconds: number;
  readonly trainingUsd: number | null;
}

/** The month so far, from what Snowflake meters and what trainings wrote down. Endpoints, batch transforms of admissions and storage are in AWS's bill. */
export async function costThisMonth({ settings, snowflake, target }: Context): Promise<MonthCost> {
  const values = {
    schema: schemaPath(settings),
    database: settings.snowflake.database,
    warehouse: literal(settings.snowflake.warehouse.name),
  };
  const ask = <R extends Row>(question: string) =>
    unlessBeyondRole(() => snowflake.query<R>(sqlFile(`sql/status/${question}.sql`, values)));
  // The local Snowflake computes for nothing.
  const metered = target.control ? null : await ask<{ credits: number | null }>('credits');
  const billed = await ask<{ seconds: number | null }>('billed');
  const credits = metered?.[0]?.credits ?? null;
  const trainingSeconds = billed?.[0]?.seconds ?? 0;
  const hour = prices.instanceHour[settings.training.instanceType];
  return {
    credits,
    creditsUsd: credits === null ? null : credits * prices.snowflakeCredit,
    trainingSeconds,
    trainingUsd: hour === undefined ? null : (trainingSeconds / 3600) * hour,
  };
}
