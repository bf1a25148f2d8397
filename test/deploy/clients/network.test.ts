import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectAws, whyNot } from '../../../deploy/clients/aws-sdk.js';
import { connectionsFile, explainFile, hostOf } from '../../../deploy/clients/connections-file.js';
import { networkProblem, probe } from '../../../deploy/clients/network.js';
import { connectSnowflake } from '../../../deploy/clients/snowflake-driver.js';
import type { UserError } from '../../../deploy/errors.js';

const NOWHERE = '127.0.0.1:9';
const failed = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it should have failed'),
    (error: UserError) => error,
  );

describe('no network', () => {
  const regions = ['eu-west-1', 'us-east-1', 'us-east-2'];

  it('is told from a refusal, through causes and several addresses', () => {
    expect(networkProblem(failed('ENOTFOUND', { hostname: 'sts.x' }))).to.include({
      host: 'sts.x',
      why: 'its name cannot be resolved',
    });
    expect(networkProblem(new Error('outer', { cause: failed('ENETUNREACH') }))?.why).to.equal(
      'there is no network',
    );
    expect(networkProblem(new AggregateError([failed('ECONNREFUSED', { address: '::1' })]))?.host).to.equal(
      '::1',
    );
    expect(networkProblem(Object.assign(new Error('slow'), { name: 'TimeoutError' }))?.code).to.equal(
      'ETIMEDOUT',
    );
    expect(networkProblem(failed('InvalidClientTokenId'))).to.equal(undefined);
    expect(networkProblem('text')).to.equal(undefined);
  });

  it('is not taken for credentials that AWS does not accept', async () => {
    const error = await failure(
      connectAws({
        region: 'us-east-1',
        endpoint: `http://${NOWHERE}`,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      }),
    );
    expect(error.message).to.equal('AWS cannot be reached at 127.0.0.1: the connection is refused.');
    expect(error.next).to.contain('network').and.to.contain('HTTPS_PROXY');
  });

  it('may be a region of another name, which is then proposed', () => {
    const error = whyNot(
      failed('ENOTFOUND', { hostname: 'sts.us-esat-1.amazonaws.com' }),
      {
        region: 'us-esat-1',
      },
      regions,
    );
    expect(error.message).to.contain('sts.us-esat-1.amazonaws.com').and.to.contain('us-esat-1 is no region');
    expect(error.next).to.equal('Did you mean aws.region: us-east-1?');
    expect(whyNot(failed('ENOTFOUND'), { region: 'us-east-1' }, regions).next).to.contain('network');
    expect(whyNot(failed('ExpiredToken'), { region: 'us-east-1' }, regions).next).to.contain('aws sso login');
  });

  it('is said of Snowflake within seconds, not after the driver’s five minutes', async () => {
    const error = await failure(
      connectSnowflake(
        { account: 'x', username: 'u', password: 'pass-word', accessUrl: `http://${NOWHERE}` },
        '',
        {
          database: 'D',
          schema: 'S',
          warehouse: { name: 'W' },
        },
      ),
    );
    expect(error.message).to.equal('Snowflake cannot be reached at 127.0.0.1: the connection is refused.');
  });

  it('is not seen where a server listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    expect(await probe('127.0.0.1', port)).to.equal(undefined);
    server.close();
  });
});

describe('connections.toml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-toml-'));
  const file = connectionsFile({ SNOWFLAKE_HOME: folder });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const said = (section: string) => explainFile(file, section, undefined)?.message;

  it('is named when it is missing, may be read by others, or lacks the section', () => {
    expect(connectionsFile({}, '/home/a')).to.equal('/home/a/.snowflake/connections.toml');
    expect(said('default')).to.contain(`There is no ${file}`);
    writeFileSync(
      file,
      '[default]\naccount = "ab-cd"\nuser = "me"\n\n[dev]\nhost = "h.example" # ours\nport = 8443\n',
    );
    chmodSync(file, 0o644);
    expect(said('default')).to.contain('may be read by others');
    chmodSync(file, 0o600);
    expect(said('default')).to.equal(undefined);
    expect(said('prod')).to.contain('has no section [prod]; it has [default], [dev]');
  });

  it('tells where Snowflake is to be looked for', () => {
    expect(hostOf(file, 'default')).to.equal('ab-cd.snowflakecomputing.com');
    expect(hostOf(file, 'dev')).to.equal('h.example:8443');
    expect(hostOf(file, 'prod')).to.equal(undefined);
    expect(hostOf(join(folder, 'none'), 'default')).to.equal(undefined);
  });
});
