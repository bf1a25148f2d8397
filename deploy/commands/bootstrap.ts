import { bootstrap } from '../operate/bootstrap.js';
import type { Bootstrap } from '../stack/bootstrap.js';
import type { Command } from './command.js';

export const command: Command<{ user?: string; run: boolean; roles: boolean }, Bootstrap> = {
  dataset: true,
  options: {
    user: { type: 'string', describe: 'Snowflake user who will run los (default: of the connection)' },
    run: { type: 'boolean', default: false, describe: 'also run the statements (needs ACCOUNTADMIN)' },
    roles: {
      type: 'boolean',
      default: false,
      describe:
        'also make the IAM roles, and the boundary that aws.permissionsBoundary names (needs an administrator of AWS)',
    },
  },
  examples: [
    ['los bootstrap --target cloud --user CI_LOS', 'print the script for an administrator'],
    ['los bootstrap --target cloud --user CI_LOS --run', 'run it with a connection of ACCOUNTADMIN'],
    ['los bootstrap --target cloud --roles', 'make the IAM roles with an administrator’s AWS profile'],
  ],
  run: bootstrap,
  print: ({ sql, source, monitor, iamPolicy, planPolicy, keyPolicy, aws, quotas }) => [
    '-- Snowflake, once, with the role ACCOUNTADMIN:',
    // One text, so that a terminal breaks no line of what is to be pasted.
    `${sql.map((statement) => `${statement};`).join('\n')}\n`,
    ...(source ? [source] : []),
    '-- Snowflake, after the first los apply, with the role ACCOUNTADMIN: what a runaway may cost at most. --run leaves it to you:',
    `${monitor.map((statement) => `${statement};`).join('\n')}\n`,
    '-- AWS: the policy of the principal that runs los:',
    JSON.stringify(iamPolicy, null, 2),
    '',
    '-- AWS: the policy of a principal that may only plan, for pull requests (in Snowflake: the role that plans, after the first los apply):',
    JSON.stringify(planPolicy, null, 2),
    '',
    ...(keyPolicy
      ? ['-- AWS: statements for the policy of aws.kmsKey:', JSON.stringify(keyPolicy, null, 2), '']
      : []),
    '-- AWS, by an administrator, before the first los apply: the roles (--roles makes them; create-role refuses one that exists). At the end a budget, whose sum you choose:',
    aws,
    "-- AWS: quotas of Amazon SageMaker that the account needs in this region (console > Service Quotas); a new account's may be lower:",
    ...quotas.map((quota) => `--   ${quota}`),
  ],
};
