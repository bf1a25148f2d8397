import { type BootstrapOptions, bootstrap } from '../operate/bootstrap.js';
import { GITHUB } from '../stack/machine.js';
import { renderText } from '../stack/policy.js';
import type { Command } from './command.js';

/** Absent values for a template; a template takes no value that is not there. */
const UNASKED = { source: null, privateApi: null, moreIamPolicy: null, keyPolicy: null, network: null };

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
    'aws-role': {
      type: 'string',
      implies: 'user',
      conflicts: 'oidc-subject',
      describe:
        'make that user one who logs in from AWS, without a secret: the ARN of the IAM role that it has there',
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
  // One text, so that a terminal breaks no line of what is to be pasted.
  print: (made) => [renderText('bootstrap.txt.hbs', { ...UNASKED, ...made })],
};
