import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import { connectSnowflake, loadDriver } from '../../../deploy/clients/snowflake-driver.js';
import { loginFromEnvironment } from '../../../deploy/clients/snowflake-login.js';
import { UserError } from '../../../deploy/errors.js';
import { embeddedCloud } from '../embedded-cloud.js';

const PASSWORD = 'Correct-Horse-7';
const defaults = { database: 'D', schema: 'S', warehouse: { name: 'W' } };

describe('logging in to Snowflake', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: Snowflake;
  /** What the environment says of where Snowflake is. */
  let where: Record<string, string>;
  const folder = mkdtempSync(join(tmpdir(), 'los-login-'));
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  before(async () => {
    cloud = await embeddedCloud();
    const { accessUrl, account, user, password } = cloud.cloud.connection.snowflake;
    const { hostname, port } = new URL(accessUrl);
    where = {
      SNOWFLAKE_ACCOUNT: account,
      SNOWFLAKE_HOST: hostname,
      SNOWFLAKE_PORT: port,
      SNOWFLAKE_PROTOCOL: 'http',
    };
    admin = await connectSnowflake({ accessUrl, account, username: user, password }, 'unused', defaults);
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await admin.execute('CREATE ROLE CI');
    await admin.execute(
      `CREATE USER CI_LOS PASSWORD = '${PASSWORD}' DEFAULT_ROLE = CI RSA_PUBLIC_KEY = '${pem.replace(/-----.*-----|\n/g, '')}'`,
    );
    await admin.execute('GRANT ROLE CI TO USER CI_LOS');
  });
  after(async () => {
    await admin.close();
    await cloud.cloud.close();
    cloud.remove();
    rmSync(folder, { recursive: true });
  });

  const whoAmI = async (env: Record<string, string>) => {
    const snowflake = await connectSnowflake(
      loginFromEnvironment({ ...where, SNOWFLAKE_USER: 'CI_LOS', ...env }),
      'unused',
      defaults,
    );
    try {
      const [row] = await snowflake.query('SELECT CURRENT_USER() AS U, CURRENT_ROLE() AS R');
      return `${row!.U} as ${row!.R}`;
    } finally {
      await snowflake.close();
    }
  };
  const refusal = async (work: () => unknown): Promise<UserError> => {
    try {
      await work();
    } catch (error) {
      expect(error).to.be.instanceOf(UserError);
      return error as UserError;
    }
    throw new Error('was accepted');
  };

  it('works with a password from the environment', async () => {
    expect(await whoAmI({ SNOWFLAKE_PASSWORD: PASSWORD })).to.equal('CI_LOS as CI');
    expect(await whoAmI({ SNOWFLAKE_PASSWORD: PASSWORD, SNOWFLAKE_ROLE: 'PUBLIC' })).to.equal(
      'CI_LOS as PUBLIC',
    );
  });

  it('works with a key pair, in a file, in a variable, and with a passphrase', async () => {
    const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const locked = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      .toString();
    const file = join(folder, 'key.p8');
    writeFileSync(file, locked, { mode: 0o600 });
    expect(await whoAmI({ SNOWFLAKE_PRIVATE_KEY_RAW: plain })).to.equal('CI_LOS as CI');
    expect(
      await whoAmI({ SNOWFLAKE_PRIVATE_KEY_FILE: file, PRIVATE_KEY_PASSPHRASE: 'open sesame' }),
    ).to.equal('CI_LOS as CI');
    const error = await refusal(() =>
      whoAmI({ SNOWFLAKE_PRIVATE_KEY_FILE: file, PRIVATE_KEY_PASSPHRASE: 'wrong phrase' }),
    );
    expect(error.message).to.contain('key.p8').and.not.to.contain('wrong phrase');
  });

  it('works with a section of connections.toml', async () => {
    const file = join(folder, 'connections.toml');
    const lines = ['[hospital]', 'account = "local"', 'user = "CI_LOS"', `password = "${PASSWORD}"`];
    lines.push('protocol = "http"', `host = "${where.SNOWFLAKE_HOST}"`, `port = ${where.SNOWFLAKE_PORT}`);
    writeFileSync(file, lines.join('\n'), { mode: 0o600 });
    const before = process.env.SNOWFLAKE_HOME;
    process.env.SNOWFLAKE_HOME = folder;
    try {
      const snowflake = await connectSnowflake(undefined, 'hospital', defaults);
      expect(await snowflake.query('SELECT CURRENT_USER() AS U')).to.deep.equal([{ U: 'CI_LOS' }]);
      await snowflake.close();
      const error = await refusal(() => connectSnowflake(undefined, 'nowhere', defaults));
      expect(error.message).to.contain('has no section [nowhere]; it has [hospital]');
    } finally {
      if (before === undefined) delete process.env.SNOWFLAKE_HOME;
      else process.env.SNOWFLAKE_HOME = before;
    }
  });

  it('hands a token over as what it is', () => {
    const token = (env: Record<string, string>) =>
      loginFromEnvironment({ SNOWFLAKE_ACCOUNT: 'a', SNOWFLAKE_TOKEN: 't0ken', ...env });
    expect(token({ SNOWFLAKE_USER: 'U' })).to.deep.equal({
      account: 'a',
      username: 'U',
      authenticator: 'PROGRAMMATIC_ACCESS_TOKEN',
      token: 't0ken',
    });
    expect(token({ SNOWFLAKE_USER: 'U', SNOWFLAKE_AUTHENTICATOR: 'oauth' })!.authenticator).to.equal('OAUTH');
    expect(token({ SNOWFLAKE_AUTHENTICATOR: 'WORKLOAD_IDENTITY' })).to.deep.include({
      workloadIdentityProvider: 'OIDC',
      token: 't0ken',
    });
  });

  /** Every way with no more than the variables that it needs, and what the driver is to get of them. */
  const WAYS: Readonly<Record<string, readonly [env: Record<string, string>, options: object]>> = {
    EXTERNALBROWSER: [{}, { clientStoreTemporaryCredential: true }],
    OAUTH_AUTHORIZATION_CODE: [
      {
        SNOWFLAKE_OAUTH_CLIENT_ID: 'los',
        SNOWFLAKE_OAUTH_CLIENT_SECRET: 's3cret',
        SNOWFLAKE_OAUTH_AUTHORIZATION_URL: 'https://idp.example.org/authorize',
        SNOWFLAKE_OAUTH_TOKEN_REQUEST_URL: 'https://idp.example.org/token',
      },
      {
        oauthClientId: 'los',
        oauthClientSecret: 's3cret',
        oauthAuthorizationUrl: 'https://idp.example.org/authorize',
        oauthTokenRequestUrl: 'https://idp.example.org/token',
        clientStoreTemporaryCredential: true,
      },
    ],
    OAUTH_CLIENT_CREDENTIALS: [
      {
        SNOWFLAKE_OAUTH_CLIENT_ID: 'los',
        SNOWFLAKE_OAUTH_CLIENT_SECRET: 's3cret',
        SNOWFLAKE_OAUTH_SCOPE: 'session:role-any',
      },
      { oauthClientId: 'los', oauthClientSecret: 's3cret', oauthScope: 'session:role-any' },
    ],
    WORKLOAD_IDENTITY: [{ SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: 'AWS' }, { workloadIdentityProvider: 'AWS' }],
    USERNAME_PASSWORD_MFA: [
      { SNOWFLAKE_USER: 'U', SNOWFLAKE_PASSWORD: 'secret99', SNOWFLAKE_PASSCODE: '123456' },
      { username: 'U', password: 'secret99', passcode: '123456', clientRequestMFAToken: true },
    ],
    'https://hospital.okta.com': [
      { SNOWFLAKE_USER: 'U', SNOWFLAKE_PASSWORD: 'secret99' },
      { username: 'U', password: 'secret99' },
    ],
  };
  for (const [way, [env, options]] of Object.entries(WAYS))
    it(`passes ${way} on to the driver, which takes it`, async () => {
      const login = loginFromEnvironment({
        SNOWFLAKE_ACCOUNT: 'hospital',
        SNOWFLAKE_AUTHENTICATOR: way.startsWith('https') ? way : way.toLowerCase(),
        ...env,
      })!;
      expect(login).to.deep.equal({ account: 'hospital', authenticator: way, ...options });
      (await loadDriver()).createConnection({ ...login });
    });

  it('proves to Snowflake who it is in AWS, and is one of a token where it has one', async () => {
    const bodies: Record<string, string>[] = [];
    const server = createServer((request, response) => {
      text(request).then((body) => {
        if (request.url?.includes('login-request')) bodies.push(JSON.parse(body).data);
        response.end(JSON.stringify({ success: false, code: '390144', message: 'not here', data: {} }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    // What a machine in AWS has, and the driver sends attestations to Snowflake's hosts alone.
    const machine = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'none',
      SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
    };
    const before = Object.fromEntries(Object.keys(machine).map((name) => [name, process.env[name]]));
    Object.assign(process.env, machine);
    const tryWith = (env: Record<string, string>) =>
      refusal(() =>
        whoAmI({
          SNOWFLAKE_PORT: String(port),
          SNOWFLAKE_HOST: '127.0.0.1',
          SNOWFLAKE_USER: '',
          SNOWFLAKE_AUTHENTICATOR: 'WORKLOAD_IDENTITY',
          ...env,
        }),
      );
    try {
      await tryWith({ SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: 'AWS' });
      await tryWith({ SNOWFLAKE_TOKEN: 't0ken' });
    } finally {
      for (const [name, value] of Object.entries(before))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      server.close();
    }
    const [aws, oidc] = bodies;
    expect(aws).to.include({ AUTHENTICATOR: 'WORKLOAD_IDENTITY', PROVIDER: 'AWS' });
    expect(Buffer.from(aws!.TOKEN!, 'base64').toString()).to.contain('GetCallerIdentity');
    expect(oidc).to.include({ AUTHENTICATOR: 'WORKLOAD_IDENTITY', PROVIDER: 'OIDC', TOKEN: 't0ken' });
  });

  it('fails without a word of the password, and says what to check', async () => {
    const error = await refusal(() => whoAmI({ SNOWFLAKE_PASSWORD: 'not-the-password' }));
    expect(error.message).to.contain('Logging in to Snowflake failed').and.not.to.contain('not-the-password');
  });

  it('names what is missing', async () => {
    const with_ = (env: Record<string, string>) =>
      refusal(() => loginFromEnvironment({ SNOWFLAKE_ACCOUNT: 'a', ...env }));
    expect((await with_({ SNOWFLAKE_USER: 'U' })).message).to.contain('nothing to log in with');
    // Since 2026 only trials take one: it is nothing to be advised.
    expect((await with_({ SNOWFLAKE_USER: 'U' })).next).not.to.contain('PASSWORD');
    expect((await with_({ SNOWFLAKE_PASSWORD: 'secret99' })).message).to.equal(
      'SNOWFLAKE_ACCOUNT is set, but SNOWFLAKE_USER is not.',
    );
    for (const way of ['OAUTH_CLIENT_CREDENTIALS', 'WORKLOAD_IDENTITY', 'SNOWFLAKE_JWT'])
      expect((await with_({ SNOWFLAKE_USER: 'U', SNOWFLAKE_AUTHENTICATOR: way })).next).to.contain(way);
    const unknown = await with_({ SNOWFLAKE_TOKEN: 'secret99', SNOWFLAKE_AUTHENTICATOR: 'OKTA' });
    expect(unknown.message).to.contain('OKTA').and.not.to.contain('secret99');
    expect(unknown.next).to.contain('EXTERNALBROWSER').and.to.contain('WORKLOAD_IDENTITY');
    expect(loginFromEnvironment({})).to.equal(undefined);
  });
});
