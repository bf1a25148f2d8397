import type { Contract } from '../../procedures/dataset/contract.js';
import { leakAdvice } from '../../procedures/dataset/leak.js';
import type { Context } from '../context.js';
import { metricFigures } from './metric-figures.js';
import { describeSelection, describeSuspect, selectionTable } from './selection.js';
import type { TrainResult } from './train.js';

/** Mails that a version was trained, how good it is, and what to do next: first about what looks like a leak. */
export async function mailTraining(
  { mail }: Context,
  contract: Contract,
  { version, split, selection, trainingSeconds, metrics }: TrainResult,
): Promise<void> {
  const suspects = selection?.suspects ?? [];
  await mail.send('training', {
    summary: `Version ${version} was trained on ${split.train + split.validation} stays and measured on ${metrics.rows} that it never saw.`,
    dataset: contract.name,
    version,
    rmse: metrics.rmse,
    mae: metrics.mae,
    r2: metrics.r2,
    meanRmse: metrics.meanRmse,
    figures: [
      ...suspects.map((suspect) => ({ label: 'Suspected leak', value: describeSuspect(suspect) })),
      { label: 'Split', value: split.rule },
      {
        label: 'Fitted / validation / holdout rows',
        value: `${split.train} / ${split.validation} / ${split.holdout}`,
      },
      { label: 'Stays not ended, not used', value: split.unfinished },
      ...(split.negative > 0
        ? [{ label: 'Stays that end before they begin, not used', value: split.negative }]
        : []),
      ...(selection ? [{ label: 'Feature selection', value: describeSelection(selection) }] : []),
      ...metricFigures(metrics),
      { label: 'Training seconds', value: trainingSeconds },
    ],
    tables: selection ? [selectionTable(selection)] : [],
    next: [
      ...suspects.map(({ feature }) => leakAdvice(feature)),
      suspects.length > 0
        ? `If it is, promote the version with: los promote ${version}`
        : `Promote it with: los promote ${version}`,
    ].join(' '),
  });
}
