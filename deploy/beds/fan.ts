import type { Night } from './beds.js';
import { byUnit, dayOf } from './tables.js';

const WIDTH = 720;
const PANEL = { left: 56, right: 20, top: 44, height: 190, gap: 74 };

/**
 * Beds taken over the nights to come as a fan, one panel for each unit: what is taken now at the left, the mean as a line, the
 * 80 % band around it, the number of beds there are as a dashed line. A picture without scripts or fonts of its own.
 */
export function fan(nights: readonly Night[], title = 'Beds taken'): string {
  const units = byUnit(nights);
  const height = units.length * (PANEL.height + PANEL.gap) + 34;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...units.map((unit, i) => panel(unit, 10 + i * (PANEL.height + PANEL.gap))),
    legend(
      height - 16,
      units.flat().some(({ capacity }) => capacity !== null),
    ),
    '</svg>',
    '',
  ].join('\n');
}

function panel(unit: readonly Night[], offset: number): string {
  const { level, unit: name, takenNow, capacity } = unit[0]!;
  const top = offset + PANEL.top;
  const bottom = top + PANEL.height;
  const values = unit.flatMap(({ p10, p90 }) => [p10, p90]).concat(takenNow, capacity ?? takenNow);
  const ticks = scale(Math.min(...values), Math.max(...values));
  const low = ticks[0]!;
  const high = ticks[ticks.length - 1]!;
  const last = unit[unit.length - 1]!.horizon;
  const x = (horizon: number) => PANEL.left + ((WIDTH - PANEL.left - PANEL.right) * horizon) / last;
  const y = (beds: number) => bottom - (PANEL.height * (beds - low)) / (high - low);
  const point = (horizon: number, beds: number) => `${x(horizon).toFixed(1)},${y(beds).toFixed(1)}`;
  const now = point(0, takenNow);
  const upper = unit.map(({ horizon, p90 }) => point(horizon, p90));
  const lower = unit.map(({ horizon, p10 }) => point(horizon, p10)).reverse();
  const title =
    level === 'all' ? 'All of the hospital' : `${level === 'ward' ? 'Ward' : 'Department'} ${name}`;
  return [
    '<g>',
    `<text x="${PANEL.left}" y="${offset + 20}" font-size="15" fill="#111">${escaped(title)}</text>`,
    `<text x="${WIDTH - PANEL.right}" y="${offset + 20}" text-anchor="end" fill="#555">${takenNow} taken now${capacity === null ? '' : ` of ${capacity}`}</text>`,
    ...ticks.map(
      (beds) =>
        `<line x1="${PANEL.left}" x2="${WIDTH - PANEL.right}" y1="${y(beds).toFixed(1)}" y2="${y(beds).toFixed(1)}" stroke="#e4e4e4"/><text x="${PANEL.left - 8}" y="${(y(beds) + 4).toFixed(1)}" text-anchor="end" fill="#555">${beds}</text>`,
    ),
    `<polygon points="${[now, ...upper, ...lower].join(' ')}" fill="#2f6db3" fill-opacity="0.2"/>`,
    `<polyline points="${[now, ...unit.map(({ horizon, mean }) => point(horizon, mean))].join(' ')}" fill="none" stroke="#2f6db3" stroke-width="2"/>`,
    ...(capacity === null
      ? []
      : [
          `<line x1="${PANEL.left}" x2="${WIDTH - PANEL.right}" y1="${y(capacity).toFixed(1)}" y2="${y(capacity).toFixed(1)}" stroke="#b3372f" stroke-width="1.5" stroke-dasharray="6 4"/>`,
        ]),
    `<circle cx="${x(0).toFixed(1)}" cy="${y(takenNow).toFixed(1)}" r="4" fill="#111"/>`,
    ...unit
      .filter(({ horizon }) => horizon % 2 === 1)
      .map(
        ({ horizon, night }) =>
          `<text x="${x(horizon).toFixed(1)}" y="${bottom + 18}" text-anchor="middle" fill="#555">${dayOf(night).slice(0, 3)} ${Number(night.slice(8))}.${Number(night.slice(5, 7))}.</text>`,
      ),
    '</g>',
  ].join('\n');
}

function legend(y: number, withCapacity: boolean): string {
  const entry = (x: number, mark: string, text: string) =>
    `${mark}<text x="${x + 30}" y="${y + 4}" fill="#555">${text}</text>`;
  const x = PANEL.left;
  return [
    entry(
      x,
      `<line x1="${x}" x2="${x + 24}" y1="${y}" y2="${y}" stroke="#2f6db3" stroke-width="2"/>`,
      'expected',
    ),
    entry(
      x + 110,
      `<rect x="${x + 110}" y="${y - 6}" width="24" height="12" fill="#2f6db3" fill-opacity="0.2"/>`,
      '8 nights in 10',
    ),
    ...(withCapacity
      ? [
          entry(
            x + 250,
            `<line x1="${x + 250}" x2="${x + 274}" y1="${y}" y2="${y}" stroke="#b3372f" stroke-width="1.5" stroke-dasharray="6 4"/>`,
            'beds there are',
          ),
        ]
      : []),
  ].join('\n');
}

/** Round numbers that hold both, some four to seven of them. */
function scale(low: number, high: number): number[] {
  const rough = Math.max(1, (high - low) / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((each) => each * power >= rough)! * power);
  const ticks: number[] = [];
  for (let beds = Math.max(0, Math.floor(low / step) * step); ; beds += step) {
    ticks.push(beds);
    if (beds >= high && ticks.length > 1) return ticks;
  }
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
