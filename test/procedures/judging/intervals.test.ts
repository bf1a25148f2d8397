import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { planOfDeployment } from '../../../deploy/model/plan.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Plan } from '../../../procedures/ground/plan.js';
import { random } from '../../../procedures/ground/random.js';
import { fitIntervals, type Intervals } from '../../../procedures/judging/intervals.js';
import { versionOf } from '../../../procedures/versions/version.js';
import { type Curve, compact, meanOf, shareGone } from '../../../udfs/curve/curve.js';
import { intervalsOf } from '../../../udfs/prediction/interval.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';

const ROWS = 1500;

interface Row {
  readonly los: number;
  readonly curve: Curve;
}

/** Of patients who leave with one probability every day, or all at about the same time. */
function curveOf(mean: number, steady: boolean): Curve {
  const days = Array.from({ length: 80 }, (_, i) => i + 1);
  const here = (day: number) => (steady ? (1 - 1 / mean) ** day : 1 / (1 + (day / mean) ** 6));
  return compact({ days, gone: days.map((day) => (day < 80 ? 1 - here(day) : 1)) });
}

/**
 * Stays of their curves, whatever the mean says.
 * @param parts of a day that stays are told in
 */
function stays(parts: number): Row[] {
  const next = random(7);
  return Array.from({ length: ROWS }, () => {
    const curve = curveOf(2 + 12 * next(), next() < 0.5);
    const share = next();
    let los = 1;
    while (shareGone(curve, los) < share) los += 1 / parts;
    return { los, curve };
  });
}

describe('intervals on the patients’ own curves', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let plan: Plan;
  let version = 0;

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'applied');
    ctx = await local.open();
    plan = await planOfDeployment(ctx, forDataset(ctx).contract);
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  async function fitted(rows: readonly Row[]): Promise<Intervals> {
    const names = versionOf(plan.contract, ctx.settings, ++version);
    const values = rows.map(({ los, curve }, i) => {
      const ended = Math.ceil(los);
      return `(${i}, ${los}, ${meanOf(curve)}, ${shareGone(curve, ended - 1)}, ${shareGone(curve, ended)})`;
    });
    await ctx.snowflake.execute(`CREATE OR REPLACE TABLE HEALTH_TRAINING_SET AS
SELECT COLUMN1 AS CASE_ID, COLUMN1 AS PATIENTID, 'validation' AS ROW_SIDE, COLUMN2::FLOAT AS LOS, COLUMN3::FLOAT AS PREDICTED, COLUMN4::FLOAT AS A, COLUMN5::FLOAT AS B
FROM VALUES ${values.join(', ')}`);
    await ctx.snowflake.execute(
      `INSERT INTO LOS_EVALUATION (VERSION, SIDE, CASE_ID, LOS, PREDICTED_LOS, GONE_BEFORE, GONE_BY, WEIGHT)
SELECT ?, 'validation', TO_VARCHAR(CASE_ID), LOS, PREDICTED, A, B, 1 FROM HEALTH_TRAINING_SET`,
      [names.name],
    );
    return await drive(ctx, fitIntervals(plan, names, 'curve'));
  }

  /** The share of rows in the intervals that the version would answer. */
  function covered(rows: readonly Row[], { bands, ends }: Intervals) {
    const inside = (of: 'of80' | 'of95') =>
      rows.filter(({ los, curve }) => {
        const data = { version: 'v', floor: 1, rows: [0], bands, ...(ends && { ends }) };
        const [low, high] = intervalsOf(meanOf(curve), curve, data, 0)![of];
        return los >= low && los <= high;
      }).length / rows.length;
    return [inside('of80'), inside('of95')] as const;
  }

  for (const [told, parts] of [
    ['whole days', 1],
    ['quarters of a day', 4],
  ] as const)
    it(`hold as many stays as asked of each kind of patient, told in ${told}`, async () => {
      const rows = stays(parts);
      const found = await fitted(rows);
      expect(found.ends).to.equal('curve');
      const [of80, of95] = covered(rows, found);
      // A day on which many leave is inside with all of them.
      expect(of80).to.be.within(0.8, parts === 1 ? 0.87 : 0.83);
      expect(of95).to.be.within(0.95, 0.98);
      // The mean does not tell the two kinds apart; their curves do.
      for (const steady of [true, false]) {
        const kind = rows.filter(({ curve }) => curve.days.length > 40 === steady);
        expect(kind.length).to.be.above(300);
        expect(covered(kind, found)[0], String(steady)).to.be.within(0.76, 0.89);
      }
    });
});
