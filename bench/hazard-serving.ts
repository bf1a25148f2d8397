import { runInNewContext } from 'node:vm';
import { send } from '@local-cloud/snowflake/external/request.js';
import { compileEntry } from '../deploy/compile/compile.js';
import type { Model } from '../udfs/model.js';
import { type BenchAws, compress, rows } from './aws.js';
import { median, seconds } from './harness.js';

const PERIODS = 16;
/** Of an admission; some are numbers, some shares of a category. */
const FEATURES = 24;
const BATCH = 500;
const BATCHES = 24;
const CONCURRENT = 4;
const ROUNDS = 5;

type Handler = (argument: unknown) => { body: unknown; translatorData: object };

/**
 * Admissions a second through request translator, signed gateway, endpoint and detail translator, the translators run as the
 * compiled bodies that Snowflake would run, by a model of hazards of 16 periods (600 trees at most, as it comes).
 */
export async function hazardRate(
  aws: BenchAws,
  keys: Awaited<ReturnType<BenchAws['callerKeys']>>,
): Promise<number> {
  // A line as it is trained on: label, features, the period and its odds.
  const lines = rows(30_000, FEATURES + 2, 7, true)
    .split('\n')
    .map((line, i) => line.replace(/^[^,]+/, i % 7 === 0 ? '1' : '0'));
  await aws.upload('hazards/rows.csv', lines.join('\n'));
  const parameters = { objective: 'binary:logistic', max_depth: '6', eta: '0.05', num_round: '120' };
  await aws.deploy('hazards', await aws.train('hazards', 'hazards/', parameters));
  const url = await aws.api('hazards');
  const model: Model = {
    version: 'bench-v1',
    endpoint: 'hazards',
    floor: 1,
    bands: [{ upTo: null, low: -2, high: 4, low95: -3, high95: 9 }],
    longStay: { days: 21 },
    features: Array.from({ length: FEATURES }, (_, i) => ({ kind: 'numeric', name: `F${i}` })),
    hazards: {
      ends: Array.from({ length: PERIODS - 1 }, (_, k) => k + 1 + Math.floor(k ** 2 / 20)),
      suffixes: Array.from({ length: PERIODS - 1 }, (_, k) => `,${k},-1.5`),
      excess: 9,
    },
  };
  const request = await handler('udfs/translators/request-translator.ts', { MODEL: model });
  const detail = await handler('udfs/translators/detail-response-translator.ts');
  const batches = Array.from({ length: 4 }, (_, i) => ({
    body: {
      data: rows(BATCH, FEATURES, 50 + i, false)
        .split('\n')
        .map((line, row) => [
          row,
          Object.fromEntries(line.split(',').map((cell, f) => [`F${f}`, Number(cell)])),
        ]),
    },
  }));
  const headers = {
    'content-type': 'text/csv',
    'content-encoding': 'gzip',
    'accept-encoding': 'gzip',
    accept: 'text/csv',
  };
  let sent = 0;
  const one = async () => {
    const asked = request(batches[sent++ % batches.length]);
    const body = await compress(String(asked.body));
    const { status, body: answer } = await send(
      aws.connection.endpoint,
      { method: 'POST', url, headers, body, time: Date.now() },
      keys,
      60_000,
    );
    const text = answer.toString('utf8');
    if (status !== 200) throw new Error(`${status}: ${text.slice(0, 200)}`);
    const { data } = detail({ body: JSON.parse(text), translatorData: asked.translatorData }).body as {
      data: unknown[];
    };
    if (data.length !== BATCH) throw new Error(`${data.length} predictions for ${BATCH} admissions`);
  };
  const round = async () => {
    let left = BATCHES;
    const lane = async () => {
      while (left-- > 0) await one();
    };
    await Promise.all(Array.from({ length: CONCURRENT }, lane));
  };
  await round();
  const rates: number[] = [];
  for (let i = 0; i < ROUNDS; i++) rates.push((BATCHES * BATCH) / (await seconds(round)));
  return median(rates);
}

/** The compiled body as Snowflake runs it: a function of its upper-cased argument. */
async function handler(entry: string, define?: Record<string, unknown>): Promise<Handler> {
  const { body, signature } = await compileEntry(entry, { define });
  return runInNewContext(
    `(function (${signature.args.map(([name]) => name).join(', ')}) {${body}\n})`,
    {},
  ) as Handler;
}
