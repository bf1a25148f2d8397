import {
  categoryAxis,
  draw,
  type Format,
  legendOf,
  placesOf,
  plotOf,
  type Sheet,
  shown,
  valueAxis,
  widthOf,
} from './draw.js';
import { PALETTE, SERIES } from './palette.js';

export interface Bars extends Sheet {
  readonly names: readonly string[];
  /** Beside each other for each name. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** A line across all bars, e.g. what all together have. */
  readonly reference?: { readonly name: string; readonly value: number };
  readonly format?: Format;
  /** What the values are, e.g. days. */
  readonly unit?: string;
}

const reference = ({ name, value }: NonNullable<Bars['reference']>, along: 'xAxis' | 'yAxis') => ({
  silent: true,
  symbol: 'none',
  lineStyle: { color: PALETTE.ink, type: 'dashed', width: 1.5 },
  label: {
    show: true,
    position: along === 'xAxis' ? 'start' : 'insideEndTop',
    color: PALETTE.ink,
    formatter: name,
  },
  data: [{ [along]: value }],
});

const drawn = ({ series, reference: line }: Bars, along: 'xAxis' | 'yAxis', more: object) =>
  series.map(({ name, values }, i) => ({
    type: 'bar',
    name,
    silent: true,
    color: SERIES[i % SERIES.length],
    data: values,
    barMaxWidth: 28,
    ...more,
    ...(line && i === 0 ? { markLine: reference(line, along) } : {}),
  }));

/** Upright bars, for what has an order: days, ages, tenths. */
export function columns(sheet: Bars): string {
  const { names, series, format, unit, legend = series.length > 1 } = sheet;
  const plot = plotOf(
    sheet,
    series.flatMap(({ values }) => values),
    { format, title: unit, legend },
  );
  return draw(
    sheet,
    plot,
    {
      xAxis: categoryAxis(names),
      yAxis: valueAxis(format, { name: unit }),
      series: drawn(sheet, 'yAxis', {}),
      ...(legend ? legendOf(series.map(({ name }) => name)) : {}),
    },
    { along: 'x', at: placesOf(plot, names.length, true) },
  );
}

/** Lying bars with their value beside them, for what has names: departments, features, models. The first is on top. */
export function bars(sheet: Bars): string {
  const { width = 340, names, series, format, legend = series.length > 1, reference: line } = sheet;
  const top = line ? 24 : 8;
  const height = top + names.length * (10 + 16 * series.length) + (legend ? 30 : 8);
  const longest = Math.floor((width * 0.42) / widthOf('x'));
  const cut = (name: string) => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name);
  const values = series.flatMap(({ values: each }) =>
    each.map((value) => widthOf(shown(value ?? 0, format))),
  );
  const plot = {
    width,
    height,
    left: Math.ceil(Math.max(...names.map((name) => widthOf(cut(name))))) + 14,
    right: width - Math.ceil(Math.max(...values)) - 12,
    top,
    bottom: height - (legend ? 30 : 8),
  };
  const step = (plot.bottom - top) / names.length;
  return draw(
    sheet,
    plot,
    {
      yAxis: categoryAxis(names.map(cut), { inverse: true, axisLabel: { color: PALETTE.ink, interval: 0 } }),
      xAxis: { type: 'value', show: false },
      series: drawn(sheet, 'xAxis', {
        label: {
          show: true,
          position: 'right',
          color: PALETTE.ink,
          formatter: ({ value }: { value: number | null }) => (value === null ? '' : shown(value, format)),
        },
      }),
      ...(legend ? legendOf(series.map(({ name }) => name)) : {}),
    },
    { along: 'y', at: names.map((_, i) => top + step * (i + 0.5)) },
  );
}
