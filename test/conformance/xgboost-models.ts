// A process of one version of XGBoost (LIBXGBOOST): `train FOLDER` writes a model for each objective of the product, and
// what it predicts; `load FOLDER` says of every model there what this version makes of it. Prints JSON.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Booster } from '@local-cloud/aws/xgboost/booster.js';
import { loadXgboost, XgboostError } from '@local-cloud/aws/xgboost/library.js';
import { Matrix } from '@local-cloud/aws/xgboost/matrix.js';
import { train } from '@local-cloud/aws/xgboost/training.js';

const COLUMNS = 5;

/** What the candidates of procedures/fitting/candidates.ts are made of. */
const OBJECTIVES: Readonly<Record<string, readonly [string, string][]>> = {
  squared: [['objective', 'reg:squarederror']],
  gamma: [['objective', 'reg:gamma']],
  tweedie: [
    ['objective', 'reg:tweedie'],
    ['tweedie_variance_power', '1.5'],
  ],
  logistic: [['objective', 'binary:logistic']],
  huber: [['objective', 'reg:pseudohubererror']],
  absolute: [['objective', 'reg:absoluteerror']],
  linear: [
    ['objective', 'reg:squarederror'],
    ['booster', 'gblinear'],
    ['updater', 'coord_descent'],
  ],
  'logistic-linear': [
    ['objective', 'binary:logistic'],
    ['booster', 'gblinear'],
    ['updater', 'coord_descent'],
  ],
};

/** Made-up stays of a mean of six days, a tenth of their inputs missing, the same every time. */
function rows(count: number, seed: number, hazards: boolean): Matrix {
  let state = seed;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const values = Float32Array.from({ length: count * COLUMNS }, () =>
    random() < 0.1 ? Number.NaN : random() * 4,
  );
  const matrix = Matrix.dense(values, count, COLUMNS, 1);
  const days = Float32Array.from({ length: count }, (_, i) => {
    const at = (column: number) => values[i * COLUMNS + column]! || 1;
    return 0.5 + at(0) * at(1) + Math.exp(at(2) / 2) + random() * 2;
  });
  matrix.set(
    'label',
    days.map((day) => (hazards ? Number(day < 3) : day)),
  );
  return matrix;
}

const [, , mode, folder] = process.argv as [string, string, 'train' | 'load', string];
const version = loadXgboost().version.join('.');
const answers: Record<string, number[] | string> = {};
if (mode === 'train')
  for (const [name, parameters] of Object.entries(OBJECTIVES)) {
    const hazards = name.startsWith('logistic');
    const { booster } = train({
      parameters: [...parameters, ['max_depth', '4'], ['eta', '0.2'], ['seed', '1']],
      rounds: 30,
      train: rows(2000, 1, hazards),
    });
    writeFileSync(join(folder, `${version} ${name}`), booster.save());
    answers[`${version} ${name}`] = [...booster.predict(rows(200, 2, hazards)).values];
  }
else
  for (const file of readdirSync(folder)) {
    try {
      const booster = Booster.load(readFileSync(join(folder, file)));
      answers[file] = [...booster.predict(rows(200, 2, false)).values];
    } catch (error) {
      if (!(error instanceof XgboostError)) throw error;
      answers[file] = error.message;
    }
  }
console.log(JSON.stringify({ version, answers }));
