import { type BootstrapOptions, bootstrap } from '../operate/bootstrap.js';
import { GITHUB } from '../stack/machine.js';
import type { Command } from './command.js';

const KEY_PAIR = "CREATE USER … TYPE = SERVICE RSA_PUBLIC_KEY = '…'";

export const command: Command<BootstrapOptions, Awaited<ReturnType<typeof bootstrap>>> = {
  dataset: true,
  options: {
    user: { type: 'string', describe: 'Snowflake user who will run los (default: of the connection)' },
    'oidc-subject': {
      type: 'string',
      implies: 'user',
      describe:
        'make that user one who logs in by OpenID Connect, without a secret: the subject of its tokens, e.g. repo:OWNER/NAME:environment:prod',
    },
    'oidc-issuer': {
      type: 'string',
      implies: 'oidc-subject',
      describe: `who issues these tokens (${GITHUB})`,
    },
    addresses: {
      type: 'string',
      array: true,
      implies: 'user',
      describe: 'let that user in from these IPv4 addresses and ranges alone, by a network policy',
    },
    'private-api': {
      type: 'boolean',
      describe: 'also print how ACCOUNTADMIN has Snowflake’s private endpoint made (aws.privateApi)',
    },
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
    [
      'los bootstrap --target cloud --user CI_LOS --oidc-subject repo:OWNER/NAME:environment:prod --addresses 203.0.113.0/24',
      'the user too, for GitHub Actions on a runner of yours',
    ],
    ['los bootstrap --target cloud --user CI_LOS --run', 'run it with a connection of ACCOUNTADMIN'],
    ['los bootstrap --target cloud --roles', 'make the IAM roles with an administrator’s AWS profile'],
  ],
  run: bootstrap,
  print: ({
    sql,
    source,
    monitor,
    privateApi,
    iamPolicy,
    moreIamPolicy,
    planPolicy,
    keyPolicy,
    network,
    aws,
    quotas,
  }) => [
    '-- Snowflake, once, with the role ACCOUNTADMIN:',
    // One text, so that a terminal breaks no line of what is to be pasted.
    `${sql.map((statement) => `${statement};`).join('\n')}\n`,
    ...(source ? [source] : []),
    '-- Snowflake, after the first los apply, with the role ACCOUNTADMIN: what a runaway may cost at most. --run leaves it to you:',
    `${monitor.map((statement) => `${statement};`).join('\n')}\n`,
    ...(privateApi
      ? [
          '-- Snowflake, for aws.privateApi, with the role ACCOUNTADMIN (Business Critical; it is paid by the hour, and --run leaves it to you). Once its status is Available, its snowflake_endpoint_name is the id for the settings. An account has one for all its APIs:',
          `${privateApi.map((statement) => `${statement};`).join('\n')}\n`,
        ]
      : []),
    `-- A machine whose provider vouches for it (--oidc-subject) needs no secret; another gets a key pair first: ${KEY_PAIR}\n`,
    '-- AWS: the policy of the principal that runs los:',
    JSON.stringify(iamPolicy, null, 2),
    '',
    ...(moreIamPolicy
      ? ['-- AWS: a second policy of it, for one takes no more:', JSON.stringify(moreIamPolicy, null, 2), '']
      : []),
    '-- AWS: the policy of a principal that may only plan, for pull requests (in Snowflake: the role that plans, after the first los apply):',
    JSON.stringify(planPolicy, null, 2),
    '',
    ...(keyPolicy
      ? ['-- AWS: statements for the policy of aws.kmsKey:', JSON.stringify(keyPolicy, null, 2), '']
      : []),
    ...(network
      ? ['-- AWS, by who owns the VPC of aws.vpc: its endpoint for S3, which is free:', network.commands]
      : []),
    '-- AWS, by an administrator, before the first los apply: the roles (--roles makes them; create-role refuses one that exists). At the end a budget, whose sum you choose:',
    aws,
    "-- AWS: quotas of Amazon SageMaker that the account needs in this region (console > Service Quotas); a new account's may be lower:",
    ...quotas.map((quota) => `--   ${quota}`),
  ],
};
