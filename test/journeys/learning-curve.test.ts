import { expect } from 'chai';
import { overview } from '../../deploy/model/overview.js';
import { recordOf } from '../../deploy/model/registry.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { modelCard } from '../../report/model/card.js';
import { modelPage } from '../../report/pages/model.js';
import type { TrainResult } from '../../report/results/training.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

describe('a learning curve that was asked for', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;
  const trained: TrainResult[] = [];

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'loaded');
    ctx = await cloud.open();
    journey = new Journey(ctx);
    for (const candidate of ['gamma', 'hazard-linear'])
      trained.push(
        await trainVersion(ctx, journey.contract, { candidates: [candidate], learningCurve: true }),
      );
  });
  after(async () => {
    await ctx?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  it('goes from an eighth of the rows to all of them, for models of days and of hazards', async () => {
    for (const { version, learned, split, candidate } of trained) {
      const rows = learned!.map((point) => point.rows);
      for (const [i, share] of [1 / 8, 1 / 4, 1 / 2, 1].entries())
        expect(rows[i]! / split.train, candidate).to.be.closeTo(share, 0.03);
      const { lineage } = await recordOf(ctx, version);
      const [whole] = lineage.candidates as { rmse: number; mae: number; crps: number }[];
      const { rows: _, ...last } = learned!.at(-1)!;
      expect(last).to.deep.equal({ rmse: whole!.rmse, mae: whole!.mae, crps: whole!.crps });
      // More rows are better; noise of some six hundred rows allowed for.
      const all = last.crps!;
      expect(learned![0]!.crps, candidate).to.be.above(all - 0.05);
      for (const point of learned!) expect(point.crps).to.be.within(0.8 * all, 2 * all);
    }
  });

  it('leaves nothing behind, and stands on the card', async () => {
    const [left] = await ctx.snowflake.query<{ N: number }>(
      'SELECT COUNT(*) AS N FROM LOS_CANDIDATE_PREDICTIONS',
    );
    expect(Number(left!.N)).to.equal(0);
    const champion = await overview(ctx, journey.contract, trained[0]!.version);
    const card = modelCard(champion, '2026-02-03');
    const table = card.slice(card.indexOf('### Learning curve'));
    for (const { rows, crps } of trained[0]!.learned!)
      expect(table).to.contain(`| ${rows} | ${crps!.toFixed(3)} |`);
    const page = modelPage(champion, null, '2026-02-03');
    const plots = page.sections.find(({ title }) => title === 'Model')!.plots!;
    const plot = plots.find(({ title }) => title.startsWith('Learning curve'))!;
    expect(plot.table.rows.map(([, crps]) => crps)).to.deep.equal(
      trained[0]!.learned!.map(({ crps }) => crps!.toFixed(3)),
    );
  });
});
