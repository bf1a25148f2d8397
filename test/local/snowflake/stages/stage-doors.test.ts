import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

interface StageInfo {
  locationType: string;
  location: string;
  region: string;
  endPoint: string;
  creds: { AWS_KEY_ID: string; AWS_SECRET_KEY: string; AWS_TOKEN: string };
}

/** Internal stages for the core of Snowflake's drivers, which knows S3 and no folder. */
describe('internal stages in S3', () => {
  const clock = new MovableClock();
  let snowflake: TestSnowflake;
  let client: Client;
  const tokens: Record<string, string> = {};

  const post = async (path: string, body: unknown, token?: string) => {
    const response = await fetch(`${snowflake.server.accessUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Snowflake Token="${token}"` }),
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as {
      data: { token: string; stageInfo: StageInfo; src_locations: string[] };
    };
  };
  /** What a driver is told; `core`: it says what the core of the drivers says at its login. */
  const transfer = async (sqlText: string, core = true) => {
    const { data } = await post(
      `/queries/v1/query-request?requestId=${randomUUID()}`,
      { sqlText },
      tokens[`${core}`],
    );
    return { ...data, ...data.stageInfo };
  };
  const place = ({ location, endPoint, region, creds }: StageInfo) => {
    const [Bucket, ...path] = location.split('/');
    const s3 = new S3Client({
      endpoint: endPoint,
      region,
      credentials: {
        accessKeyId: creds.AWS_KEY_ID,
        secretAccessKey: creds.AWS_SECRET_KEY,
        sessionToken: creds.AWS_TOKEN,
      },
      maxAttempts: 1,
      forcePathStyle: true,
    });
    return { s3, at: (name: string) => ({ Bucket: Bucket!, Key: path.join('/') + name }) };
  };
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.name as string,
    );

  before(async () => {
    snowflake = await withSnowflake({ clock });
    const { account, user, password } = snowflake.server;
    for (const core of [true, false]) {
      const capabilities = core ? { CLIENT_CAPABILITIES: { SMK_ID_AS_STRING: true } } : {};
      const data = { ACCOUNT_NAME: account, LOGIN_NAME: user, PASSWORD: password, ...capabilities };
      tokens[`${core}`] = (await post('/session/v1/login-request', { data })).data.token;
    }
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    for (const core of [true, false]) await transfer('USE DATABASE d', core);
    await client.rows('CREATE STAGE st');
  });
  after(() => snowflake.close());

  it('are a folder to drivers before it, and both find the same files', async () => {
    expect((await transfer('PUT file://a.csv @st', false)).locationType).to.equal('LOCAL_FS');
    const folder = mkdtempSync(join(tmpdir(), 'stage-doors-'));
    const { s3, at } = place(await transfer('PUT file://a.csv @st/one'));
    await s3.send(new PutObjectCommand({ ...at('a b.csv'), Body: '1,x\n' }));
    await client.rows(`GET @st/one 'file://${folder}'`);
    expect(readdirSync(folder)).to.deep.equal(['a b.csv']);
    writeFileSync(join(folder, 'b.csv'), '2,y\n');
    await client.rows(`PUT 'file://${folder}/b.csv' @st/one AUTO_COMPRESS = FALSE`);
    const got = await transfer('GET @st/one file:///tmp');
    expect(got.src_locations).to.deep.equal(['a b.csv', 'b.csv']);
    const { s3: reader, at: from } = place(got);
    const texts = got.src_locations.map(async (name) =>
      (await reader.send(new GetObjectCommand(from(name)))).Body!.transformToString(),
    );
    expect(await Promise.all(texts)).to.deep.equal(['1,x\n', '2,y\n']);
    expect(readFileSync(join(folder, 'a b.csv'), 'utf8')).to.equal('1,x\n');
    rmSync(folder, { recursive: true });
  });

  it('say the digest by which a driver knows a file that it has put, and give parts of it', async () => {
    const { s3, at } = place(await transfer('PUT file://c.csv @st'));
    expect(await code(s3.send(new HeadObjectCommand(at('c.csv'))))).to.equal('NotFound');
    const Body = Buffer.alloc(3_000_000, 'snowflake');
    await s3.send(new PutObjectCommand({ ...at('c.csv'), Body }));
    const head = await s3.send(new HeadObjectCommand(at('c.csv')));
    const sha256 = createHash('sha256').update(Body).digest('base64');
    expect([head.ContentLength, head.Metadata]).to.deep.equal([Body.length, { 'sfc-digest': sha256 }]);
    const part = await s3.send(new GetObjectCommand({ ...at('c.csv'), Range: 'bytes=9-17' }));
    expect([part.ContentLength, await part.Body!.transformToString()]).to.deep.equal([9, 'snowflake']);
  });

  it('take a stream of Go’s driver by a signed URL, and its files as a folder', async () => {
    const { account, user, password } = snowflake.server;
    const login = { CLIENT_APP_ID: 'Go', ACCOUNT_NAME: account, LOGIN_NAME: user, PASSWORD: password };
    const { token } = (await post('/session/v1/login-request', { data: login })).data;
    const ask = async (sqlText: string) => {
      const { data } = await post(`/queries/v1/query-request?requestId=${randomUUID()}`, { sqlText }, token);
      return data.stageInfo as StageInfo & { presignedUrl?: string };
    };
    await ask('USE DATABASE d');
    const folder = mkdtempSync(join(tmpdir(), 'stage-doors-'));
    writeFileSync(join(folder, 'there.csv'), '1\n');
    expect((await ask(`PUT 'file://${folder}/there.csv' @st`)).locationType).to.equal('LOCAL_FS');
    expect((await ask(`PUT 'file://${folder}/*.csv' @st`)).locationType).to.equal('LOCAL_FS');
    expect((await ask(`GET @st 'file://${folder}/nowhere'`)).locationType).to.equal('LOCAL_FS');
    const { locationType, presignedUrl } = await ask(`PUT 'file://${folder}/0 ä.parquet' @st/go`);
    expect(locationType).to.equal('GCS');
    const put = (url: string) => fetch(url, { method: 'PUT', body: 'rows' });
    expect((await put(presignedUrl!.replace(/.$/, 'x'))).status).to.equal(403);
    expect((await put(presignedUrl!)).status).to.equal(200);
    expect((await client.rows('LIST @st/go')).map(({ name, size }) => [name, size])).to.deep.equal([
      ['st/go/0 ä.parquet', 4],
    ]);
    rmSync(folder, { recursive: true });
  });

  it('open to nothing but what was asked for, by their token and for an hour', async () => {
    const info = await transfer('PUT file://d.csv @st');
    const { s3, at } = place(info);
    const { location, endPoint, creds } = info;
    const put = (name: string, headers: Record<string, string>) =>
      fetch(`${endPoint}/${location}${name}`, { method: 'PUT', body: 'x', headers });
    const token = { 'x-amz-security-token': creds.AWS_TOKEN };
    expect((await put('d.csv', { 'x-amz-security-token': 'another' })).status).to.equal(403);
    expect((await put('..%2f..%2fd.csv', token)).status).to.equal(400);
    const damaged = await put('d.csv', { ...token, 'x-amz-checksum-crc32': 'AAAAAA==' });
    expect(await damaged.text()).to.contain('<Code>BadDigest</Code>');
    expect((await put('d.csv?partNumber=1&uploadId=u', token)).status).to.equal(501);
    expect(await client.rows("LIST @st PATTERN = '.*d[.]csv'")).to.deep.equal([]);
    await s3.send(new PutObjectCommand({ ...at('d.csv'), Body: 'x' }));
    const got = place(await transfer('GET @st/d.csv file:///tmp'));
    expect(await code(got.s3.send(new PutObjectCommand({ ...got.at('d.csv'), Body: 'y' })))).to.equal(
      'AccessDenied',
    );
    clock.advance(3_600_001);
    expect(await code(s3.send(new GetObjectCommand(at('d.csv'))))).to.equal('ExpiredToken');
  });
});
