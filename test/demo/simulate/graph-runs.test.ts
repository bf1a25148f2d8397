import { expect } from 'chai';
import { graphRuns } from '../../../demo/simulate/graph-runs.js';
import type { Context } from '../../../deploy/context.js';
import type { Time } from '../../../deploy/ground/time.js';
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
  /** No one was there to be scored. */
  readonly idle?: boolean;
  /** The task that scores fails at its end, and its procedure has written that down. */
  readonly fails?: boolean;
}

/** Milliseconds that Snowflake takes for a question. */
const QUESTION = 5;
/** What its clock says when the test's begins. */
const CLOCK = 1_700_000_000_000;

/** It has a time of its own: what is asserted of milliseconds holds on a busy machine too. */
class Account implements Time {
  readonly sent: string[] = [];
  /** Milliseconds after EXECUTE TASK of each look at the run log or the history, by run. */
  readonly looks: number[][] = [];
  /** How often the history was asked, by run. */
  readonly histories: number[] = [];
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
    if (sql.startsWith('SELECT DATE_PART(EPOCH_MILLISECOND')) return [{ NOW: CLOCK + this.time - QUESTION }];
    if (sql.startsWith('SHOW TASKS')) return [{ name: 'LOS_SCORE', state: 'started' }];
    const after = this.time - this.begun;
    this.looks.at(-1)!.push(after);
    const { ends, took, built = ends, skipped, idle, fails } = this.runs[this.looks.length - 1]!;
    // What it tells counts from when the run began, as the history of an account does from the moment that is asked about.
    const since = Number(/TO_TIMESTAMP_LTZ\((\d+), 3\)/.exec(sql)![1]) - CLOCK;
    const rootTook = this.begun - since + Math.min(took, built);
    const allTook = this.begun - since + took;
    const NOW = CLOCK + this.time - QUESTION;
    if (sql.includes('FROM D.S.LOS_RUN_LOG')) {
      const row = (KIND: string, STATUS: string, N: number, TOOK: number) => ({ KIND, STATUS, N, TOOK, NOW });
      return [
        ...(after < built || skipped ? [] : [row('features', 'SUCCEEDED', 3, rootTook)]),
        ...(after >= built && after < ends && !idle ? [row('scoring', 'RUNNING', 0, 0)] : []),
        ...(after < ends || skipped || idle
          ? []
          : [row('scoring', fails ? 'FAILED' : 'SUCCEEDED', 2, allTook)]),
      ];
    }
    expect(sql).to.include('TASK_HISTORY');
    this.histories[this.histories.length - 1]!++;
    const row = (NAME: string, end: number, TOOK: number, ended = 'SUCCEEDED') => ({
      NAME,
      STATE: after < end ? 'EXECUTING' : skipped ? 'SKIPPED' : ended,
      ERROR_MESSAGE: null,
      TOOK: after < end ? null : TOOK,
    });
    const root = row('LOS_BUILD_FEATURES', built, rootTook);
    return after < built || skipped
      ? [root]
      : [root, row('LOS_SCORE', ends, allTook, fails ? 'FAILED' : idle ? 'SKIPPED' : 'SUCCEEDED')];
  }

  async execute(sql: string): Promise<number> {
    this.sent.push(sql);
    this.begun = this.time;
    this.looks.push([]);
    this.histories.push(0);
    return 0;
  }
}

describe('runs of the task graph, one after the other', () => {
  const over = async (
    runs: readonly Run[],
    meanwhile?: (account: Account) => Promise<void>,
    before = async (_: Account) => {},
  ) => {
    const account = new Account(runs);
    const settings = { prefix: 'los', snowflake: { database: 'D', schema: 'S' } };
    const ctx = { settings, snowflake: account, signal: new AbortController().signal } as unknown as Context;
    const graph = graphRuns(ctx, { name: 'health' } as Contract, account);
    for (const { skipped, idle } of runs) {
      await before(account);
      expect(await graph(meanwhile && (() => meanwhile(account)))).to.include({
        built: skipped ? 0 : 3,
        scored: skipped || idle ? 0 : 2,
      });
    }
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

  it('are followed in the run log, once it is known how long they take', async () => {
    const ends = { ends: 600, took: 600, built: 200 };
    const { histories, looks } = await over([ends, ends, ends, ends]);
    expect(histories[1]).to.be.greaterThan(0);
    expect(histories.slice(2)).to.deep.equal([0, 0]);
    expect(looks[3]!.length).to.be.below(5);
  });

  it('are looked for in the task history where the run log says nothing for longer than that', async () => {
    const ends = { ends: 600, took: 600 };
    const { histories, looks } = await over([ends, ends, { ends: 100, took: 100, skipped: true }]);
    expect(histories[2]).to.equal(1);
    expect(looks[2]!.at(-2)).to.be.within(750, 850);
  });

  it('are looked for there sooner where scoring has not begun when features have long been built', async () => {
    const ends = { ends: 600, took: 600, built: 200 };
    const { histories, looks } = await over([ends, ends, { ends: 200, took: 200, built: 200, idle: true }]);
    expect(histories[2]).to.equal(1);
    expect(looks[2]!.at(-2)).to.be.within(540, 640);
  });

  it('fail with what the task history says of the one that failed', async () => {
    const ends = { ends: 600, took: 600 };
    const error = await over([ends, ends, { ...ends, fails: true }]).catch(({ message }) => message);
    expect(error).to.equal('The task LOS_SCORE failed: FAILED.');
  });

  it('ask for the time once: the last look at a run tells when the next begins', async () => {
    const ends = { ends: 600, took: 600 };
    const { sent } = await over([ends, ends, ends]);
    expect(sent.filter((text) => text.startsWith('SELECT DATE_PART'))).to.have.length(1);
    const since = sent.flatMap((text) => /STARTED_AT >= (\S+)/.exec(text)?.[1] ?? []);
    expect(new Set(since)).to.have.length(3);
  });

  it('are not taken for one that the schedule began between them', async () => {
    const ends = { ends: 600, took: 600 };
    const begun: number[] = [];
    const { sent } = await over([ends, ends, ends], undefined, async (account) => {
      await account.sleep(60_000);
      begun.push(CLOCK + account.now());
    });
    const since = sent
      .flatMap((text) => /STARTED_AT >= TO_TIMESTAMP_LTZ\((\d+)/.exec(text)?.[1] ?? [])
      .map(Number);
    expect(since.at(-1)).to.be.within(begun[2]! - 2 * QUESTION, begun[2]!);
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
