import { drive } from '../../deploy/clients/drive.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { qualify } from '../../procedures/ground/names.js';
import { variant } from '../../procedures/ground/work.js';
import { namesOf, versions } from '../../procedures/versions/registry.js';
import type { Curve } from '../../udfs/curve/curve.js';
import { type Training, trained } from '../models/trained.js';

/** A stay of the holdout, and what a version predicted of it. */
export interface Predicted {
  readonly patient: string;
  readonly stay: number;
  readonly days: number;
  readonly low: number;
  readonly high: number;
  readonly curve: Curve;
  /** Its level of each grouping. */
  readonly levels: readonly string[];
}

/**
 * Trains on a data set and asks the version for its holdout.
 * @param columns raw columns that group stays
 */
export async function predictHoldout(training: Training, columns: readonly string[]): Promise<Predicted[]> {
  return await trained(training, async (ctx, contract, name) => {
    const entry = (await drive(ctx, versions(ctx.settings))).find(({ version }) => version === name)!;
    const predict = qualify(ctx.settings, namesOf(ctx.settings, entry).predict);
    const { id, patient = id } = contract;
    const rows = await ctx.snowflake.query<Record<string, unknown>>(
      `SELECT r.*, s.LOS::FLOAT AS STAY, TO_VARCHAR(r.${patient}) AS WHO, D:days::FLOAT AS DAYS, D:low::FLOAT AS LOW, D:high::FLOAT AS HIGH, D:curve AS CURVE
FROM (SELECT ${id}, LOS, ${predict}(${featureObject(contract)}) AS D FROM ${contract.name.toUpperCase()}_TRAINING_SET WHERE ROW_SIDE = 'holdout') AS s
JOIN ${qualify(ctx.settings, contract.table)} AS r ON r.${id} = s.${id} ORDER BY r.${id}`,
    );
    return rows.map((row) => ({
      patient: String(row.WHO),
      stay: Number(row.STAY),
      days: Number(row.DAYS),
      low: Number(row.LOW),
      high: Number(row.HIGH),
      curve: variant<Curve>(row.CURVE),
      levels: columns.map((column) => String(row[column] ?? '(missing)')),
    }));
  });
}
