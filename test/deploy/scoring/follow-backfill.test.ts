import { expect } from 'chai';
import type { Context } from '../../../deploy/context.js';
import type { Time } from '../../../deploy/ground/time.js';
import { followBackfill } from '../../../deploy/scoring/backfill.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { place } from '../../procedures/scripted.js';

describe('how los score follows a batch transform', () => {
  /** Follows one whose job lasts so many milliseconds of a clock of its own. @returns when Snowflake took a step */
  const steps = async (job: number, denied = false) => {
    let now = 0;
    const asked: number[] = [];
    const time: Time = {
      now: () => now,
      async sleep(milliseconds) {
        now += milliseconds;
      },
    };
    const ctx = {
      settings: place,
      snowflake: {
        query: async (sql: string) => {
          if (/LOS_RUN_LOG/.test(sql)) return [{ STATUS: 'SUCCEEDED', ROW_COUNT: 12, MESSAGE: null }];
          if (!sql.startsWith('CALL')) return [{ RUN_ID: 'run-1', STAMP: '20261201000000000' }];
          asked.push(now);
          return [{ STEP_BACKFILL: [{ run: 'run-1', status: now < job ? 'OPEN' : 'DONE', message: null }] }];
        },
      },
      aws: {
        sageMaker: {
          async *paginateListTransformJobs({ NameContains }: { NameContains: string }) {
            if (denied) throw Object.assign(new Error('no'), { $metadata: {} });
            expect(NameContains).to.equal('20261201000000000');
            yield { TransformJobSummaries: now < job ? [{ TransformJobName: 'los-health-v1' }] : [] };
          },
        },
      },
      progress: { step: (_: string, work: (step: object) => unknown) => work({ update: () => undefined }) },
      signal: new AbortController().signal,
    } as unknown as Context;
    expect(await followBackfill(ctx, { name: 'health' } as Contract, time)).to.equal(12);
    return asked;
  };

  it('asks Snowflake when the job begins, and when it has ended', async () => {
    for (const job of [1000, 60_000, 1_800_000]) {
      const asked = await steps(job);
      expect(asked).to.have.length(2);
      expect(asked[1]! - job).to.be.within(0, 10_000);
    }
  });

  it('asks Snowflake every ten seconds where SageMaker may not be asked', async () => {
    expect(await steps(300_000, true)).to.have.length.within(25, 50);
  });
});
