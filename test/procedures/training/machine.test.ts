import { expect } from 'chai';
import { LEASE_SECONDS } from '../../../procedures/ground/lease.js';
import type { Plan } from '../../../procedures/ground/plan.js';
import { ask, execute, Later, Refused } from '../../../procedures/ground/work.js';
import {
  isStillWaiting,
  releaseRun,
  renewRun,
  type State,
  step,
  takeRun,
} from '../../../procedures/training/machine.js';
import { END, runOf } from '../../../procedures/training/run.js';
import { place } from '../scripted.js';
import { RunsTable } from './runs-table.js';

const plan = { contract: { name: 'health' }, settings: place, digest: 'digest' } as unknown as Plan;

/** A run in DIVIDE that `mine` holds, and a step of it with a state of the test's. */
function inDivide(cells: object = {}, table = new RunsTable()) {
  const id = table.add('DIVIDE', { lease: 'mine', VERSION: 'health-v3', data: { number: 3 }, ...cells });
  return {
    table,
    id,
    row: () => table.run(id),
    /** Takes it first, if the last process that stepped it has let it go. */
    step(state: State, lease = 'mine') {
      table.perform(takeRun(plan, id, lease));
      return table.perform(step(plan, { DIVIDE: state }, id, lease));
    },
  };
}

/** A state that throws. */
const throwing = (error: () => Error): State =>
  // biome-ignore lint/correctness/useYield: it ends before it asks for anything
  function* () {
    throw error();
  };

describe('a training’s machine', () => {
  it('writes down what a state has found, and where it leads to', () => {
    const { step, row, table } = inDivide({ ATTEMPTS: 2, WAITING_SINCE: 900, MESSAGE: 'before' });
    const outcome = step(function* (_, run) {
      expect(run).to.deep.include({ state: 'DIVIDE', waited: 100, attempts: 2 });
      yield* execute('a statement');
      return { to: 'ENCODE', data: { location: 's3://there' }, billed: 7, message: 'divided' };
    });
    expect(outcome).to.equal('moved');
    expect(row()).to.deep.include({ STATE: 'ENCODE', STATUS: 'OPEN', MESSAGE: 'divided', ATTEMPTS: 0 });
    expect(row()).to.deep.include({
      WAITING_SINCE: null,
      STATE_SINCE: 1000,
      LEASE: 'mine',
      LEASE_UNTIL: 1000 + LEASE_SECONDS,
      VERSION: 'health-v3',
    });
    expect(row().DATA).to.deep.equal({ stamp: '20260101000000000', number: 3, location: 's3://there' });
    expect(table.steps).to.deep.equal([{ state: 'DIVIDE', outcome: 'DONE', billed: 7, message: 'divided' }]);
  });

  it('takes the number of a version and writes its row in the same transaction, or neither', () => {
    const { step, row, table } = inDivide({ VERSION: null, data: {} });
    const taken: State = function* () {
      yield* execute('before');
      return {
        to: 'ENCODE',
        data: { number: 4 },
        also: () => throwing(() => new Error('no'))(plan, null as never) as never,
      };
    };
    expect(step(taken)).to.equal('waits');
    expect(row()).to.deep.include({ STATE: 'DIVIDE', VERSION: null, ATTEMPTS: 1, MESSAGE: 'no' });
    expect(row().DATA).to.deep.equal({ stamp: '20260101000000000' });
    expect(table.steps).to.deep.equal([]);
    const done: State = function* () {
      yield* execute('before');
      return { to: 'ENCODE', data: { number: 4 }, also: () => execute('its row') as never };
    };
    expect(step(done)).to.equal('moved');
    expect(row()).to.deep.include({ STATE: 'ENCODE', VERSION: 'health-v4' });
    expect(table.said).to.deep.equal(['before', 'before', 'its row']);
  });

  it('keeps what a state knows that came a step further, and is still in it', () => {
    const { step, row, table } = inDivide({ ATTEMPTS: 1 });
    const further: State = function* () {
      yield* execute('further');
      return { to: 'DIVIDE', data: { calibrationRows: 5 }, message: '1 of 2' };
    };
    expect(step(further)).to.equal('moved');
    expect(row()).to.deep.include({ STATE: 'DIVIDE', MESSAGE: '1 of 2', ATTEMPTS: 0 });
    expect(row().DATA).to.deep.include({ calibrationRows: 5, number: 3 });
    expect(table.steps).to.deep.equal([]);
  });

  it('ends, and lets go of the run', () => {
    const { step, row, table } = inDivide();
    const last: State = function* () {
      yield* execute('the last');
      return { to: END };
    };
    expect(step(last)).to.equal('ended');
    expect(row()).to.deep.include({
      STATE: END,
      STATUS: 'DONE',
      ENDED_AT: 1000,
      LEASE: null,
      LEASE_UNTIL: null,
    });
    expect(step(last)).to.equal('ended');
    expect(table.said).to.deep.equal(['the last']);
  });

  it('waits for what passes, however long it takes, where nothing says otherwise', () => {
    const { step, row, table } = inDivide();
    const waiting = throwing(() => new Later('throttled'));
    expect(step(waiting)).to.equal('waits');
    expect(row()).to.deep.include({ MESSAGE: 'throttled', WAITING_SINCE: null, ATTEMPTS: 0, STATUS: 'OPEN' });
    table.now += 1_000_000;
    expect(step(waiting)).to.equal('waits');
    expect(table.steps).to.deep.equal([]);
  });

  it('waits as long as there is patience, and says then for how long it has', () => {
    const { step, row, table, id } = inDivide();
    const waiting = throwing(() => new Later('the role is not known yet', 120));
    for (const seconds of [0, 60, 60]) {
      table.now += seconds;
      expect(step(waiting)).to.equal('waits');
    }
    expect(row()).to.deep.include({ WAITING_SINCE: 1000, STATUS: 'OPEN' });
    table.now += 1;
    expect(step(waiting)).to.equal('ended');
    expect(row()).to.deep.include({
      STATUS: 'FAILED',
      STATE: 'DIVIDE',
      MESSAGE: 'the role is not known yet (for 121 seconds)',
      NEXT_STEP: `Look at what it waits for. Then resume it: los train --resume ${id}`,
      LEASE: null,
    });
    expect(table.steps.map(({ outcome }) => outcome)).to.deep.equal(['FAILED']);
    expect(table.statuses).to.deep.equal({ 'health-v3': 'FAILED' });
  });

  it('is as patient again once it has come further', () => {
    const { step, table } = inDivide();
    const waiting = throwing(() => new Later('full', 120));
    step(waiting);
    table.now += 100;
    step(function* () {
      yield* execute('further');
      return { to: 'DIVIDE' };
    });
    table.now += 100;
    expect(step(waiting)).to.equal('waits');
    table.now += 100;
    expect(step(waiting)).to.equal('waits');
  });

  it('ends where something is refused, in its words', () => {
    const { step, row, table } = inDivide();
    expect(step(throwing(() => new Refused('There are no rows.', 'Load some.')))).to.equal('ended');
    expect(row()).to.deep.include({
      STATUS: 'FAILED',
      MESSAGE: 'There are no rows.',
      NEXT_STEP: `Load some. Then resume it: los train --resume ${String(row().RUN_ID)}`,
    });
    expect(table.steps).to.deep.equal([
      { state: 'DIVIDE', outcome: 'FAILED', billed: 0, message: 'There are no rows.' },
    ]);
    expect(table.statuses).to.deep.equal({ 'health-v3': 'FAILED' });
  });

  it('has no version to give up before it has a number', () => {
    const { step, table } = inDivide({ VERSION: null, data: {} });
    step(throwing(() => new Refused('no', 'none')));
    expect(table.statuses).to.deep.equal({});
  });

  it('tries three times what no one foresaw', () => {
    const { step, row, table } = inDivide();
    const stumbling = throwing(() => new Error('connection lost'));
    expect([step(stumbling), step(stumbling)]).to.deep.equal(['waits', 'waits']);
    expect(row()).to.deep.include({ ATTEMPTS: 2, STATUS: 'OPEN', MESSAGE: 'connection lost' });
    expect(step(stumbling)).to.equal('ended');
    expect(row().STATUS).to.equal('FAILED');
    expect(row().MESSAGE).to.equal('divide failed 3 times, at last: connection lost');
    expect(table.steps.map(({ outcome }) => outcome)).to.deep.equal(['FAILED']);
  });

  it('hands a statement’s failure to the state that asked for it', () => {
    const { step, row } = inDivide(
      {},
      new RunsTable(() => {
        throw new Error('syntax');
      }),
    );
    const outcome = step(function* () {
      try {
        yield* execute('wrong');
      } catch (error) {
        return { to: 'ENCODE', message: `caught ${(error as Error).message}` };
      }
      return { to: END };
    });
    expect([outcome, row().MESSAGE]).to.deep.equal(['moved', 'caught syntax']);
  });

  for (const [what, state] of [
    [
      'moved',
      function* () {
        yield* execute('x');
        return { to: 'ENCODE' as const, also: () => execute('also') as never };
      } as State,
    ],
    [
      'came further',
      function* () {
        yield* execute('x');
        return { to: 'DIVIDE' as const };
      } as State,
    ],
    ['waits', throwing(() => new Later('wait'))],
    ['has waited too long', throwing(() => new Later('wait', -1))],
    ['was refused', throwing(() => new Refused('no', 'none'))],
    ['stumbled', throwing(() => new Error('lost'))],
    ['stumbled for the last time', throwing(() => new Error('lost'))],
  ] as const)
    it(`writes nothing of a run that another holds by now: one that ${what}`, () => {
      const { step, row, table } = inDivide({ ATTEMPTS: what === 'stumbled for the last time' ? 2 : 0 });
      table.run('run-1').LEASE = 'another’s';
      const before = structuredClone(row());
      expect(step(state)).to.equal('taken');
      expect(row()).to.deep.equal(before);
      expect([table.steps, table.statuses]).to.deep.equal([[], {}]);
      expect(table.said).not.to.include('also');
    });

  it('leaves a run alone that is over, or unknown', () => {
    const { step } = inDivide({ STATUS: 'FAILED' });
    const never = throwing(() => new Error('It was done'));
    expect(step(never)).to.equal('ended');
    const table = new RunsTable();
    expect(table.perform(machineStep(table))).to.equal('ended');
  });

  it('says so where no procedure knows the state', () => {
    const table = new RunsTable();
    const id = table.add('JUDGE', { lease: 'mine' });
    expect(() => table.perform(step(plan, {}, id, 'mine'))).to.throw('knows the state JUDGE');
  });
});

function machineStep(_: RunsTable) {
  return step(plan, {}, 'run-9', 'mine');
}

describe('a look at what a training waits for', () => {
  const asks = (action: 'DescribeTrainingJob' | 'CreateTrainingJob' = 'DescribeTrainingJob'): State =>
    function* () {
      const answer = yield* ask(action, {});
      throw answer.ok ? new Later('job-1 is being trained') : new Error('lost');
    };

  function looked(
    state: State,
    cells: Record<string, unknown> = { MESSAGE: 'job-1 is being trained' },
    ok = true,
  ) {
    const answer = ok ? { ok, answer: {} } : { ok, error: 'Lost', message: 'lost' };
    const table = new RunsTable(() => answer as never);
    const id = table.add('PERMUTE', cells);
    const run = table.perform(runOf(place, id))!;
    return { waits: table.perform(isStillWaiting(plan, { PERMUTE: state }, run)), said: table.said };
  }

  it('finds nothing new where SageMaker says what it said before', () => {
    expect(looked(asks())).to.deep.equal({ waits: true, said: ['DescribeTrainingJob'] });
  });

  it('leaves to the holder of the run what changes anything', () => {
    expect(looked(asks('CreateTrainingJob'))).to.deep.equal({ waits: false, said: [] });
    const writes: State = function* () {
      yield* execute('DELETE');
      throw new Later('job-1 is being trained');
    };
    expect(looked(writes)).to.deep.equal({ waits: false, said: [] });
  });

  for (const [what, state, cells, ok] of [
    [
      'the state has ended',
      function* () {
        yield* ask('DescribeTrainingJob', {});
        return { to: END };
      } as State,
    ],
    ['another thing is waited for', asks(), { MESSAGE: 'job-0 is being trained' }],
    ['its patience is counted', asks(), { MESSAGE: 'job-1 is being trained', WAITING_SINCE: 900 }],
    [
      'patience begins',
      function* () {
        yield* ask('DescribeTrainingJob', {});
        throw new Later('role', 120);
      } as State,
      { MESSAGE: 'role' },
    ],
    ['the question failed', asks(), undefined, false],
  ] as [string, State, Record<string, unknown>?, boolean?][])
    it(`has found something where ${what}`, () => {
      expect(looked(state, cells, ok).waits).to.equal(false);
    });
});

describe('the lease of a training', () => {
  const held = () => {
    const table = new RunsTable();
    return { table, id: table.add('DIVIDE') };
  };

  it('is one’s at a time, until it is let go', () => {
    const { table, id } = held();
    expect(table.perform(takeRun(plan, id, 'a'))).to.equal(true);
    expect(table.perform(takeRun(plan, id, 'b'))).to.equal(false);
    table.perform(releaseRun(plan, id, 'b'));
    expect(table.run(id).LEASE).to.equal('a');
    table.perform(releaseRun(plan, id, 'a'));
    expect(table.perform(takeRun(plan, id, 'b'))).to.equal(true);
  });

  it('ends by itself where it is not renewed', () => {
    const { table, id } = held();
    table.perform(takeRun(plan, id, 'a'));
    table.now += LEASE_SECONDS - 1;
    table.perform(renewRun(plan, id, 'a'));
    table.now += LEASE_SECONDS;
    expect(table.perform(takeRun(plan, id, 'b'))).to.equal(false);
    table.now += 1;
    expect(table.perform(takeRun(plan, id, 'b'))).to.equal(true);
    table.perform(renewRun(plan, id, 'a'));
    expect(table.run(id).LEASE).to.equal('b');
  });

  it('is of no run that is over', () => {
    const { table, id } = held();
    table.run(id).STATUS = 'DONE';
    expect(table.perform(takeRun(plan, id, 'a'))).to.equal(false);
  });
});
