import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { promote } from '../../deploy/model/promote.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { knownOn } from '../beds/hdhi.js';
import type { Benchmark, Measurement } from '../harness.js';
import { hdhiCsv } from '../hdhi-file.js';
import { admittedBetween, HDHI_DATES } from './origins.js';
import { trained } from './trained.js';

const [EVENING, LAST] = (process.env.LOS_ORIGINS ?? '2018-08-31:2018-10-16').split(':') as [string, string];
/** What a laboratory says, hours after an admission. */
const LABORATORY =
  'HAEMOGLOBIN LEUCOCYTES PLATELETS GLUCOSE UREA CREATININE BNP RAISED_CARDIAC_ENZYMES EJECTION_FRACTION'.split(
    ' ',
  );

/** Admissions of which the table has the laboratory's values only after they have been predicted. */
export const benchmark: Benchmark = {
  name: 'late',
  description: `Real admissions (HDHI, ../shared/data) from ${EVENING} to ${LAST}, by a version that was trained on what was known before with the settings as they come, through BUILD_FEATURES and SCORE_ADMISSIONS: first come the rows without what the laboratory says (nine columns, of which training rows lack 1 % to 68 %), then its values.`,
  async run({ log }): Promise<Measurement[]> {
    const csv = hdhiCsv();
    return await trained(
      {
        dataset: HDHI_DATES,
        file: (folder) => {
          writeFileSync(join(folder, 'later.csv'), admittedBetween(csv, EVENING, LAST));
          const file = join(folder, 'known.csv');
          writeFileSync(file, knownOn(EVENING, csv, loadContract(HDHI_DATES, 'UTC')));
          return file;
        },
      },
      async (ctx, contract, version, folder) => {
        const { snowflake } = ctx;
        await promote(ctx, contract, version, { force: true });
        await runGraph(ctx, contract);
        await snowflake.execute(`CREATE TABLE LATER LIKE ${contract.table}`);
        await loadCsv(ctx, contract, join(folder, 'later.csv'), 'LATER');
        const columns = Object.keys(contract.columns);
        const unknown = [contract.discharge, ...contract.afterAdmission, ...LABORATORY];
        await snowflake.execute(`INSERT INTO ${contract.table} (${columns.join(', ')})
SELECT ${columns.map((name) => (unknown.includes(name) ? 'NULL' : name)).join(', ')} FROM LATER`);
        await runGraph(ctx, contract);
        const measure = async (what: string): Promise<Measurement[]> => {
          const [row] = await snowflake.query<
            Record<string, number>
          >(`SELECT COUNT(*) AS N, COUNT_IF(DAYS IS NULL) AS UNANSWERED, COUNT_IF(REASON IS NOT NULL) AS MARKED,
  SUM(DAYS) / SUM(STAY) AS RATIO, AVG(LOS_EVALUATE_CURVE(CURVE, STAY)[0]::FLOAT) AS CRPS, AVG(IFF(STAY BETWEEN LOW AND HIGH, 1, 0)) AS INSIDE
FROM (
  SELECT DATEDIFF(day, r.ADMISSION_DATE, r.DISCHARGE_DATE)::FLOAT AS STAY, l.PREDICTED_LOS AS DAYS, l.CURVE, l.LOW_LOS AS LOW, l.HIGH_LOS AS HIGH, l.REASON
  FROM LATER AS r JOIN LOS_PREDICTION_LOG AS l ON l.CASE_ID = TO_VARCHAR(r.ADMISSION_ID)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY l.CASE_ID ORDER BY l.REVISION DESC) = 1
)`);
          log(`${what}: ${JSON.stringify(row)}`);
          const line = (name: string, value: number | undefined, unit = '', limit?: string): Measurement => ({
            what: `${what}: ${name}`,
            value: Number(value),
            unit,
            digits: unit === 'stays' ? 0 : 3,
            ...(limit && { limit }),
          });
          return [
            line('admissions', row!.N, 'stays'),
            line('without an answer', row!.UNANSWERED, 'stays', '0'),
            line('marked as little known', row!.MARKED, 'stays'),
            line('days predicted ÷ days', row!.RATIO, '', '.97 to 1.03'),
            line('CRPS', row!.CRPS, 'days'),
            line('in the 80 % interval', row!.INSIDE, '', '.78 to .84'),
          ];
        };
        const before = await measure('before the laboratory');
        await snowflake.execute(`UPDATE ${contract.table} AS t SET ${LABORATORY.map((name) => `${name} = r.${name}`).join(', ')}
FROM LATER AS r WHERE r.ADMISSION_ID = t.ADMISSION_ID`);
        await runGraph(ctx, contract);
        return [...before, ...(await measure('after it'))];
      },
    );
  },
};
