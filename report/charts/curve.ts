import { categoryAxis, draw, legendOf, placesOf, plotOf, type Sheet, valueAxis } from './draw.js';
import { SERIES } from './palette.js';

export interface Curve extends Sheet {
  /** Labels of the steps from left to right at equal steps, e.g. numbers of rows that double. */
  readonly steps: readonly string[];
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** Above the axis of values. */
  readonly unit: string;
}

/** Draws values from step to step, from zero, so that a small change looks small. */
export function curve(sheet: Curve): string {
  const { steps, lines, unit, legend = lines.length > 1 } = sheet;
  const plot = plotOf(
    sheet,
    lines.flatMap(({ values }) => values),
    { title: unit, legend },
  );
  return draw(
    sheet,
    plot,
    {
      xAxis: categoryAxis(steps),
      yAxis: valueAxis(undefined, { min: 0, name: unit }),
      series: lines.map(({ name, values }, i) => ({
        type: 'line',
        name,
        silent: true,
        color: SERIES[i % SERIES.length],
        data: values,
        symbol: 'circle',
        symbolSize: 7,
        lineStyle: { width: 2 },
      })),
      ...(legend ? legendOf(lines.map(({ name }) => name)) : {}),
    },
    { along: 'x', at: placesOf(plot, steps.length, true) },
  );
}
