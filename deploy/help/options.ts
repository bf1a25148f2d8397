import type { Options } from 'yargs';

export const globalOptions: Readonly<Record<string, Options>> = {
  target: { choices: ['local', 'cloud'], default: 'local', describe: 'embedded or real clouds' },
  config: { type: 'string', describe: 'settings file (default los.config.yaml)' },
  env: { type: 'string', describe: 'environment of the settings file, e.g. dev or prod' },
  json: { type: 'boolean', default: false, describe: 'print one JSON line on stdout' },
  verbose: { type: 'boolean', default: false, describe: 'show stacks of errors' },
};
