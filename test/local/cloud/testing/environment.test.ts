import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startForTests } from '@local-cloud/cloud/testing/environment.js';
import setup from '@local-cloud/cloud/testing/vitest.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../../../deploy/clients/snowflake-driver.js';

describe('a cloud for the length of a test run', () => {
  it('is reached by what the environment says, and gone after it', async () => {
    const env: NodeJS.ProcessEnv = {};
    const { close } = await startForTests(env);
    const url = `${env.SNOWFLAKE_PROTOCOL}://${env.SNOWFLAKE_HOST}:${env.SNOWFLAKE_PORT}`;
    try {
      const session = await connectSnowflake(
        {
          accessUrl: url,
          account: env.SNOWFLAKE_ACCOUNT!,
          username: env.SNOWFLAKE_USER!,
          password: env.SNOWFLAKE_PASSWORD!,
          role: env.SNOWFLAKE_ROLE!,
        },
        'unused',
        { database: 'NONE', schema: 'NONE', warehouse: { name: 'NONE' } },
      );
      expect(await session.query('SHOW ROLES')).not.to.have.length(0);
      await session.close();
      const sts = new STSClient({
        endpoint: env.AWS_ENDPOINT_URL!,
        region: env.AWS_REGION!,
        credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! },
      });
      expect((await sts.send(new GetCallerIdentityCommand({}))).Account).to.match(/^\d{12}$/);
    } finally {
      await close();
    }
    expect(await fetch(url).catch((error: Error) => error.message)).to.equal('fetch failed');
  });

  it('is set up for vitest in the process’s environment, and ended by what that returns', async () => {
    const before = { ...process.env };
    try {
      const teardown = await setup();
      const url = process.env.AWS_ENDPOINT_URL!;
      expect((await fetch(url)).status).to.be.a('number');
      await teardown();
      expect(await fetch(url).catch((error: Error) => error.message)).to.equal('fetch failed');
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });
});
