import { itemAt } from '../../udfs/require-value.js';
import { axisTo, categoryAxis, draw, legendOf, placesOf, plotOf, type Sheet, valueAxis } from './draw.js';
import { PALETTE } from './palette.js';

export interface Fan extends Sheet {
  /** Above it, e.g. the ward. */
  readonly title?: string;
  /** Index of the last known value: the fan's beginning. */
  readonly now: number;
  /** Expected values: expected, and the band in which 8 of 10 are. */
  readonly steps: readonly {
    readonly name: string;
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  }[];
  /** Its scale goes from 0 to where this is; left out: it fits what is drawn. */
  readonly most?: number;
  /** A line that should not be crossed; null: there is none. */
  readonly limit?: number | null;
}

/**
 * Draws a line with the band around it, and the limit as a dashed line.
 * @example
 * const steps = [{ name: 'Mon', mean: 27, low: 24, high: 30 }, { name: 'Tue', mean: 26, low: 22, high: 30 }];
 * const svg = fan({ label: 'Surgery: 27 beds occupied on Monday', now: 28, steps, limit: 32 });
 */
export function fan(sheet: Fan): string {
  const { title, now, steps, most, limit = null, legend = true } = sheet;
  const names = ['now', ...steps.map(({ name }) => name)];
  const lows = [now, ...steps.map(({ low }) => low)];
  const highs = [now, ...steps.map(({ high }) => high)];
  const plot = plotOf(sheet, [...highs, limit, most ?? 0], { legend, title });
  const silent = { type: 'line', silent: true, symbol: 'none' };
  const series = [
    { ...silent, stack: 'band', data: lows, lineStyle: { opacity: 0 } },
    {
      ...silent,
      name: '8 of 10',
      stack: 'band',
      data: highs.map((high, i) => high - itemAt(lows, i)),
      color: PALETTE.first,
      itemStyle: { opacity: 0.35 },
      lineStyle: { opacity: 0 },
      areaStyle: { color: PALETTE.first, opacity: 0.22 },
    },
    {
      ...silent,
      name: 'expected',
      color: PALETTE.first,
      data: [
        { value: now, symbol: 'circle', symbolSize: 8, itemStyle: { color: PALETTE.ink } },
        ...steps.map(({ mean }) => mean),
      ],
    },
    ...(limit === null
      ? []
      : [
          {
            ...silent,
            name: 'capacity',
            color: PALETTE.second,
            lineStyle: { type: 'dashed', width: 1.5 },
            data: names.map(() => limit),
          },
        ]),
  ];
  return draw(
    sheet,
    plot,
    {
      xAxis: categoryAxis(names, { boundaryGap: false }),
      yAxis: valueAxis('number', {
        ...(most === undefined ? { scale: true, minInterval: 1 } : axisTo(most)),
        name: title,
      }),
      series,
      ...(legend
        ? legendOf(['expected', { name: '8 of 10', icon: 'rect' }, ...(limit === null ? [] : ['capacity'])])
        : {}),
    },
    { along: 'x', at: placesOf(plot, names.length, false).slice(1) },
  );
}
