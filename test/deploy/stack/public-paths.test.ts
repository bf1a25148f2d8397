import { expect } from 'chai';
import { loadSettings } from '../../../deploy/settings/load.js';
import { publicPaths } from '../../../deploy/stack/public-paths.js';

const pathsOf = (env: Record<string, string>) => publicPaths(loadSettings('/dev/null', env));
const VPC = { LOS_AWS_VPC_SUBNETS: 'subnet-0a', LOS_AWS_VPC_SECURITY_GROUPS: 'sg-0b' };
const API = { LOS_AWS_PRIVATE_API: 'vpce-0123456789abcdef0' };

describe('public paths', () => {
  it('are named with the setting that ends them, and no longer where it is set', () => {
    const all = pathsOf({});
    const named = (setting: string) => all.filter((path) => path.includes(setting));
    expect([named('aws.vpc').length, named('aws.privateApi').length]).to.deep.equal([1, 1]);
    expect(pathsOf(VPC)).to.deep.equal(all.filter((path) => !path.includes('aws.vpc')));
    expect(pathsOf(API)).to.deep.equal(all.filter((path) => !path.includes('aws.privateApi')));
  });

  it('are those that no setting of los ends, where all are set', () => {
    const left = pathsOf({ ...VPC, ...API });
    expect(left.some((path) => path.includes('Snowflake to S3'))).to.equal(true);
    expect(left.join()).not.to.match(/aws\.(vpc|privateApi)/);
  });
});
