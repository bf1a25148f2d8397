import { expect } from 'chai';
import type { Plan } from '../../../procedures/ground/plan.js';
import { Refused, type Row, type Step } from '../../../procedures/ground/work.js';
import { openRun, type RunRequest } from '../../../procedures/training/open.js';
import type { CandidateRun, Run } from '../../../procedures/training/run.js';
import { place } from '../scripted.js';
import { RunsTable } from './runs-table.js';

const plan = {
  contract: { name: 'health', table: 'HEALTH', id: 'CASE_ID', features: {} },
  settings: {
    ...place,
    prefix: 'los',
    training: { chooseBy: 'crps', candidates: null, hyperparameters: {} },
    tasks: { challenger: null },
  },
  digest: 'digest',
} as unknown as Plan;

const entry = (number: number, status: string): Row => ({
  VERSION: `health-v${number}`,
  DATASET: 'health',
  NUMBER: number,
  STATUS: status,
});

function account(versions: readonly Row[] = []) {
  const table = new RunsTable((step: Step) =>
    'sql' in step && /^SELECT VERSION, DATASET/.test(step.sql) ? versions : undefined,
  );
  const open = (asked: RunRequest = {}, driver: Run['driver'] = 'snowflake') =>
    table.perform(openRun(plan, asked, driver));
  const refused = (asked: RunRequest, driver?: Run['driver']): Refused => {
    try {
      open(asked, driver);
    } catch (error) {
      expect(error).to.be.instanceOf(Refused);
      return error as Refused;
    }
    throw new Error('nothing was refused');
  };
  return { table, open, refused };
}

describe('opening a training', () => {
  it('makes a row that says what was asked for, and does nothing of it', () => {
    const { table, open } = account();
    const { run, opened } = open({ promote: true, candidates: ['gamma'], digest: 'digest' });
    expect(opened).to.equal(true);
    expect(table.run(run)).to.deep.include({
      STATUS: 'OPEN',
      STATE: 'MAKE_ROOM',
      DRIVER: 'snowflake',
      DIGEST: 'digest',
      LEASE: null,
    });
    expect(table.run(run).OPTIONS).to.deep.equal({ promote: true, candidates: ['gamma'] });
    expect(table.run(run).DATA).to.deep.equal({ stamp: '20260101000001000' });
    expect(table.said).to.deep.equal([]);
  });

  it('gives way to another that was opened at the same moment, if a MERGE does not look again after waiting', () => {
    const { open, table, refused } = account();
    const { run } = open({ promote: true });
    table.stale = true;
    expect(open({ promote: true })).to.deep.equal({ run, opened: false });
    expect(refused({ promote: false }).message).to.contain(`A training of health is open: ${run}`);
    expect(table.rows.map(({ RUN_ID }) => RUN_ID)).to.deep.equal([run]);
  });

  it('is the open one where it is asked for again in the same words', () => {
    const { open, table } = account();
    const { run } = open({ promote: true, force: true });
    // A VARIANT sorts its keys.
    table.run(run).OPTIONS = { force: true, promote: true };
    expect(open({ promote: true, force: true })).to.deep.equal({ run, opened: false });
    expect(table.rows).to.have.length(1);
  });

  for (const [what, asked, driver] of [
    ['other options', {}, 'snowflake'],
    ['other candidates', { candidates: ['linear', 'gamma'] }, 'snowflake'],
    ['another who steps it', { candidates: ['gamma', 'linear'] }, 'los'],
  ] as const)
    it(`is refused while one is open: ${what}`, () => {
      const { open, refused, table } = account();
      const { run } = open({ candidates: ['gamma', 'linear'] });
      const { message, next } = refused(asked, driver);
      expect(message).to.equal(`A training of health is open: ${run}, in the state MAKE_ROOM.`);
      expect(next).to.contain('STEP_TRAINING()');
      expect(table.rows).to.have.length(1);
    });

  it('says who steps the open one where that is another', () => {
    const { open, refused } = account();
    open({}, 'los');
    expect(refused({}).message).to.contain('stepped by los train --drive');
  });

  it('is refused while one is open that other settings began', () => {
    const { open, refused, table } = account();
    const { run } = open();
    table.run(run).DIGEST = 'before';
    expect(refused({}).message).to.contain(`is open: ${run}`);
  });

  it('opens another when the one before has ended', () => {
    const { open, table } = account();
    const { run } = open();
    table.run(run).STATUS = 'DONE';
    expect(open().opened).to.equal(true);
    expect(table.rows).to.have.length(2);
  });

  it('knows no options but its own', () => {
    const { refused, table } = account();
    const { message, next } = refused({ Promote: true } as RunRequest);
    expect(message).to.equal('TRAIN_MODEL has no option "Promote".');
    expect(next).to.equal(
      'Its options are promote, propose, force, candidates, recentDays, learningCurve, without, repeat, resume, digest.',
    );
    expect(table.rows).to.deep.equal([]);
  });

  it('takes no last days where dates do not divide the rows: they would say nothing', () => {
    const { refused, table } = account();
    expect(refused({ recentDays: 42 }).message).to.equal(
      'recentDays is 42, but health has no dates of admission and discharge.',
    );
    expect(table.rows).to.deep.equal([]);
  });

  it('wants what is deployed to be what the caller has', () => {
    const { refused, table } = account();
    const { message, next } = refused({ digest: 'another' });
    expect([message.slice(0, 37), next]).to.deep.equal([
      'The procedures in Snowflake come from',
      'Run los apply first.',
    ]);
    expect(table.rows).to.deep.equal([]);
  });

  it('repeats no version that was never finished', () => {
    const { refused, table } = account();
    expect(refused({ repeat: 'health-v7' }).message).to.contain('health-v7 was never finished');
    expect(table.rows).to.deep.equal([]);
  });
});

describe('resuming a training', () => {
  const stamp = '20260101000000000';
  const renewed = '20260101000001000';
  const candidateRun = (i: number, stage: CandidateRun['stage']): CandidateRun => ({
    candidate: { name: `c${i}`, hyperparameters: {} },
    job: `los-health-v3-${i}-c${i}-${stamp}`,
    location: 's3://files',
    stage,
    ...(stage === 'waiting' || stage === 'training'
      ? {}
      : { training: { job: `j${i}`, artifact: 's3://a', metrics: {}, seconds: 1, billed: 1 } }),
  });
  const failed = (
    state: 'TRAIN_CANDIDATES' | 'SELECT_FEATURES' | 'SERVE' | 'CALIBRATE' | 'JUDGE' | 'REFIT' | 'CHECK_REFIT',
    versions = [entry(3, 'FAILED')],
  ) => {
    const all = account(versions);
    const candidateRuns = (['answered', 'predicting', 'training', 'waiting'] as const).map((stage, i) =>
      candidateRun(i + 1, stage),
    );
    const id = all.table.add(state, {
      STATUS: 'FAILED',
      VERSION: 'health-v3',
      MESSAGE: 'why',
      NEXT_STEP: 'what',
      ATTEMPTS: 2,
      ENDED_AT: 990,
      data: { number: 3, ...(state === 'TRAIN_CANDIDATES' ? { candidateRuns } : {}) },
    });
    return { ...all, id };
  };

  it('renames jobs that SageMaker would not forget, and keeps what was answered', () => {
    const { table, open, id } = failed('TRAIN_CANDIDATES');
    expect(open({ resume: id })).to.deep.equal({ run: id, opened: true });
    const { DATA, ...row } = table.run(id);
    expect(row).to.deep.include({
      STATUS: 'OPEN',
      STATE: 'TRAIN_CANDIDATES',
      MESSAGE: null,
      NEXT_STEP: null,
      ATTEMPTS: 0,
    });
    expect(row).to.deep.include({ ENDED_AT: null, WAITING_SINCE: null, LEASE: null });
    const { candidateRuns, stamp: now } = DATA as { candidateRuns: CandidateRun[]; stamp: string };
    expect(now).to.equal(renewed);
    expect(candidateRuns).to.deep.equal([
      candidateRun(1, 'answered'),
      ...[2, 3, 4].map((i) => ({
        ...candidateRun(i, 'waiting'),
        job: `los-health-v3-${i}-c${i}-${renewed}`,
      })),
    ]);
    expect(table.statuses).to.deep.equal({ 'health-v3': 'TRAINING' });
  });

  it('renames a refit that has not been trained, and keeps one that has', () => {
    const refit = { job: `los-health-v3-refit-${stamp}`, location: 's3://files', stops: true };
    const training = { job: 'j', artifact: 's3://a', metrics: {}, seconds: 1, billed: 1 };
    for (const [known, then] of [
      [
        { ...refit, lost: 'why', again: true },
        { ...refit, job: `los-health-v3-refit-${renewed}` },
      ],
      [
        { ...refit, training },
        { ...refit, training },
      ],
    ] as const) {
      const { table, open, id } = failed('REFIT');
      Object.assign(table.run(id).DATA as object, { refit: known });
      open({ resume: id });
      expect((table.run(id).DATA as { refit: unknown }).refit).to.deep.equal(then);
    }
  });

  it('starts the screening again whose job failed', () => {
    const { table, open, id } = failed('SELECT_FEATURES');
    open({ resume: id });
    expect(table.run(id).STATE).to.equal('SCREEN');
  });

  it('goes back to where the endpoint is made that it waited for, and takes none down that is there', () => {
    for (const state of ['SERVE', 'CALIBRATE', 'JUDGE', 'REFIT', 'CHECK_REFIT'] as const) {
      const { table, open, id } = failed(state);
      open({ resume: id });
      expect(table.said.filter((each) => /^Delete/.test(each))).to.deep.equal([]);
      expect(table.run(id).STATE).to.equal('SERVE');
    }
  });

  it('is what was asked for where it is open already', () => {
    const { table, open, id } = failed('TRAIN_CANDIDATES');
    open({ resume: id });
    expect(open({ resume: id })).to.deep.equal({ run: id, opened: false });
    expect(table.run(id).STATE).to.equal('TRAIN_CANDIDATES');
  });

  it('is stepped by its caller, and by one alone', () => {
    const { table, open, refused, id } = failed('TRAIN_CANDIDATES');
    open({ resume: id }, 'los');
    expect(table.run(id).DRIVER).to.equal('los');
    expect(refused({ resume: id }).message).to.contain(
      `${id}, in the state TRAIN_CANDIDATES, stepped by los train`,
    );
  });

  it('is refused for what is unknown, over, or removed, and while another is open', () => {
    const { refused, table, id } = failed('CALIBRATE');
    expect(refused({ resume: 'nothing' }).message).to.equal('There is no training nothing of health.');
    table.run(id).DATASET = 'heart';
    expect(refused({ resume: id }).message).to.equal(`There is no training ${id} of health.`);
    Object.assign(table.run(id), { DATASET: 'health', STATUS: 'DONE' });
    expect(refused({ resume: id }).message).to.equal(`The training ${id} has ended in health-v3.`);
    table.run(id).STATUS = 'FAILED';
    const other = table.add('DIVIDE');
    expect(refused({ resume: id }).message).to.equal(`Another training of health is open: ${other}.`);
    const removed = failed('CALIBRATE', [entry(3, 'REMOVED')]);
    expect(removed.refused({ resume: removed.id }).message).to.contain('health-v3 was removed since');
    expect(removed.table.statuses).to.deep.equal({});
  });
});
