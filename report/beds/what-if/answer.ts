import type { Contract } from '../../../procedures/dataset/contract.js';
import { literal, qualify } from '../../../procedures/ground/names.js';
import { percent } from '../../../procedures/ground/percent.js';
import { itemAt } from '../../../udfs/require-value.js';
import type { Table } from '../../mail/events.js';
import type { Reader } from '../../reader.js';
import { count } from '../../text/count.js';
import { formatTable } from '../../text/table.js';
import { shortage } from '../groups.js';
import type { BedsResult, WhatIfNight } from '../nights.js';
import { dayOf } from '../tables.js';

/** The answer to a what_if, by the name that FORECAST_BEDS gave it. */
export async function answerOf(
  { snowflake, settings }: Reader,
  contract: Contract,
  name: string,
): Promise<WhatIfNight[]> {
  const rows = await snowflake.query<Record<string, string | number | null>>(
    `SELECT LEVEL, UNIT, TO_VARCHAR(NIGHT, 'YYYY-MM-DD') AS NIGHT, BASE, MEAN, P10, P90, CAPACITY, BASE_OVER, OVER_CAPACITY
FROM ${qualify(settings, 'LOS_BED_WHAT_IFS')} WHERE DATASET = ${literal(contract.name)} AND WHAT_IF = ? ORDER BY LEVEL, UNIT, HORIZON`,
    [name],
  );
  const number = (value: unknown) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    level: String(row.LEVEL),
    unit: String(row.UNIT),
    night: String(row.NIGHT),
    base: Number(row.BASE),
    mean: Number(row.MEAN),
    p10: Number(row.P10),
    p90: Number(row.P90),
    capacity: number(row.CAPACITY),
    baseOver: number(row.BASE_OVER),
    over: number(row.OVER_CAPACITY),
  }));
}

/** Less of a bed is nothing to show. */
const SEEN = 0.05;

/** The answer as a terminal shows it: of each unit that changes the nights, and the first that is likelier than not to be over its beds. */
export function whatIfLines(
  { occupied, madeOn, notes }: Pick<BedsResult, 'occupied' | 'madeOn' | 'notes'>,
  nights: readonly WhatIfNight[],
  groups: readonly (readonly string[])[],
): string[] {
  const units = new Map<string, WhatIfNight[]>();
  for (const night of nights) {
    const key = `${night.level} ${night.unit}`;
    units.set(key, [...(units.get(key) ?? []), night]);
  }
  const changed = [...units.values()].filter((unit) =>
    unit.some(
      ({ base, mean, baseOver, over }) =>
        Math.abs(mean - base) >= SEEN || Math.abs((over ?? 0) - (baseOver ?? 0)) >= 0.005,
    ),
  );
  return [
    `${occupied.toLocaleString('en-US')} beds occupied at the end of ${madeOn}. Nothing of this is kept as a forecast.`,
    ...(changed.length === 0 ? ['', 'If so, no night changes by a tenth of a bed.'] : []),
    ...changed.flatMap((unit) => [
      '',
      ...formatTable(whatIfTable(unit)),
      ...firstOver(unit).flatMap((sentence) => ['', sentence]),
    ]),
    ...placementSentence(nights, groups).flatMap((sentence) => ['', sentence]),
    ...notes.flatMap((note) => ['', note]),
  ];
}

/** The night on which most patients would find no bed in their ward and those that may take them. */
function placementSentence(nights: readonly WhatIfNight[], groups: readonly (readonly string[])[]): string[] {
  const wards = nights.filter(({ level }) => level !== 'all');
  const lackOn = (day: string, of: (night: WhatIfNight) => number) =>
    shortage(
      wards
        .filter(({ night }) => night === day)
        .map((night) => ({ unit: night.unit, capacity: night.capacity, needed: of(night) })),
      groups,
    ).beyond;
  const days = [...new Set(wards.map(({ night }) => night))];
  const [worst] = days
    .map((day) => ({ day, more: lackOn(day, ({ mean }) => mean) - lackOn(day, ({ base }) => base) }))
    .sort((a, b) => b.more - a.more);
  if (worst === undefined || worst.more < 0.5) return [];
  const whose = groups.length === 0 ? 'in their wards' : 'in their wards and those that may take them';
  return [
    `On ${dayOf(worst.day)} ${count(Math.round(worst.more), 'patient')} more would find no bed ${whose}.`,
  ];
}

function whatIfTable(unit: readonly WhatIfNight[]): Table {
  const { level, unit: name, capacity } = itemAt(unit, 0);
  const share = (value: number | null) => (value === null ? '–' : percent(value, 0));
  return {
    title: `If so: beds occupied, ${level === 'all' ? 'all of the hospital' : `${level} ${name}`}`,
    columns: [
      'night of',
      'now expected',
      'if so',
      '8 in 10',
      ...(capacity === null ? [] : ['beds', 'over now', 'over if']),
    ],
    rows: unit.map((night) => [
      dayOf(night.night),
      night.base.toFixed(1),
      night.mean.toFixed(1),
      `${Math.round(night.p10)}–${Math.round(night.p90)}`,
      ...(capacity === null ? [] : [night.capacity ?? '–', share(night.baseOver), share(night.over)]),
    ]),
  };
}

function firstOver(unit: readonly WhatIfNight[]): string[] {
  const first = unit.find(({ over }) => over !== null && over >= 0.5);
  const before = unit.find(({ baseOver }) => baseOver !== null && baseOver >= 0.5);
  if (!first) return [];
  const { level, unit: name } = first;
  const who = level === 'all' ? 'The hospital' : name;
  return [
    `${who} will then probably exceed its ${first.capacity} beds on ${dayOf(first.night)} (${percent(first.over ?? 0, 0)})${
      before ? `; as things are, on ${dayOf(before.night)}` : '; as things are, on none of these nights'
    }.`,
  ];
}
