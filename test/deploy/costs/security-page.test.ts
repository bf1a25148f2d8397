import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { command as bootstrap } from '../../../deploy/commands/bootstrap.js';
import { optionsOf } from '../../../deploy/commands/command.js';
import { estimateCosts } from '../../../deploy/costs/estimate.js';
import { projectRoot } from '../../../deploy/project.js';
import { loadSettings } from '../../../deploy/settings/load.js';

const POLICY = 'arn:aws:iam::123456789012:policy/bound';
/** A value of each setting that a security office may ask for, as its variable has it. */
const ASKED: Readonly<Record<string, Record<string, string>>> = {
  'aws.kmsKey': {
    LOS_AWS_KMS_KEY: 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  },
  'aws.privateApi': { LOS_AWS_PRIVATE_API: 'vpce-0123456789abcdef0' },
  'aws.vpc': { LOS_AWS_VPC_SUBNETS: 'subnet-0a,subnet-0b', LOS_AWS_VPC_SECURITY_GROUPS: 'sg-0a' },
  'snowflake.masking': { LOS_SNOWFLAKE_MASKING: 'true' },
  'aws.permissionsBoundary': { LOS_AWS_PERMISSIONS_BOUNDARY: POLICY },
  'aws.restApi.accessLog': {
    LOS_AWS_REST_API_ACCESS_LOG: 'arn:aws:logs:us-east-1:123456789012:log-group:los',
  },
  'aws.trainingFilesDays': { LOS_AWS_TRAINING_FILES_DAYS: '30' },
  'watch.keepInputsDays': { LOS_WATCH_KEEP_INPUTS_DAYS: '365' },
};

describe('the page for a security office', () => {
  const page = readFileSync(join(projectRoot, 'docs/security/README.md'), 'utf8');
  const section = /^## Settings that answers need\n([\s\S]*?)^## /m.exec(page)![1]!;
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

  it('names settings that there are, and what the estimate says that they cost', () => {
    const none = estimateCosts(loadSettings('/dev/null', {}));
    const named = rows.flatMap(([names = '', , cost]) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => ({ name: name!, cost })),
    );
    const settings = named.filter(({ name }) => !name.startsWith('los '));
    expect(settings.map(({ name }) => name)).to.have.members(Object.keys(ASKED));
    for (const { name, cost } of settings) {
      const { typicalUsd, usd } = estimateCosts(loadSettings('/dev/null', ASKED[name]!));
      // No cold endpoint is waited for where aws.vpc needs an instance, which is a range as well.
      const [typical, most] = [typicalUsd - none.typicalUsd, usd - none.usd]
        .map((value) => Math.round(value * 100) / 100)
        .sort((a, b) => a - b);
      const estimated = typical === most ? `$${typical}` : `$${typical} to $${most}`;
      // Lines of a log are paid by their number, of which the estimate knows nothing.
      expect(cost, name).to.equal(name.endsWith('accessLog') ? "CloudWatch's, not estimated" : estimated);
    }
  });

  it('names options of los bootstrap that there are, which cost nothing', () => {
    const options = rows.filter(([names]) => names!.startsWith('`los bootstrap'));
    expect(options).to.have.length(2);
    for (const [names, , cost] of options) {
      expect(Object.keys(optionsOf(bootstrap))).to.include(/--([\w-]+)/.exec(names!)![1]);
      expect(cost).to.equal('$0');
    }
  });
});
