import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { carryOut } from '../../deploy/commands/command.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { overview } from '../../deploy/model/overview.js';
import { chaiCard, chaiCardXml, type Result } from '../../report/model/applied-card.js';
import { UNANSWERED } from '../../report/text/answered.js';
import { draftAnswers, readAnswers } from '../../safety/answers.js';
import { command } from '../../safety/commands/card.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { expectApplied } from './applied-card-schema.js';

/** Recomputed from the predictions of the holdout; people see means in days with one decimal fewer than their rows have digits, shares with as many. */
const RECOMPUTED = `SELECT COUNT(*) AS N, SQRT(SUM(WEIGHT * POWER(PREDICTED_LOS - LOS, 2)) / SUM(WEIGHT)) AS RMSE,
  SUM(WEIGHT * ABS(PREDICTED_LOS - LOS)) / SUM(WEIGHT) AS MAE, SUM(WEIGHT * CRPS) / SUM(WEIGHT) AS CRPS,
  SUM(WEIGHT * (PREDICTED_LOS - LOS)) / SUM(WEIGHT) AS BIAS,
  SUM(IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, WEIGHT, 0)) / SUM(WEIGHT) AS IN_80,
  SUM(IFF(LOS BETWEEN LOW95_LOS AND HIGH95_LOS, WEIGHT, 0)) / SUM(WEIGHT) AS IN_95,
  SUM(WEIGHT * LONG_STAY) / SUM(WEIGHT) AS LONG_STAYS
FROM LOS_EVALUATION WHERE VERSION = 'health-v1' AND SIDE = 'holdout'`;

describe('CHAI’s card of a version', () => {
  const cloud = hostedCloud('', 'trained');
  let opened: Awaited<ReturnType<typeof cloud.open>>;
  let scope: ReturnType<typeof forDataset>;

  before(async () => {
    opened = await cloud.open();
    scope = forDataset(opened);
  });
  after(async () => {
    await opened.close();
    cloud.remove();
  });

  const cardOf = async (answers = {}) => chaiCard(await overview(scope.ctx, scope.contract), answers);

  it('is valid by CHAI’s schema, whatever a person answers', async () => {
    expectApplied(chaiCardXml(await cardOf()));
    const xml = chaiCardXml(await cardOf({ FundingSource: 'The <hospital> & \u0007 "others" ]]>' }));
    expectApplied(xml);
    expect(xml).to.contain('The &#60;hospital&#62; &#38; \uFFFD "others" ]]&#62;');
  });

  it('has the figures that SQL computes from the predictions of the holdout', async () => {
    const { parts } = await cardOf();
    const metrics = (parts.KeyMetrics ?? {}) as unknown as Record<
      string,
      { Results: { MetricResult: Result[] } }
    >;
    const figureOf = (part: string, label: string) => {
      const found = metrics[part]?.Results.MetricResult.find(({ Label }) => Label === label);
      const { value, estimate = value } = JSON.parse(found?.ValueJson ?? '{}');
      return estimate;
    };
    const [row] = await opened.snowflake.query(RECOMPUTED);
    expect(JSON.stringify(parts.UsesAndDirections)).to.contain(`holdout: ${row?.N} stays`);
    const digits = String(row?.N).length;
    const rounded = (name: string, places: number) => Number(Number(row?.[name]).toFixed(places));
    const days = digits - 1;
    expect(figureOf('UsefulnessUsabilityEfficacy', 'RMSE')).to.equal(rounded('RMSE', days));
    expect(figureOf('UsefulnessUsabilityEfficacy', 'Mean absolute error')).to.equal(rounded('MAE', days));
    expect(figureOf('UsefulnessUsabilityEfficacy', 'CRPS of the predicted curve')).to.equal(
      rounded('CRPS', days),
    );
    expect(figureOf('SafetyReliability', 'Bias (predicted − actual)')).to.equal(rounded('BIAS', days));
    expect(figureOf('SafetyReliability', 'Stays inside the 80 % interval, as a share')).to.equal(
      rounded('IN_80', digits),
    );
    expect(figureOf('SafetyReliability', 'Stays inside the 95 % interval, as a share')).to.equal(
      rounded('IN_95', digits),
    );
    expect(figureOf('SafetyReliability', 'Long stays predicted, as a share')).to.equal(
      rounded('LONG_STAYS', digits),
    );
    const groups = await opened.snowflake.query(
      `SELECT GROUPED_BY, LEVEL, ROW_COUNT, BIAS FROM LOS_EVALUATION_METRICS
WHERE VERSION = 'health-v1' AND PREDICTOR = 'model' AND GROUPED_BY NOT LIKE '%of %' AND GROUPED_BY <> 'all'`,
    );
    expect(groups.length).to.be.greaterThan(3);
    for (const { GROUPED_BY, LEVEL, ROW_COUNT, BIAS } of groups)
      expect(
        figureOf('FairnessEquity', `Bias, ${GROUPED_BY} ${LEVEL}, ${ROW_COUNT} stays`),
        `${GROUPED_BY} ${LEVEL}`,
      ).to.equal(Number(Number(BIAS).toFixed(String(ROW_COUNT).length - 1)));
  });

  it('asks a person for what no registry knows, and keeps the answers for the next version', async () => {
    const file = join(cloud.folder, 'los.safety.yaml');
    const { questions } = await cardOf();
    const make = () =>
      carryOut(command, 'model card', scope.ctx, {
        ...{ target: 'local', json: false, verbose: false, format: 'chai-xml' as const },
      });
    expect((await make()).card).to.contain(`<FundingSource>${UNANSWERED}Who paid`);
    const draft = draftAnswers(questions);
    writeFileSync(file, draft);
    expect(readAnswers(file)).to.deep.equal({});
    writeFileSync(
      file,
      draft
        .replace('FundingSource: ""', 'FundingSource: own means')
        .replace('# Bibliography', 'Bibliography'),
    );
    const { card, missing } = await make();
    expect(card).to.contain('<FundingSource>own means</FundingSource>');
    expect(missing).to.include('ClinicalRiskLevel').and.not.include('FundingSource');
    writeFileSync(file, 'FundingSouce: x');
    await refuses(make(), 'FundingSouce is no field that a person fills in', 'Did you mean FundingSource?');
    writeFileSync(file, 'FundingSource: [x]');
    await refuses(make(), 'the answer FundingSource is no text', 'quotation marks');
    writeFileSync(file, 'FundingSource: "x');
    await refuses(make(), 'is no YAML', 'Correct it');
  });

  it('is the same in JSON and as a page', async () => {
    const make = (format: 'chai-json' | 'chai-html') =>
      carryOut(command, 'model card', scope.ctx, {
        ...{ target: 'local', json: false, verbose: false, format, answers: join(cloud.folder, 'none') },
      });
    const { parts } = await cardOf();
    expect(JSON.parse((await make('chai-json')).card)).to.deep.equal({ AppliedModelCard: parts });
    const page = (await make('chai-html')).card;
    expect(page).to.contain('<title>Applied Model Card: health-v1</title>');
    expect(page).to.match(/<li>RMSE: [\d.]+ days \(95 % confidence: [\d.]+ to [\d.]+\)<\/li>/);
    expect(page).to.contain('Intended use and workflow');
    expect(page.replace(/<script>[\s\S]*?<\/script>/, '')).not.to.match(/undefined|\[object|\{\{/);
  });
});

async function refuses(work: Promise<unknown>, message: string, next: string): Promise<void> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (refused) => refused,
  );
  expect(error.message).to.contain(message);
  expect(error.next).to.contain(next);
}
