import { escapeHtml } from '../../procedures/notifying/page.js';
import { beds } from './board-words.js';
import type { Night } from './nights.js';
import { dayOf } from './tables.js';

const WIDTH = 104;
const HEIGHT = 22;
const EDGE = 3;

/** From which share of the beds to which it is drawn, the same for all wards of a table. */
export interface Scale {
  readonly from: number;
  readonly to: number;
}

/** Denominator of a share: the beds, or where their number is not given, those that are occupied. */
function unitOf([first]: readonly Night[]): number {
  return Math.max(1, first?.capacity ?? first?.takenNow ?? 1);
}

/** One scale that holds the bands of all of them, and their beds. */
export function scaleOf(units: readonly (readonly Night[])[]): Scale {
  const shares = units.flatMap((unit) =>
    unit.flatMap(({ p10, p90, takenNow }) => [p10, p90, takenNow].map((value) => value / unitOf(unit))),
  );
  return { from: Math.min(0.9, ...shares), to: Math.max(1.05, ...shares) };
}

/** Nights to come as a line with its band, beds as a dashed line at the same height for all. */
export function sparkline(nights: readonly Night[], { from, to }: Scale): string {
  const [first] = nights;
  const last = nights.at(-1);
  if (!first || !last) return '';
  const unit = unitOf(nights);
  const x = (i: number) => round(EDGE + (i / nights.length) * (WIDTH - 2 * EDGE));
  const y = (value: number) =>
    round(HEIGHT - EDGE - ((value / unit - from) / (to - from)) * (HEIGHT - 2 * EDGE));
  const steps = [
    { mean: first.takenNow, p10: first.takenNow, p90: first.takenNow },
    ...nights.map(({ mean, p10, p90 }) => ({ mean, p10, p90 })),
  ];
  const points = (of: 'mean' | 'p10' | 'p90') => steps.map((step, i) => `${x(i)},${y(step[of])}`);
  const label = `${beds(first.takenNow)} now, ${beds(last.mean)} expected on ${dayOf(last.night)}, at most ${beds(Math.max(...steps.map(({ mean }) => mean)))}`;
  return [
    `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">`,
    `<polygon fill="var(--chart-first)" fill-opacity="0.25" points="${[...points('p90'), ...points('p10').reverse()].join(' ')}"/>`,
    ...(first.capacity === null
      ? []
      : [
          `<line x1="0" x2="${WIDTH}" y1="${y(first.capacity)}" y2="${y(first.capacity)}" stroke="var(--chart-second)" stroke-width="1.25" stroke-dasharray="4 3"/>`,
        ]),
    `<polyline fill="none" stroke="var(--chart-first)" stroke-width="1.5" points="${points('mean').join(' ')}"/>`,
    `<circle cx="${x(0)}" cy="${y(first.takenNow)}" r="2.5" fill="var(--chart-ink)"/>`,
    '</svg>',
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
