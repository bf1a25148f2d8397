import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { attachOrStart, type Connection, findRunning } from '@local-cloud/cloud/attach.js';
import { isRunning } from '@local-cloud/kit/process.js';
import { expect } from 'chai';
import { freePorts } from './free-ports.js';

const isAlive = (pid: number) => isRunning({ pid, started: '' });
const main = fileURLToPath(import.meta.resolve('@local-cloud/cloud/main.js'));

describe('the local cloud as a process', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'cloud-'));
  after(() => rmSync(stateDir, { recursive: true, force: true }));

  const account = async ({ aws }: Connection) => {
    const { endpoint, region, accessKeyId, secretAccessKey } = aws;
    const sts = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    return (await sts.send(new GetCallerIdentityCommand({}))).Account;
  };

  it('is started by the first that needs it, shared, and ended by its starter', async () => {
    const first = await attachOrStart({ stateDir });
    const second = await attachOrStart({ stateDir });
    expect(second.connection).to.deep.equal(first.connection);
    expect(await account(second.connection)).to.equal('123456789012');
    expect(first.connection.snowflake).to.include({ account: 'local', user: 'ADMIN', role: 'ACCOUNTADMIN' });
    expect(statSync(join(stateDir, 'local.json')).mode & 0o777).to.equal(0o600);
    await second.close();
    expect(isAlive(first.connection.pid)).to.equal(true);
    await first.close();
    expect(isAlive(first.connection.pid)).to.equal(false);
    expect(existsSync(join(stateDir, 'local.json'))).to.equal(false);
    expect(await findRunning(stateDir)).to.equal(undefined);
  });

  it('is one process, however many ask at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => attachOrStart({ stateDir })));
    expect(new Set(all.map(({ connection }) => connection.pid)).size).to.equal(1);
    await Promise.all(all.map((attached) => attached.close()));
  });

  it('keeps its keys and passwords, and starts again after being killed', async () => {
    const before = await attachOrStart({ stateDir });
    process.kill(before.connection.pid, 'SIGKILL');
    while (isAlive(before.connection.pid)) await sleep(10);
    const again = await attachOrStart({ stateDir });
    expect(again.connection.aws.accessKeyId).to.equal(before.connection.aws.accessKeyId);
    expect(again.connection.snowflake.password).to.equal(before.connection.snowflake.password);
    await before.close();
    await again.close();
  });

  it('prints one line of JSON, refuses a second process by name, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [main, '--state', stateDir, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    const connection = JSON.parse(chunk.toString()) as Connection;
    expect(JSON.parse(readFileSync(join(stateDir, 'local.json'), 'utf8'))).to.deep.equal(connection);
    const second = spawn(process.execPath, [main, '--state', stateDir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = once(second.stderr, 'data') as Promise<[Buffer]>;
    expect((await once(second, 'exit'))[0]).to.equal(75);
    expect((await said).toString()).to.contain(`process ${child.pid}) already serves`);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('ends with the process that started it', async () => {
    const program = `
      const { attachOrStart } = await import(${JSON.stringify(import.meta.resolve('@local-cloud/cloud/attach.js'))});
      const { connection } = await attachOrStart({ stateDir: ${JSON.stringify(stateDir)} });
      console.log(connection.pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).to.equal(true);
    parent.kill('SIGKILL');
    while (isAlive(pid)) await sleep(20);
    expect(await findRunning(stateDir)).to.equal(undefined);
  });

  it('listens at the ports that its starter’s environment says', async () => {
    const port = await freePorts(3);
    const listener = createServer().listen(port, '127.0.0.1');
    await once(listener, 'listening');
    process.env.LOCAL_CLOUD_PORT = String(port);
    try {
      const refused = await attachOrStart({ stateDir }).catch((error: Error) => error.message);
      expect(refused).to.contain('EADDRINUSE').and.to.contain(String(port));
      listener.close();
      await once(listener, 'close');
      for (let start = 0; start < 2; start++) {
        const { connection, close } = await attachOrStart({ stateDir });
        expect(connection.snowflake.accessUrl).to.equal(`http://127.0.0.1:${port}`);
        await close();
      }
    } finally {
      delete process.env.LOCAL_CLOUD_PORT;
    }
  });

  it('says why it did not start', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'broken-'));
    const file = join(broken, 'aws', 'identity.json');
    mkdirSync(join(broken, 'aws'));
    writeFileSync(file, '{');
    let message = '';
    await attachOrStart({ stateDir: broken }).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain('did not start').and.to.contain(`state file ${file} is damaged`);
    rmSync(broken, { recursive: true });
  });
});
