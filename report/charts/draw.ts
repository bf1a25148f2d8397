import { createRequire } from 'node:module';
import type { EChartsCoreOption } from 'echarts/core';
import { HUGE, scientificNotation } from '../../procedures/ground/percent.js';
import { escapeHtml } from '../../procedures/notifying/page.js';
import { printable } from '../../procedures/notifying/printable.js';
import { PALETTE, SERIES } from './palette.js';

// All of it in one file: its parts by themselves are hundreds, which take a second to import.
const { init, setPlatformAPI } = createRequire(import.meta.url)(
  'echarts/dist/echarts.min.js',
) as typeof import('echarts/core');

/** Properties of every chart. Sizes are in CSS pixels, which is what its text is laid out for. */
export interface Sheet {
  readonly width?: number;
  readonly height?: number;
  /** Text for a screen reader and a mail's alt text: what it shows, with its main number. */
  readonly label: string;
  /** True if a legend stands below it (default: yes, where there are several). */
  readonly legend?: boolean;
}

export type Format = 'number' | 'percent';

/** Position of the plot in the sheet. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const FONT = 12;
/** Mean width of a character of that font and of a capital. */
const CHARACTER = 7;
const CAPITAL = 8.6;

/** Estimates the width of a text, about: there is no font to measure it with. */
export function widthOf(text: string): number {
  return text.length * CHARACTER + text.replace(/[^A-Z_%]/g, '').length * (CAPITAL - CHARACTER);
}

setPlatformAPI({ measureText: (text) => ({ width: widthOf(text) }) });

/** A value as axes and labels have it. */
export function formatValue(value: number, format: Format = 'number'): string {
  if (Math.abs(value) >= HUGE) return scientificNotation(value);
  return format === 'percent'
    ? `${(value * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`
    : value.toLocaleString(
        'en-US',
        Math.abs(value) < 1000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
      );
}

/** The plot of a sheet whose values stand at its left. */
export function plotOf(
  { width = 340, height = 220 }: Sheet,
  values: readonly (number | null)[],
  { format, title, legend }: { format?: Format; title?: string; legend: boolean },
): Plot {
  const widest = Math.max(...values.map((value) => widthOf(formatValue(value ?? 0, format))), 20);
  return {
    width,
    height,
    left: Math.ceil(widest) + 14,
    right: width - 14,
    top: title === undefined ? 12 : 28,
    bottom: height - (legend ? 52 : 28),
  };
}

/** Values from bottom to top. */
export function valueAxis(format: Format | undefined, more: object = {}): object {
  return {
    type: 'value',
    splitNumber: 4,
    splitLine: { lineStyle: { color: PALETTE.grid } },
    axisLine: { lineStyle: { color: PALETTE.quiet } },
    axisTick: { show: false },
    axisLabel: { color: PALETTE.quiet, formatter: (value: number) => formatValue(value, format) },
    nameTextStyle: { color: PALETTE.quiet, align: 'left' },
    nameGap: 10,
    ...more,
  };
}

/**
 * A text as ECharts can keep it: it remembers texts as keys of plain objects, so that a level called `__proto__` or `constructor`
 * would change the objects of the whole process. A zero-width space makes it a key like any other.
 */
function asKey(text: string): string {
  return text in Object.prototype ? `${text}\u200b` : text;
}

/** Names or days from left to right. */
export function categoryAxis(categories: readonly string[], more: object = {}): object {
  return {
    type: 'category',
    data: categories.map(asKey),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: PALETTE.quiet } },
    axisLabel: { color: PALETTE.quiet, hideOverlap: true },
    ...more,
  };
}

/**
 * Draws a chart as SVG: no script, no font of its own, and nothing of a browser is needed.
 * @param places middles of what the chart's table has a line for, along x (or y, from the top): a page that has scripts shows them
 */
export function draw(
  { label }: Sheet,
  plot: Plot,
  option: EChartsCoreOption,
  places: { readonly along: 'x' | 'y'; readonly at: readonly number[] },
): string {
  const { width, height, left, right, top, bottom } = plot;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      color: [...SERIES],
      textStyle: { fontFamily: 'sans-serif', fontSize: FONT },
      grid: { left, top, right: width - right, bottom: height - bottom },
      ...option,
    });
    const at = places.at.map((place) => Math.round(place)).join(' ');
    const svg = chart
      .renderToSVGString()
      .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(label)}" data-${places.along}="${at}" `)
      .replace(/<style >[\s\S]*?<\/style>\n?/, '')
      .replace(
        / (?:class="[^"]*"|pointer-events="visible"|xmlns:xlink="[^"]*"|version="1.1"|baseProfile="full")/g,
        '',
      )
      .replaceAll(
        'style="font-size:12px;font-family:sans-serif;"',
        'font-size="12" font-family="sans-serif"',
      );
    return printable(svg);
  } finally {
    // Its timers would keep the process.
    chart.dispose();
  }
}

/** The legend below a plot, of series by name and, where it is not the series' own, shape. */
export function legendOf(
  entries: readonly (string | { readonly name: string; readonly icon: string })[],
): object {
  return {
    legend: {
      data: entries,
      bottom: 2,
      left: 8,
      itemWidth: 20,
      itemHeight: 9,
      itemGap: 12,
      selectedMode: false,
      borderColor: PALETTE.grid,
      textStyle: { color: PALETTE.quiet },
    },
  };
}

/** Middles of so many categories: at the edges of the plot too, or each in the middle of its band. */
export function placesOf({ left, right }: Plot, count: number, bands: boolean): number[] {
  const step = (right - left) / Math.max(1, bands ? count : count - 1);
  return Array.from({ length: count }, (_, i) => left + step * (bands ? i + 0.5 : i));
}

/** An axis from 0 to a round number that holds `most`, in some four steps of 1, 2, 2.5 or 5 times a power of ten. */
export function axisTo(most: number): { readonly min: 0; readonly max: number; readonly interval: number } {
  const rough = Math.max(most, 1e-9) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = ([1, 2, 2.5, 5].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10) * power;
  return { min: 0, max: interval * Math.ceil(most / interval - 1e-9), interval };
}
