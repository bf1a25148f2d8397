import { callProcedure } from '../../deploy/clients/call.js';
import { compileEntry } from '../../deploy/compile/compile.js';
import { createProcedureSql } from '../../deploy/compile/sql.js';
import type { Context } from '../../deploy/context.js';
import { sqlFile } from '../../deploy/sql-file.js';
import type { BedsPlan } from '../../procedures/beds/plan.js';
import { bedsPlan } from '../../procedures/beds/statements.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { bootstrap } from '../../procedures/ground/bootstrap.js';
import { DAY, dayOf, inHospital } from '../beds/hdhi.js';
import type { Benchmark, Measurement } from '../harness.js';
import { ONLY } from './sets.js';

const HORIZONS = [1, 2, 3, 5, 7, 14];
/** Errors of evenings near one another are alike: they are drawn together. */
const BLOCK_DAYS = 14;

/** What is chosen by, then what is told: evenings of a hospital, whose champion knows what was known before the first. */
const WINDOWS = [
  { name: 'October to April', trained: '2017-09-30', last: '2018-04-16', end: '2018-04-30' },
  { name: 'May to October', trained: '2018-04-30', last: '2018-10-17', end: '2018-10-31' },
];

type PlanOf = (contract: Contract, settings: Context['settings']) => BedsPlan;

const NOTHING_HELD = 'SELECT NULL::NUMBER AS HORIZON, NULL::FLOAT AS PART WHERE FALSE';

/** The forecast without one of its corrections. */
const WITHOUT: Readonly<Record<string, PlanOf>> = {
  'the move to past stays': (of, settings) =>
    bedsPlan(of, settings, (name, values) =>
      name === 'sql/beds/held-past.sql' ? NOTHING_HELD : sqlFile(name, values),
    ),
};

/** What each correction of the bed forecast gains. */
export const benchmark: Benchmark = {
  name: 'ablation-beds',
  description: `What each correction of FORECAST_BEDS gains: real admissions (HDHI), two champions, every evening from October 2017 to April 2018 and from May to October forecast by FORECAST_BEDS({'as_of': …}) as it is and with one correction switched off in its own statements. Of each horizon (1, 2, 3, 5, 7, 14 nights) the mean absolute error without it ÷ the error with it, averaged; above 1 the correction earns something. 95 % intervals by a bootstrap of fortnights of evenings. LOS_ABLATION=May runs the evenings whose name begins so.`,
  async run({ log }): Promise<Measurement[]> {
    const measured: Measurement[] = [];
    for (const { name, trained, last, end } of WINDOWS.filter((one) => one.name.startsWith(ONLY)))
      await inHospital({ trained, end, log }, async ({ ctx, contract, until }) => {
        await until(end);
        const days = { first: dayOf(Date.parse(trained) + DAY), last, end };
        const as = await errorsOf(ctx, bedsPlan(contract, ctx.settings, sqlFile), days);
        log(`${name}: ${meansOf(as).join(' ')}`);
        for (const [correction, plan] of Object.entries(WITHOUT)) {
          const other = await errorsOf(ctx, plan(contract, ctx.settings), days);
          const lines = compared(`${name}, without ${correction}`, as, other);
          log(
            `${name}, without ${correction}: ${meansOf(other).join(' ')}; ratio ${lines
              .slice(0, 3)
              .map(({ value }) => value.toFixed(4))
              .join(' ')}`,
          );
          measured.push(...lines);
        }
      });
    return measured;
  },
};

/** Absolute errors in beds, by evening and horizon. */
type Errors = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Forecasts every evening with other statements. */
async function errorsOf(
  ctx: Context,
  plan: BedsPlan,
  { first, last, end }: { readonly first: string; readonly last: string; readonly end: string },
): Promise<Errors> {
  const { snowflake, settings } = ctx;
  const { database, schema } = settings.snowflake;
  const procedure = await compileEntry('procedures/beds/forecast-beds-with.ts', {
    define: { PLAN: plan, PLACE: { snowflake: { database, schema } } },
  });
  await snowflake.execute(createProcedureSql(procedure));
  await snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
  const forecast = (day: string) => callProcedure(ctx, 'FORECAST_BEDS', [{ object: { as_of: day } }]);
  for (let day = Date.parse(first); day <= Date.parse(last); day += DAY) await forecast(dayOf(day));
  // Nights that were the future are known after it.
  await forecast(end);
  const rows = await snowflake.query<{ EVENING: string; HORIZON: number; OFF: number }>(
    `SELECT TO_VARCHAR(MADE_ON, 'YYYY-MM-DD') AS EVENING, HORIZON, AVG(ABS(ERROR)) AS OFF FROM LOS_BED_ERRORS
WHERE LEVEL = 'all' AND MADE_ON <= '${last}' AND HORIZON IN (${HORIZONS.join(', ')}) GROUP BY 1, 2`,
  );
  const errors = new Map<string, Map<number, number>>();
  for (const { EVENING, HORIZON, OFF } of rows)
    errors.set(EVENING, (errors.get(EVENING) ?? new Map()).set(Number(HORIZON), Number(OFF)));
  return errors;
}

function meansOf(errors: Errors): string[] {
  return HORIZONS.map((horizon) => {
    const all = [...errors.values()].flatMap((of) => of.get(horizon) ?? []);
    return (all.reduce((sum, off) => sum + off, 0) / all.length).toFixed(2);
  });
}

/** The mean ratio with its interval, and the ratio at each horizon. */
function compared(what: string, as: Errors, other: Errors): Measurement[] {
  const blocks = new Map<number, Record<string, number>>();
  for (const [evening, own] of as) {
    const number = Math.floor(Date.parse(evening) / DAY / BLOCK_DAYS);
    const block = blocks.get(number) ?? {};
    blocks.set(number, block);
    for (const horizon of HORIZONS) {
      const [a, b] = [own.get(horizon), other.get(evening)?.get(horizon)];
      if (a === undefined || b === undefined)
        throw new Error(`${what}: no forecast of ${evening}, ${horizon}`);
      block[`AS${horizon}`] = (block[`AS${horizon}`] ?? 0) + a;
      block[`WITHOUT${horizon}`] = (block[`WITHOUT${horizon}`] ?? 0) + b;
    }
  }
  const ratioAt = (sum: Readonly<Record<string, number>>, horizon: number) =>
    sum[`WITHOUT${horizon}`]! / sum[`AS${horizon}`]!;
  const mean = (sum: Readonly<Record<string, number>>) =>
    HORIZONS.reduce((all, horizon) => all + ratioAt(sum, horizon), 0) / HORIZONS.length;
  const all = [...blocks.values()];
  const sum: Record<string, number> = {};
  for (const block of all)
    for (const [key, value] of Object.entries(block)) sum[key] = (sum[key] ?? 0) + value;
  const [low, high] = bootstrap(all, { mean }).mean!;
  const line = (name: string, value: number): Measurement => ({
    what: `${what}: ${name}`,
    value,
    unit: '',
    digits: 4,
  });
  return [
    line('mean ratio', mean(sum)),
    line('lower end', low),
    line('upper end', high),
    ...HORIZONS.map((horizon) => line(`${horizon} nights`, ratioAt(sum, horizon))),
  ];
}
