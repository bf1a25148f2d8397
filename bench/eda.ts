import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { loadDemoData } from '../demo/data.js';
import { callProcedure } from '../deploy/clients/call.js';
import { forDataset } from '../deploy/dataset/context.js';
import { openContext } from '../deploy/open.js';
import { apply } from '../deploy/operate/apply.js';
import { silentProgress } from '../deploy/progress/terminal.js';
import type { Exploration } from '../procedures/exploring/answer.js';
import { type Benchmark, type Measurement, median, seconds } from './harness.js';

/** Generated admissions, and how often they are put in again under other numbers for the large table. */
const ROWS = 230_000;
const TIMES = 22;
/** Admissions to generate so that so many are history. */
const GENERATED = 301_000;
const runs = 3;

/** Seconds of a processor since then: the local cloud is in this process. */
function worked(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** EXPLORE_ADMISSIONS on the generated health data, small and large. */
export const benchmark: Benchmark = {
  name: 'eda',
  description: `CALL EXPLORE_ADMISSIONS() in the local Snowflake: the 17 questions of the contract and those that are asked of every dataset, on the generated admissions as the demo loads them and on ${TIMES} times as many (the same under other numbers). Median of ${runs} calls of the small one, one of the large one. Seconds of a processor are what all threads took together, whatever else the machine did.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-eda-'));
    const stateDir = join(folder, 'state');
    mkdirSync(stateDir);
    const cloud = await startCloud({ stateDir, propagationDelay: 0 });
    const config = join(folder, 'los.config.yaml');
    writeFileSync(join(stateDir, 'local.json'), JSON.stringify(cloud.connection));
    writeFileSync(config, `state: ${stateDir}\nmail: { to: [] }\ntasks: { resumed: false }\n`);
    const signal = new AbortController().signal;
    const root = await openContext({ target: 'local', config, progress: silentProgress, signal });
    try {
      const { ctx, contract } = forDataset(root);
      await apply(ctx);
      log('loading');
      await loadDemoData(ctx, contract, { rows: GENERATED });
      let made: Exploration | undefined;
      const explore = async () => {
        made = await callProcedure<Exploration>(ctx, 'EXPLORE_ADMISSIONS', []);
      };
      log('exploring');
      await explore();
      const times: number[] = [];
      const work: number[] = [];
      for (let run = 0; run < runs; run++) {
        const before = process.cpuUsage();
        times.push(await seconds(explore));
        work.push(worked(before));
      }
      const questions = made!.questions.length;
      const small = made!.overview.stays;
      log('putting the rows in again');
      await ctx.snowflake.execute(
        `INSERT INTO ${contract.table}
SELECT r.* REPLACE (r.CASE_ID + k.K * 10000000 AS CASE_ID, r.PATIENTID + k.K * 10000000 AS PATIENTID)
FROM ${contract.table} AS r CROSS JOIN (SELECT SEQ4() + 1 AS K FROM TABLE(GENERATOR(ROWCOUNT => ${TIMES - 1}))) AS k`,
      );
      log('exploring');
      const before = process.cpuUsage();
      const large = await seconds(explore);
      const largeWork = worked(before);
      if (small !== ROWS || made!.overview.stays !== ROWS * TIMES)
        throw new Error(`${small} and ${made!.overview.stays} stays were explored`);
      const rows = (n: number) => n.toLocaleString('en-US');
      return [
        { what: `${rows(ROWS)} admissions`, value: median(times), unit: 's', limit: '3 s' },
        { what: '· of a processor', value: median(work), unit: 's' },
        { what: `${rows(ROWS * TIMES)} admissions`, value: large, unit: 's', limit: '60 s' },
        { what: '· of a processor', value: largeWork, unit: 's' },
        { what: 'questions answered', value: questions, unit: '' },
      ];
    } finally {
      await root.close();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
