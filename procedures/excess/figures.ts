import { flatMap } from '../ground/lists.js';
import { type Group, judgeGroups } from './judge.js';
import { addMonths, type UnitMonth } from './sums.js';

/** Months that a figure is about: in one, few units have stays enough to tell anything. */
export const MONTHS = 12;

/** Sums of a unit's month, with the column that names the unit. */
export interface Line extends UnitMonth {
  readonly by: string;
}

/** A row of the figures of a month, by the names of LOS_PUBLISHED_ROWS. */
export interface Figure {
  readonly MONTH: string;
  readonly GROUPED_BY: string;
  readonly LEVEL: string;
  readonly MONTHS: number;
  readonly ADMISSIONS: number;
  readonly RATIO: number;
  readonly RATIO_LOW: number;
  readonly RATIO_HIGH: number;
  readonly EXCESS_DAYS: number;
  readonly RATE: number;
  readonly FUNNEL_LOW: number;
  readonly FUNNEL_HIGH: number;
  /** Figures of this month alone; null: too few patients. For the months to come; no view shows it. */
  readonly METRICS: Line | null;
}

/**
 * Figures that are shown of each unit as of a month: the year up to it, judged by family. A ratio to two decimals and days in tens let no stay be
 * computed, as what was expected is not shown.
 * @param lines of all units, of this month and those before
 * @param last YYYY-MM
 */
export function figuresOf(lines: readonly Line[], last: string): Figure[] {
  const first = monthBefore(last, MONTHS - 1);
  const year = lines.filter(({ month }) => month >= first && month <= last);
  const families = Array.from(new Set(year.map(({ by }) => by)));
  return flatMap(families, (by) => {
    const own = year.filter((line) => line.by === by);
    const units = Array.from(new Set(own.map(({ unit }) => unit))).sort();
    const months = units.map((unit) => own.filter((line) => line.unit === unit));
    const groups = months.map(addMonths);
    return judgeGroups(groups).map((judged, i): Figure => {
      const { stays, days, expected } = groups[i] as Group;
      const lines = months[i] as Line[];
      return {
        MONTH: `${last}-01`,
        GROUPED_BY: by,
        LEVEL: units[i] as string,
        MONTHS: lines.length,
        ADMISSIONS: tens(stays),
        RATIO: hundredths(judged.ratio),
        RATIO_LOW: hundredths(judged.low),
        RATIO_HIGH: hundredths(judged.high),
        EXCESS_DAYS: tens(days - expected),
        RATE: judged.rate,
        FUNNEL_LOW: hundredths(judged.funnelLow),
        FUNNEL_HIGH: hundredths(judged.funnelHigh),
        METRICS: lines.filter(({ month }) => month === last)[0] || null,
      };
    });
  });
}

/** YYYY-MM so many months before. */
export function monthBefore(month: string, n: number): string {
  const [year = 0, of = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, of - 1 - n, 1)).toISOString().slice(0, 7);
}

const tens = (value: number) => 10 * Math.round(value / 10);
const hundredths = (value: number) => Math.round(100 * value) / 100;
