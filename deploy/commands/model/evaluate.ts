import type { ExternalValidation } from '../../../procedures/external-validation/external-validation.js';
import { validationLines } from '../../../report/model/validation.js';
import { callProcedure } from '../../clients/call.js';
import { forDataset } from '../../dataset/context.js';
import type { Command } from '../command.js';

export const command: Command<{ dataset: string; version?: string }, ExternalValidation> = {
  options: {
    dataset: { type: 'string', demandOption: true, describe: "the other hospital's dataset contract" },
    version: { type: 'string', describe: 'version instead of the champion' },
  },
  examples: [
    ['los model evaluate --dataset other.yaml', 'the champion on a table that it was not trained on'],
    ['los model evaluate --dataset other.yaml --json', 'the same for programs'],
  ],
  // The version is of the configured dataset; the contract is the other hospital's.
  run(ctx, { dataset, version }) {
    const { explore: _, ...other } = forDataset(ctx, dataset).contract;
    return ctx.progress.step(`Predict the stays of ${other.table}`, () =>
      callProcedure<ExternalValidation>(ctx, 'EVALUATE_MODEL', [version ?? null, { object: other }]),
    );
  },
  print: validationLines,
};
