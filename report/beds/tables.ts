import { percent } from '../../procedures/ground/percent.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import type { Table } from '../mail/events.js';
import { formatTable } from '../text/table.js';
import type { BedsResult, Night } from './nights.js';

/** Nights of one unit together, in the order in which they come. */
export function groupByUnit(nights: readonly Night[]): Night[][] {
  const units = new Map<string, Night[]>();
  for (const night of nights) {
    const key = keyOf(night);
    units.set(key, [...(units.get(key) ?? []), night]);
  }
  return [...units.values()];
}

/** Nights that the tables of departments and wards have. */
const ASKED = [1, 2, 3, 7, 14];

/**
 * The whole hospital night by night, then departments and wards for the nights that a bed meeting is about: their bands,
 * so that a line has room for all of them in 80 columns.
 */
export function bedTables(nights: readonly Night[]): Table[] {
  const whole = nights.filter(({ level }) => level === 'all');
  const levels = [...new Set(nights.map(({ level }) => level))].filter((level) => level !== 'all');
  return [
    {
      title: 'Beds occupied, all of the hospital',
      columns: [
        'night of',
        'beds',
        '8 in 10',
        'at least (70 %)',
        'in',
        'out',
        'net',
        ...capacityTitle(whole),
      ],
      rows: whole.map((night) => [
        dayOf(night.night),
        beds(night.mean),
        band(night),
        night.atLeast70,
        beds(night.admissions),
        beds(night.discharges),
        withSign(night.admissions - night.discharges),
        ...capacityCells(night, whole),
      ]),
    },
    ...levels.map((level) => unitTable(nights, level, true)),
  ];
}

/**
 * All departments, or all wards, a line each, for the nights that a bed meeting is about.
 * @param narrow without commas in bands, so that wards of thousands of beds fit a terminal
 */
export function unitTable(nights: readonly Night[], level: Night['level'], narrow = false): Table {
  const own = nights.filter((night) => night.level === level);
  return {
    title: `Beds occupied by ${level}, 8 nights in 10`,
    columns: ['', 'now', ...ASKED.map((horizon) => `night ${horizon}`), ...capacityTitle(own, 'over')],
    rows: groupByUnit(own).map((unit) => [
      itemAt(unit, 0).unit,
      itemAt(unit, 0).takenNow,
      ...ASKED.map((horizon) => bandOf(unit, horizon, narrow)),
      ...capacityCells(itemAt(unit, 0), own),
    ]),
  };
}

/**
 * Picks the units likeliest to be over their beds, then the
 * largest; in their order.
 */
export function pickTightest(
  units: readonly (readonly Night[])[],
  most: number,
): readonly (readonly Night[])[] {
  if (units.length <= most) return units;
  const risk = (unit: readonly Night[]) => Math.max(...unit.map(({ overCapacity: share }) => share ?? 0));
  const size = (unit: readonly Night[]) => Math.max(itemAt(unit, 0).takenNow, itemAt(unit, 0).mean);
  const chosen = new Set([...units].sort((a, b) => risk(b) - risk(a) || size(b) - size(a)).slice(0, most));
  return units.filter((unit) => chosen.has(unit));
}

/** Between which numbers 8 nights in 10 are. */
const band = ({ p10, p90 }: Night) => `${beds(p10)}–${beds(p90)}`;

function bandAt(unit: readonly Night[], horizon: number): string {
  const night = unit.find((each) => each.horizon === horizon);
  return night ? band(night) : '–';
}

function bandOf(unit: readonly Night[], horizon: number, narrow: boolean): string {
  const text = bandAt(unit, horizon);
  return narrow ? text.replaceAll(',', '') : text;
}

/** Tells units of a forecast apart. */
export function keyOf({ level, unit }: Pick<Night, 'level' | 'unit'>): string {
  return `${level} ${unit}`;
}

/** One unit night by night, in four columns for a telephone. @param title what it is called */
export function nightsTable(nights: readonly Night[], title: string): Table {
  return {
    title,
    columns: ['night', 'beds', '8 in 10', ...capacityTitle(nights, 'over')],
    rows: nights.map((night) => [
      shortDay(night.night),
      beds(night.mean),
      band(night),
      ...capacityCells(night, nights),
    ]),
  };
}

/** A forecast as a terminal shows it. */
export function bedLines({
  forecast,
  occupied,
  madeOn,
  notes,
}: Pick<BedsResult, 'forecast' | 'occupied' | 'madeOn' | 'notes'>): string[] {
  return [
    `${occupied.toLocaleString('en-US')} beds occupied at the end of ${madeOn}.`,
    ...bedTables(forecast)
      .filter(({ rows }) => rows.length > 0)
      .flatMap((table) => ['', ...formatTable(table)]),
    ...(forecast.length > 0 ? [] : ['There is no forecast: it needs stays of the year before that day.']),
    ...[...capacitySentences(forecast), ...notes].flatMap((note) => ['', note]),
  ];
}

/** Units that are named with their beds; where more are over them, how many more stands in a sentence. */
const MOST_NAMED = 20;

/** First night on which each unit is likelier than not to need more beds than it has. */
export function firstOver(nights: readonly Night[]): Night[] {
  return groupByUnit(nights).flatMap(
    (unit) => unit.find(({ overCapacity: share }) => share !== null && share >= 0.5) ?? [],
  );
}

/** A sentence for each of them. */
export function capacitySentences(nights: readonly Night[]): string[] {
  const over = firstOver(nights);
  const more = over.length - MOST_NAMED;
  return [
    ...over
      .slice(0, MOST_NAMED)
      .map(
        ({ level, unit, capacity, night, overCapacity: share }) =>
          `${level === 'all' ? 'The hospital' : unit} will probably exceed its ${beds(requireValue(capacity, 'capacity'))} beds on ${dayOf(night)} (${percent(requireValue(share, 'share'), 0)}).`,
      ),
    ...(more > 0 ? [`So will ${more} more: see FIRST_NIGHT_OVER of LOS_BEDS.`] : []),
  ];
}

function capacityTitle(nights: readonly Night[], title = 'over capacity'): string[] {
  return nights.some(({ capacity }) => capacity !== null) ? [title] : [];
}

function capacityCells(night: Night, all: readonly Night[]): string[] {
  return capacityTitle(all).map(() => (night.overCapacity === null ? '–' : percent(night.overCapacity, 0)));
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon 2026-11-30`. */
export function dayOf(day: string): string {
  return `${WEEKDAYS[new Date(Date.parse(day)).getUTCDay()]} ${day}`;
}

/** `Mon 30 Nov`, on one line. */
export function shortDay(day: string): string {
  const parts = [dayOf(day).slice(0, 3), Number(day.slice(8)), MONTHS[Number(day.slice(5, 7)) - 1]];
  return parts.join('\u00a0');
}

/** A number of beds: whole ones, but of a few with a tenth. */
function beds(value: number): string {
  const whole = value >= 10 || Number.isInteger(value);
  return value.toLocaleString('en-US', {
    maximumFractionDigits: whole ? 0 : 1,
    minimumFractionDigits: whole ? 0 : 1,
  });
}

function withSign(value: number): string {
  const shown = Math.abs(value).toFixed(1);
  return shown === '0.0' ? shown : `${value < 0 ? '−' : '+'}${shown}`;
}
