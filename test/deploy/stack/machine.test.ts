import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { connectSnowflake } from '../../../deploy/clients/snowflake-driver.js';
import type { OpenContext } from '../../../deploy/open.js';
import { bootstrap } from '../../../deploy/operate/bootstrap.js';
import { machineScript } from '../../../deploy/stack/machine.js';
import { embeddedCloud } from '../embedded-cloud.js';

const SUBJECT = "repo:st-mary's/los:environment:prod";

describe('the user of a machine, as bootstrap makes it', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
    admin = await cloud.open();
  });
  after(async () => {
    await admin?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const shown = async (name: string) =>
    (await admin.snowflake.query('SHOW USERS')).find((user) => user.name === name);
  const run = (machine: Parameters<typeof machineScript>[2]) =>
    bootstrap(admin, { user: 'ci_los', run: true, ...machine });

  it('logs in without a secret, is no person, and has the deploy role', async () => {
    // Twice: an administrator may run it again.
    for (const oidcIssuer of [undefined, 'https://gitlab.example.org']) {
      const { sql } = await run({ oidcSubject: SUBJECT, oidcIssuer });
      expect(sql.join(';\n')).to.contain(
        `ISSUER = '${oidcIssuer ?? 'https://token.actions.githubusercontent.com'}' SUBJECT = 'repo:st-mary''s/los:environment:prod'`,
      );
    }
    expect(await shown('CI_LOS')).to.include({
      type: 'SERVICE',
      has_workload_identity: 'true',
      has_password: 'false',
      default_role: 'LOS_DEPLOY',
    });
    const roles = await admin.snowflake.query('SHOW GRANTS TO USER CI_LOS');
    expect(roles.map(({ role }) => role)).to.deep.equal(['LOS_DEPLOY']);
  });

  it('is who its role in AWS says, for a runner there', async () => {
    const { sql } = await run({ awsRole: 'arn:aws:iam::123456789012:role/ci' });
    expect(sql).to.include(
      "ALTER USER CI_LOS SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::123456789012:role/ci')",
    );
    expect(await shown('CI_LOS')).to.include({ has_workload_identity: 'true' });
    for (const awsRole of ['ci', 'arn:aws:iam::123456789012:user/ci', "arn:aws:iam::123456789012:role/c'i"])
      expect(() => machineScript('CI_LOS', 'LOS_DEPLOY', { awsRole })).to.throw(awsRole);
  });

  it('logs in from its addresses alone, which the next call changes', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await admin.snowflake.execute(`ALTER USER CI_LOS SET RSA_PUBLIC_KEY = '${publicKey}'`);
    const { accessUrl, account } = cloud.cloud.connection.snowflake;
    const logIn = async () => {
      const login = { accessUrl, account, username: 'CI_LOS', authenticator: 'SNOWFLAKE_JWT', privateKey };
      const session = await connectSnowflake(login, 'unused', admin.settings.snowflake);
      await session.close();
      return 'logged in';
    };
    await run({ addresses: ['127.0.0.1', '203.0.113.0/24'] });
    expect(await logIn()).to.equal('logged in');
    await run({ addresses: ['203.0.113.0/24'] });
    expect(await logIn().catch((error: Error) => error.message)).to.contain(
      'is not allowed to access Snowflake',
    );
    // What was said before of who it is stays.
    expect(await shown('CI_LOS')).to.include({ has_workload_identity: 'true' });
  });

  it('is left as it is where nothing is asked for it', () => {
    expect(machineScript('CI_LOS', 'LOS_DEPLOY', {})).to.equal('');
  });

  it('is no pull request’s, no pattern’s, and comes from no name', () => {
    for (const oidcSubject of ['repo:o/n:pull_request', 'repo:o/*'])
      expect(() => machineScript('CI_LOS', 'LOS_DEPLOY', { oidcSubject })).to.throw(oidcSubject);
    for (const address of ['ci.example.org', '2001:db8::1', "1.2.3.4'"])
      expect(() => machineScript('CI_LOS', 'LOS_DEPLOY', { addresses: ['203.0.113.7', address] })).to.throw(
        address,
      );
  });
});
