import type { Contract } from '../../procedures/dataset/contract.js';
import type { Selection } from '../../procedures/fitting/selection.js';
import { percent } from '../../procedures/ground/percent.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import { coarseFigures } from '../../procedures/publishing/rounding.js';
import type { Figure, Picture, Table } from '../mail/events.js';
import type { MailSender } from '../mail/sender.js';
import type { TrainResult } from '../results/training.js';
import { metricFigures } from './metric-figures.js';
import { selectionTable } from './selection.js';

/** Figures of the mail at most: the model card has all of them. */
const FIGURES = 8;
/** Features of it that changed after admission. */
const CHANGED = 5;
/** Features in its table. */
const FEATURES = 10;

/**
 * Mails that a version was trained, how good it is, and what to do next.
 * @param refusal why it was not promoted, where that was asked for
 */
export function mailTraining(
  { mail }: { readonly mail: MailSender },
  contract: Contract,
  result: TrainResult,
  refusal?: string,
): void {
  const { version, split, selection, promoted } = result;
  const metrics = coarseFigures(result.metrics, result.metrics.rows);
  const { mae, before, medianMae } = metrics;
  // It is drawn and handed in while the next step begins; a context waits for its mails when it is closed.
  void mail.send('training', {
    version,
    mae,
    before,
    refused: refusal !== undefined,
    key: [
      { label: 'mean error in days', value: days(mae) },
      ...(before ? [{ label: `${before.version}, same stays`, value: days(before.mae) }] : []),
      // What minimizes the mean error of a constant: the mean would flatter the model.
      { label: 'predicting the median', value: days(medianMae) },
    ],
    summary: `Trained on ${count(split.train + split.validation)} stays of ${contract.name} and measured on ${count(metrics.rows)} holdout stays.${refusal === undefined ? '' : ` It was not promoted. ${refusal}`}`,
    picture: pictureOf(version, metrics),
    figures: [
      ...metricFigures(metrics).slice(0, FIGURES),
      ...(selection
        ? [
            {
              label: 'Features used',
              value: `${selection.kept.length} of ${selection.kept.length + selection.dropped.length}`,
            },
          ]
        : []),
      ...(result.unpackaged ? [{ label: 'SageMaker’s registry', value: result.unpackaged }] : []),
      ...(result.longStay ? [{ label: 'Long stays', value: result.longStay }] : []),
      ...changeFigures(split),
      ...(split.unfinished > 0 ? [{ label: 'Unfinished stays, not used', value: split.unfinished }] : []),
      ...(split.negative > 0
        ? [{ label: 'Stays that end before they start, not used', value: split.negative }]
        : []),
    ],
    tables: selection ? [featureTable(selection)] : [],
    ...(promoted
      ? { next: 'It is champion. Details:', commands: [`los model show ${version}`] }
      : promotionWords(version, Boolean(refusal))),
  });
}

/** Counts values that changed after admission: the model learned from what was first known. */
function changeFigures({ changes }: TrainResult['split']): Figure[] {
  if (!changes) return [];
  return Object.entries(changes.shares)
    .slice(0, CHANGED)
    .map(([name, share]) => ({
      label: `${name} changed after admission`,
      value: `in ${percent(share, 0)} of ${count(changes.followed)} stays`,
    }));
}

/** The strongest of the features that it uses. */
function featureTable(selection: Selection): Table {
  const { title, columns, rows } = selectionTable(selection);
  const used = rows.filter(([name]) => selection.kept.includes(String(name))).slice(0, FEATURES);
  return { title, columns: columns.slice(0, 2), rows: used.map((row) => row.slice(0, 2)), bar: 1 };
}

/** Its error beside those of the champion and of a constant. */
function pictureOf(version: string, { mae, before, medianMae, meanMae }: Metrics): Picture {
  const errors: [string, number][] = [
    [version, mae],
    ...(before ? [[before.version, before.mae] as [string, number]] : []),
    ['predicting the median', medianMae],
    ['predicting the mean', meanMae],
  ];
  const label = `Mean absolute error in days: ${errors.map(([name, value]) => `${name} ${days(value)}`).join(', ')}`;
  return {
    title: 'Mean absolute error in days',
    alt: `${label}.`,
    draw: async () => {
      const { bars } = await import('../charts/bars.js');
      return bars({
        label,
        names: errors.map(([name]) => name),
        series: [{ name: 'mean error in days', values: errors.map(([, value]) => value) }],
      });
    },
  };
}

function days(value: number): string {
  return value.toFixed(1);
}

function count(rows: number): string {
  return rows.toLocaleString('en-US');
}

function promotionWords(version: string, refused: boolean) {
  if (!refused)
    return {
      next: 'To promote it, if it passes the gates:',
      commands: [`CALL PROMOTE_MODEL('${version}');`, `los model promote ${version}`],
    };
  return {
    next: 'To promote it anyway:',
    commands: [
      `CALL PROMOTE_MODEL('${version}', OBJECT_CONSTRUCT('force', TRUE, 'reason', 'why'));`,
      `los model promote ${version} --force --reason "why"`,
    ],
  };
}
