import type { Elsewhere } from '../../procedures/elsewhere/elsewhere.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { forDataset } from '../dataset/context.js';
import { elsewhereLines } from '../model/elsewhere.js';
import type { Command } from './command.js';

interface Args {
  readonly dataset: string;
  readonly version?: string;
}

/** The version is of the configured dataset; the contract is the other hospital's. */
function evaluate(ctx: Context, { dataset, version }: Args): Promise<Elsewhere> {
  const { contract } = forDataset(ctx, dataset);
  const { explore: _, ...other } = contract;
  return ctx.progress.step(`Predict the stays of ${contract.table}`, () =>
    callProcedure<Elsewhere>(ctx, 'EVALUATE_MODEL', [version ?? null, { object: other }]),
  );
}

export const command: Command<Args, Elsewhere> = {
  options: {
    dataset: { type: 'string', demandOption: true, describe: "the other hospital's dataset contract" },
    version: { type: 'string', describe: 'version instead of the champion' },
  },
  examples: [
    ['los evaluate --dataset other.yaml', 'the champion on a table that it was not trained on'],
    ['los evaluate --dataset other.yaml --json', 'the same for programs'],
  ],
  run: evaluate,
  print: elsewhereLines,
};
