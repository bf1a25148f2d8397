import { versionLines } from '../../../report/model/overview.js';
import { UTC } from '../../../report/text/local-time.js';
import { type RegistryEntry, versions } from '../../model/registry.js';
import type { Command } from '../command.js';

export const command: Command<object, { versions: readonly RegistryEntry[] }> = {
  dataset: true,
  examples: [['los model list', 'all versions of the dataset, which one answers, and when it was promoted']],
  run: async (ctx, _args, contract) => ({
    versions: (await versions(ctx)).filter(({ dataset }) => dataset === contract.name),
  }),
  print: ({ versions: listed }, { timeZone } = { timeZone: UTC }) =>
    listed.length > 0 ? versionLines(listed, timeZone) : ['No version has been trained yet.'],
};
