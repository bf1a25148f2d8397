import type { ExternalValidation } from '../../procedures/external-validation/external-validation.js';
import { percent } from '../../procedures/ground/percent.js';
import { formatTable } from '../text/table.js';
import { measureTables } from './overview.js';

/** How a version did on another hospital's stays, for a terminal. */
export function validationLines(tried: ExternalValidation): string[] {
  const { version, dataset, patients, before, missing, unseen, measures, home } = tried;
  const overallOf = (predictor: string) =>
    measures.find((m) => m.predictor === predictor && m.groupedBy === 'all');
  const [own, mean] = [overallOf('model'), overallOf('mean')];
  if (!own || !mean) return [`${version} predicted no stay of ${dataset}.`];
  const days = (value: number) => value.toFixed(2);
  return [
    '',
    ...formatTable({
      title: `${version} on ${own.rows} stays of ${patients} patients of ${dataset}, which it was not trained on (days):`,
      columns: ['', 'RMSE', 'MAE', 'MAE of mean stay', 'Bias', 'In 80 % interval'],
      rows: [
        [
          version,
          days(own.rmse),
          days(own.mae),
          percent(own.relativeMae),
          days(own.bias),
          percent(own.coverage),
        ],
        ['mean stay there', days(mean.rmse), days(mean.mae), percent(mean.relativeMae), '0.00', ''],
        [`${version} at home`, days(home.rmse), days(home.mae), '', '', ''],
      ],
    }),
    ...(before === null
      ? []
      : [`Admissions from ${before} on are left out: too many of their stays had not ended.`]),
    ...(missing.columns.length > 0 ? [`Columns that the table lacks: ${missing.columns.join(', ')}.`] : []),
    ...(missing.features.length > 0
      ? [`Inputs of ${version} that it cannot check: ${missing.features.join(', ')}.`]
      : []),
    ...(unseen.length > 0
      ? [
          `Stays with a level that is new to ${version} or was rare in its training: ${unseen.map(({ feature, share }) => `${feature} ${percent(share)}`).join(', ')}.`,
        ]
      : []),
    ...measureTables(measures).flatMap((table) => ['', ...formatTable(table)]),
  ];
}
