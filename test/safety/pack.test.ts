import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { carryOut } from '../../deploy/commands/command.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { UNANSWERED } from '../../report/text/answered.js';
import { command } from '../../safety/commands/safety.js';
import { listHazards } from '../../safety/hazards.js';
import { makePack } from '../../safety/pack.js';
import { keyOf } from '../../safety/run-tests.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { listFaults } from './applied-card-schema.js';

describe('The clinical safety pack', () => {
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

  it('is a folder of documents, and drafts the file of answers once', async () => {
    const out = join(cloud.folder, 'pack');
    const make = () =>
      carryOut(command, 'safety', scope.ctx, {
        ...{ target: 'local', json: false, verbose: false, out, tests: false },
      });
    const first = await make();
    for (const name of [
      'hazard-log.md',
      'safety-case.md',
      'dtac.md',
      'intended-use.md',
      'versions.md',
      'reporting.md',
    ])
      expect(readFileSync(join(out, name), 'utf8'), name).not.to.match(/undefined|\[object|\{\{/);
    expect(await listFaults(readFileSync(join(out, 'model-card.xml'), 'utf8'))).to.deep.equal([]);
    expect(first.answers).to.equal(join(cloud.folder, 'los.safety.yaml'));
    expect(existsSync(first.answers)).to.equal(true);
    expect(first.missing).to.include.members(['ClinicalSafetyOfficer', 'H1', 'FundingSource']);
    // The draft answers nothing, and is read again without a word.
    expect(await make()).to.deep.equal(first);
  });

  it('says of each control what this installation shows, and what its test came to', async () => {
    await opened.snowflake.execute(
      `INSERT INTO LOS_ALARMS (ALARM_ID, DATASET, KIND, SUBJECT, SEVERITY, BEGAN_ON, LAST_ON, RAISED_AT, MESSAGE, LOOK_AT)
SELECT 'a', 'health', 'inputs', 'AGE', 'warning', CURRENT_DATE(), CURRENT_DATE(), CURRENT_TIMESTAMP(), 'm', 'inputs'`,
    );
    const [first] = listHazards()[0]!.controls;
    const results = new Map([[keyOf(first!), 'passed' as const]]);
    const log = (await makePack(scope.ctx, scope.contract, { H1: 'accepted' }, results)).files[
      'hazard-log.md'
    ]!;
    expect(log).to.contain('1 alarms in 90 days, 1 last; monitoring last succeeded never');
    expect(log).to.contain(`\`${first!.test}\`: ${first!.title} | passed |`);
    expect(log).to.contain('not run here (los safety --tests runs it)');
    expect(log).to.contain('acceptance: accepted').and.to.contain(`acceptance: ${UNANSWERED}H2`);
  });

  it('tells what the last silent period would have shown', async () => {
    const caseOf = async () => (await makePack(scope.ctx, scope.contract, {})).files['safety-case.md']!;
    expect(await caseOf()).to.contain('Silent period: none has ended in this deployment');
    await opened.snowflake.execute(
      `INSERT INTO LOS_EVENTS (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE)
SELECT 'e', 'health', CURRENT_TIMESTAMP(), CURRENT_DATE(), 'silence over', 'info', 's', 'It predicted 412.'`,
    );
    expect(await caseOf()).to.contain('Silent period: It predicted 412.');
  });

  it('has every change of the version that answers, over which gates and by whom', async () => {
    const [run] = await opened.snowflake.query(
      "SELECT CALLER, DETAILS:version::VARCHAR AS VERSION FROM LOS_RUN_LOG WHERE KIND = 'promotion'",
    );
    await opened.snowflake.execute(
      `INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, CALLER, DETAILS)
SELECT 'r', 'promotion', 'health', 'SUCCEEDED', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), 'EVE',
  PARSE_JSON('{"version": "health-v9", "previous": "health-v1", "overridden": ["no group much worse than before"]}')`,
    );
    const log = (await makePack(scope.ctx, scope.contract, {})).files['versions.md']!;
    expect(log).to.match(
      /\| promotion \| EVE \| SUCCEEDED \| health-v9 \| health-v1 \| no group much worse than before \|/,
    );
    if (run) expect(log).to.contain(`| ${run.CALLER} | SUCCEEDED | ${run.VERSION} |`);
  });
});
