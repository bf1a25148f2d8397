import { expect } from 'chai';
import type { Context } from '../../../deploy/context.js';
import type { Time } from '../../../deploy/ground/time.js';
import type { Driver } from '../../../deploy/model/driver.js';
import { patience } from '../../../deploy/model/follow.js';
import { toItsEnd } from '../../../deploy/model/train.js';
import type { Run } from '../../../procedures/training/run.js';
import { place } from '../../procedures/scripted.js';

describe('how a training is followed', () => {
  const quiet = {
    settings: place,
    snowflake: { query: async () => [] },
    progress: { note: () => undefined, warn: () => undefined },
    signal: new AbortController().signal,
  } as unknown as Context;
  /** Of a run that waits for no job. */
  const isStillWaiting = async () => false;
  /** What a look takes where statements take milliseconds, and where they take tenths of a second. */
  const [HERE, THERE] = [60, 1500];
  /** When looks begin, in milliseconds after it last came further, until one begins after the end. */
  const until = (end: number, look: number, held = false) => {
    const seen = [0];
    while (seen.at(-1)! < end) seen.push(seen.at(-1)! + look + patience(seen.at(-1)! + look, look, held));
    return seen;
  };

  it('sees a job’s end a few tenths of a second or a tenth of its time late, whether it takes a second or minutes', () => {
    for (const job of [500, 1000, 5000, 60_000, 600_000])
      expect(until(job, HERE).at(-1)! - job, `${job} ms`).to.be.at.most(400 + job / 10);
  });

  it('sees it within a fifth of a second where looks are quick', () => {
    for (const job of [300, 1000, 2500]) expect(until(job, 25).at(-1)! - job, `${job} ms`).to.be.at.most(200);
    // In the first second, where they are not so quick, too.
    for (const job of [200, 450, 700]) expect(until(job, HERE).at(-1)! - job, `${job} ms`).to.be.at.most(180);
  });

  it('gives a sixth of the time to looks at most, which cost statements', () => {
    for (const job of [60_000, 180_000])
      expect(until(job, THERE).length * THERE, `${job} ms`).to.be.at.most(job / 6 + 2 * THERE);
    expect(until(180_000, THERE)).to.have.length.below(22);
    // And never leaves it alone for longer than ten seconds.
    expect(patience(3_600_000, HERE, false)).to.equal(10_000);
  });

  it('sees twice as soon what a person works on: then a look is one statement of several', () => {
    for (const waited of [5000, 60_000])
      expect(patience(waited, 0, true)).to.equal(patience(waited, 0, false) / 2);
    expect(patience(500, 0, true)).to.equal(150);
  });

  it('tells what states came to once each, and asks for that only where there is something new', async () => {
    const lines = [{ STATE: 'DIVIDE', SECONDS: 1, MESSAGE: 'divided' }];
    const told: string[] = [];
    let asked = 0;
    const ctx = {
      settings: place,
      snowflake: {
        query: async () => {
          asked++;
          return [...lines];
        },
      },
      progress: { note: (line: string) => void told.push(line), warn: () => undefined },
      signal: new AbortController().signal,
    } as unknown as Context;
    const states = ['ENCODE', 'ENCODE', 'ENCODE', 'END'];
    const driver = {
      isStillWaiting,
      step: async () => undefined,
      look: async () => {
        const state = states.shift();
        if (state === 'END') lines.push({ STATE: 'ENCODE', SECONDS: 2, MESSAGE: 'encoded' });
        return {
          state,
          status: state === 'END' ? 'DONE' : 'OPEN',
          message: null,
          data: { stamp: '1' },
          held: false,
        };
      },
    } as unknown as Driver;
    await toItsEnd(ctx, driver, 'run-1', () => undefined);
    expect(told).to.deep.equal(['divide (1.0 s): divided', 'encode (2.0 s): encoded']);
    expect(asked).to.equal(2);
  });

  it('is not looked at once more where a step has found it as it was', async () => {
    const was = { status: 'OPEN', state: 'TRAIN_CANDIDATES', message: '0 of 2', held: false };
    const told = [
      { ...was, changed: true },
      { ...was, changed: false },
      // By another, meanwhile.
      { ...was, message: '1 of 2', changed: false },
      { ...was, message: '1 of 2', held: true, changed: false },
      { ...was, status: 'DONE', changed: true },
    ];
    const seen = [
      was,
      { ...was, message: '1 of 2' },
      { ...was, message: '1 of 2' },
      { ...was, status: 'DONE' },
    ];
    const did: string[] = [];
    const driver = {
      isStillWaiting,
      step: async () => {
        did.push('step');
        return told.shift();
      },
      look: async () => {
        did.push('look');
        return { data: { stamp: '1' }, ...seen.shift() } as Run;
      },
    } as unknown as Driver;
    expect((await toItsEnd(quiet, driver, 'run-1', () => undefined)).status).to.equal('DONE');
    expect(did).to.deep.equal(['step', 'look', 'step', 'step', 'look', 'step', 'look', 'step', 'look']);
  });

  /** Follows a run whose job lasts so many milliseconds of a clock of its own. @returns when Snowflake was asked, and when it was over */
  const followed = async (job: number, held = false) => {
    const was = { status: 'OPEN', state: 'SCREEN', message: 'job-1 is being trained', held, data: {} };
    let [now, questions] = [0, 0];
    const asked: number[] = [];
    const ended = () => now >= job;
    const driver = {
      step: async () => {
        asked.push(now);
        return { ...was, status: ended() ? 'DONE' : 'OPEN', changed: ended() };
      },
      look: async () => {
        asked.push(now);
        return { ...was, status: ended() ? 'DONE' : 'OPEN' } as unknown as Run;
      },
      isStillWaiting: async () => {
        questions++;
        return !ended();
      },
    } as unknown as Driver;
    const time: Time = {
      now: () => now,
      async sleep(milliseconds) {
        now += milliseconds;
      },
    };
    await toItsEnd(quiet, driver, 'run-1', () => undefined, time);
    return { asked, questions, late: now - job };
  };

  it('asks SageMaker, not Snowflake, while a job lasts', async () => {
    for (const job of [1000, 60_000, 240_000, 590_000]) {
      const { asked, late } = await followed(job);
      // It is stepped and looked at when it begins to wait, and when the job has ended.
      expect(asked, `${job} ms`).to.have.length(4);
      expect(asked.filter((at) => at > 0 && at < job)).to.deep.equal([]);
      expect(late, `${job} ms`).to.be.within(0, 150 + job / 16);
    }
  });

  it('asks Snowflake every ten minutes all the same: another may have ended the run', async () => {
    const { asked } = await followed(3_000_000);
    expect(asked.filter((at) => at > 0 && at < 3_000_000)).to.have.length.within(4, 5);
  });

  it('asks Snowflake alone how far another is that holds the run', async () => {
    const { asked, questions } = await followed(60_000, true);
    expect(questions).to.equal(0);
    expect(asked).to.have.length.above(10);
  });

  it('ends with the version as its result, not with what it waited for at last', async () => {
    const shown: string[] = [];
    const open = { status: 'OPEN', state: 'TRAIN_CANDIDATES', message: '9 of 10', held: true };
    const seen = [
      open,
      { ...open, status: 'DONE', version: 'health-v1', data: { promotion: { promoted: true } } },
    ];
    const driver = {
      isStillWaiting,
      step: async () => undefined,
      look: async () => ({ data: {}, ...seen.shift() }) as unknown as Run,
    } as unknown as Driver;
    await toItsEnd(quiet, driver, 'run-1', (status) => shown.push(status));
    expect(shown).to.deep.equal(['9 of 10', 'health-v1, promoted']);
  });

  it('is left alone by what a look costs, not by what one took while the machine was busy', async () => {
    const was = { status: 'OPEN', state: 'TRAIN_CANDIDATES', message: '0 of 2', held: false, changed: false };
    const steps = [0, 20, 400, 20];
    const slept: number[] = [];
    let now = 0;
    const time: Time = { now: () => now, sleep: async (milliseconds) => void slept.push(milliseconds) };
    const driver = {
      isStillWaiting,
      step: async () => {
        const takes = steps.shift();
        if (takes === undefined) return { ...was, status: 'DONE', changed: true };
        now += takes;
        return was;
      },
      look: async () => ({ ...was, status: steps.length > 0 ? 'OPEN' : 'DONE', data: {} }) as unknown as Run,
    } as unknown as Driver;
    await toItsEnd(quiet, driver, 'run-1', () => undefined, time);
    // 2 s if it went by the slow one.
    expect(slept).to.deep.equal([100, 100, 100, 100]);
  });

  it('is not stepped while the task has it in its hands, and is again when that lets go of it', async () => {
    const seen: Partial<Run>[] = [
      { status: 'OPEN', held: true },
      { status: 'OPEN', held: true },
      { status: 'OPEN', held: false },
      { status: 'DONE', held: false },
    ];
    const did: string[] = [];
    const driver = {
      isStillWaiting,
      step: async () => void did.push('step'),
      look: async () => {
        did.push('look');
        return { state: 'SCREEN', message: null, data: { stamp: '1' }, ...seen.shift() } as Run;
      },
    } as unknown as Driver;
    const run = await toItsEnd(quiet, driver, 'run-1', () => undefined);
    expect(run.status).to.equal('DONE');
    expect(did).to.deep.equal(['step', 'look', 'look', 'look', 'step', 'look']);
  });

  describe('while a task takes its steps', () => {
    const MINUTE = 60_000;
    const was = { status: 'OPEN', state: 'SCREEN', message: 'job-1 is trained', held: false, data: {} };

    /**
     * @param runAt what the run is at a time
     * @param underWayAt what SageMaker has under way then
     * @param wakeAt why the task does not look
     */
    const followed = async (
      runAt: (now: number) => Partial<Run>,
      underWayAt: (now: number) => string[] = () => [],
      wakeAt: (now: number) => string | null = () => null,
    ) => {
      const said: string[] = [];
      const [looks, steps, wakes, questions]: number[][] = [[], [], [], []];
      let now = 0;
      const driver = {
        task: {
          awake: MINUTE,
          listUnderWay: async () => {
            questions!.push(now);
            return underWayAt(now);
          },
          wake: async () => {
            wakes!.push(now);
            return wakeAt(now);
          },
        },
        step: async () => void steps!.push(now),
        look: async () => {
          looks!.push(now);
          return { ...was, id: 'run-1', ...runAt(now), ...(steps!.length > 0 && { status: 'DONE' }) };
        },
        isStillWaiting: async () => underWayAt(now).length > 0,
      } as unknown as Driver;
      const time: Time = {
        now: () => now,
        async sleep(milliseconds) {
          now += milliseconds;
        },
      };
      const line = (text: string) => void said.push(text);
      const ctx = { ...quiet, progress: { note: line, warn: line } } as unknown as Context;
      const run = await toItsEnd(ctx, driver, 'run-1', () => undefined, time);
      return { run, said, looks: looks!, steps: steps!, wakes: wakes!, questions: questions!, now };
    };

    it('takes none, and sees the end of what takes seconds at once', async () => {
      // Every two seconds another state, for longer than the warehouse is awake.
      const states = (now: number) => ({ state: `STATE_${Math.floor(now / 2000)}` as Run['state'] });
      const end = 100_000;
      const { now, steps, wakes, questions, said } = await followed((at) => ({
        ...states(at),
        ...(at >= end && { status: 'DONE' as const }),
      }));
      expect(now - end).to.be.within(0, 300);
      expect(steps).to.deep.equal([]);
      expect(wakes).to.deep.equal([0]);
      expect(questions).to.deep.equal([]);
      expect(said).to.deep.equal([]);
    });

    it('asks SageMaker alone while a job lasts, and wakes the task when it has ended', async () => {
      const end = 10 * MINUTE;
      const { looks, wakes, now, said } = await followed(
        (at) => (at >= end + 20_000 ? { status: 'DONE' } : {}),
        (at) => (at < end ? ['job-1'] : []),
      );
      expect(looks.filter((at) => at > 0 && at < end)).to.deep.equal([]);
      expect(wakes.some((at) => at >= end && at <= end + 15_000)).to.equal(true);
      expect(now - end).to.be.below(60_000);
      expect(said).to.have.length(1);
      expect(said[0]).to.match(/^The task LOS_TRAIN goes on with it/);
    });

    it('asks Snowflake ever more rarely while the task works on it for minutes', async () => {
      const end = 20 * MINUTE;
      const { looks, steps, now } = await followed((at) => ({
        state: 'DIVIDE',
        held: true,
        ...(at >= end && { status: 'DONE' }),
      }));
      expect(steps).to.deep.equal([]);
      expect(looks.filter((at) => at > MINUTE)).to.have.length.within(5, 10);
      expect(now - end).to.be.below(end / 2);
    });

    it('leaves a task alone that moves the run', async () => {
      const { steps, run } = await followed((at) =>
        at < 30 * MINUTE ? { message: `${Math.floor(at / MINUTE)} minutes` } : { status: 'FAILED' },
      );
      expect(run.status).to.equal('FAILED');
      expect(steps).to.deep.equal([]);
    });

    it('takes the step itself that the task has not taken for a minute and a half', async () => {
      const { said, steps } = await followed(() => ({}));
      expect(steps[0]).to.be.within(2.5 * MINUTE, 3.5 * MINUTE);
      expect(said[1]).to.contain('the task LOS_TRAIN has not taken the step that is due.');
    });

    it('takes the steps itself where the task is suspended, at once or meanwhile', async () => {
      const why =
        'los train takes the steps itself from here, by the warehouse: the task LOS_TRAIN does not run, it is suspended.';
      const atOnce = await followed(
        () => ({}),
        () => [],
        () => 'it is suspended',
      );
      expect(atOnce.said).to.deep.equal([why]);
      expect(atOnce.steps).to.deep.equal([0]);
      const meanwhile = await followed(
        () => ({}),
        (at) => (at < 5 * MINUTE ? ['job-1'] : []),
        (at) => (at > MINUTE ? 'it is suspended' : null),
      );
      expect(meanwhile.said[1]).to.equal(why);
      expect(meanwhile.steps[0]).to.be.within(5 * MINUTE, 5.5 * MINUTE);
    });

    it('takes the steps itself where SageMaker does not say what is under way', async () => {
      const denied = Object.assign(new Error('not authorized'), {
        name: 'AccessDeniedException',
        $metadata: {},
      });
      const { steps, said } = await followed(
        () => ({}),
        (at) => {
          if (at < MINUTE) return [];
          throw denied;
        },
      );
      expect(steps).to.have.length(1);
      expect(said[1]).to.contain('AccessDeniedException; los bootstrap prints the rights');
    });
  });
});
