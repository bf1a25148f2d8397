import { loadDemoData } from '../../demo/data.js';
import { drive } from '../../deploy/clients/drive.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { planOfDeployment } from '../../deploy/model/plan.js';
import { promote } from '../../deploy/model/promote.js';
import { type TrainOptions, trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { promote as switchTo } from '../../procedures/promoting/promote.js';

/** The product's journey on a few admissions, for tests that disturb it somewhere on the way. */
export class Journey {
  readonly contract: Contract;

  constructor(readonly ctx: OpenContext) {
    this.contract = forDataset(ctx).contract;
  }

  /** Loads admissions and builds their features; the stack must have been applied. */
  async load(rows = 5000): Promise<void> {
    await loadDemoData(this.ctx, this.contract, { rows });
    await runGraph(this.ctx, this.contract);
  }

  /** Has a version trained and lets predict_los answer from it. */
  async train(options: Pick<TrainOptions, 'candidates'> = {}): Promise<string> {
    const { version } = await trainVersion(this.ctx, this.contract, options);
    await promote(this.ctx, this.contract, version, { force: true });
    return version;
  }

  /** Has a further version trained, of other rows and small trees: its encoder has other levels and statistics, its predictions are worse. */
  async trainOther(): Promise<void> {
    const table = qualify(this.ctx.settings, 'HEALTH_FEATURES');
    await this.ctx.snowflake.execute(`DELETE FROM ${table} WHERE MOD(CASE_ID, 3) = 0`);
    const training = { ...this.ctx.settings.training, hyperparameters: { max_depth: 1, num_round: 3 } };
    const settings = { ...this.ctx.settings, training };
    const options = { candidates: ['squared-error'], drive: true };
    await trainVersion({ ...this.ctx, settings }, this.contract, options);
  }

  /** A version trained and promoted through the AWS SDK, where Snowflake has no way to SageMaker. */
  async drive(): Promise<string> {
    const { version } = await trainVersion(this.ctx, this.contract, { drive: true });
    const plan = await planOfDeployment(this.ctx, this.contract);
    await drive(this.ctx, switchTo(plan, version, { force: true }));
    return version;
  }

  /** So many patients come in again under new numbers and, not discharged yet, wait to be scored. */
  async admit(count: number, from: number): Promise<void> {
    const table = qualify(this.ctx.settings, 'HEALTH_ADMISSIONS');
    await this.ctx.snowflake.execute(
      `INSERT INTO ${table} SELECT * REPLACE (CASE_ID + ${from} AS CASE_ID, NULL AS DISCHARGE_DATE) FROM ${table} ORDER BY CASE_ID LIMIT ${count}`,
    );
  }

  /** Predictions in the log, and how many cases have more than one. */
  async logged(): Promise<{ rows: number; twice: number }> {
    const [row] = await this.ctx.snowflake.query<{ N: number; CASES: number }>(
      `SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS CASES FROM ${qualify(this.ctx.settings, 'LOS_PREDICTION_LOG')}
WHERE DATASET = ${literal(this.contract.name)}`,
    );
    return { rows: Number(row!.N), twice: Number(row!.N) - Number(row!.CASES) };
  }
}
