import {
  categoryAxis,
  draw,
  type Format,
  legendOf,
  placesOf,
  plotOf,
  type Sheet,
  valueAxis,
} from './draw.js';
import { PALETTE, SERIES } from './palette.js';

export interface Timeline extends Sheet {
  /** YYYY-MM-DD, in order, one for each value of every line. */
  readonly days: readonly string[];
  readonly lines: readonly {
    readonly name: string;
    /** null: nothing is known of the day. */
    readonly values: readonly (number | null)[];
    readonly dashed?: boolean;
  }[];
  /** Events, each at the nearest day before it; one shape for each name. */
  readonly marks?: readonly { readonly name: string; readonly day: string }[];
  readonly format?: Format;
  /** Above the axis of values. */
  readonly unit?: string;
}

const SHAPES = ['triangle', 'diamond', 'rect', 'pin'];
const SHADES = [PALETTE.ink, PALETTE.second, PALETTE.third, PALETTE.fourth];

/** Lines over time, with what happened marked above them. */
export function timeline(sheet: Timeline): string {
  const { days, marks = [], format, unit } = sheet;
  // A line of which nothing is known yet is left out, and the others keep their colours.
  const lines = sheet.lines
    .map((line, i) => ({ ...line, color: SERIES[i % SERIES.length] }))
    .filter(({ values }) => values.some((value) => value !== null));
  const { legend = lines.length + marks.length > 1 } = sheet;
  const plot = plotOf(
    sheet,
    lines.flatMap(({ values }) => values),
    { format, title: unit, legend },
  );
  const kinds = [...new Set(marks.map(({ name }) => name))];
  const dayOf = (day: string) => Math.max(0, days.filter((each) => each <= day).length - 1);
  const all = lines.flatMap(({ values }) => values).filter((value) => value !== null);
  const fromZero =
    Math.min(...all, 0) === 0 && Math.max(...all, 0) > 2 * (Math.max(...all) - Math.min(...all));
  return draw(
    sheet,
    plot,
    {
      xAxis: categoryAxis(days, { boundaryGap: false }),
      yAxis: [
        valueAxis(format, { scale: fromZero, name: unit }),
        { type: 'value', show: false, min: 0, max: 1 },
      ],
      series: [
        ...lines.map(({ name, values, dashed, color }) => ({
          type: 'line',
          name,
          silent: true,
          color,
          data: values,
          symbol: 'circle',
          symbolSize: days.length > 40 ? 0 : 5,
          lineStyle: { width: 2, ...(dashed ? { type: 'dashed' } : {}) },
        })),
        ...kinds.map((kind, i) => ({
          type: 'scatter',
          name: kind,
          silent: true,
          yAxisIndex: 1,
          color: SHADES[i % SHADES.length],
          symbol: SHAPES[i % SHAPES.length],
          symbolSize: 10,
          data: marks.filter(({ name }) => name === kind).map(({ day }) => [dayOf(day), 0.96 - 0.07 * i]),
        })),
      ],
      ...(legend ? legendOf([...lines.map(({ name }) => name), ...kinds]) : {}),
    },
    { along: 'x', at: placesOf(plot, days.length, false) },
  );
}
