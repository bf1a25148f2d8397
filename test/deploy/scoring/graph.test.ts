import { expect } from 'chai';
import type { Context } from '../../../deploy/context.js';
import { graphRuns, type Time } from '../../../deploy/scoring/graph.js';
import type { Contract } from '../../../procedures/dataset/contract.js';

/**
 * Snowflake as far as a run of the graph sees it: each run ends after so many milliseconds, and is said to have taken `took`. Features are built
 * after `built` of them; left out: with the end.
 */
interface Run {
  readonly ends: number;
  readonly took: number;
  readonly built?: number;
  /** Nothing was there to be done. */
  readonly skipped?: boolean;
}

/** Milliseconds that Snowflake takes for a question. */
const QUESTION = 5;

/** It has a time of its own: what is asserted of milliseconds holds on a busy machine too. */
class Account implements Time {
  readonly sent: string[] = [];
  /** Milliseconds after EXECUTE TASK of each look at the history, by run. */
  readonly looks: number[][] = [];
  private begun = 0;
  private time = 0;

  constructor(private readonly runs: readonly Run[]) {}

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.time += milliseconds;
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    this.sent.push(sql);
    this.time += QUESTION;
    if (sql.includes('EPOCH_MILLISECOND')) return [{ NOW: 0 }];
    if (sql.startsWith('SHOW TASKS')) return [{ name: 'LOS_SCORE', state: 'started' }];
    if (sql.includes('SUM(ROW_COUNT)'))
      return [
        { KIND: 'features', N: 3 },
        { KIND: 'scoring', N: 2 },
      ];
    const after = this.time - this.begun;
    this.looks.at(-1)!.push(after);
    const { ends, took, built = ends, skipped } = this.runs[this.looks.length - 1]!;
    const row = (NAME: string, end: number, TOOK: number) => ({
      NAME,
      STATE: after < end ? 'EXECUTING' : skipped ? 'SKIPPED' : 'SUCCEEDED',
      ERROR_MESSAGE: null,
      TOOK: after < end ? null : TOOK,
    });
    const root = row('LOS_BUILD_FEATURES', built, Math.min(took, built));
    return after < built || skipped ? [root] : [root, row('LOS_SCORE', ends, took)];
  }

  async execute(sql: string): Promise<number> {
    this.sent.push(sql);
    this.begun = this.time;
    this.looks.push([]);
    return 0;
  }
}

describe('runs of the task graph, one after the other', () => {
  const over = async (runs: readonly Run[], meanwhile?: (account: Account) => Promise<void>) => {
    const account = new Account(runs);
    const settings = { prefix: 'los', snowflake: { database: 'D', schema: 'S' } };
    const ctx = { settings, snowflake: account, signal: new AbortController().signal } as unknown as Context;
    const graph = graphRuns(ctx, { name: 'health' } as Contract, account);
    for (const _ of runs)
      expect(await graph(meanwhile && (() => meanwhile(account)))).to.include({ built: 3, scored: 2 });
    return account;
  };

  it('are looked at when they can have ended, by what the one before took', async () => {
    const { looks } = await over([
      { ends: 0, took: 1 },
      { ends: 600, took: 600 },
      { ends: 600, took: 600 },
    ]);
    expect(looks[2]![0]).to.be.at.least(530);
    expect(looks[1]!.length).to.be.greaterThan(looks[2]!.length);
  });

  it('are not waited for by when the one before was noticed', async () => {
    const { looks } = await over([
      { ends: 0, took: 1 },
      { ends: 1500, took: 100 },
      { ends: 0, took: 100 },
    ]);
    expect(looks[2]![0]).to.be.below(1000);
  });

  it('are not waited for by what the first took, which may compare everything with everything', async () => {
    const { looks } = await over([
      { ends: 0, took: 1500 },
      { ends: 0, took: 100 },
    ]);
    expect(looks[1]![0]).to.be.below(1000);
  });

  it('ask once whether the task that scores is suspended', async () => {
    const { sent } = await over([
      { ends: 0, took: 1 },
      { ends: 0, took: 1 },
    ]);
    expect(sent.filter((sql) => sql.startsWith('SHOW TASKS'))).to.have.length(1);
  });

  it('leave time for what is brought: once each, when features are built and scoring is still under way', async () => {
    const ends = { ends: 700, took: 700, built: 200 };
    const done: number[] = [];
    const { looks } = await over([ends, ends, ends], async (account) => {
      done.push(account.looks.at(-1)!.at(-1)!);
      await account.sleep(100);
    });
    expect(done).to.have.length(3);
    for (const at of done) expect(at).to.be.within(200, 600);
    // The first look of the third goes by when the second had built.
    expect(looks[2]![0]).to.be.within(200, 500);
    expect(looks[2]![1]).to.be.at.least(600);
  });

  it('leave what is brought undone where there was nothing to build', async () => {
    let done = 0;
    await over([{ ends: 0, took: 1, skipped: true }], async () => {
      done++;
    });
    expect(done).to.equal(0);
  });

  it('fail where what is brought fails', async () => {
    const error = await over([{ ends: 900, took: 900, built: 0 }], async () => {
      throw new Error('no room');
    }).catch(({ message }) => message);
    expect(error).to.equal('no room');
  });
});
