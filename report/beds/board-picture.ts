import { escapeHtml } from '../../procedures/notifying/page.js';
import { PALETTE } from '../charts/palette.js';
import type { Picture } from '../mail/events.js';
import type { Board, BoardLine } from './board.js';
import { band, beds, nightWords } from './board-words.js';
import { type Names, nameOf } from './names.js';

/** As wide as a telephone, so that its text has the size there that it has here. */
const WIDTH = 340;
const ROW = 26;
const TOP = 48;
const BAR = { from: 132, to: 272 };
const FONT = 'font-family="sans-serif" font-size="12"';
/** Characters of a name that there is room for. */
const LONGEST = 21;
/** Wards of a picture; the table of the mail has all. */
const MOST = 24;

/** The board as the picture of a mail: what each ward has occupied, what tonight brings, its beds. */
export function boardPicture(board: Board, names: Names, today: string): Picture {
  const when = nightWords(board.night, today);
  const shown = board.wards.slice(0, MOST);
  return {
    title: `Beds ${when}`,
    alt: `Beds ${when}: ${shown.map((line) => `${nameOf(line, names)} ${wordsOf(line)}`).join('; ')}.`,
    draw: async () => drawBoard(shown, names, board.night === today ? ' tonight' : ''),
  };
}

function wordsOf({ tonight, capacity }: BoardLine): string {
  return `${band(tonight)}${capacity === null ? '' : ` of ${beds(capacity)}`}`;
}

/** Bars of all wards on one scale. */
function drawBoard(wards: readonly BoardLine[], names: Names, when: string): string {
  const height = TOP + wards.length * ROW + 8;
  const most = Math.max(
    1,
    ...wards.flatMap(({ occupied, tonight, capacity }) => [occupied, tonight.p90, capacity ?? 0]),
  );
  const x = (value: number) =>
    Math.round((BAR.from + (Math.max(0, value) / most) * (BAR.to - BAR.from)) * 10) / 10;
  const text = (at: number, y: number, words: string, more = '') =>
    `<text x="${at}" y="${y}" ${FONT} fill="${PALETTE.ink}" ${more}>${escapeHtml(words)}</text>`;
  const quiet = `fill-opacity="0.75"`;
  const rows = wards.map((line, i) => {
    const y = TOP + i * ROW;
    const { tonight, occupied, capacity, word } = line;
    const bold = word === 'over' || word === 'tight' ? 'font-weight="bold"' : '';
    return [
      `<line x1="0" x2="${WIDTH}" y1="${y}" y2="${y}" stroke="${PALETTE.grid}"/>`,
      text(2, y + 17, shorten(nameOf(line, names)), bold),
      `<rect x="${BAR.from}" y="${y + 8}" width="${x(occupied) - BAR.from}" height="10" fill="${PALETTE.first}" fill-opacity="0.35"/>`,
      `<rect x="${x(tonight.p10)}" y="${y + 5}" width="${Math.max(2, x(tonight.p90) - x(tonight.p10))}" height="16" fill="${PALETTE.first}" fill-opacity="0.8"/>`,
      ...(capacity === null
        ? []
        : [
            `<line x1="${x(capacity)}" x2="${x(capacity)}" y1="${y + 3}" y2="${y + 23}" stroke="${PALETTE.second}" stroke-width="2.5"/>`,
          ]),
      text(WIDTH - 2, y + 17, freeOf(line), `text-anchor="end" ${bold}`),
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<rect width="${WIDTH}" height="${height}" fill="${PALETTE.paper}"/>`,
    `<rect x="2" y="7" width="22" height="8" fill="${PALETTE.first}" fill-opacity="0.35"/>`,
    text(29, 16, 'occupied'),
    `<rect x="${BAR.from - 40}" y="3" width="14" height="16" fill="${PALETTE.first}" fill-opacity="0.8"/>`,
    text(BAR.from - 21, 16, '8 in 10 nights'),
    `<line x1="202" x2="202" y1="2" y2="20" stroke="${PALETTE.second}" stroke-width="2"/>`,
    text(209, 16, 'beds there are'),
    text(2, 38, 'Ward', quiet),
    text(BAR.from, 38, `0 to ${beds(most)} beds`, quiet),
    text(
      WIDTH - 2,
      38,
      wards.some(({ capacity }) => capacity !== null) ? `free${when}` : `beds${when}`,
      `text-anchor="end" ${quiet}`,
    ),
    ...rows,
    '</svg>',
  ].join('\n');
}

function freeOf({ capacity, tonight }: BoardLine): string {
  return capacity === null ? band(tonight) : beds(capacity - tonight.mean);
}

function shorten(name: string): string {
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`;
}
