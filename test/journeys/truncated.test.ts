import { expect } from 'chai';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { writeHealth } from '../../demo/health/index.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject, featureSelect } from '../../procedures/dataset/feature-sql.js';
import { longStayDaysOf } from '../../procedures/dataset/long-stay.js';
import { hashBelow } from '../../procedures/fitting/split.js';
import type { TrainResult } from '../../report/results/training.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { versionNames } from '../deploy/version-names.js';

const ROWS = 40_000;

type Figures = Record<'mean' | 'rmse' | 'mae' | 'bias' | 'coverage' | 'longStays', number>;

/** Trained on admissions of which only those that had left by the year's end are in the table. */
describe('a version trained where long stays of late admissions are missing', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let contract: Contract;
  let trained: TrainResult;
  /** On the holdout's rows without weights, and on all admissions that were to be in it. */
  let seen: Figures;
  let truth: Figures;

  /** Plain figures over rows with LOS, DAYS, LOW and HIGH. */
  async function figures(from: string): Promise<Figures> {
    const [row] = await ctx.snowflake.query<Record<string, number>>(
      `SELECT AVG(LOS) AS "mean", SQRT(AVG(POWER(DAYS - LOS, 2))) AS "rmse", AVG(ABS(DAYS - LOS)) AS "mae",
  AVG(DAYS - LOS) AS "bias", AVG(IFF(LOS BETWEEN LOW AND HIGH, 1, 0)) AS "coverage",
  AVG(IFF(LOS >= ${longStayDaysOf(contract, null)}, 1, 0)) AS "longStays" FROM (${from})`,
    );
    return row as Figures;
  }

  before(async () => {
    // What serves has not learned from the holdout either.
    local = await embeddedCloud('mail: { to: [] }\ntraining: { candidates: [squared-error], refit: false }');
    const root = await local.open();
    ({ ctx, contract } = { ...forDataset(root), ctx: root });
    await apply(ctx);
    const options = { seed: 2, trainingRows: ROWS, simulationRows: 1 };
    const cut = await writeHealth({ ...options, cut: 'discharged', folder: `${local.folder}/cut` });
    const whole = await writeHealth({ ...options, folder: `${local.folder}/whole` });
    await loadCsv(ctx, contract, cut.training, contract.table);
    await runGraph(ctx, contract);
    trained = await trainVersion(ctx, contract);

    await ctx.snowflake.execute(`CREATE TABLE WHOLE LIKE ${contract.table}`);
    await loadCsv(ctx, contract, whole.training, 'WHOLE');
    seen = await figures(
      `SELECT LOS, PREDICTED_LOS AS DAYS, LOW_LOS AS LOW, HIGH_LOS AS HIGH FROM LOS_EVALUATION
  WHERE VERSION = 'health-v1' AND SIDE = 'holdout'`,
    );
    const [late] = await ctx.snowflake.query<{ FIRST: string; LAST: string }>(
      `SELECT TO_VARCHAR(MIN(ADMISSION_DATE), 'YYYY-MM-DD') AS FIRST, TO_VARCHAR(MAX(ADMISSION_DATE), 'YYYY-MM-DD') AS LAST
FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'holdout'`,
    );
    const all = featureSelect(
      contract,
      `WHOLE WHERE ADMISSION_DATE BETWEEN '${late!.FIRST}' AND '${late!.LAST}' AND ${hashBelow('PATIENTID', 0.4, 'side')}`,
    );
    truth = await figures(
      `SELECT LOS, D:days::FLOAT AS DAYS, D:low::FLOAT AS LOW, D:high::FLOAT AS HIGH
  FROM (SELECT LOS, ${(await versionNames(ctx)).predict}(${featureObject(contract)}) AS D FROM (${all}))`,
    );
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  it('is measured for all admissions, also those that could not be seen', () => {
    const { metrics, split } = trained;
    expect(split.weighted).to.equal(true);
    expect(metrics.admissions).to.be.above(metrics.rows);
    expect(metrics.effectiveRows).to.be.below(metrics.rows);
    const weighted = { ...metrics, mean: metrics.bedDaysActual / metrics.admissions };
    expect(seen.mean, 'what dropping them does').to.be.below(truth.mean - 0.8);
    expect(weighted.mean).to.be.closeTo(truth.mean, 0.5);
    for (const figure of ['mean', 'rmse', 'mae', 'bias'] as const)
      expect(Math.abs(weighted[figure] - truth[figure]), figure).to.be.below(
        Math.abs(seen[figure] - truth[figure]) / 2,
      );
    for (const figure of ['coverage', 'longStays'] as const)
      expect(Math.abs(weighted[figure] - truth[figure]), figure).to.be.below(
        Math.abs(seen[figure] - truth[figure]),
      );
  });

  it('predicts all admissions without bias, and its intervals cover them', () => {
    expect(truth.bias).to.be.within(-0.8, 0.8);
    expect(truth.coverage).to.be.within(0.78, 0.82);
  });
});
