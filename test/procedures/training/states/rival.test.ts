import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Later, type Step } from '../../../../procedures/ground/work.js';
import type { Run } from '../../../../procedures/training/run.js';
import { findRival, measureBeside } from '../../../../procedures/training/states/rival.js';
import { versionOf } from '../../../../procedures/versions/version.js';
import type { Model } from '../../../../udfs/model.js';
import { place, type Scripted, scripted } from '../../scripted.js';

const plan = {
  contract: { name: 'health', table: 'HEALTH', id: 'CASE_ID', features: { AGE: { type: 'numeric' } } },
  settings: {
    ...{ ...place, prefix: 'los' },
    endpoint: { type: 'serverless', maxConcurrency: 5 },
  },
} as unknown as Plan;
const version = versionOf(plan.contract, plan.settings, 2, '0f1e2d3c');
const model = { features: [{ name: 'AGE', kind: 'numeric' }] } as unknown as Model;
const failing = (status: number) =>
  `Request failed for external function P with remote service error: ${status}`;

/** An account with a champion, and what is asked of it. */
class Account {
  endpoint: string | undefined = 'InService';
  /** What the champion's function throws for one row, and for the holdout. */
  onOne: string | null = null;
  onHoldout: string | null = null;
  /** Rows of the holdout of which the champion has no number, of 100. */
  unanswered = 0;
  readonly log: string[] = [];

  readonly answer = (step: Step): Scripted => {
    if ('action' in step)
      return this.endpoint === undefined
        ? { ok: false, error: 'ValidationException', message: 'Could not find endpoint' }
        : { ok: true, answer: { EndpointStatus: this.endpoint } };
    const { sql } = step;
    if (/^SELECT VERSION, DATASET/.test(sql))
      return [
        {
          VERSION: 'health-v1',
          DATASET: 'health',
          NUMBER: 1,
          STAMP: null,
          STATUS: 'CHAMPION',
          ENDPOINT: 'los-health-v1',
        },
      ];
    if (/^SELECT METRICS, MODEL/.test(sql))
      return [{ METRICS: {}, MODEL: model as never, PARAMETERS: {}, LINEAGE: {} }];
    if (/^SELECT FEATURES/.test(sql)) return [{ FEATURES: {} }];
    if (/PREDICT_LOS_HEALTH_V1\(FEATURES\)/.test(sql)) {
      if (this.onOne !== null) throw new Error(this.onOne);
      return [{ VERSION: 'health-v1', DAYS: 4 }];
    }
    if (/COUNT\(\*\) AS N/.test(sql)) return [{ N: 100 }];
    if (/^INSERT/.test(sql)) {
      const beside = sql.includes('PREDICT_LOS_HEALTH_V1(');
      this.log.push(beside ? 'both' : 'alone');
      if (beside && this.onHoldout !== null) throw new Error(this.onHoldout);
      return 100;
    }
    if (/AND BEFORE_LOS IS NULL/.test(sql)) return this.unanswered;
    return undefined;
  };

  find(waited = 0) {
    return scripted(findRival(plan, { waited } as Run), this.answer);
  }

  measure(attempts = 0) {
    return scripted(measureBeside(plan, version, model, this.find(), { attempts } as Run), this.answer);
  }
}

describe('the champion beside which a version is measured', () => {
  it('is asked about the same rows', () => {
    const account = new Account();
    expect(account.measure()).to.deep.include({ silent: null });
    expect(account.log).to.deep.equal(['both']);
  });

  it('is left out where its endpoint is gone, or its functions do not run', () => {
    const gone = new Account();
    gone.endpoint = undefined;
    const refused = new Account();
    refused.onOne = 'SyntaxError: Unexpected token ?';
    for (const [account, why] of [
      [gone, 'its endpoint los-health-v1 is gone'],
      [refused, 'SyntaxError: Unexpected token ?'],
    ] as const) {
      expect(account.measure()).to.deep.equal({ champion: null, silent: { version: 'health-v1', why } });
      expect(account.log).to.deep.equal(['alone']);
    }
  });

  it('is waited for while it may answer again, for twenty minutes', () => {
    const throttled = new Account();
    throttled.onOne = failing(429);
    const recreated = new Account();
    recreated.endpoint = 'Creating';
    for (const account of [throttled, recreated]) {
      for (const waited of [0, 1199])
        expect(() => account.find(waited)).to.throw(Later, 'health-v1 does not answer (');
      expect(account.find(1200)).to.deep.include({ champion: null });
    }
    const updated = new Account();
    updated.endpoint = 'Updating';
    expect(updated.find().silent).to.equal(null);
  });

  it('is left out where it fails on the holdout: at once, or after what may pass has not passed', () => {
    const account = new Account();
    account.onHoldout = failing(503);
    for (const attempts of [0, 1]) expect(() => account.measure(attempts)).to.throw('503');
    expect(account.measure(2).silent?.why).to.contain('503');
    expect(account.log).to.deep.equal(['both', 'both', 'both', 'alone']);
    const broken = new Account();
    broken.onHoldout = 'TypeError: level is null';
    expect(broken.measure().silent?.why).to.equal('TypeError: level is null');
  });

  it('is left out where it has no number for most of them', () => {
    const account = new Account();
    account.unanswered = 50;
    expect(account.measure().silent).to.equal(null);
    account.unanswered = 51;
    expect(account.measure().silent?.why).to.equal('it has no number for 51 of 100 stays of the holdout');
    expect(account.log).to.deep.equal(['both', 'both', 'alone']);
  });
});
