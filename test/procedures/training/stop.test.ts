import { expect } from 'chai';
import type { Plan } from '../../../procedures/ground/plan.js';
import { execute, Refused, type Step } from '../../../procedures/ground/work.js';
import { step } from '../../../procedures/training/machine.js';
import { openRun } from '../../../procedures/training/open.js';
import { type CandidateRun, runOf } from '../../../procedures/training/run.js';
import { clearRun, stopTraining } from '../../../procedures/training/stop/stop.js';
import { place, type Scripted } from '../scripted.js';
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

const missing = { ok: false, error: 'ResourceNotFound', message: 'Requested resource not found.' } as const;
const over = (kind: string) =>
  ({
    ok: false,
    error: 'ValidationException',
    message: `The request was rejected because the ${kind} is in status Completed.`,
  }) as const;

/** Trainings, and what goes on in SageMaker: kind and name → status. */
class Account {
  readonly going = new Map<string, string>();
  /** What was removed or stopped, in order. */
  readonly log: string[] = [];
  endpoint: 'InService' | 'Creating' | undefined;
  refusing: (action: string) => Scripted = () => undefined;

  readonly table = new RunsTable((step) => this.answer(step));

  readonly stop = (id: string | null) => this.table.perform(stopTraining(plan, id));

  private answer(step: Step): Scripted {
    if ('sql' in step) {
      if (/CURRENT_USER/.test(step.sql)) return [{ CALLER: 'ANNA' }];
      if (/^SELECT VERSION, DATASET/.test(step.sql))
        return Object.entries(this.table.statuses).map(([VERSION, STATUS]) => ({
          VERSION,
          STATUS,
          DATASET: 'health',
        }));
      return undefined;
    }
    const { action, request } = step;
    const refused = this.refusing(action);
    if (refused) return refused;
    const name = String(Object.values(request)[0]);
    const [, verb, kind = ''] = /^(Stop|Describe|Delete)(\w+)$/.exec(action)!;
    if (kind.startsWith('Endpoint') || kind === 'Model') return this.remove(verb!, kind, name);
    const status = this.going.get(`${kind} ${name}`);
    if (status === undefined) return missing;
    if (verb === 'Describe') return { ok: true, answer: { [`${kind}Status`]: status } };
    if (status !== 'InProgress') return over(kind);
    this.going.set(`${kind} ${name}`, 'Stopping');
    this.log.push(`${action} ${name}`);
    return { ok: true, answer: {} };
  }

  private remove(verb: string, kind: string, name: string): Scripted {
    if (verb === 'Describe') return { ok: true, answer: { EndpointStatus: this.endpoint } };
    if (kind === 'Endpoint' && this.endpoint === 'Creating')
      return { ok: false, error: 'ValidationException', message: 'Cannot update in-progress endpoint' };
    if (kind === 'Endpoint') this.log.push(`${verb}${kind} ${name}`);
    return { ok: true, answer: {} };
  }
}

const stamp = '20260101000000000';
const candidate = (name: string, stage: CandidateRun['stage']): CandidateRun => ({
  candidate: { name, hyperparameters: {} },
  job: `los-health-v3-${name}-${stamp}`,
  location: 's3://there',
  stage,
});
const job = (name: string) => `los-health-v3-${name}-${stamp}`;

describe('stopping a training', () => {
  it('ends the run first, says by whom, and stops what goes on in SageMaker', () => {
    const account = new Account();
    const { table } = account;
    const id = table.add('TRAIN_CANDIDATES', {
      lease: 'theirs',
      VERSION: 'health-v3',
      data: {
        number: 3,
        candidateRuns: [candidate('a', 'answered'), candidate('b', 'training'), candidate('c', 'predicting')],
        pilots: [candidate('d', 'waiting')],
      },
    });
    table.statuses['health-v3'] = 'TRAINING';
    account.going.set(`TrainingJob ${job('a')}`, 'Completed');
    account.going.set(`TrainingJob ${job('b')}`, 'InProgress');
    account.going.set(`TrainingJob ${job('c')}`, 'Completed');
    account.going.set(`TransformJob ${job('c')}`, 'InProgress');
    // Its row says that it waits; who steps the run has begun it since.
    account.going.set(`TrainingJob ${job('d')}`, 'InProgress');
    expect(account.stop(id)).to.deep.equal({
      ...{ run: id, version: 'health-v3', status: 'STOPPED', stopped: true, left: null },
      jobs: [job('b'), job('c'), job('d')],
    });
    expect(account.log).to.deep.equal([
      `StopTrainingJob ${job('b')}`,
      `StopTransformJob ${job('c')}`,
      `StopTrainingJob ${job('d')}`,
    ]);
    expect(table.run(id)).to.deep.include({
      ...{ STATUS: 'STOPPED', MESSAGE: 'Stopped by ANNA, in train candidates', LEASE: null },
      NEXT_STEP: `Resume it, if it is to go on: los train --resume ${id}`,
    });
    expect(table.statuses).to.deep.equal({ 'health-v3': 'FAILED' });
    expect(table.steps).to.deep.equal([
      {
        state: 'TRAIN_CANDIDATES',
        outcome: 'STOPPED',
        billed: 0,
        message: 'Stopped by ANNA, in train candidates',
      },
    ]);
  });

  it('is done once: called again it stops only what still goes on', () => {
    const account = new Account();
    const data = { number: 3, candidateRuns: [candidate('b', 'training')] };
    const id = account.table.add('TRAIN_CANDIDATES', { data });
    account.going.set(`TrainingJob ${job('b')}`, 'InProgress');
    account.refusing = (action) =>
      action === 'StopTrainingJob'
        ? { ok: false, error: 'AccessDeniedException', message: 'not authorized' }
        : undefined;
    expect(() => account.stop(id)).to.throw(Refused, 'SageMaker refuses StopTrainingJob');
    expect(account.table.run(id).STATUS).to.equal('STOPPED');
    account.refusing = () => undefined;
    expect(account.stop(id)).to.deep.include({ stopped: false, status: 'STOPPED', jobs: [job('b')] });
    expect(account.stop(id)).to.deep.include({ stopped: false, status: 'STOPPED', jobs: [] });
    expect(account.table.steps).to.have.length(1);
  });

  it('is the open one where none is named, and is refused where there is none', () => {
    const account = new Account();
    for (const id of [null, 'run-9', "x' OR TRUE; --"])
      expect(() => account.stop(id)).to.throw(
        Refused,
        id === null ? 'No training of health is open' : 'There is no training',
      );
    const other = account.table.add('DIVIDE', { DATASET: 'heart' });
    expect(() => account.stop(other)).to.throw(Refused, 'of health');
    const id = account.table.add('DIVIDE');
    expect(account.stop(null)).to.deep.include({ run: id, stopped: true, jobs: [], version: null });
  });

  it('leaves a run that is over as it is', () => {
    const account = new Account();
    const id = account.table.add('END', { STATUS: 'DONE', VERSION: 'health-v3' });
    expect(account.stop(id)).to.deep.include({ stopped: false, status: 'DONE', version: 'health-v3' });
    expect(account.table.run(id).STATUS).to.equal('DONE');
    expect(account.log).to.deep.equal([]);
  });

  for (const [state, kind, name] of [
    ['PERMUTE', 'TrainingJob', `los-health-v3-screen-${stamp}`],
    ['SELECT_FEATURES', 'TransformJob', `los-health-v3-screen-again-${stamp}`],
  ] as const)
    it(`finds the job of ${state}`, () => {
      const account = new Account();
      const id = account.table.add(state, { data: { number: 3, candidateRuns: [] } });
      account.going.set(`${kind} ${name}`, 'InProgress');
      expect(account.stop(id).jobs).to.deep.equal([name]);
    });

  it('takes the endpoint down of a version that is not finished, and says where it cannot yet', () => {
    const account = new Account();
    const id = account.table.add('JUDGE', { VERSION: 'health-v3', data: { number: 3 } });
    account.endpoint = 'Creating';
    expect(account.stop(id).left).to.contain('The endpoint los-health-v3 takes no change yet');
    account.endpoint = 'InService';
    expect(account.stop(id).left).to.equal(null);
    expect(account.log).to.deep.equal(['DeleteEndpoint los-health-v3']);
  });

  it('neither interrupts a promotion nor undoes a version that is finished', () => {
    const account = new Account();
    const id = account.table.add('PROMOTE', { VERSION: 'health-v3', data: { number: 3 }, HELD: true });
    expect(() => account.stop(id)).to.throw(Refused, 'health-v3 is being promoted at this moment');
    account.table.run(id).HELD = false;
    account.endpoint = 'InService';
    expect(account.stop(id)).to.deep.include({ stopped: true, left: null });
    expect(account.log).to.deep.equal([]);
  });

  it('lets who steps the run write nothing more, and has it stop what it began since', () => {
    const account = new Account();
    const { table } = account;
    const data = { number: 3, candidateRuns: [candidate('b', 'waiting')] };
    const id = table.add('TRAIN_CANDIDATES', { lease: 'mine', data });
    const outcome = table.perform(
      step(
        plan,
        {
          *TRAIN_CANDIDATES() {
            account.stop(id);
            account.going.set(`TrainingJob ${job('b')}`, 'InProgress');
            yield* execute('a statement');
            return { to: 'END', data: { chosen: candidate('b', 'answered').candidate } };
          },
        },
        id,
        'mine',
      ),
    );
    expect(outcome).to.equal('taken');
    expect(table.run(id)).to.deep.include({ STATUS: 'STOPPED', STATE: 'TRAIN_CANDIDATES' });
    expect(table.run(id).DATA).to.not.have.property('chosen');
    const run = table.perform(runOf(plan.settings, id))!;
    expect(table.perform(clearRun(plan, run)).jobs).to.deep.equal([job('b')]);
    expect(table.perform(step(plan, {}, id, 'mine'))).to.equal('ended');
  });

  it('can be gone on with, under new names of jobs, and with an endpoint of its own again', () => {
    const account = new Account();
    const { table } = account;
    const id = table.add('ENTER', { VERSION: 'health-v3', data: { number: 3 } });
    table.statuses['health-v3'] = 'TRAINING';
    account.stop(id);
    table.now = 5000;
    expect(table.perform(openRun(plan, { resume: id }, 'snowflake'))).to.deep.equal({
      run: id,
      opened: true,
    });
    expect(table.run(id)).to.deep.include({ STATUS: 'OPEN', STATE: 'SERVE', MESSAGE: null });
    expect(table.run(id).DATA).to.have.property('stamp').not.equal(stamp);
    expect(table.statuses).to.deep.equal({ 'health-v3': 'TRAINING' });
  });

  it('says what it cannot stop where SageMaker refuses, though the job goes on', () => {
    const account = new Account();
    const id = account.table.add('PERMUTE', { data: { number: 3 } });
    account.going.set(`TrainingJob los-health-v3-screen-${stamp}`, 'InProgress');
    account.refusing = (action) => (action === 'StopTrainingJob' ? over('job') : undefined);
    expect(() => account.stop(id)).to.throw(Refused, 'SageMaker refuses StopTrainingJob');
    expect(account.table.run(id).STATUS).to.equal('STOPPED');
  });

  it('asks SageMaker for nothing where no job has a name yet', () => {
    const account = new Account();
    const id = account.table.add('MAKE_ROOM');
    account.stop(id);
    expect(account.table.said.filter((said) => /^(Stop|Delete|Describe)/.test(said))).to.deep.equal([]);
  });
});
