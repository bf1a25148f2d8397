import { gzipSync } from 'node:zlib';
import { packTarGz } from '@local-cloud/aws/sagemaker/shared/tar.js';
import { Matrix } from '@local-cloud/aws/xgboost/matrix.js';
import { train } from '@local-cloud/aws/xgboost/training.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { fileInTarGz } from '../../../deploy/model/artifact.js';
import { readBooster, UnknownModelFormat } from '../../../deploy/model/booster-file.js';
import { readUbjson, UbjsonError } from '../../../deploy/model/ubjson.js';
import { random } from '../interrupted.js';

/** A model of three columns, of which the first says most, the second a little and the third nothing. */
function model(parameters: Record<string, string> = {}, earlyStopping = false): Uint8Array {
  const next = random(3);
  const matrix = (count: number) => {
    const values = Float32Array.from({ length: count * 3 }, next);
    const label = Float32Array.from(
      { length: count },
      (_, i) => 5 * values[i * 3]! + values[i * 3 + 1]! + next(),
    );
    const made = Matrix.dense(values, count, 3, 1);
    made.set('label', label);
    return made;
  };
  const { booster } = train({
    parameters: Object.entries({ max_depth: '3', eval_metric: 'rmse', ...parameters }),
    rounds: 20,
    train: matrix(2000),
    validation: matrix(500),
    ...(earlyStopping ? { earlyStopping: { rounds: 3, metric: 'rmse', maximize: false } } : {}),
  });
  return booster.save();
}

describe('a model file of XGBoost', () => {
  for (const [name, parameters] of Object.entries<Record<string, string>>({
    boosted: {},
    dart: { booster: 'dart', rate_drop: '0.1' },
    pruned: { tree_method: 'exact', gamma: '20' },
  }))
    it(`tells what each column gained: ${name}`, () => {
      const { gains } = readBooster(model(parameters));
      const gain = (column: number) => gains.get(column) ?? 0;
      expect(gain(0)).to.be.above(5 * gain(1));
      expect(gain(1)).to.be.above(2 * gain(2));
    });

  it('tells the best round and its metric after early stopping', () => {
    const { attributes } = readBooster(model({}, true));
    expect(Number(attributes.best_iteration)).to.be.within(1, 18);
    expect(Number(attributes.best_score)).to.be.within(0.2, 0.4);
    expect(readBooster(model()).attributes).to.be.empty;
  });

  it('has no gains when it is linear', () => {
    expect(readBooster(model({ booster: 'gblinear', updater: 'coord_descent' })).gains).to.be.empty;
  });

  it('is refused by the name of its format when it is an older one', () => {
    const refused = (bytes: Uint8Array, format: RegExp) =>
      expect(() => readBooster(bytes)).to.throw(UnknownModelFormat, format);
    refused(Buffer.from([0x80, 4, 0x95]), /pickled/);
    refused(Buffer.from([0, 0, 0, 0x3f]), /old binary/);
    refused(Buffer.from('{"learner":{}}'), /JSON text/);
    // Its first number may happen to begin as UBJSON or a pickle does.
    refused(Buffer.from('{L\0?'), /old binary/);
    refused(Buffer.from([0x80, 0x41, 0x7b, 0x3f]), /old binary/);
    refused(Buffer.from('{L\0\0\0\0\0\0\0\u0007learnerZ}'), /without learner/);
  });

  it('is not read when it is cut off or damaged', () => {
    const whole = model();
    fc.assert(
      fc.property(fc.integer({ min: 17, max: whole.length - 1 }), (length) => {
        expect(() => readBooster(whole.subarray(0, length))).to.throw(UbjsonError, 'ends within');
      }),
      { numRuns: 50 },
    );
    expect(() => readUbjson(Buffer.from('{i\u0001a?}', 'latin1'))).to.throw(UbjsonError, '0x3f');
  });
});

describe('UBJSON', () => {
  it('has plain, counted and typed arrays, and every kind of number', () => {
    const bytes = Buffer.concat([
      Buffer.from('{i\u0001aSi\u0002hi', 'latin1'),
      Buffer.from('i\u0001b[TFZi\u00ff]', 'latin1'),
      Buffer.from('i\u0001c[#i\u0002U\u00ffI\u0001\u0000', 'latin1'),
      Buffer.from('i\u0001d[$l#i\u0002', 'latin1'),
      Buffer.from([0, 0, 1, 0, 255, 255, 255, 255]),
      Buffer.from('i\u0001eD', 'latin1'),
      Buffer.from([0x3f, 0xf8, 0, 0, 0, 0, 0, 0]),
      Buffer.from('}'),
    ]);
    expect(JSON.parse(JSON.stringify(readUbjson(bytes)))).to.deep.equal({
      a: 'hi',
      b: [true, false, null, -1],
      c: [255, 256],
      d: { 0: 256, 1: -1 },
      e: 1.5,
    });
  });
});

describe('a file of a model.tar.gz', () => {
  const content = Buffer.from('the model');

  it('is found among others, in whatever folder', () => {
    const archive = packTarGz({ 'other.txt': Buffer.alloc(700), './xgboost-model': content });
    expect(fileInTarGz(archive, 'xgboost-model')).to.deep.equal(content);
    expect(fileInTarGz(archive, 'model')).to.equal(undefined);
  });

  it('is not sought beyond the end of the archive', () => {
    expect(fileInTarGz(gzipSync(Buffer.alloc(1024)), 'xgboost-model')).to.equal(undefined);
  });
});
