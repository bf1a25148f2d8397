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

  it('has every change of the version that answers, over which gates, by whom and why; and what each gate said of which version', async () => {
    // The training of this version as one that was asked to promote it.
    await opened.snowflake.execute(
      `UPDATE LOS_TRAINING_RUNS SET OPENED_BY = 'ADA', ENDED_AT = '2026-05-04'::TIMESTAMP, DATA = OBJECT_INSERT(DATA, 'promotion', PARSE_JSON(
  '{"promoted": true, "previous": null, "gates": [{"name": "better than predicting the mean", "passed": true}]}'), TRUE)`,
    );
    const runs = [
      `'SUCCEEDED', NULL, '{"version": "health-v9", "previous": "health-v1", "reason": "One ward moves", "gates": [
        {"name": "groups within the stated tolerance", "passed": false}, {"name": "better than the champion", "passed": true}]}'`,
      `'FAILED', 'health-v8 is not promoted: the gate “groups within the stated tolerance” says no (SEX F: too long).', 'null'`,
    ];
    for (const [i, run] of runs.entries())
      await opened.snowflake.execute(
        `INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STARTED_AT, FINISHED_AT, CALLER, STATUS, MESSAGE, DETAILS)
SELECT 'r${i}', 'promotion', 'health', DATEADD(day, ${1 - i}, '2027-01-01'::TIMESTAMP), CURRENT_TIMESTAMP(), 'EVE', X.A, X.B, PARSE_JSON(X.C) FROM (SELECT * FROM VALUES (${run}) AS X (A, B, C)) AS X`,
      );
    const training = { ...scope.ctx.settings.training, equity: { bias: 0.5, coverage: 0.05 } };
    const ctx = { ...scope.ctx, settings: { ...scope.ctx.settings, training: training } };
    const { 'versions.md': log, 'hazard-log.md': hazards } = (await makePack(ctx, scope.contract, {})).files;
    expect(log).to.contain(
      '| promotion | EVE | SUCCEEDED | health-v9 | health-v1 | groups within the stated tolerance: One ward moves |',
    );
    expect(log).to.contain(
      '| promotion | EVE | FAILED | health-v8 |  |  health-v8 is not promoted: the gate',
    );
    expect(log).to.contain('| training of ADA | SUCCEEDED | health-v1 |');
    const evidenceOf = (does: string) => hazards!.split('\n').find((line) => line.startsWith(`| ${does}`))!;
    expect(evidenceOf('A group beyond the tolerance')).to.match(
      /\| tolerance 0.5 days of bias, 5 points of coverage; health-v9 promoted over it by EVE: One ward moves \(2027-01-02 [\d:]+\); health-v8 refused \(2027-01-01 [\d:]+\) \|/,
    );
    expect(evidenceOf('It must be better than the champion')).to.match(
      /\| health-v9 passed \(2027-01-02 [\d:]+\)/,
    );
    expect(evidenceOf('A first version must be better')).to.match(
      /\| health-v1 passed \([\d-]+ [\d:]+\).* \|/,
    );
    expect(evidenceOf('A model of stays whose intervals')).to.contain('| no version was judged by it yet |');
  });
});
