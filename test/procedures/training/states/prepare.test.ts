import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Later, Refused, type Step } from '../../../../procedures/ground/work.js';
import type { Run } from '../../../../procedures/training/run.js';
import { permute, screen, select } from '../../../../procedures/training/states/prepare.js';
import { place, type Scripted, scripted } from '../../scripted.js';

describe('the screening model', () => {
  const plan = {
    contract: {
      ...{ name: 'health', table: 'HEALTH', id: 'CASE_ID', groups: [] },
      columns: { AGE: 'NUMBER' },
      features: { AGE: { type: 'numeric' } },
    },
    settings: {
      ...{ ...place, prefix: 'los' },
      training: {
        longStayDays: 21,
        instanceType: 'ml.m5.large',
      },
    },
    aws: { executionRole: 'arn:role', image: 'image', bucket: 's3://bucket' },
    sql: {
      'evaluation/reference': 'REFERENCE',
      'training/permuted-lines': 'SELECT PERMUTED',
      'training/screening-rows': 'SELECT SAMPLED',
      'training/screening-sample': 'CREATE SAMPLE',
    },
  } as unknown as Plan;

  it('is begun once more where its job is lost, and ends the training where it is lost again', () => {
    const data = { stamp: '20260101000000000', number: 3, screening: { location: 's3://screen', rows: 9 } };
    const split = { train: 900, validation: 300, trainMin: 1, trainMean: 4, weighted: false };
    const run = { id: 'run-1', dataset: 'health', options: {}, data: { ...data, split } } as unknown as Run;
    for (const [state, action, status] of [
      [permute, 'DescribeTrainingJob', 'TrainingJobStatus'],
      [select, 'DescribeTransformJob', 'TransformJobStatus'],
    ] as const) {
      const begun: string[] = [];
      const lose = (step: Step): Scripted => {
        if (!('action' in step)) return [];
        const { TrainingJobName } = step.request as { TrainingJobName?: string };
        if (step.action === action) return { ok: true, answer: { [status]: 'Stopped' } };
        if (step.action === 'DescribeTrainingJob')
          return { ok: false, error: 'ValidationException', message: 'Requested resource not found.' };
        begun.push(`${step.action} ${TrainingJobName}`);
        return undefined;
      };
      const features = [{ name: 'AGE', kind: 'numeric' }];
      const lost = { ...run, data: { ...run.data, features } } as unknown as Run;
      const move = scripted(state(plan, lost), lose);
      expect(move).to.deep.include({ to: 'PERMUTE', data: { again: ['screen'] } });
      expect(move.message).to.match(
        /los-health-v3-screen-\d+ was stopped: no reason was given\. It is begun once more$/,
      );
      const again = { ...lost, data: { ...lost.data, ...move.data } } as Run;
      expect(() => scripted(state(plan, again), lose)).to.throw(Refused, 'los-health-v3-screen-again-2026');
      expect(() =>
        scripted(permute(plan, again), (step) =>
          'action' in step && step.action === 'DescribeTrainingJob'
            ? { ok: false, error: 'ValidationException', message: 'Requested resource not found.' }
            : lose(step),
        ),
      ).to.throw(Later);
      expect(begun).to.deep.equal(['CreateTrainingJob los-health-v3-screen-again-20260101000000000']);
    }
  });

  it('is begun to be trained before what it will be asked is written, and before it is kept what the rows are', () => {
    const run = {
      ...{ id: 'run-1', dataset: 'health', state: 'SCREEN', options: {} },
      data: {
        ...{ stamp: '20260101000000000', number: 3, features: [{ name: 'AGE', kind: 'numeric' }] },
        split: { train: 900, validation: 300, trainMin: 1, trainMean: 4, weighted: false },
      },
    } as unknown as Run;
    const did: string[] = [];
    const move = scripted(screen(plan, run), (step): Scripted => {
      if (!('sql' in step)) {
        did.push(step.action);
        return { ok: true, answer: {} };
      }
      did.push(
        /^COPY INTO \S+\/(\w+)\/rows/.exec(step.sql)?.[1] ?? step.sql.split(/\s+/).slice(0, 2).join(' '),
      );
      return /HASH_AGG/.test(step.sql) ? [{ FINGERPRINT: '7' }] : [];
    });
    expect(did).to.deep.equal([
      ...['train', 'CreateTrainingJob', 'CREATE SAMPLE', 'permuted'],
      ...['BEGIN', 'DELETE FROM', 'REFERENCE', 'COMMIT', 'SELECT TO_VARCHAR(HASH_AGG(CASE_ID,'],
      ...['SELECT ROW_SIDE,', 'SELECT CASE'],
    ]);
    expect(move.to).to.equal('PERMUTE');
    expect(move.data).to.deep.include({
      fingerprint: '7',
      participants: { sides: [], missing: { AGE: 0 } },
    });
  });

  it('predicts once it is trained', () => {
    const run = {
      ...{ id: 'run-1', dataset: 'health', state: 'PERMUTE', options: {} },
      data: {
        ...{ stamp: '20260101000000000', number: 3, features: [{ name: 'AGE', kind: 'numeric' }] },
        screening: { location: 's3://bucket/screening', rows: 100 },
      },
    } as unknown as Run;
    const did: string[] = [];
    const move = scripted(permute(plan, run), (step): Scripted => {
      did.push('sql' in step ? step.sql.split(/\s+/).slice(0, 2).join(' ') : step.action);
      if ('sql' in step) return [];
      return {
        ok: true,
        answer:
          step.action === 'DescribeTrainingJob'
            ? {
                ...{ TrainingJobStatus: 'Completed', TrainingTimeInSeconds: 1, BillableTimeInSeconds: 1 },
                ModelArtifacts: { S3ModelArtifacts: 's3://bucket/model.tar.gz' },
              }
            : {},
      };
    });
    expect(did).to.deep.equal(['DescribeTrainingJob', 'CreateModel', 'CreateTransformJob']);
    expect(move.to).to.equal('SELECT_FEATURES');
  });
});
