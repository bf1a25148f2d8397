import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachOrStart } from '@local-cloud/cloud/attach.js';
import { connectSnowflake } from '../deploy/clients/snowflake-driver.js';
import { projectRoot } from '../deploy/project.js';
import { type Benchmark, type Measurement, median } from './harness.js';

const ROWS = 20_000;
const CONNECTIONS = 20;
const QUESTIONS = 100;
const ROUNDS = 5;
/** Rows of one statement that asks for all of them. */
const TOGETHER = 10_000;

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

/** Predictions that people ask for in a worksheet, one a statement. */
export const benchmark: Benchmark = {
  name: 'by-hand',
  description: `\`SELECT predict_los(OBJECT_CONSTRUCT(…))\` with a value for each column of the health dataset, after \`los demo --dataset health --rows ${ROWS}\`: ${QUESTIONS} questions about different admissions over ${CONNECTIONS} connections of the driver, ${ROUNDS} times; the first are asked when nothing is planned yet. Processor time of the local cloud alone; the peer is a row of ${TOGETHER.toLocaleString('en-US')} in one statement. On Linux.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-by-hand-'));
    const stateDir = join(folder, 'state');
    try {
      log(`los demo --dataset health --rows ${ROWS}`);
      const demo = spawn(
        process.execPath,
        [join(projectRoot, 'dist/deploy/cli.js'), 'demo', '--dataset', 'health', '--rows', String(ROWS)],
        { cwd: projectRoot, env: { ...process.env, LOS_STATE: stateDir }, stdio: 'ignore' },
      );
      const [code] = await once(demo, 'close');
      if (code !== 0) throw new Error(`los demo ended with ${code}`);
      const cloud = await attachOrStart({ stateDir });
      try {
        const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
        const connect = () =>
          connectSnowflake({ accessUrl, account, username: user, password, role }, 'default', {
            database: 'PREDICT_LOS',
            schema: 'LOS',
            warehouse: { name: 'LOS_WH' },
          });
        const connections = await Promise.all(Array.from({ length: CONNECTIONS }, connect));
        const { pid } = cloud.connection;
        const [first] = connections;
        const asked = await first!.query<{ O: Record<string, unknown> }>(
          `SELECT OBJECT_CONSTRUCT(*) AS O FROM HEALTH_ADMISSIONS ORDER BY CASE_ID LIMIT ${QUESTIONS}`,
        );
        const literal = (value: unknown) =>
          typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
        const questions = asked.map(({ O }) => {
          const pairs = Object.entries(O).map(([name, value]) => `'${name}', ${literal(value)}`);
          return `SELECT predict_los(OBJECT_CONSTRUCT(${pairs.join(', ')})) AS LOS`;
        });
        const each: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const before = processorSeconds(pid);
          const left = [...questions];
          await Promise.all(
            connections.map(async (connection) => {
              for (let sql = left.pop(); sql; sql = left.pop()) {
                const [row] = await connection.query<{ LOS: number | null }>(sql);
                if (typeof row?.LOS !== 'number') throw new Error(`No answer to ${sql}`);
              }
            }),
          );
          each.push((1000 * (processorSeconds(pid) - before)) / QUESTIONS);
          log(`${each.at(-1)!.toFixed(1)} ms each`);
        }
        const before = processorSeconds(pid);
        await first!.query(
          `SELECT SUM(predict_los(O)) AS S FROM (SELECT OBJECT_CONSTRUCT(*) AS O FROM HEALTH_ADMISSIONS LIMIT ${TOGETHER})`,
        );
        const together = (1000 * (processorSeconds(pid) - before)) / TOGETHER;
        await Promise.all(connections.map((connection) => connection.close()));
        const [, ...later] = each;
        return [
          { what: `the first ${QUESTIONS}`, value: each[0]!, unit: 'ms', limit: '50 ms' },
          { what: `later ${QUESTIONS}`, value: median(later), unit: 'ms', peer: together, limit: '50 ms' },
        ];
      } finally {
        await cloud.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** What a process has taken so far, in its own code and the system's; NaN where there is no /proc. */
function processorSeconds(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
