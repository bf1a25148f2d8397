import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachOrStart } from '@local-cloud/cloud/attach.js';
import { compress, send } from '@local-cloud/snowflake/external/request.js';
import { BenchAws, rows } from './aws.js';
import { type Benchmark, type Measurement, median, seconds } from './harness.js';
import { hazardRate } from './hazard-serving.js';

const ROWS = 1000;
const FEATURES = 60;
const CONCURRENT = 8;
const ROUND = 200;
const ROUNDS = 5;
/** Until the heap has its working size. */
const WARM_UP = 3;

/** Predictions as Snowflake asks for them: signed, compressed batches through API Gateway to an endpoint. */
export const benchmark: Benchmark = {
  name: 'serving',
  description: `Batches of ${ROWS.toLocaleString('en-US')} rows × ${FEATURES} features through the local API Gateway to an XGBoost endpoint of 200 trees of depth 6, ${CONCURRENT} at a time, signed and gzipped as the local Snowflake sends them; the local cloud is a process of its own beside the caller. ${ROUNDS} rounds of ${ROUND} batches after ${WARM_UP} that do not count. Hazards: 24 features, a line for each of 15 periods, 120 trees of depth 6, batches of 500 admissions, with the compiled translators before and behind.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-serving-'));
    const cloud = await attachOrStart({ stateDir: join(folder, 'state') });
    const aws = new BenchAws(cloud.connection.aws);
    const { pid } = cloud.connection as unknown as { pid: number };
    try {
      await aws.prepare();
      await aws.upload('train/rows.csv', rows(20_000, FEATURES, 1, true));
      log('training');
      const parameters = { objective: 'reg:squarederror', max_depth: '6', eta: '0.1', num_round: '200' };
      await aws.deploy('bench', await aws.train('bench', 'train/', parameters));
      const url = await aws.api('bench');
      const keys = await aws.callerKeys();
      const bodies = await Promise.all(
        Array.from({ length: 16 }, (_, i) => compress(rows(ROWS, FEATURES, 100 + i, false))),
      );
      const headers = {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'accept-encoding': 'gzip',
      };

      let sent = 0;
      const one = async () => {
        const body = bodies[sent++ % bodies.length]!;
        const request = { method: 'POST' as const, url, headers, body, time: Date.now() };
        const { status, text } = await send(cloud.connection.aws.endpoint, request, keys, 60_000);
        if (status !== 200) throw new Error(`${status}: ${text}`);
        const { predictions } = JSON.parse(text) as { predictions: unknown[] };
        if (predictions.length !== ROWS)
          throw new Error(`${predictions.length} predictions for ${ROWS} rows`);
      };
      const round = async () => {
        let left = ROUND;
        const lane = async () => {
          while (left-- > 0) await one();
        };
        await Promise.all(Array.from({ length: CONCURRENT }, lane));
      };
      for (let i = 0; i < WARM_UP; i++) await round();
      const memory = [residentMb(pid)];
      const rates: number[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        rates.push((ROUND * ROWS) / (await seconds(round)));
        memory.push(residentMb(pid));
        log(`${Math.round(rates.at(-1)!)} rows/s, ${Math.round(memory.at(-1)!)} MB`);
      }
      log('hazards');
      const hazards = await hazardRate(aws, keys);
      return [
        {
          what: 'admissions through translators, gateway and endpoint, hazards of 16 periods',
          value: hazards,
          unit: 'admissions/s',
          limit: '≥ 3,000 admissions/s',
        },
        { what: 'through API Gateway', value: median(rates), unit: 'rows/s', limit: '≥ 25,000 rows/s' },
        { what: 'memory of the cloud, after warming up', value: memory[0]!, unit: 'MB' },
        {
          what: `memory after ${ROUND * ROUNDS} more batches`,
          value: memory.at(-1)!,
          unit: 'MB',
          peer: memory[0]!,
          limit: 'flat',
        },
      ];
    } finally {
      aws.close();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Resident memory of a process in MB; NaN where /proc is missing. */
function residentMb(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const kb = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}
