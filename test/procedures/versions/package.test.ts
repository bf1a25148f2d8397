import { expect } from 'chai';
import type { Plan } from '../../../procedures/ground/plan.js';
import { Later } from '../../../procedures/ground/work.js';
import type { Metrics } from '../../../procedures/judging/metrics.js';
import { approvePackage, offerPackage } from '../../../procedures/versions/package.js';
import type { ControlAnswer } from '../../../udfs/control/control-response-translator.js';
import { place, scripted } from '../scripted.js';

const plan = {
  contract: { name: 'health' },
  settings: { ...place, prefix: 'los' },
  aws: { image: 'image' },
} as unknown as Plan;
const request = {
  version: 'health-v1',
  artifact: 's3://b/m.tar.gz',
  trainingJob: 'job',
  metrics: { rows: 10, rmse: 1, mae: 1, coverage: 0.8 } as Metrics,
};
const FIRST = { attempts: 0, waited: 0 };

/** SageMaker with one answer, or one error, for CreateModelPackage. @returns what was asked of it, too */
function offered(answer: ControlAnswer | Error, before = FIRST) {
  const asked: string[] = [];
  const result = scripted(offerPackage(plan, request, before), (step) => {
    if (!('action' in step)) throw new Error(step.sql);
    asked.push(step.action);
    if (step.action === 'ListModelPackages') return { ok: true, answer: { ModelPackageSummaryList: [] } };
    if (step.action !== 'CreateModelPackage') return { ok: true, answer: {} };
    expect(step.request).to.include({ SkipModelValidation: 'All' });
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { result, asked };
}

const denied: ControlAnswer = { ok: false, error: 'AccessDeniedException', message: 'not authorized' };

describe('a version’s package in SageMaker’s registry', () => {
  it('is made, without SageMaker’s own validation', () => {
    expect(offered({ ok: true, answer: {} }).result).to.equal(null);
  });

  it('is done without where SageMaker refuses it, in words', () => {
    const { result } = offered(denied);
    expect(result).to.match(
      /^health-v1 is not in SageMaker's registry, which nothing here needs: SageMaker refuses CreateModelPackage: not authorized/,
    );
  });

  it('is waited for where SageMaker wants fewer requests, and while a role may be new', () => {
    const throttled: ControlAnswer = { ok: false, error: 'ThrottlingException', message: 'Rate exceeded' };
    expect(() => offered(throttled, { attempts: 0, waited: 9999 })).to.throw(Later);
    const unknown: ControlAnswer = {
      ok: false,
      error: 'ValidationException',
      message: 'Could not assume role arn:aws:iam::1:role/x.',
    };
    expect(() => offered(unknown, { attempts: 0, waited: 60 })).to.throw(Later);
    expect(offered(unknown, { attempts: 0, waited: 121 }).result).to.contain('Could not assume role');
  });

  it('is tried three times where no one knows why it failed', () => {
    const lost = new Error('Remote service returned 504');
    expect(() => offered(lost, { attempts: 1, waited: 0 })).to.throw('504');
    expect(offered(lost, { attempts: 2, waited: 0 }).result).to.contain('504');
  });

  it('keeps no one from promoting when it cannot be approved', () => {
    const warning = scripted(approvePackage(plan, 'health-v1'), () => denied);
    expect(warning).to.match(/^health-v1 is promoted, but not approved in SageMaker's registry/);
  });
});
