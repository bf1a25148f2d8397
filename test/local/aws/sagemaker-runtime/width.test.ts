import { invoke } from '@local-cloud/aws/sagemaker/hosting/container.js';
import { Booster } from '@local-cloud/aws/xgboost/booster.js';
import { Matrix } from '@local-cloud/aws/xgboost/matrix.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('the width of rows that a model is asked about', () => {
  it('is that of the model, or one less, as the container has it; other rows are refused with its words', () => {
    const widths = fc.tuple(
      fc.integer({ min: 2, max: 8 }),
      fc.integer({ min: 2, max: 12 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(widths, ([features, width, rows]) => {
        const values = Float32Array.from({ length: 20 * features }, (_, i) => (i * 7) % 11);
        const matrix = Matrix.dense(values, 20, features, 1);
        matrix.set(
          'label',
          Float32Array.from({ length: 20 }, (_, i) => i % 5),
        );
        const booster = Booster.create([matrix]);
        booster.update(0, matrix);
        const body = Buffer.from(`${Array(width).fill('1').join(',')}\n`.repeat(rows));
        const answer = invoke(booster, { contentType: 'text/csv', body });
        if (width === features || width === features - 1) {
          expect(answer.status).to.equal(200);
          expect(answer.body.trim().split('\n')).to.have.length(rows);
        } else
          expect([answer.status, answer.body]).to.deep.equal([
            400,
            `Unable to evaluate payload provided: Feature size of csv inference data ${width} is not consistent with feature size of trained model ${features}.`,
          ]);
        booster.close();
        matrix.close();
      }),
      { numRuns: 60 },
    );
  });
});
