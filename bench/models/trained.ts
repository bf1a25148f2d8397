import { loadCsv } from '../../contracts/files/load-csv.js';
import type { Context } from '../../deploy/context.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { inLocalCloud } from '../pipeline.js';

/** A version of a data set that was trained with the settings as they come, but for some. */
export interface Training {
  /** Path of the contract; may be written into the folder. */
  readonly dataset: string | ((folder: string) => string);
  /** Writes the CSV into the folder or names one that is there. */
  file(folder: string): string;
  /** Keys of `training` in the settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Trains it in a local cloud of its own and asks that for what is wanted; the cloud is gone afterwards. */
export async function trained<T>(
  { dataset, file, settings = {} }: Training,
  ask: (ctx: Context, contract: Contract, version: string, folder: string) => Promise<T>,
): Promise<T> {
  return await inLocalCloud(
    'models',
    async (root, folder) => {
      const { ctx, contract } = forDataset(root, typeof dataset === 'string' ? dataset : dataset(folder));
      await apply(ctx);
      await loadCsv(ctx, contract, file(folder), contract.table);
      await runGraph(ctx, contract);
      const { version } = await trainVersion(ctx, contract);
      return await ask(ctx, contract, version, folder);
    },
    `mail: { to: [] }\ntraining: ${JSON.stringify(settings)}`,
  );
}
