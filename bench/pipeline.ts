import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContract } from '../deploy/dataset/load.js';
import { schemaObjects } from '../deploy/objects/index.js';
import { type OpenContext, openContext } from '../deploy/open.js';
import { silentProgress } from '../deploy/progress/terminal.js';
import { sortByDependency } from '../deploy/resources/plan.js';
import { idOf } from '../deploy/resources/resource.js';

/**
 * Does some work in a local cloud of its own, which is gone afterwards.
 * @param name of the benchmark
 * @param settings lines of the settings file, in YAML
 */
export async function inLocalCloud<T>(
  name: string,
  work: (opened: OpenContext, folder: string) => Promise<T>,
  settings = '',
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  const config = join(folder, 'los.config.yaml');
  writeFileSync(config, `state: ${join(folder, 'state')}\n${settings}\n`);
  const opened = await openContext({
    target: 'local',
    config,
    progress: silentProgress,
    signal: new AbortController().signal,
  });
  try {
    return await work(opened, folder);
  } finally {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The pipeline's own tables, functions and procedures in a new account, without AWS and without tasks.
 * @param first statements that make what is there before the product, in its schema
 */
export async function createPipeline(ctx: OpenContext, ...first: string[]): Promise<void> {
  const { database, schema, warehouse } = ctx.settings.snowflake;
  const run = (sql: string) => ctx.snowflake.execute(sql);
  await run(`CREATE WAREHOUSE ${warehouse.name}`);
  await run(`CREATE DATABASE ${database}`);
  await run(`CREATE SCHEMA ${database}.${schema}`);
  await run(`USE SCHEMA ${database}.${schema}`);
  for (const sql of first) await run(sql);
  const { objects } = await schemaObjects(ctx, loadContract(ctx.settings.dataset, ctx.settings.timeZone), []);
  const ids = new Set(objects.map(({ resource }) => idOf(resource)));
  const own = objects.map(({ resource }) => ({
    ...resource,
    dependsOn: resource.dependsOn.filter((id) => ids.has(id)),
  }));
  for (const { kind, definition } of sortByDependency(own)) {
    const { create = '' } = definition as { create?: string };
    // Functions in SQL are around external ones.
    if (/table|view|stream|procedure/.test(kind) || / JAVASCRIPT/.test(create)) await run(create);
  }
}

/** BENCH_CURVE(N): a predicted curve of 25 points for each of ten thousand numbers. */
export async function createCurves(ctx: OpenContext): Promise<void> {
  await ctx.snowflake.execute(`CREATE FUNCTION BENCH_CURVE(N FLOAT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
const mean = 3 + (N * 7919 % 10007) / 800;
const days = [], gone = [];
for (let i = 1; i <= 25; i++) { days.push(i + Math.floor(i * i / 12)); gone.push(Math.round((1 - Math.exp(-days[i - 1] / mean)) * 1e4) / 1e4); }
gone[24] = 1;
return { days, gone }; $$`);
}

/** What the account has been asked so far, by its own history of 10,000 statements; in a real one each of these has its price. */
export interface Asked {
  readonly statements: number;
  /** Batches of external functions, repeated ones too, and megabytes over the wire. */
  readonly requests: number;
  readonly sent: number;
  readonly received: number;
}

/** What some work asks of the account. */
export async function askedBy(ctx: OpenContext, work: () => Promise<unknown>): Promise<Asked> {
  const read = async (): Promise<Asked> => {
    const [row] = await ctx.snowflake.query<Record<string, number>>(
      `SELECT COUNT(*) AS N, SUM(EXTERNAL_FUNCTION_TOTAL_INVOCATIONS) AS REQUESTS,
  SUM(EXTERNAL_FUNCTION_TOTAL_SENT_BYTES) / 1e6 AS SENT, SUM(EXTERNAL_FUNCTION_TOTAL_RECEIVED_BYTES) / 1e6 AS RECEIVED
FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))`,
    );
    const { N, REQUESTS, SENT, RECEIVED } = row!;
    return {
      statements: Number(N),
      requests: Number(REQUESTS),
      sent: Number(SENT),
      received: Number(RECEIVED),
    };
  };
  const before = await read();
  await work();
  const after = await read();
  return {
    // The first look is in the history too.
    statements: after.statements - before.statements - 1,
    requests: after.requests - before.requests,
    sent: after.sent - before.sent,
    received: after.received - before.received,
  };
}
