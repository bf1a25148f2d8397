import { drive } from '../../deploy/clients/drive.js';
import type { Context } from '../../deploy/context.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { acceptLoss } from '../../procedures/records/check.js';

/** Logs of a dataset, beside its own tables; versions and events of the past stay. */
const LOGS = [
  'LOS_PREDICTION_LOG',
  'LOS_DAILY_PREDICTIONS',
  'LOS_PLANNED_PREDICTIONS',
  'LOS_QUARANTINE',
  'LOS_BED_FORECASTS',
  'LOS_BED_NIGHTS',
  'LOS_WATCH_INPUTS',
  'LOS_WATCH_PERFORMANCE',
  'LOS_WATCH_PIPELINE',
  'LOS_ALARMS',
];

/**
 * Forgets the patients of an earlier demo, all of whom are made up, before a hospital with others is founded.
 * @returns whether there were any
 */
export async function resetHospital(ctx: Context, contract: Contract): Promise<boolean> {
  const { settings, snowflake } = ctx;
  const names = datasetNames(contract);
  const { database, schema } = settings.snowflake;
  const [place] = await snowflake.query(`SHOW DATABASES LIKE ${literal(database)}`);
  if (place === undefined) return false;
  const tables = new Set(
    (
      await snowflake.query<{ TABLE_NAME: string }>(
        `SELECT TABLE_NAME FROM ${database}.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ${literal(schema)}`,
      )
    ).map((row) => row.TABLE_NAME),
  );
  if (!tables.has(names.features)) return false;
  const removed = await snowflake.execute(`DELETE FROM ${qualify(settings, names.features)}`);
  await snowflake.execute(`DELETE FROM ${qualify(settings, names.waiting)}`);
  for (const log of LOGS) {
    if (!tables.has(log)) continue;
    await snowflake.execute(
      `DELETE FROM ${qualify(settings, log)} WHERE DATASET = ${literal(contract.name)}`,
    );
    await drive(ctx, acceptLoss(settings, contract.name, log));
  }
  return removed > 0;
}
