import { expect } from 'chai';
import type { Context } from '../../../deploy/context.js';
import type { Driver } from '../../../deploy/model/driver.js';
import { patience, toItsEnd } from '../../../deploy/model/train.js';
import type { Run } from '../../../procedures/training/run.js';
import { place } from '../../procedures/scripted.js';

describe('how a training is followed', () => {
  /** When it is looked at, in milliseconds after it last came further. */
  function* looks(held: boolean): Generator<number> {
    for (let at = 0; ; ) {
      yield at;
      at += patience(at, held);
    }
  }
  const until = (end: number, held = false) => {
    const seen: number[] = [];
    for (const at of looks(held)) {
      seen.push(at);
      if (at >= end) return seen;
    }
    return seen;
  };

  it('sees a job’s end an eighth of its time late at most, whether it takes a second or minutes', () => {
    for (const job of [500, 1000, 5000, 60_000, 600_000])
      expect(until(job).at(-1)! - job, `${job} ms`).to.be.at.most(300 + job / 8);
  });

  it('looks at a job of three minutes a few dozen times: each look costs statements', () => {
    expect(until(180_000)).to.have.length.below(60);
    // And never leaves it alone for longer than ten seconds.
    expect(patience(3_600_000, false)).to.equal(10_000);
  });

  it('sees sooner what somebody works on, with no more statements: of two, a look that finds nothing leaves out one', () => {
    for (const work of [500, 5000, 60_000])
      expect(until(work, true).at(-1)! - work, `${work} ms`).to.be.at.most(150 + work / 16);
    expect(until(180_000, true).length).to.be.at.most(2 * until(180_000).length);
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

  it('is not stepped while the task has it in its hands, and is again when that lets go of it', async () => {
    const ctx = {
      settings: place,
      snowflake: { query: async () => [] },
      progress: { note: () => undefined, warn: () => undefined },
      signal: new AbortController().signal,
    } as unknown as Context;
    const seen: Partial<Run>[] = [
      { status: 'OPEN', held: true },
      { status: 'OPEN', held: true },
      { status: 'OPEN', held: false },
      { status: 'DONE', held: false },
    ];
    const did: string[] = [];
    const driver = {
      step: async () => void did.push('step'),
      look: async () => {
        did.push('look');
        return { state: 'SCREEN', message: null, data: { stamp: '1' }, ...seen.shift() } as Run;
      },
    } as unknown as Driver;
    const run = await toItsEnd(ctx, driver, 'run-1', () => undefined);
    expect(run.status).to.equal('DONE');
    expect(did).to.deep.equal(['step', 'look', 'look', 'look', 'step', 'look']);
  });
});
