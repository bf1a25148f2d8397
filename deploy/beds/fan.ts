import { escaped } from '../charts/draw.js';
import { type Fan, fan } from '../charts/fan.js';
import type { Night } from './beds.js';
import { byUnit, dayOf } from './tables.js';

const WIDTH = 720;
const HEIGHT = 240;

/** Beds taken of one unit over the nights to come, as a chart takes them. */
export function fanOf(unit: readonly Night[]): Fan {
  const { level, unit: own, takenNow, capacity } = unit[0]!;
  const title =
    level === 'all' ? 'All of the hospital' : `${level === 'ward' ? 'Ward' : 'Department'} ${own}`;
  const last = unit[unit.length - 1]!;
  return {
    title,
    label: `${title}: ${takenNow} beds taken now${capacity === null ? '' : ` of ${capacity}`}, ${Math.round(last.mean)} expected on ${dayOf(last.night)}, between ${Math.round(last.p10)} and ${Math.round(last.p90)} eight times in ten.`,
    now: takenNow,
    limit: capacity,
    steps: unit.map(({ night, mean, p10, p90 }) => ({
      name: `${dayOf(night).slice(0, 3)} ${Number(night.slice(8))}.${Number(night.slice(5, 7))}.`,
      mean,
      low: p10,
      high: p90,
    })),
  };
}

/** A picture of all units, one fan below the other. */
export function fans(nights: readonly Night[], title = 'Beds taken'): string {
  const units = byUnit(nights);
  const height = Math.max(1, units.length) * HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...units.map((unit, i) =>
      fan({ ...fanOf(unit), width: WIDTH, height: HEIGHT }).replace('<svg ', `<svg y="${i * HEIGHT}" `),
    ),
    '</svg>',
    '',
  ].join('\n');
}
