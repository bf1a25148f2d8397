import { axisTo, draw, type Format, legendOf, plotOf, type Sheet, valueAxis } from './draw.js';
import { PALETTE } from './palette.js';

export interface Calibration extends Sheet {
  /** Means of groups of rows, e.g. of each tenth of the predictions. */
  readonly points: readonly { readonly predicted: number; readonly actual: number }[];
  /** Unit of both axes, e.g. days. */
  readonly unit: string;
  readonly format?: Format;
}

/** Actual over predicted values: right predictions lie on the dashed line. */
export function calibration(sheet: Calibration): string {
  const { points, unit, format, legend = true } = sheet;
  const axis = axisTo(Math.max(...points.flatMap(({ predicted, actual }) => [predicted, actual])));
  const most = axis.max;
  const plot = plotOf({ height: 300, ...sheet }, [most], { format, title: unit, legend });
  return draw(
    sheet,
    plot,
    {
      xAxis: valueAxis(format, { ...axis, splitLine: { show: false } }),
      yAxis: valueAxis(format, { ...axis, name: `actual, ${unit}` }),
      series: [
        {
          type: 'line',
          name: 'as predicted',
          silent: true,
          symbol: 'none',
          color: PALETTE.quiet,
          lineStyle: { type: 'dashed', width: 1.5 },
          data: [
            [0, 0],
            [most, most],
          ],
        },
        {
          type: 'line',
          name: 'actual over predicted',
          silent: true,
          color: PALETTE.first,
          symbol: 'circle',
          symbolSize: 7,
          data: points.map(({ predicted, actual }) => [predicted, actual]),
        },
      ],
      ...(legend ? legendOf(['actual over predicted', 'as predicted']) : {}),
    },
    {
      along: 'x',
      at: points.map(({ predicted }) => plot.left + ((plot.right - plot.left) * predicted) / most),
    },
  );
}
