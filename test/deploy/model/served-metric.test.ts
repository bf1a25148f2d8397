import { packTarGz } from '@local-cloud/aws/sagemaker/shared/tar.js';
import { Matrix } from '@local-cloud/aws/xgboost/matrix.js';
import { train } from '@local-cloud/aws/xgboost/training.js';
import { expect } from 'chai';
import type { Context } from '../../../deploy/context.js';
import type { TrainingResult } from '../../../deploy/model/sagemaker.js';
import { served } from '../../../deploy/model/served-metric.js';
import { fakeContext } from '../fake-context.js';

/** A context whose bucket holds one model; without one, nothing may be fetched. */
const holding = (file?: Uint8Array): Context => {
  if (!file) return fakeContext();
  const archive = packTarGz({ 'xgboost-model': file });
  const s3 = { send: async () => ({ Body: { transformToByteArray: async () => archive } }) };
  return fakeContext({ aws: { s3 } as unknown as Context['aws'] });
};

const training: TrainingResult = {
  job: 'job',
  image: 'image',
  artifact: 's3://bucket/job/output/model.tar.gz',
  metrics: { 'validation:rmse': 5.5, 'validation:mae': 3.5 },
  seconds: 1,
};
const candidate = (hyperparameters: Record<string, string>) => ({ name: 'gamma', hyperparameters });
const early = candidate({ num_round: '400', early_stopping_rounds: '15', eval_metric: 'mae,rmse' });

/** A model that overfits at once, so that its best round is an early one. */
const { booster } = (() => {
  const noise = (shift: number) =>
    Float32Array.from({ length: 100 }, (_, i) => Math.sin(1000 * (i + shift)) ** 2);
  const matrix = (shift: number) => {
    const made = Matrix.dense(noise(shift), 50, 2, 1);
    made.set('label', noise(shift + 7).subarray(0, 50));
    return made;
  };
  return train({
    parameters: [['eval_metric', 'rmse']],
    rounds: 50,
    train: matrix(0),
    validation: matrix(500),
    earlyStopping: { rounds: 5, metric: 'rmse', maximize: false },
  });
})();
const model = booster.save();

describe('the metric by which a candidate is compared', () => {
  it('is that of its best round, where early stopping has cut the model back to it', async () => {
    const result = await served(holding(model), early, training, 'rmse');
    expect(result.training.metrics['validation:rmse']).to.be.within(0.1, 1);
    expect(result.training.metrics['validation:mae']).to.equal(3.5);
    expect(result.rounds).to.equal(booster.rounds);
  });

  it('is the last round’s where nothing stops early', async () => {
    const forest = candidate({ num_round: '1', eval_metric: 'mae,rmse' });
    expect(await served(holding(), forest, training, 'rmse')).to.deep.equal({ training, rounds: 1 });
  });

  it('is the last round’s where early stopping watched another metric', async () => {
    const { training: told } = await served(holding(model), early, training, 'mae');
    expect(told).to.deep.equal(training);
  });

  it('is the last round’s where the model file is of an older image', async () => {
    const old = holding(Buffer.from([0, 0, 0, 0x3f, 1, 0, 0, 0]));
    expect(await served(old, early, training, 'rmse')).to.deep.equal({ training, rounds: null });
  });
});
