// "What held" of the security review: the embedded cloud's ports, for others on the same machine or network.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { createTransport } from 'nodemailer';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

describe('ports of the embedded cloud', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'applied');
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const addresses = () => {
    const { snowflake, aws, control, mail } = cloud.cloud.connection;
    return [snowflake.accessUrl, aws.endpoint, control.url, mail.smtpUrl].map((url) => new URL(url));
  };

  it('held: listen on loopback alone', async () => {
    for (const { hostname } of addresses()) expect(hostname).to.equal('127.0.0.1');
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each?.family === 'IPv4' && !each.internal);
    for (const { port } of addresses())
      for (const { address } of outside as { address: string }[]) {
        const socket = connect({ host: address, port: Number(port) });
        const [error] = await Promise.race([
          once(socket, 'error'),
          once(socket, 'connect').then(() => [undefined]),
        ]);
        socket.destroy();
        expect((error as NodeJS.ErrnoException)?.code, `${address}:${port}`).to.equal('ECONNREFUSED');
      }
  });

  it('held: the control port asks for its token, also of a page in a browser', async () => {
    const { control } = cloud.cloud.connection;
    const paths = ['/faults', '/', '/stop'];
    for (const path of paths)
      for (const headers of [
        {},
        { authorization: 'Bearer wrong' },
        { authorization: `Basic ${btoa(`x:${control.token}`)}` },
        { origin: 'http://evil.example' },
      ] as Record<string, string>[]) {
        const { status } = await fetch(control.url + path, { method: 'POST', body: '{}', headers });
        expect(status, `${path} ${JSON.stringify(headers)}`).to.be.within(400, 499);
      }
  });

  it('held: Snowflake takes no other password, and no query without a login', async () => {
    const { accessUrl, account, user } = cloud.cloud.connection.snowflake;
    const error = await connectSnowflake(
      { accessUrl, account, username: user, password: 'wrong' },
      'unused',
      ctx.settings.snowflake,
    ).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.message).to.match(/password|login|authenticat/i);
    for (const authorization of ['', 'Snowflake Token="x"', 'Basic eDp4']) {
      const answer = await fetch(`${accessUrl}/queries/v1/query-request?requestId=1`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body: JSON.stringify({ sqlText: 'SELECT CURRENT_USER()' }),
      });
      const text = await answer.text();
      expect(text, authorization).not.to.contain(user);
      expect(answer.ok && /"success"\s*:\s*true/.test(text), authorization).to.equal(false);
    }
  });

  it('finding Low of turn 4: the mailbox takes no mail without a login', async () => {
    const { smtpUrl, user, password, folder } = cloud.cloud.connection.mail;
    const send = async (auth: object) => {
      const transport = createTransport({ url: smtpUrl, ...auth } as object);
      const mail = { from: 'a@x.org', to: 'b@x.org', subject: 'forged', text: 'x' };
      return await transport.sendMail(mail).then(
        () => 'taken',
        ({ responseCode }: Error & { responseCode?: number }) => responseCode,
      );
    };
    expect(await send({})).to.equal(530);
    expect(await send({ auth: { user, pass: 'wrong' } })).to.equal(535);
    expect(readdirSync(folder)).to.deep.equal([]);
    expect(await send({ auth: { user, pass: password } })).to.equal('taken');
    expect(readdirSync(folder)).to.have.length(1);
  });

  it('finding Low of turn 4: every file of its state is the user’s alone, whatever the umask', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'los-rights-'));
    const main = join(projectRoot, 'dist/local/cloud/main.js');
    const alone = spawn(
      'sh',
      ['-c', 'umask 022; exec "$0" "$@"', process.execPath, main, '--state', folder, '--json'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const [line] = (await once(createInterface(alone.stdout), 'line')) as [string];
      const { accessUrl, account, user, password } = JSON.parse(line).snowflake;
      const login = { accessUrl, account, username: user, password };
      const place = { database: 'MINE', schema: 'PUBLIC', warehouse: { name: 'WH' } };
      const session = await connectSnowflake(login, '', place);
      for (const sql of [
        'CREATE DATABASE MINE',
        'CREATE STAGE MINE.PUBLIC.FILES',
        'CREATE TABLE MINE.PUBLIC.T AS SELECT 1 AS X',
        'COPY INTO @MINE.PUBLIC.FILES/x FROM (SELECT 1 AS X) OVERWRITE = TRUE',
      ])
        await session.execute(sql);
      await session.close();
      const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
        statSync(join(folder, name)).isFile(),
      );
      expect(files.some((name) => /duckdb/.test(name))).to.equal(true);
      expect(files.length).to.be.greaterThan(2);
      expect(files.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)).to.deep.equal([]);
    } finally {
      alone.kill('SIGTERM');
      await once(alone, 'close');
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('held: AWS takes no call without a signature, nor an anonymous read of the bucket', async () => {
    const { endpoint } = cloud.cloud.connection.aws;
    const { Buckets = [] } = await ctx.aws.s3.listBuckets({});
    const bucket = Buckets[0]?.Name;
    expect(bucket).to.match(/\S/);
    for (const path of ['/', `/${bucket}?list-type=2`, `/${bucket}/training-files/x`])
      expect((await fetch(endpoint + path)).status, path).to.be.within(400, 499);
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'SageMaker.ListModels', 'content-type': 'application/x-amz-json-1.1' },
      body: '{}',
    });
    expect(answer.status).to.be.within(400, 499);
  });
});
