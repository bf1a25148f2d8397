import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { connectSnowflake } from '../../../deploy/clients/snowflake-driver.js';
import type { Connection } from '../../../deploy/commands/local.js';
import { status } from '../../../deploy/operate/status.js';
import { projectRoot } from '../../../deploy/project.js';
import { costLines } from '../../../report/operations/costs.js';
import { localCloud } from '../local-context.js';

const cli = join(projectRoot, 'dist', 'deploy', 'cli.js');
const los = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [cli, ...args, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
const firstLine = async ({ stdout }: ChildProcess): Promise<unknown> => {
  const [line] = (await once(createInterface({ input: stdout! }), 'line')) as [string];
  return JSON.parse(line);
};

describe('los local --json', () => {
  const cloud = localCloud();
  const faults = ['s3:ListBuckets=fail,next=2', 'smtp=cut,next=1'];
  let child: ChildProcess;
  let connection: Connection;

  before(async () => {
    child = los('local', '--config', cloud.config, ...faults.flatMap((fault) => ['--fault', fault]));
    connection = (await firstLine(child)) as Connection;
  });
  after(() => {
    child.kill('SIGKILL');
    cloud.remove();
  });

  it('prints what any Snowflake client needs', async () => {
    const { snowflake } = connection;
    const session = await connectSnowflake(
      {
        accessUrl: snowflake.accessUrl,
        account: snowflake.account,
        username: snowflake.user,
        password: snowflake.password,
        role: snowflake.role,
      },
      'unused',
      { database: snowflake.database, schema: snowflake.schema, warehouse: { name: snowflake.warehouse } },
    );
    expect(await session.query('SELECT CURRENT_ROLE() AS R')).to.deep.equal([{ R: 'ACCOUNTADMIN' }]);
    await session.close();
  });

  it('prints what any AWS client needs', async () => {
    const { endpoint, region, accessKeyId, secretAccessKey } = connection.aws;
    const sts = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).to.match(/^\d{12}$/);
    sts.destroy();
  });

  it('names the mailbox', () => {
    expect(connection.mail.smtpUrl).to.match(/^smtp:\/\/127\.0\.0\.1:\d+$/);
    expect(connection.mail.folder).to.contain(cloud.folder);
  });

  it('sets the faults that it was given', async () => {
    const { url, token } = connection.control;
    const answer = await fetch(`${url}/faults`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).to.deep.equal([
      { fault: faults[0], hits: 0, left: 2 },
      { fault: faults[1], hits: 0, left: 1 },
    ]);
  });

  it('lets los status tell what the use would have cost', async () => {
    const ctx = await cloud.open();
    try {
      await ctx.aws.s3.send(new ListBucketsCommand({}));
      const { costs } = await status(ctx);
      expect(costs!.lines.find(({ what }) => what === 'S3, writing and listing')!.quantity).to.be.at.least(1);
      expect(costLines(costs!)[0]).to.match(/^The same use of AWS would have cost \$0\.\d+ \(us-east-1, /);
    } finally {
      await ctx.close();
    }
  });

  it('lets other commands attach, and ends with exit code 0 when told to', async () => {
    const ctx = await cloud.open();
    expect(ctx.target.snowflake?.accessUrl).to.equal(connection.snowflake.accessUrl);
    await ctx.close();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).to.equal(0);
  });
});

describe('a command whose local cloud is killed', () => {
  const cloud = localCloud();
  after(() => cloud.remove());

  it('says so, and what to do', async () => {
    const local = los('local', '--config', cloud.config, '--fault', 'snowflake:SHOW=hang,next=100');
    const { control } = (await firstLine(local)) as Connection;
    const plan = los('plan', '--config', cloud.config);
    const said = firstLine(plan);
    const hits = async () => {
      const answer = await fetch(`${control.url}/faults`, {
        headers: { authorization: `Bearer ${control.token}` },
      });
      return ((await answer.json()) as { hits: number }[])[0]!.hits;
    };
    while ((await hits()) === 0) await sleep(50);
    local.kill('SIGKILL');
    const { error, next } = (await said) as { error: string; next: string };
    expect(error).to.contain('The local cloud ended while the command ran');
    expect(next).to.contain('Run the command again').and.contain('local.log');
    expect(plan.exitCode ?? (await once(plan, 'exit'))[0]).to.equal(1);
  });
});
