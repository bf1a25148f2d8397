import { Booster } from '@local-cloud/aws/xgboost/booster.js';
import { loadXgboost, XgboostError } from '@local-cloud/aws/xgboost/library.js';
import { Matrix } from '@local-cloud/aws/xgboost/matrix.js';
import { train } from '@local-cloud/aws/xgboost/training.js';
import { expect } from 'chai';

/** y = 3a + noise on four columns, the same every time. */
function rows(count: number, seed = 1) {
  let state = seed;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const values = Float32Array.from({ length: count * 4 }, random);
  const label = Float32Array.from({ length: count }, (_, i) => 3 * values[i * 4]! + random());
  const matrix = Matrix.dense(values, count, 4, 1);
  matrix.set('label', label);
  return { matrix, label };
}

const PARAMETERS: [string, string][] = [
  ['objective', 'reg:squarederror'],
  ['max_depth', '3'],
  ['eta', '0.5'],
  ['seed', '1'],
];

describe('XGBoost through its C library', () => {
  it('learns, saves, loads and predicts the same again', () => {
    const { matrix, label } = rows(500);
    const { booster, metrics } = train({ parameters: PARAMETERS, rounds: 20, train: matrix });
    expect(metrics.get('train-rmse')).to.be.below(0.3);
    const { values } = booster.predict(matrix);
    const rmse = Math.sqrt(
      values.reduce((sum, value, i) => sum + (value - label[i]!) ** 2, 0) / label.length,
    );
    expect(rmse).to.be.closeTo(metrics.get('train-rmse')!, 1e-4);
    const again = Booster.load(booster.save());
    expect([...again.predict(matrix).values]).to.deep.equal([...values]);
    expect([again.features, again.rounds]).to.deep.equal([4, 20]);
    expect(Buffer.from(again.save())).to.deep.equal(Buffer.from(booster.save()));
  });

  it('gives the same bytes for the same plan', () => {
    const models = [1, 2].map(() => {
      const parameters: [string, string][] = [...PARAMETERS, ['subsample', '0.7']];
      return Buffer.from(train({ parameters, rounds: 5, train: rows(300).matrix }).booster.save());
    });
    expect(models[0]).to.deep.equal(models[1]);
  });

  it('stops early and keeps the best rounds', () => {
    const scores: number[] = [];
    const { booster, metrics } = train({
      parameters: [...PARAMETERS, ['max_depth', '8'], ['eval_metric', 'mae'], ['eval_metric', 'rmse']],
      rounds: 200,
      train: rows(200).matrix,
      validation: rows(200, 7).matrix,
      earlyStopping: { rounds: 5, metric: 'rmse', maximize: false },
      onRound: (score) => scores.push(score!),
    });
    // Of the last round that was trained, as the container's log ends with it.
    expect([...metrics.keys()]).to.deep.equal([
      'train-mae',
      'train-rmse',
      'validation-mae',
      'validation-rmse',
    ]);
    expect(metrics.get('validation-rmse')).to.equal(scores.at(-1));
    const best = scores.indexOf(Math.min(...scores));
    expect(scores.length).to.be.below(200);
    expect(booster.rounds).to.equal(best + 1);
    expect(scores.length).to.equal(best + 1 + 5);
  });

  it('predicts one probability per class', () => {
    const { matrix } = rows(60);
    matrix.set(
      'label',
      Float32Array.from({ length: 60 }, (_, i) => i % 3),
    );
    const parameters: [string, string][] = [
      ['objective', 'multi:softprob'],
      ['num_class', '3'],
    ];
    const {
      rows: count,
      perRow,
      values,
    } = train({ parameters, rounds: 2, train: matrix }).booster.predict(matrix);
    expect([count, perRow]).to.deep.equal([60, 3]);
    expect(values[0]! + values[1]! + values[2]!).to.be.closeTo(1, 1e-5);
  });

  it('weighs rows by their weights', () => {
    const values = Float32Array.from([0, 0]);
    const matrix = Matrix.dense(values, 2, 1, 1);
    matrix.set('label', Float32Array.from([0, 10]));
    matrix.set('weight', Float32Array.from([3, 1]));
    const parameters: [string, string][] = [
      ['eta', '1'],
      ['lambda', '0'],
    ];
    const { booster } = train({ parameters, rounds: 1, train: matrix });
    expect(booster.predict(matrix).values[0]).to.be.closeTo(2.5, 1e-5);
  });

  it('reports the library’s own message without its stack', () => {
    expect(() => Booster.load(Buffer.from('not a model'))).to.throw(
      XgboostError,
      // 3.1 and later read nothing but UBJSON and JSON.
      /model format|Unknown construct/,
    );
    const { matrix } = rows(20);
    const { booster } = train({ parameters: PARAMETERS, rounds: 1, train: matrix });
    const wide = Matrix.dense(new Float32Array(10), 2, 5, 1);
    expect(() => booster.predict(wide))
      .to.throw(XgboostError, /Number of columns does not match number of features in booster/)
      .and.not.match(/Stack trace/);
  });

  it('refuses a model that a newer version made, of which the library would read another base_score', () => {
    const { matrix } = rows(20);
    const model = Buffer.from(train({ parameters: PARAMETERS, rounds: 1, train: matrix }).booster.save());
    const [major] = loadXgboost().version;
    // The version is the last member: ["version", [major, minor, patch]].
    const at = model.lastIndexOf('version');
    const place = model.indexOf(Buffer.from([0x69, major]), at) + 1;
    model[place] = major + 1;
    expect(() => Booster.load(model)).to.throw(
      XgboostError,
      new RegExp(
        `^The model was made by XGBoost ${major + 1}\\.\\d+\\.\\d+, which is newer than the library here`,
      ),
    );
  });
});
