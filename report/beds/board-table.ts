import { percent } from '../../procedures/ground/percent.js';
import type { Board, BoardLine } from './board.js';
import {
  ageSentences,
  band,
  beds,
  dayWords,
  headlineOf,
  insideOf,
  isInside,
  needsOf,
  nightWords,
} from './board-words.js';
import { shortageWords } from './groups.js';
import { type Names, nameOf } from './names.js';
import type { Night } from './nights.js';
import { scaleOf, sparkline } from './sparkline.js';
import { groupByUnit, shortDay } from './tables.js';

/** A cell of the board: its column, by which it is known where columns have no room, and classes of its style. */
interface Cell {
  readonly label: string;
  readonly cell: string;
  readonly kind: string;
}

/** The board as a page shows it. */
export interface BoardTable {
  readonly headline: string;
  /** Sentences about the day and the age of its data. */
  readonly about: readonly string[];
  readonly figures: readonly { readonly label: string; readonly value: string; readonly note: string }[];
  readonly caption: string;
  readonly columns: readonly Omit<Cell, 'cell'>[];
  readonly rows: readonly {
    readonly name: string;
    readonly word: string | null;
    readonly whole: boolean;
    readonly cells: readonly Cell[];
  }[];
  /** Texts for empty places. */
  readonly empty: readonly string[];
}

/**
 * @param nights of all units, for the line of each
 * @param today YYYY-MM-DD, by the clock of the hospital
 */
export function boardTable(
  board: Board,
  nights: readonly Night[],
  names: Names,
  today: string,
  zone: string,
): BoardTable {
  const { wards, hospital } = board;
  const lines = [...wards, ...(hospital ? [hospital] : [])];
  const units = new Map(groupByUnit(nights).map((unit) => [keyOf(unit[0]), unit]));
  const ofWards = wards.map((line) => units.get(keyOf(line)) ?? []);
  const scale = scaleOf(ofWards.length > 0 ? ofWards : [...units.values()]);
  const ward = wards[0]?.level === 'department' ? 'Department' : 'Ward';
  const day = dayWords(board.night, today);
  const columns = columnsOf(board, lines, day, today);
  return {
    headline: headlineOf(board, names, today),
    about: ageSentences(board, zone),
    figures: hospital ? figuresOf(hospital, wards, board, day, today) : [],
    caption: `${ward}s by risk, ${nightWords(board.night, today)}. ↑ ↓: more or fewer came than 8 in 10`,
    columns: [{ label: ward, kind: 'name' }, ...columns.map(({ label, kind }) => ({ label, kind }))],
    rows: lines.map((line) => ({
      name: line.level === 'all' ? 'All of the hospital' : nameOf(line, names),
      word: line.word,
      whole: line.level === 'all',
      cells: columns.map(({ label, kind, of }) => ({
        label,
        kind,
        cell:
          kind === SPARK
            ? sparkline(
                units.get(keyOf(line)) ?? [],
                line.level === 'all' ? scaleOf([units.get(keyOf(line)) ?? []]) : scale,
              )
            : of(line),
      })),
    })),
    empty: emptyOf(lines),
  };
}

type Column = Omit<Cell, 'cell'> & {
  of(line: BoardLine): string;
  /** Nothing stands in it where no unit has a number of beds, or patients do not move. */
  readonly needsCapacity?: true;
  readonly needsMoves?: true;
  /** Nor where no bed is closed. */
  readonly needsClosed?: true;
};

const DASH = '–';
const SPARK = 'spark';
const DAY = 86_400_000;

function columnsOf(
  { night, madeOn }: Board,
  lines: readonly BoardLine[],
  day: string,
  today: string,
): Column[] {
  const tonight = night === today ? 'Tonight' : `Night of ${shortDay(night)}`;
  const columns: Column[] = [
    { label: 'State', kind: 'word', needsCapacity: true, of: ({ word }) => word ?? DASH },
    {
      label: 'Beds',
      kind: 'number',
      needsCapacity: true,
      of: ({ capacity }) => (capacity === null ? DASH : beds(capacity)),
    },
    {
      label: 'Closed',
      kind: 'number',
      needsClosed: true,
      of: ({ closed }) => (closed === null ? DASH : beds(closed)),
    },
    { label: 'Occupied', kind: 'number', of: ({ occupied }) => beds(occupied) },
    {
      label: 'Free',
      kind: 'number free',
      needsCapacity: true,
      of: ({ capacity, occupied }) => (capacity === null ? DASH : beds(capacity - occupied)),
    },
    { label: `Leaving ${day}`, kind: 'number', of: ({ leaving }) => leaving.toFixed(1) },
    { label: `Coming ${day}`, kind: 'number', of: ({ coming }) => coming.toFixed(1) },
    {
      label: `Moving in, out ${day}`,
      kind: 'number',
      needsMoves: true,
      of: ({ movedIn, movedOut }) =>
        movedIn === null || movedOut === null ? '' : `${movedIn.toFixed(1)}, ${movedOut.toFixed(1)}`,
    },
    { label: `${tonight}, 8 in 10`, kind: 'number tonight', of: (line) => band(line.tonight) },
    {
      label: 'Chance over',
      kind: 'number chance',
      needsCapacity: true,
      of: ({ overCapacity }) => (overCapacity === null ? DASH : chance(overCapacity)),
    },
    { label: '14 nights', kind: SPARK, of: () => '' },
    {
      label: `${lastNightWords(madeOn, today)}: expected, came`,
      kind: 'number last',
      of: (line) =>
        line.lastNight === null ? DASH : `${band(line.lastNight)}, ${beds(line.occupied)}${besideOf(line)}`,
    },
  ];
  const known = lines.some(({ capacity }) => capacity !== null);
  const moving = lines.some(({ movedIn }) => movedIn !== null);
  const closing = lines.some(({ closed }) => closed);
  return columns.filter(
    ({ needsCapacity, needsMoves, needsClosed }) =>
      (known || !needsCapacity) && (moving || !needsMoves) && (closing || !needsClosed),
  );
}

/** Compares last night's beds with the band. */
function besideOf({ lastNight, occupied }: BoardLine): string {
  if (lastNight === null) return '';
  if (occupied > lastNight.p90) return ' ↑';
  return occupied < lastNight.p10 ? ' ↓' : '';
}

/** Whole per cent; a chance is never told as none or certain. */
function chance(share: number): string {
  if (share < 0.01) return '< 1 %';
  return share > 0.99 ? '> 99 %' : percent(share, 0);
}

function figuresOf(
  hospital: BoardLine,
  wards: readonly BoardLine[],
  { night, madeOn, groups }: Board,
  day: string,
  today: string,
): BoardTable['figures'] {
  const lacking = shortageWords(needsOf(wards), groups);
  const { capacity, tonight, occupied, lastNight } = hospital;
  const free = (expected: number) => beds((capacity ?? 0) - expected);
  const { inside, of } = insideOf(wards);
  const when = nightWords(night, today).replace(/^on /, '');
  const verdict = isInside(hospital) ? 'Yes' : 'No';
  return [
    capacity === null
      ? { label: `Occupied ${when}`, value: beds(tonight.mean), note: `${band(tonight)} in 8 of 10 nights` }
      : {
          label: `Free ${when}`,
          value: free(tonight.mean),
          note: `${free(tonight.p90)} to ${free(tonight.p10)} of ${beds(capacity)}, in 8 of 10 nights${hospital.closed ? `; ${beds(hospital.closed)} closed` : ''}${lacking === undefined ? '' : `; ${lacking}`}`,
        },
    {
      label: `Occupied ${lastNightWords(madeOn, today).replace(/^[LN]/, (letter) => letter.toLowerCase())}`,
      value: beds(occupied),
      note: capacity === null ? 'beds' : `of ${beds(capacity)} beds: ${percent(occupied / capacity, 0)}`,
    },
    { label: `Leaving ${day}`, value: beds(hospital.leaving), note: 'expected discharges' },
    { label: `Coming ${day}`, value: beds(hospital.coming), note: 'expected admissions' },
    {
      label: 'Last forecast right?',
      value: lastNight === null ? DASH : verdict,
      note:
        lastNight === null
          ? 'shown once a forecast was made the day before'
          : `${band(lastNight)} expected, ${beds(occupied)} came${of > 0 ? `; ${inside} of ${of} wards in their band` : ''}`,
    },
  ];
}

/** The night that was counted last. */
function lastNightWords(madeOn: string, today: string): string {
  return Date.parse(today) - Date.parse(madeOn) === DAY ? 'Last night' : `Night of ${shortDay(madeOn)}`;
}

function emptyOf(lines: readonly BoardLine[]): string[] {
  const wards = lines.filter(({ level }) => level !== 'all');
  return [
    ...(lines.some(({ capacity }) => capacity !== null)
      ? []
      : ['Free beds, state and risk appear once the contract says how many beds there are (capacity:).']),
    ...(wards.length > 0 ? [] : ['Wards appear once the contract names the column that holds them (ward:).']),
  ];
}

function keyOf(of: { readonly level: string; readonly unit: string } | undefined): string {
  return `${of?.level} ${of?.unit}`;
}
