import type { LearningPoint } from '../../procedures/training/run.js';
import { itemAt } from '../../udfs/require-value.js';
import { curve } from '../charts/curve.js';
import type { Plot } from '../pages/page.js';

/** Plots the learning curve, where `los train --learning-curve` asked. */
export function learningPlot(lineage: { readonly learned?: unknown }): Plot[] {
  const points = lineage.learned as readonly LearningPoint[] | null | undefined;
  if (!points?.length) return [];
  const title = 'Learning curve: validation errors in days, by the number of training rows';
  const rows = points.map((point) => point.rows.toLocaleString('en-US'));
  const [least, most] = [itemAt(points, 0), itemAt(points, -1)];
  return [
    {
      title,
      svg: curve({
        label: `${title}: CRPS ${score(least.crps)} with ${rows[0]} rows, ${score(most.crps)} with ${rows.at(-1)}, which are all`,
        steps: rows,
        unit: 'days',
        lines: (['rmse', 'mae', 'crps'] as const).map((metric) => ({
          name: metric.toUpperCase(),
          values: points.map((point) => point[metric]),
        })),
      }),
      table: {
        title,
        columns: ['training rows', 'CRPS', 'RMSE', 'MAE'],
        rows: points.map((point, i) => [
          itemAt(rows, i),
          score(point.crps),
          score(point.rmse),
          score(point.mae),
        ]),
      },
    },
  ];
}

function score(days: number | null): string {
  return days === null ? 'diverged' : days.toFixed(3);
}
