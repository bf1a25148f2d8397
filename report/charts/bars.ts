import { HUGE, scientificNotation } from '../../procedures/ground/percent.js';
import {
  categoryAxis,
  draw,
  type Format,
  legendOf,
  placesOf,
  plotOf,
  type Sheet,
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
  /** Unit of the values, e.g. days. */
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
    // Bars may be behind it.
    backgroundColor: PALETTE.paper,
    padding: [1, 3],
    formatter: name,
  },
  data: [{ [along]: value }],
});

const drawBars = ({ series, reference: line }: Bars, along: 'xAxis' | 'yAxis', more: object) =>
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
      series: drawBars(sheet, 'yAxis', {}),
      ...(legend ? legendOf(series.map(({ name }) => name)) : {}),
    },
    { along: 'x', at: placesOf(plot, names.length, true) },
  );
}

/** Lying bars with their values at the right, for what has names: departments, features, models. The first is on top. */
export function bars(sheet: Bars): string {
  const { width = 340, names, series, format, legend = series.length > 1, reference: line } = sheet;
  const top = line ? 24 : 8;
  const height = top + names.length * (10 + 16 * series.length) + (legend ? 30 : 8);
  const cut = (name: string) => shortenName(name, width * 0.45);
  const most = Math.max(...series.flatMap(({ values: own }) => own.map((value) => Math.abs(value ?? 0))));
  const values = names.map((_, i) =>
    series.map(({ values: own }) => (own[i] == null ? '–' : alignNumber(own[i], most, format))),
  );
  const widest = Math.ceil(Math.max(...values.flat().map(widthOf)));
  const plot = {
    width,
    height,
    left: Math.ceil(Math.max(...names.map((name) => widthOf(cut(name))))) + 12,
    right: width - widest - 12,
    top,
    bottom: height - (legend ? 30 : 8),
  };
  const step = (plot.bottom - top) / names.length;
  const label = { color: PALETTE.ink, interval: 0 };
  return draw(
    sheet,
    plot,
    {
      yAxis: [
        categoryAxis(names.map(cut), { inverse: true, axisLabel: label }),
        categoryAxis(
          values.map((own) => own.join('\n')),
          {
            inverse: true,
            position: 'right',
            axisLine: { show: false },
            axisLabel: { ...label, align: 'right', lineHeight: 16, margin: widest + 8 },
          },
        ),
      ],
      xAxis: { type: 'value', show: false, min: (range: { min: number }) => Math.min(0, range.min) },
      series: drawBars(sheet, 'xAxis', {}),
      ...(legend ? legendOf(series.map(({ name }) => name)) : {}),
    },
    { along: 'y', at: names.map((_, i) => top + step * (i + 0.5)) },
  );
}

/** With as many digits as the largest of its column, so that points stand below each other. */
function alignNumber(value: number, most: number, format: Format = 'number'): string {
  if (Math.abs(value) >= HUGE) return scientificNotation(value);
  const digits = format === 'percent' ? 1 : digitsOf(most);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${(format === 'percent' ? value * 100 : value).toLocaleString('en-US', options)}${format === 'percent' ? ' %' : ''}`;
}

/** As much of a name as there is room for; of one in parts (a × b) the first part gives way. */
function shortenName(name: string, room: number): string {
  if (widthOf(name) <= room) return name;
  const [, first = name, rest = ''] = /^(.*?)( [·×] .*)$/.exec(name) ?? [];
  let length = first.length;
  while (length > 1 && widthOf(`${first.slice(0, length)}…${rest}`) > room) length--;
  return `${first.slice(0, length)}…${rest}`;
}

/** Digits after the point of numbers up to `most`. */
function digitsOf(most: number): number {
  if (most < 10) return 2;
  return most < 1000 ? 1 : 0;
}
