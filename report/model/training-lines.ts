import { changeSentences } from '../../procedures/dataset/changed-inputs.js';
import { daysInWords } from '../../procedures/publishing/rounding.js';
import type { LearningPoint } from '../../procedures/training/run.js';
import type { StopResult } from '../../procedures/training/stop/stop.js';
import type { Repetition, TrainResult } from '../results/training.js';
import { formatTable } from '../text/table.js';
import { orDash } from './metric-figures.js';
import { priceLines } from './price.js';

type TrainingSummary = Pick<
  TrainResult,
  'version' | 'metrics' | 'promoted' | 'repeated' | 'learned' | 'price'
> & {
  readonly split: Pick<TrainResult['split'], 'changes'>;
};

/** Prints the outcome of a training. */
export function trainingLines(result: TrainingSummary): string[] {
  const { version, split, metrics, promoted, repeated, learned, price } = result;
  const days = (value: number) => daysInWords(value, metrics.rows);
  return [
    `${version}: RMSE ${days(metrics.rmse)}, MAE ${days(metrics.mae)}, R² ${orDash((value) => value.toFixed(3))(metrics.r2)} on ${metrics.rows} rows it never saw (mean predictor: RMSE ${days(metrics.meanRmse)})`,
    ...(split.changes ? changeSentences(split.changes) : []),
    ...(learned ? learningLines(learned) : []),
    ...(price ? priceLines(price) : []),
    ...(repeated ? [repetition(repeated)] : []),
    promoted ? 'predict_los answers from it now.' : `Promote it with: los model promote ${version}`,
  ];
}

/** Prints the outcome of stopping a training. */
export function stopLines({ run, version, status, stopped, jobs, left }: StopResult): string[] {
  const before = status === 'DONE' ? `is over: it made ${version}` : `was ${status.toLowerCase()} before`;
  return [
    stopped
      ? `The training ${run} is stopped. predict_los answers as before.`
      : `The training ${run} ${before}.`,
    ...(jobs.length > 0 ? [`Stopped in SageMaker: ${jobs.join(', ')}`] : []),
    ...(left === null ? [] : [left]),
    ...(status === 'DONE' ? [] : [`To go on with it: los train --resume ${run}`]),
  ];
}

/** The learning curve as a table. */
function learningLines(points: readonly LearningPoint[]): string[] {
  return formatTable({
    title: 'What fewer rows would give (validation, in days)',
    columns: ['Training rows', 'CRPS', 'RMSE', 'MAE'],
    rows: points.map(({ rows, ...scores }) => [
      rows,
      ...([scores.crps, scores.rmse, scores.mae] as const).map((score) =>
        score === null ? 'diverged' : score.toFixed(3),
      ),
    ]),
  });
}

function repetition({ version, sameRows, sameCode, sameModel }: Repetition): string {
  if (sameModel) return `It predicts the same as ${version} of every validation row.`;
  const changed = [...(sameRows ? [] : ['the rows have']), ...(sameCode ? [] : ['predict-los has'])].join(
    ' and ',
  );
  return `It predicts otherwise than ${version}: ${changed || 'the image or the machine has'} changed.`;
}
