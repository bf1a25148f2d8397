import { linesOf } from '../../../procedures/beds/lines.js';
import type { Board, BoardLine } from '../../../report/beds/board.js';
import type { Mailed } from '../../../report/beds/figures-board.js';
import type { Night } from '../../../report/beds/nights.js';

/** Wards of a hospital of 620 beds: beds, beds occupied, and by how many a night they change. */
const WARDS: readonly (readonly [name: string, capacity: number, occupied: number, slope: number])[] = [
  ['Acute medicine', 66, 58, 0.3],
  ['General medicine', 62, 57, 0.1],
  ['Respiratory', 50, 49, 0.9],
  ['Cardiology', 60, 47, 0],
  ['Stroke and neurology', 42, 33, 0.2],
  ['Geriatrics', 52, 50, 0.1],
  ['General surgery', 62, 51, -0.4],
  ['Orthopaedics and trauma', 62, 55, 0.4],
  ['Urology', 28, 17, 0],
  ['Gynaecology', 20, 9, 0.1],
  ['Maternity', 40, 28, 0],
  ['Children', 22, 12, 0.3],
  ['Oncology', 40, 31, -0.1],
  ['Intensive care', 14, 11, 0.1],
];

const LINES = new Map(
  linesOf(
    [
      { LEVEL: 'all', UNIT: '(all)', TAKEN: 508 },
      ...WARDS.map(([UNIT, , TAKEN]) => ({ LEVEL: 'ward', UNIT, TAKEN })),
    ],
    [],
  ).map(({ UNIT, LINE }) => [UNIT, LINE]),
);

const FIRST = Date.UTC(2026, 10, 30);
const nightOf = (horizon: number) => new Date(FIRST + (horizon - 1) * 86_400_000).toISOString().slice(0, 10);

/** Share of a bell curve above a number of standard deviations. */
function above(z: number): number {
  return 1 / (1 + Math.exp(1.702 * z));
}

function nightsOf(
  level: Night['level'],
  unit: string,
  capacity: number,
  occupied: number,
  slope: number,
): Night[] {
  return Array.from({ length: 14 }, (_, i) => {
    const mean = occupied + slope * (i + 1);
    const sd = Math.sqrt(occupied) * (0.32 + 0.03 * i);
    return {
      level,
      unit,
      line: LINES.get(unit) ?? null,
      night: nightOf(i + 1),
      horizon: i + 1,
      takenNow: occupied,
      mean,
      p10: mean - 1.2816 * sd,
      p90: mean + 1.2816 * sd,
      atLeast90: Math.floor(mean - 1.2816 * sd),
      atLeast70: Math.floor(mean - 0.5244 * sd),
      admissions: occupied / 5.5 + slope / 2,
      discharges: occupied / 5.5 - slope / 2,
      movedIn: null,
      movedOut: null,
      capacity,
      closed: null,
      overCapacity: above((capacity + 0.5 - mean) / sd),
    };
  });
}

const sum = (at: 1 | 2 | 3) => WARDS.reduce((total, ward) => total + ward[at], 0);

/** Fourteen nights of each, the hospital first. */
export const generalNights: readonly Night[] = [
  ...nightsOf('all', '(all)', sum(1), sum(2), sum(3)),
  ...WARDS.flatMap(([name, ...rest]) => nightsOf('ward', name, ...rest)),
];

function lineOf(night: Night, i: number): BoardLine {
  const { level, unit, capacity, takenNow, discharges, admissions, mean, p10, p90, overCapacity } = night;
  const over = overCapacity ?? 0;
  return {
    level,
    unit,
    word: over >= 0.5 ? 'over' : over >= 0.1 ? 'tight' : 'easy',
    capacity,
    occupied: takenNow,
    leaving: discharges,
    coming: admissions,
    movedIn: null,
    movedOut: null,
    tonight: { mean, p10, p90 },
    closed: null,
    overCapacity,
    firstOver:
      generalNights.find((one) => one.level === level && one.unit === unit && (one.overCapacity ?? 0) >= 0.5)
        ?.night ?? null,
    lastNight: { mean: takenNow - 1, p10: takenNow - 4, p90: takenNow + (i % 5 === 2 ? -1 : 3) },
  };
}

const lines = generalNights.filter(({ horizon }) => horizon === 1).map(lineOf);

/** The board of it, at seven on 30 November 2026. */
export const generalBoard: Board = {
  groups: [],
  wards: lines.slice(1).sort((a, b) => (b.overCapacity ?? 0) - (a.overCapacity ?? 0)),
  hospital: lines[0],
  night: '2026-11-30',
  madeOn: '2026-11-29',
  madeAt: '2026-11-30 05:00',
  daysAgo: 0,
  ageHours: 7,
};

/** Of all nights that were forecast, the day before too: that evening a bed fewer was occupied everywhere, and the same expected. */
export const generalForecast: Mailed = {
  forecast: generalNights,
  eve: generalNights
    .filter(({ horizon }) => horizon === 1)
    .map((night) => ({ ...night, night: generalBoard.madeOn, takenNow: night.takenNow - 1 })),
  madeOn: generalBoard.madeOn,
  late: 0,
  groups: [],
  at: new Date('2026-11-30T06:00:00Z'),
  zone: 'Europe/Berlin',
};
