import { expect } from 'chai';
import type { Context } from '../../../deploy/context.js';
import { graphRuns } from '../../../deploy/scoring/graph.js';
import type { Contract } from '../../../procedures/dataset/contract.js';

/** Snowflake as far as a run of the graph sees it: each run ends after so many milliseconds, and is said to have taken `took`. */
class Account {
  readonly sent: string[] = [];
  /** Milliseconds after EXECUTE TASK of each look at the history, by run. */
  readonly looks: number[][] = [];
  private begun = 0;

  constructor(private readonly runs: readonly { ends: number; took: number }[]) {}

  async query(sql: string): Promise<Record<string, unknown>[]> {
    this.sent.push(sql);
    if (sql.includes('EPOCH_MILLISECOND')) return [{ NOW: 0 }];
    if (sql.startsWith('SHOW TASKS')) return [{ name: 'LOS_SCORE', state: 'started' }];
    if (sql.includes('SUM(ROW_COUNT)'))
      return [
        { KIND: 'features', N: 3 },
        { KIND: 'scoring', N: 2 },
      ];
    const after = Date.now() - this.begun;
    this.looks.at(-1)!.push(after);
    const { ends, took } = this.runs[this.looks.length - 1]!;
    const over = after >= ends;
    return ['LOS_BUILD_FEATURES', 'LOS_SCORE'].map((NAME) => ({
      NAME,
      STATE: over ? 'SUCCEEDED' : 'EXECUTING',
      ERROR_MESSAGE: null,
      TOOK: over ? took : null,
    }));
  }

  async execute(sql: string): Promise<number> {
    this.sent.push(sql);
    this.begun = Date.now();
    this.looks.push([]);
    return 0;
  }
}

describe('runs of the task graph, one after the other', () => {
  const over = async (runs: readonly { ends: number; took: number }[]) => {
    const account = new Account(runs);
    const settings = { prefix: 'los', snowflake: { database: 'D', schema: 'S' } };
    const ctx = { settings, snowflake: account, signal: new AbortController().signal } as unknown as Context;
    const graph = graphRuns(ctx, { name: 'health' } as Contract);
    for (const _ of runs) expect(await graph()).to.include({ built: 3, scored: 2 });
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
});
