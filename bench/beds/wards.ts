import { loadCsv } from '../../contracts/files/load-csv.js';
import { writeHealth } from '../../demo/health/index.js';
import { callProcedure } from '../../deploy/clients/call.js';
import type { Context } from '../../deploy/context.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Benchmark, Measurement } from '../harness.js';
import { inLocalCloud } from '../pipeline.js';
import { DAY, dayOf } from './hdhi.js';

const ROWS = 24_000;
const SEED = 14;
/** Admissions come evenly over fourteen months. */
const FIRST = '2021-08-01';
const DAYS = 425;
/** The champion knows what was known on this evening; three months of evenings are forecast from. */
const TRAINED = '2022-05-31';
const LAST = '2022-08-31';
const NIGHTS = 14;

/** Forecasts of beds on made-up admissions, ward by ward. */
export const benchmark: Benchmark = {
  name: 'beds-wards',
  description: `Beds occupied by ward, forecast by FORECAST_BEDS on ${ROWS.toLocaleString('en-US')} generated admissions of the health data set that come evenly over fourteen months: one champion trained on what was known on ${TRAINED}, every later admission predicted before its stay is known, and every evening of the three months after it forecast from (as_of). Errors are added up over wards; the peer is the mean of the same weekday in the six weeks before. PIT: by how much the share of nights in the worst tenth of their own distribution differs from .1, all wards together.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('beds-wards', async (opened, folder) => {
      const { ctx, contract } = forDataset(opened);
      await hospital(ctx, contract, folder);
      log('predicted');
      for (let day = Date.parse(TRAINED) + DAY; day <= Date.parse(LAST) + NIGHTS * DAY; day += DAY) {
        await callProcedure(ctx, 'FORECAST_BEDS', [{ object: { as_of: dayOf(day) } }]);
        if (dayOf(day).endsWith('-01')) log(dayOf(day));
      }
      return await measured(ctx, log);
    });
  },
};

/** Everything has happened, but the champion and its predictions know only what was known in their time. */
async function hospital(ctx: Context, contract: Contract, folder: string): Promise<void> {
  const { snowflake } = ctx;
  const { table } = contract;
  await apply(ctx);
  const { training } = await writeHealth({ seed: SEED, trainingRows: ROWS, simulationRows: 0, folder });
  await snowflake.execute(`CREATE TABLE HEALTH_FUTURE LIKE ${table}`);
  await loadCsv(ctx, contract, training, 'HEALTH_FUTURE');
  // The generator has four months: the same admissions and stays, on other days.
  await snowflake.execute(`UPDATE HEALTH_FUTURE AS h SET ADMISSION_DATE = d.CAME, DISCHARGE_DATE = DATEADD(day, d.STAY, d.CAME)
FROM (
  SELECT CASE_ID, DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE) AS STAY,
    DATEADD(day, MOD(ABS(HASH(CASE_ID)), ${DAYS}), '${FIRST}'::DATE) AS CAME
  FROM HEALTH_FUTURE
) AS d WHERE d.CASE_ID = h.CASE_ID`);
  const columns = Object.keys(contract.columns).filter((name) => name !== contract.discharge);
  const arrive = (which: string) =>
    snowflake.execute(
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM HEALTH_FUTURE WHERE ${which}`,
    );
  const leave = (which: string) =>
    snowflake.execute(
      `UPDATE ${table} AS h SET DISCHARGE_DATE = f.DISCHARGE_DATE FROM HEALTH_FUTURE AS f WHERE f.CASE_ID = h.CASE_ID AND ${which}`,
    );
  await arrive(`ADMISSION_DATE <= '${TRAINED}'`);
  await leave(`f.DISCHARGE_DATE <= '${TRAINED}'`);
  await runGraph(ctx, contract);
  await trainVersion(ctx, contract, { promote: true, force: true });
  await arrive(`ADMISSION_DATE > '${TRAINED}'`);
  await runGraph(ctx, contract);
  await leave('TRUE');
  await snowflake.query('CALL BUILD_FEATURES()');
  // So many discharges at once look like an accident.
  await snowflake.query(`CALL ACCEPT_CHANGES('${table}')`);
}

async function measured({ snowflake }: Context, log: (message: string) => void): Promise<Measurement[]> {
  const judged = `LOS_BED_ERRORS WHERE LEVEL = 'ward' AND MADE_ON <= '${LAST}'`;
  const errors = await snowflake.query<Record<string, number>>(
    `SELECT HORIZON, AVG(ABS(ERROR)) AS MAE, AVG(ABS(ERROR_SAME_WEEKDAY)) AS SAME_WEEKDAY, AVG(IFF(INSIDE, 1, 0)) AS COVERAGE
FROM ${judged} AND HORIZON IN (1, 2, 3, 7, 14) GROUP BY HORIZON ORDER BY HORIZON`,
  );
  const wards = await snowflake.query<Record<string, number | string>>(
    `SELECT UNIT, AVG(TAKEN) AS TAKEN, AVG(ABS(ERROR)) / AVG(ABS(ERROR_SAME_WEEKDAY)) AS RATIO FROM ${judged} AND HORIZON <= 3 GROUP BY UNIT ORDER BY UNIT`,
  );
  const uneven = await snowflake.query<Record<string, number>>(
    `SELECT HORIZON, MAX(ABS(SHARE - 0.1)) AS FAR FROM (
  SELECT e.HORIZON, t.TENTH,
    AVG(GREATEST(0, LEAST(e.PIT_TO, t.TENTH / 10) - GREATEST(e.PIT_FROM, (t.TENTH - 1) / 10)) / GREATEST(1e-9, e.PIT_TO - e.PIT_FROM)) AS SHARE
  FROM (SELECT * FROM ${judged} AND HORIZON IN (1, 2, 3, 7, 14)) AS e
  CROSS JOIN (SELECT SEQ4() + 1 AS TENTH FROM TABLE(GENERATOR(ROWCOUNT => 10))) AS t
  GROUP BY e.HORIZON, t.TENTH
) GROUP BY HORIZON ORDER BY HORIZON`,
  );
  for (const row of [...wards, ...uneven]) log(JSON.stringify(row));
  const ahead = (horizon: number) => `${horizon} ${horizon === 1 ? 'night' : 'nights'} ahead`;
  return [
    ...errors.flatMap((row): Measurement[] => {
      const horizon = Number(row.HORIZON);
      const pit = uneven.find((each) => Number(each.HORIZON) === horizon);
      return [
        {
          what: `${ahead(horizon)}: mean absolute error of a ward`,
          value: Number(row.MAE),
          unit: 'beds',
          digits: 2,
          peer: Number(row.SAME_WEEKDAY),
          limit: horizon <= 3 ? '≤ .65 ×' : undefined,
        },
        { what: `${ahead(horizon)}: in the 80 % band`, value: Number(row.COVERAGE), unit: '', digits: 3 },
        { what: `${ahead(horizon)}: PIT`, value: Number(pit!.FAR), unit: '', digits: 3, limit: '≤ .03' },
      ];
    }),
    ...wards.map(
      (row): Measurement => ({
        what: `ward ${row.UNIT} (${Math.round(Number(row.TAKEN))} beds occupied), 1 to 3 nights: error against the peer`,
        value: Number(row.RATIO),
        unit: '×',
        digits: 2,
      }),
    ),
  ];
}
