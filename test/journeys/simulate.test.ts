import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { stageArrivals } from '../../demo/simulate/arrivals.js';
import { simulate } from '../../demo/simulate/simulate.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { overview } from '../../deploy/model/overview.js';
import type { OpenContext } from '../../deploy/open.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { modelCard } from '../../report/model/card.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';

const DAY = 86_400_000;

/**
 * Stages 30 arrivals: five a day who stay for one to six days, for six days.
 * @returns the day before the first
 */
async function arrivals(ctx: OpenContext, contract: Contract, folder: string): Promise<string> {
  const columns = Object.keys(contract.columns);
  const rows = await ctx.snowflake.query<Record<string, string | number | null>>(
    `SELECT * REPLACE (TO_VARCHAR(ADMISSION_DATE, 'YYYY-MM-DD') AS ADMISSION_DATE) FROM HEALTH_ADMISSIONS ORDER BY ADMISSION_DATE DESC, CASE_ID LIMIT 30`,
  );
  const last = String(rows[0]!.ADMISSION_DATE);
  const lines = rows.map((row, i) => {
    const came = 1 + Math.floor(i / 5);
    const arrival = {
      CASE_ID: 900_000 + i,
      ADMISSION_DATE: daysAfter(last, came),
      DISCHARGE_DATE: daysAfter(last, came + 1 + (i % 6)),
    };
    const values: Record<string, string | number | null> = { ...row, ...arrival };
    return columns.map((name) => values[name] ?? '').join(',');
  });
  const file = join(folder, 'arrivals.csv');
  writeFileSync(file, `${columns.join(',')}\n${lines.join('\n')}\n`);
  await stageArrivals(ctx, contract, file);
  return last;
}

const daysAfter = (day: string, days: number) =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

describe('admissions that arrive day by day', () => {
  const local = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'trained');
  let ctx: OpenContext;
  let contract: Contract;
  /** The day before the first arrival, and days from it. */
  let last: string;
  const later = (days: number) => daysAfter(last, days);

  before(async () => {
    ctx = await local.open();
    contract = forDataset(ctx).contract;
    last = await arrivals(ctx, contract, local.folder);
  });
  after(async () => {
    await ctx.close();
    local.remove();
  });

  const madeOn = async () =>
    (
      await ctx.snowflake.query<{ DAY: string }>(
        `SELECT DISTINCT TO_VARCHAR(MADE_ON, 'YYYY-MM-DD') AS DAY FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' ORDER BY 1`,
      )
    ).map(({ DAY: day }) => day);

  it('have beds forecast on every evening, with what they brought and from their predictions', async () => {
    const { steps, admitted, scored, forecasts, beds } = await simulate(ctx, contract, { limit: 3 });
    expect({ steps, admitted, forecasts }).to.deep.equal({ steps: 3, admitted: 15, forecasts: 3 });
    expect(scored).to.equal(15);
    expect(await madeOn()).to.deep.equal([later(1), later(2), later(3)]);
    expect(beds!.madeOn).to.equal(later(3));
    const [here] = await ctx.snowflake.query<{ N: number }>(`SELECT COUNT(*) AS N FROM HEALTH_ADMISSIONS
WHERE ADMISSION_DATE <= '${later(3)}' AND (DISCHARGE_DATE IS NULL OR DISCHARGE_DATE > '${later(3)}')`);
    expect(beds!.occupied).to.equal(Number(here!.N));
    expect(beds!.forecast.filter(({ level }) => level === 'all')).to.have.length(14);
  });

  it('or on the last evening and some before it', async () => {
    const { forecasts, beds } = await simulate(ctx, contract, { forecastEvery: 2 });
    expect(forecasts).to.equal(2);
    expect(beds!.madeOn).to.equal(later(6));
    expect((await madeOn()).slice(3)).to.deep.equal([later(4), later(6)]);
  });

  it('leave forecasts whose nights have passed, which the model card tells of', async () => {
    const { beds } = await overview(ctx, contract);
    // Made on days 1, 2, 3 and 4 and known on day 6.
    expect(beds.map(({ horizon, nights }) => [horizon, nights])).to.deep.equal([
      [1, 4],
      [2, 4],
      [3, 3],
      [5, 1],
    ]);
    expect(modelCard(await overview(ctx, contract), '2026-02-03')).to.contain('## Forecasts of beds');
  });
});

describe('admissions that arrive while the task graph is at work', () => {
  const local = hostedCloud('mail: { to: [] }', 'trained');
  let ctx: OpenContext;
  let contract: Contract;

  before(async () => {
    ctx = await local.open();
    contract = forDataset(ctx).contract;
    await arrivals(ctx, contract, local.folder);
  });
  after(async () => {
    await ctx.close();
    local.remove();
  });

  it('come in while those of the day before are scored, and are for the next run', async () => {
    expect(await simulate(ctx, contract, { forecastEvery: 4 })).to.include({
      steps: 6,
      admitted: 30,
      scored: 30,
      forecasts: 2,
    });
    const runs = await ctx.snowflake.query<{ N: number }>(
      `SELECT ROW_COUNT AS N FROM LOS_RUN_LOG WHERE KIND = 'scoring' ORDER BY STARTED_AT`,
    );
    expect(runs.slice(-7).map(({ N }) => Number(N))).to.deep.equal([5, 5, 5, 5, 5, 5, 0]);
  });
});
