import { basename, resolve } from 'node:path';
import type { Command } from '../../deploy/commands/command.js';
import { refuseOrigin } from '../../deploy/dataset/refuse-origin.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { count } from '../../report/text/count.js';
import { loadCsv } from '../files/load-csv.js';
import { checkCsv } from '../files/reader.js';

interface Args {
  readonly file: string;
  readonly apply?: boolean;
}

interface LoadResult {
  readonly table: string;
  readonly rows: number;
  /** Rows of features that are new or have changed. */
  readonly built: number;
  /** The contract that was loaded into, as it was named. */
  readonly dataset: string | null;
}

export const command: Command<Args, LoadResult> = {
  dataset: true,
  options: {
    file: { type: 'string', demandOption: true, describe: 'CSV or .csv.gz with a header line' },
    apply: { type: 'boolean', default: false, describe: 'deploy what the contract needs before' },
  },
  examples: [
    ['los dataset load --file a.csv.gz', 'load admissions and build their features'],
    ['los dataset load --dataset visits.yaml --file visits.csv --apply', 'the first file of a new dataset'],
  ],
  async run(ctx, args, contract) {
    refuseOrigin(contract, 'los dataset load');
    await checkCsv(contract, resolve(args.file));
    if (args.apply) await apply(ctx);
    const rows = await loadCsv(ctx, contract, args.file, contract.table);
    const { built } = await runGraph(ctx, contract);
    return { table: contract.table, rows, built, dataset: args.dataset ?? null };
  },
  print: ({ table, rows, built, dataset }, settings) => [
    `${count(rows, 'row')} loaded into ${table}, ${count(built, 'feature row')} built.`,
    ...(dataset === null || settings?.dataset === resolve(dataset)
      ? []
      : [
          `So that every command takes it${settings?.dataset ? `, and not ${basename(settings.dataset)}` : ''}, write into los.config.yaml: dataset: ${dataset}`,
        ]),
  ],
};
