import type { Contract } from '../../procedures/dataset/contract.js';
import { orFigures } from '../../report/beds/nights.js';
import { bedQualityOf } from '../../report/beds/quality.js';
import type { Overview } from '../../report/model/overview.js';
import type { Context } from '../context.js';
import { libraryOf } from './library.js';
import { figuresOf, findVersion, measuresOf, recordOf, versions } from './registry.js';

/** @param name version; left out: the champion, or else the newest */
export async function overview(ctx: Context, contract: Contract, name?: string): Promise<Overview> {
  const known = (await versions(ctx)).filter(({ dataset }) => dataset === contract.name);
  const champion = known.find(({ status }) => status === 'CHAMPION');
  const entry = await findVersion(ctx, contract, name ?? champion?.version);
  const record = await orFigures(
    () => recordOf(ctx, entry.version),
    () => figuresOf(ctx, entry.version),
  );
  const measures = await orFigures(
    () => measuresOf(ctx, entry.version),
    () => measuresOf(ctx, entry.version, 'LOS_VERSION_FIGURES'),
  );
  const beds = await bedQualityOf(ctx, contract, entry);
  return { entry, record, measures, versions: known, beds, xgboost: await libraryOf(ctx, record.artifact) };
}
