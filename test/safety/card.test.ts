import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { carryOut } from '../../deploy/commands/command.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { overview } from '../../deploy/model/overview.js';
import { chaiCard, chaiCardXml } from '../../report/model/applied-card.js';
import { UNANSWERED } from '../../report/text/answered.js';
import { draftAnswers, readAnswers } from '../../safety/answers.js';
import { command } from '../../safety/commands/card.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { listFaults } from './applied-card-schema.js';
import { expectFigures } from './card-figures.js';

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
    expect(await listFaults(chaiCardXml(await cardOf()))).to.deep.equal([]);
    const xml = chaiCardXml(await cardOf({ FundingSource: 'The <hospital> & \u0007 "others" ]]>' }));
    expect(await listFaults(xml)).to.deep.equal([]);
    const [fault] = await listFaults(xml.replace(/<FundingSource>.*<\/FundingSource>/, ''));
    expect(fault).to.contain('This element is not expected').and.to.contain('FundingSource');
    expect(xml).to.contain('The &#60;hospital&#62; &#38; \uFFFD "others" ]]&#62;');
  });

  it('has no figure but those that SQL computes from the predictions of the holdout', async () => {
    await expectFigures(scope.ctx, scope.contract, await cardOf());
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
