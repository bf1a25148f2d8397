import type { Table } from '../mail/events.js';
import { formatTable } from '../progress/table.js';
import type { BedsResult, Night } from './beds.js';

/** Nights of one unit together, in the order in which they come. */
export function byUnit(nights: readonly Night[]): Night[][] {
  const units = new Map<string, Night[]>();
  for (const night of nights) {
    const key = `${night.level} ${night.unit}`;
    units.set(key, [...(units.get(key) ?? []), night]);
  }
  return [...units.values()];
}

/** The whole hospital night by night, and every ward and department for the nights that a bed meeting is about. */
export function bedTables(nights: readonly Night[]): Table[] {
  const whole = nights.filter(({ level }) => level === 'all');
  const parts = byUnit(nights.filter(({ level }) => level !== 'all'));
  return [
    {
      title: 'Beds taken, all of the hospital',
      columns: [
        'night of',
        'beds',
        '80 % band',
        'at least (90 %)',
        'at least (70 %)',
        'admissions',
        'discharges',
        'net',
        ...overTitle(whole),
      ],
      rows: whole.map((night) => [
        dayOf(night.night),
        beds(night.mean),
        `${beds(night.p10)} to ${beds(night.p90)}`,
        night.atLeast90,
        night.atLeast70,
        beds(night.admissions),
        beds(night.discharges),
        signed(night.admissions - night.discharges),
        ...over(night, whole),
      ]),
    },
    ...(parts.length === 0
      ? []
      : [
          {
            title: 'Beds taken by department and ward',
            columns: [
              '',
              '',
              'now',
              'night 1',
              'night 2',
              'night 3',
              'night 7',
              'night 14',
              ...overTitle(parts.flat()),
            ],
            rows: parts.map((unit) => {
              const at = (horizon: number) => {
                const night = unit.find((each) => each.horizon === horizon);
                return night ? `${beds(night.mean)} (${beds(night.p10)}–${beds(night.p90)})` : '–';
              };
              return [
                unit[0]!.level,
                unit[0]!.unit,
                unit[0]!.takenNow,
                at(1),
                at(2),
                at(3),
                at(7),
                at(14),
                ...over(unit[0]!, parts.flat()),
              ];
            }),
          },
        ]),
  ];
}

/** The same for a mail, which is read on a telephone: four columns. */
export function mailTables(nights: readonly Night[]): Table[] {
  const band = ({ p10, p90 }: Night) => `${beds(p10)}–${beds(p90)}`;
  const whole = nights.filter(({ level }) => level === 'all');
  const parts = byUnit(nights.filter(({ level }) => level !== 'all'));
  const tables: Table[] = [
    {
      title: 'All of the hospital',
      columns: ['night', 'beds', '8 in 10', ...overTitle(whole, 'over')],
      rows: whole.map((night) => [
        shortDay(night.night),
        beds(night.mean),
        band(night),
        ...over(night, whole),
      ]),
    },
    {
      title: 'Departments and wards, tomorrow and in a week',
      columns: ['', 'now', 'night 1', 'night 7'],
      rows: parts.map((unit) => {
        const at = (horizon: number) => {
          const night = unit.find((each) => each.horizon === horizon);
          return night ? band(night) : '–';
        };
        return [unit[0]!.unit, beds(unit[0]!.takenNow), at(1), at(7)];
      }),
    },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

/** A forecast as a terminal shows it. */
export function bedLines({
  forecast,
  taken,
  madeOn,
  notes,
}: Pick<BedsResult, 'forecast' | 'taken' | 'madeOn' | 'notes'>): string[] {
  return [
    `${taken.toLocaleString('en-US')} beds taken at the end of ${madeOn}.`,
    ...bedTables(forecast)
      .filter(({ rows }) => rows.length > 0)
      .flatMap((table) => ['', ...formatTable(table)]),
    ...(forecast.length > 0 ? [] : ['There is no forecast.']),
    ...[...overCapacity(forecast), ...notes].flatMap((note) => ['', note]),
  ];
}

/** A sentence for each unit that is likelier than not to need more beds than it has, on some night. */
export function overCapacity(nights: readonly Night[]): string[] {
  return byUnit(nights).flatMap((unit) => {
    const first = unit.find(({ overCapacity: share }) => share !== null && share >= 0.5);
    return first
      ? [
          `${first.level === 'all' ? 'The hospital' : first.unit} will probably be over its ${beds(first.capacity!)} beds on ${dayOf(first.night)} (${percent(first.overCapacity!)}).`,
        ]
      : [];
  });
}

function overTitle(nights: readonly Night[], title = 'over capacity'): string[] {
  return nights.some(({ capacity }) => capacity !== null) ? [title] : [];
}

function over(night: Night, all: readonly Night[]): string[] {
  return overTitle(all).map(() => (night.overCapacity === null ? '–' : percent(night.overCapacity)));
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

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
