import { escapeHtml } from '../../procedures/notifying/page.js';
import { itemAt } from '../../udfs/require-value.js';
import { type Fan, fan } from '../charts/fan.js';
import type { Night } from './nights.js';
import { dayOf, groupByUnit, shortDay } from './tables.js';

const WIDTH = 720;
const HEIGHT = 240;

/** Beds occupied of one unit over the nights to come, as a chart takes them. */
export function fanOf(unit: readonly Night[]): Fan {
  const { level, unit: own, takenNow, capacity } = itemAt(unit, 0);
  const title =
    level === 'all' ? 'All of the hospital' : `${level === 'ward' ? 'Ward' : 'Department'} ${own}`;
  const last = itemAt(unit, -1);
  const beds = (value: number) => Math.round(value).toLocaleString('en-US');
  return {
    title,
    label: `${title}: ${beds(takenNow)} beds occupied now${capacity === null ? '' : ` of ${beds(capacity)}`}, ${beds(last.mean)} expected on ${dayOf(last.night)}, between ${beds(last.p10)} and ${beds(last.p90)} in 8 of 10 nights.`,
    now: takenNow,
    limit: capacity,
    steps: unit.map(({ night, mean, p10, p90 }) => ({
      name: shortDay(night).replace(/\u00a0/g, ' '),
      mean,
      low: p10,
      high: p90,
    })),
  };
}

/** A picture of all units, one fan below the other. */
export function fans(nights: readonly Night[], title = 'Beds occupied'): string {
  const units = groupByUnit(nights);
  const height = Math.max(1, units.length) * HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...units.map((unit, i) =>
      fan({ ...fanOf(unit), width: WIDTH, height: HEIGHT }).replace('<svg ', `<svg y="${i * HEIGHT}" `),
    ),
    '</svg>',
    '',
  ].join('\n');
}
