import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachOrStart } from '@local-cloud/cloud/attach.js';
import type { Connection } from '@local-cloud/cloud/cloud.js';
import { connectSnowflake } from '../deploy/clients/snowflake-driver.js';
import type { Canned } from './canned.js';
import { type Benchmark, compare, type Measurement, median, seconds } from './harness.js';

const runs = 5;
const trips = 2000;
const fetched = 100_000;

/** Small and large answers of the local Snowflake, which runs in a process of its own. */
export const benchmark: Benchmark = {
  name: 'snowflake',
  description: `The local Snowflake in a process of its own: from nothing to the first answer (a new account, all of the local cloud), ${trips.toLocaleString('en')} times \`SELECT 1\` on one connection (over plain HTTP, and through the official driver; its peer is the same driver at a server in a process of its own that does nothing but send those same bytes, in turns), and ${fetched.toLocaleString('en')} rows × 10 columns fetched by the driver. Median of ${runs} runs.`,
  async run({ log }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-snowflake-'));
    const results: Measurement[] = [];
    try {
      const starts: number[] = [];
      for (let run = 0; run < runs; run++) {
        log(`start ${run + 1}`);
        let close = async () => {};
        starts.push(
          await seconds(async () => {
            const cloud = await attachOrStart({ stateDir: join(folder, `start-${run}`) });
            close = () => cloud.close();
            const post = await loggedIn(cloud.connection.snowflake);
            await post('SELECT 1');
          }),
        );
        await close();
      }
      results.push({ what: 'start to first answer', value: median(starts), unit: 's', limit: '1.5 s' });

      const cloud = await attachOrStart({ stateDir: join(folder, 'state') });
      try {
        const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
        const post = await loggedIn(cloud.connection.snowflake);
        const driver = (url: string) =>
          connectSnowflake({ accessUrl: url, account, username: user, password, role }, 'default', {
            database: 'BENCH',
            schema: 'PUBLIC',
            warehouse: { name: 'BENCH_WH' },
          });
        const session = await driver(accessUrl);
        log('round trips');
        const many = async (one: () => Promise<unknown>) => {
          for (let i = 0; i < trips; i++) await one();
        };
        const times: number[] = [];
        for (let run = 0; run <= runs; run++) {
          const taken = await seconds(() => many(() => post('SELECT 1')));
          if (run > 0) times.push(taken);
        }
        results.push({
          what: 'SELECT 1 over HTTP',
          value: trips / median(times),
          unit: 'round trips/s',
          limit: '≥ 1,500',
        });
        const peer = await startCanned(await recorded(cloud.connection.snowflake));
        const unanswered = await driver(peer.url);
        const driven = await compare(
          runs,
          () => many(() => session.query('SELECT 1')),
          () => many(() => unanswered.query('SELECT 1')),
        );
        await unanswered.close();
        peer.process.kill();
        results.push({
          what: 'SELECT 1 through the driver',
          value: trips / driven.ours,
          peer: trips / driven.peer,
          unit: 'round trips/s',
        });
        log('fetching');
        await session.execute('CREATE DATABASE bench');
        const columns = Array.from({ length: 5 }, (_, i) => `SEQ4() * ${i + 1}, 'text ' || SEQ4() * ${i}`);
        const names = Array.from({ length: 10 }, (_, i) => `c${i}`).join(', ');
        await session.execute(
          `CREATE TABLE bench.public.t (${names.replaceAll(/(c[02468])/g, '$1 NUMBER').replaceAll(/(c[13579])/g, '$1 VARCHAR')}) AS SELECT ${columns.join(', ')} FROM TABLE(GENERATOR(ROWCOUNT => ${fetched}))`,
        );
        const fetches: number[] = [];
        for (let run = 0; run <= runs; run++) {
          let rows: unknown[] = [];
          const taken = await seconds(async () => {
            rows = await session.query('SELECT * FROM bench.public.t');
          });
          if (rows.length !== fetched) throw new Error(`Only ${rows.length} rows came`);
          if (run > 0) fetches.push(taken);
        }
        results.push({ what: '100,000 rows fetched', value: median(fetches), unit: 's', limit: '2 s' });
        await session.close();
      } finally {
        await cloud.close();
      }
      return results;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Logs in over one kept connection. @returns what runs a statement and gives its answer */
async function loggedIn(to: Connection['snowflake']): Promise<(sql: string) => Promise<string>> {
  const { post, token } = await login(to);
  return async (sql) => {
    const path = `/queries/v1/query-request?requestId=${randomUUID()}`;
    const text = await post(path, { sqlText: sql }, token);
    const answer = JSON.parse(text) as { success: boolean; message: string | null };
    if (!answer.success) throw new Error(`${sql}: ${answer.message}`);
    return text;
  };
}

async function login(to: Connection['snowflake']) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (path: string, body: unknown, token?: string) =>
    new Promise<string>((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      };
      if (token) headers.authorization = `Snowflake Token="${token}"`;
      request(new URL(path, to.accessUrl), { method: 'POST', agent, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          answer += part;
        });
        response.on('end', () => resolve(answer));
      })
        .on('error', reject)
        .end(text);
    });
  const data = { ACCOUNT_NAME: to.account, LOGIN_NAME: to.user, PASSWORD: to.password };
  const answer = await post('/session/v1/login-request', { data });
  return { post, answer, token: (JSON.parse(answer) as { data: { token: string } }).data.token };
}

/** What the local Snowflake answers to a login and to SELECT 1. */
async function recorded(to: Connection['snowflake']): Promise<Canned> {
  const post = await loggedIn(to);
  return { login: (await login(to)).answer, other: await post('SELECT 1') };
}

async function startCanned(answers: Canned): Promise<{ url: string; process: ChildProcess }> {
  const child = fork(new URL('canned.js', import.meta.url));
  child.send(answers);
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}`, process: child };
}
