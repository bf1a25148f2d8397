import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { attachOrStart } from '@local-cloud/cloud/attach.js';
import { columns, writeHealth } from '../demo/health/index.js';
import { connectSnowflake } from '../deploy/clients/snowflake-driver.js';
import { type Benchmark, compare, median, seconds } from './harness.js';
import { watchMemory } from './memory.js';

const runs = 3;

/** Loading a CSV as a user does it, beside the engine underneath reading the same file by itself. */
export const benchmark: Benchmark = {
  name: 'load',
  description: `A gzipped CSV of 300,000 rows × ${columns.length} columns into the local Snowflake by PUT and COPY INTO through the official driver, beside DuckDB's own reader on the same file. The local cloud is a process of its own. Median of ${runs} runs, taken in turns.`,
  async run({ log }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-load-'));
    try {
      const options = { seed: 1, trainingRows: 300_000, simulationRows: 0, folder };
      log('generating 300,000 rows');
      const generating: number[] = [];
      for (let run = 0; run < runs; run++) generating.push(await seconds(() => writeHealth(options)));
      const { training } = await writeHealth(options);

      log('loading');
      const cloud = await attachOrStart({ stateDir: join(folder, 'state') });
      const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
      const session = await connectSnowflake(
        { accessUrl, account, username: user, password, role },
        'default',
        { database: 'BENCH', schema: 'PUBLIC', warehouse: { name: 'BENCH_WH' } },
      );
      const { pid } = cloud.connection as unknown as { pid: number };
      const memory = watchMemory(pid);
      const duck = await (await DuckDBInstance.create(':memory:')).connect();
      try {
        for (const sql of [
          'CREATE WAREHOUSE BENCH_WH',
          'CREATE DATABASE BENCH',
          'USE SCHEMA BENCH.PUBLIC',
          'CREATE STAGE S',
          "CREATE FILE FORMAT F TYPE = CSV SKIP_HEADER = 1 NULL_IF = ('')",
        ])
          await session.execute(sql);
        const types = columns.map((column) => `${column} ${typeOf(column)}`);
        const parts = { put: [] as number[], copy: [] as number[] };
        let load = 0;
        const { ours, peer } = await compare(
          runs,
          async () => {
            const path = `@S/${++load}`;
            await session.execute(`CREATE OR REPLACE TABLE T (${types.join(', ')})`);
            parts.put.push(await seconds(() => session.put(training, path)));
            const copy = `COPY INTO T FROM ${path} FILE_FORMAT = (FORMAT_NAME = F)`;
            parts.copy.push(await seconds(() => session.execute(copy)));
          },
          () => duck.run(`CREATE OR REPLACE TABLE t AS SELECT * FROM read_csv('${training}', header = true)`),
        );
        const [row] = await session.query<{ N: number }>('SELECT COUNT(*) AS N FROM T');
        if (Number(row?.N) !== options.trainingRows) throw new Error(`Only ${row?.N} rows were loaded`);
        return [
          { what: 'PUT + COPY INTO', value: ours, unit: 's', peer, limit: '1.5 × peer' },
          { what: '· PUT', value: median(parts.put.slice(1)), unit: 's' },
          { what: '· COPY INTO', value: median(parts.copy.slice(1)), unit: 's' },
          { what: 'highest memory of the cloud meanwhile', value: memory.peak(), unit: 'MB' },
          {
            what: 'generating and writing the same rows',
            value: median(generating),
            unit: 's',
            limit: '4 s',
          },
        ];
      } finally {
        memory.stop();
        duck.closeSync();
        await session.close();
        await cloud.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function typeOf(column: string): string {
  if (column.endsWith('_DATE')) return 'DATE';
  return /^(CASE_ID|HOSPITAL_CODE|CITY_|AVAILABLE|BED|PATIENTID|VISITORS|ADMISSION_DEPOSIT)/.test(column)
    ? 'NUMBER'
    : 'VARCHAR';
}
