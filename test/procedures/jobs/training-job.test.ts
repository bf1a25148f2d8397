import { expect } from 'chai';
import type { Plan } from '../../../procedures/ground/plan.js';
import { startTraining, type TrainingJob } from '../../../procedures/jobs/training-job.js';
import { place, scripted } from '../scripted.js';

const plan = {
  settings: {
    ...{ ...place, prefix: 'los' },
    training: { instanceType: 'ml.m5.large' },
  },
  aws: { bucket: 's3://bucket', executionRole: 'arn:role', image: 'image' },
} as unknown as Plan;

/** The channels that a job was asked for with, by name, and the prefix of each. */
function channels(job: TrainingJob): Record<string, string> {
  const found: Record<string, string> = {};
  scripted(
    startTraining(plan, { version: 'v1', location: 's3://bucket/rows', weighted: false }, job),
    (step) => {
      if (!('action' in step)) throw new Error('a job needs no statement');
      const { InputDataConfig } = step.request as {
        InputDataConfig: { ChannelName: string; DataSource: { S3DataSource: { S3Uri: string } } }[];
      };
      for (const { ChannelName, DataSource } of InputDataConfig)
        found[ChannelName] = DataSource.S3DataSource.S3Uri;
      return undefined;
    },
  );
  return found;
}

describe('a training job', () => {
  const job = { name: 'job', hyperparameters: { num_round: '60' } };

  it('reads the rows that it is fitted to and those that validate it', () => {
    expect(channels(job)).to.deep.equal({
      train: 's3://bucket/rows/train/',
      validation: 's3://bucket/rows/validation/',
    });
  });

  it('that is not validated reads the first alone: SageMaker refuses a channel without a file', () => {
    expect(channels({ ...job, validated: false })).to.deep.equal({ train: 's3://bucket/rows/train/' });
  });
});
