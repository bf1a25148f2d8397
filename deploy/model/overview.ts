import type { Contract } from '../../procedures/dataset/contract.js';
import { bedQualityOf } from '../../report/beds/quality.js';
import type { Overview } from '../../report/model/overview.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { libraryOf } from './library.js';
import { figuresOf, findVersion, measuresOf, recordOf, versions, wholeMeasuresOf } from './registry.js';

/** @param name version; left out: the champion, or else the newest */
export async function overview(ctx: Context, contract: Contract, name?: string): Promise<Overview> {
  const known = (await versions(ctx)).filter(({ dataset }) => dataset === contract.name);
  const champion = known.find(({ status }) => status === 'CHAMPION');
  const entry = await findVersion(ctx, contract, name ?? champion?.version);
  const record = await forOperatorsOr(
    () => recordOf(ctx, entry.version),
    () => figuresOf(ctx, entry.version),
  );
  const measures = await forOperatorsOr(
    () => measuresOf(ctx, entry.version),
    () => wholeMeasuresOf(ctx, entry.version),
  );
  const beds = await bedQualityOf(ctx, contract, entry);
  return { entry, record, measures, versions: known, beds, xgboost: await libraryOf(ctx, record.artifact) };
}

/** With the model and groups where the role may read them. */
async function forOperatorsOr<T>(all: () => Promise<T>, figures: () => Promise<T>): Promise<T> {
  try {
    return await all();
  } catch (error) {
    if (error instanceof SnowflakeError && error.isBeyondRole) return figures();
    throw error;
  }
}
