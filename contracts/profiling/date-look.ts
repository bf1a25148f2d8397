import { requireValue } from '../../udfs/require-value.js';
import { DATE_ORDERS, type DateOrder, readDate, type WrittenDate } from '../files/dates.js';
import type { DateKind } from './profile.js';

/** Years from now in which a date of two digits for the year is rather than in another century. */
const YEARS_AHEAD = 30;

/** Looks at the different values of a column, whether they are dates and in which order they are written. */
export class DateProfiler {
  seen = 0;
  /** Dates that are numbers just as well. */
  digits = 0;
  private times = false;
  private short = false;
  private numbers = false;
  private readonly offsets = new Set<string>();
  private readonly orders = new Set<DateOrder>(DATE_ORDERS);
  private ordered = false;
  private readonly span = new Map<DateOrder, { first: number; last: number }>();

  constructor(private readonly thisYear: number = new Date().getUTCFullYear()) {}

  /** @returns the date, where the value is one */
  take(value: string): WrittenDate | undefined {
    const date = readDate(value, this.thisYear);
    if (!date) return undefined;
    this.seen++;
    if (date.shape === 'digits') this.digits++;
    if (date.time) this.times = true;
    if (date.offset) this.offsets.add(date.offset);
    if (date.days.any !== undefined) return date;
    this.ordered = true;
    this.numbers ||= date.shape === 'numbers';
    this.short ||= date.short;
    for (const order of [...this.orders]) {
      const day = date.days[order];
      if (day === undefined) this.orders.delete(order);
      else this.widen(order, Number(day.slice(0, 4)));
    }
    return date;
  }

  private widen(order: DateOrder, year: number): void {
    const span = this.span.get(order);
    this.span.set(order, {
      first: Math.min(year, span?.first ?? year),
      last: Math.max(year, span?.last ?? year),
    });
  }

  /**
   * @param settled the order that other columns of the file settle
   * @returns undefined where they are no dates, or not all in one order
   */
  kind(settled?: DateOrder): DateKind | undefined {
    if (this.seen === 0) return undefined;
    // Z alone is no hospital's clock; its days are those of a zone, which settings name.
    const moments = this.offsets.has('Z') || (this.offsets.size === 1 && this.offsets.has('+00:00'));
    const timestamp = moments ? 'TIMESTAMP_TZ' : 'TIMESTAMP_NTZ';
    const plain: DateKind = {
      type: this.times ? timestamp : 'DATE',
      ...(this.offsets.size > 0 && !moments ? { offsets: [...this.offsets].sort() } : {}),
    };
    if (!this.ordered) return plain;
    const left = this.plausibleOrders();
    if (left.length === 0) return undefined;
    const order = left.length === 1 ? left[0] : left.find((each) => each === settled);
    if (order === undefined) return { ...plain, unsettled: left };
    const { first, last } = requireValue(this.span.get(order), 'the years of an order');
    return {
      ...plain,
      ...(this.numbers || order !== 'DMY' ? { order } : {}),
      ...(this.short ? { years: [first, last] as const } : {}),
    };
  }

  /** The order that the values of this column settle alone. */
  get dateOrder(): DateOrder | undefined {
    const left = this.ordered && this.numbers ? this.plausibleOrders() : [];
    return left.length === 1 ? left[0] : undefined;
  }

  private plausibleOrders(): DateOrder[] {
    let left = [...this.orders];
    // Points stand between day, month and year in that order, all over Europe.
    if (!this.numbers && left.includes('DMY')) return ['DMY'];
    if (this.short && left.length > 1) {
      const near = left.filter((order) => {
        const { first, last } = requireValue(this.span.get(order), 'the years of an order');
        return first > this.thisYear - YEARS_AHEAD && last <= this.thisYear + 1;
      });
      if (near.length > 0) left = near;
    }
    return left;
  }
}
