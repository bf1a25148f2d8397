import type { Separator } from '../files/csv-file.js';
import { type DateOrder, isoDate, readDate } from '../files/dates.js';
import { saysMissing } from '../files/words.js';
import { isCalled } from '../naming/column-names.js';
import { DateProfiler } from './date-look.js';
import { NumberProfiler } from './number-look.js';
import { type ColumnProfile, FAR_YEAR, LONG, MAX_LEVELS, MOSTLY, SURE_MARKERS } from './profile.js';

/** Missing values where the rest of a column is numbers; in a column of words they may be words. */
const MARKERS_AMONG_NUMBERS = ['NA', '.', '-', '--'];
/** Values that are remembered of a column. Beyond them a column without a repetition counts as one without any. */
const MOST_DISTINCT = 500_000;
/** Different values of another kind, after which a column is none of them: at least so many, and half of all; at most so many. */
const FEWEST_OTHERS = 60;
const MOST_OTHERS = 2000;
/** A text that so many rows have is not one patient's own. */
const OFTEN = 10;

/** A number that its writer was not sure of, or wrote a unit to: ca. 70, <5, 80+, 70 kg. */
const NEARLY =
  /^(ca\.?|circa|etwa|ungef\.?|um|env\.?|environ|approx\.?|about|aprox\.?|~|±|<=?|>=?|≤|≥|über|ueber|unter)? ?[+-]?\d+([.,]\d+)? ?(\+|\?|\*|%|\p{L}{1,12}\.?)?$/iu;

/** Habits that a file settles as a whole. */
export interface FileHabits {
  readonly order?: DateOrder;
  readonly decimalCommas: boolean;
}

/** Looks at the values of one column of a file, one after the other. */
export class ColumnProfiler {
  private values = 0;
  private readonly distinct = new Set<string>();
  private repeated = false;
  /** Values that are no number, or no date, and how many rows have them. */
  private readonly others = new Map<string, { rows: number; number: boolean; date: boolean }>();
  private numbers: NumberProfiler | undefined;
  private dates: DateProfiler | undefined = new DateProfiler();
  private booleans = true;
  private clock = true;
  private length = 0;
  private breaks = false;
  private readonly sure = new Set<string>();
  private readonly unsure = new Map<string, number>();
  private readonly markers: ReadonlySet<string>;

  constructor(
    readonly source: string,
    private readonly nulls: readonly string[] | undefined,
    separator: Separator,
  ) {
    this.markers = new Set(nulls ?? SURE_MARKERS);
    this.numbers = new NumberProfiler(separator === ',');
  }

  take(value: string): void {
    if (value === '') return;
    if (this.markers.has(value)) return void this.sure.add(value);
    if (!this.nulls && MARKERS_AMONG_NUMBERS.includes(value))
      return void this.unsure.set(value, (this.unsure.get(value) ?? 0) + 1);
    this.values++;
    this.length += value.length;
    if (this.distinct.has(value)) {
      this.repeated = true;
      const other = this.others.get(value);
      if (other) other.rows++;
      return;
    }
    if (this.distinct.size < MOST_DISTINCT) this.distinct.add(value);
    if (!this.breaks && value.includes('\n')) this.breaks = true;
    this.clock &&= /^\d{1,2}:\d\d(:\d\d)?$/.test(value);
    this.booleans &&= /^(true|false)$/i.test(value);
    if (!this.numbers && !this.dates) return;
    const number = this.numbers?.take(value) ?? false;
    const date = this.dates?.take(value) !== undefined;
    if ((this.numbers && !number) || (this.dates && !date)) this.others.set(value, { rows: 1, number, date });
    if (this.others.size > FEWEST_OTHERS) this.giveUp();
  }

  /** A column that has many other values is neither of numbers nor of dates. */
  private giveUp(): void {
    const others = [...this.others.values()];
    const many = (count: number) =>
      count > FEWEST_OTHERS && (count > this.distinct.size / 2 || count > MOST_OTHERS);
    if (this.numbers && many(others.filter(({ number }) => !number).length)) this.numbers = undefined;
    if (this.dates && many(others.filter(({ date }) => !date).length)) this.dates = undefined;
    for (const [value, { number, date }] of this.others)
      if ((number || !this.numbers) && (date || !this.dates)) this.others.delete(value);
  }

  /** Habits of the file that this column shows. */
  get habits(): FileHabits {
    const order = this.share('date') >= MOSTLY ? this.dates?.dateOrder : undefined;
    return {
      decimalCommas: this.share('number') >= MOSTLY && (this.numbers?.hasCommas ?? false),
      ...(order ? { order } : {}),
    };
  }

  private othersThan(kind: 'number' | 'date'): [string, number][] {
    return [...this.others].filter(([, other]) => !other[kind]).map(([value, { rows }]) => [value, rows]);
  }

  /** The share of values that are of a kind. */
  private share(kind: 'number' | 'date'): number {
    if (!(kind === 'number' ? this.numbers : this.dates) || this.values === 0) return 0;
    return 1 - this.othersThan(kind).reduce((sum, [, rows]) => sum + rows, 0) / this.values;
  }

  /** Profile of the column, under the name that a contract has for it. */
  profile(name: string, habits: FileHabits): ColumnProfile {
    const look = this.dateProfile(habits) ??
      this.numberProfile(name, habits) ?? {
        type: this.booleans && this.values > 0 ? 'BOOLEAN' : 'VARCHAR',
      };
    const words = look.type === 'VARCHAR' && this.values > 0;
    // What may be a word is one among words.
    if (words)
      for (const [marker, times] of this.unsure) {
        this.values += times;
        this.distinct.add(marker);
      }
    const missing = new Set(look.nulls ?? []);
    const gone = this.othersThan(/^(NUMBER|FLOAT)/.test(look.type) ? 'number' : 'date')
      .filter(([value]) => missing.has(value))
      .reduce((sum, [, rows]) => sum + rows, 0);
    const full = this.distinct.size >= MOST_DISTINCT && !this.repeated;
    return {
      name,
      source: name,
      // In a header the case does not matter.
      ...(this.source.toUpperCase() === name ? {} : { header: this.source }),
      values: this.values - gone,
      distinct: full ? this.values : this.distinct.size - missing.size,
      markers: [...this.sure, ...(words ? [] : this.unsure.keys()), ...(look.far ?? [])],
      ...look.profile,
      type: look.type,
      ...(missing.size > 0 ? { nulls: [...missing] } : {}),
      ...(words && this.distinct.size > 1 && this.distinct.size <= MAX_LEVELS
        ? { levels: [...this.distinct].sort() }
        : {}),
      ...(words && this.clock ? { clock: true } : {}),
      ...(words && !look.profile?.mostly && this.isText ? { text: true } : {}),
    };
  }

  private get isText(): boolean {
    return (
      (this.breaks && this.distinct.size > 2) ||
      (this.length / this.values > LONG && this.distinct.size > MAX_LEVELS)
    );
  }

  private dateProfile({ order }: FileHabits): Look | undefined {
    const { dates } = this;
    if (!dates || this.share('date') < MOSTLY) return undefined;
    // Digits alone are a number under any other name.
    if (dates.digits > 0 && (!isCalled('date', this.source) || dates.digits < dates.seen)) return undefined;
    const kind = dates.kind(order);
    if (!kind) return { type: 'VARCHAR', profile: { contradictory: true } };
    const nulls = this.namableValues('date');
    if (!nulls) return { type: 'VARCHAR', profile: { mostly: { kind: 'dates', share: this.share('date') } } };
    const { type, ...rest } = kind;
    return { type, nulls, far: this.farDays(kind.order), profile: { dates: rest } };
  }

  /** Days that stand for one that is not known yet. */
  private farDays(order: DateOrder | undefined): string[] {
    const days = [...this.distinct].flatMap((value) => {
      const date = readDate(value);
      const day = date && isoDate(date, order)?.slice(0, 10);
      return day && Number(day.slice(0, 4)) >= FAR_YEAR ? [day] : [];
    });
    return [...new Set(days)];
  }

  private numberProfile(name: string, { decimalCommas }: FileHabits): Look | undefined {
    const share = this.share('number');
    if (!this.numbers || share < MOSTLY || this.numbers.codes) return undefined;
    const others = this.othersThan('number');
    const few = this.distinct.size - others.length;
    // 1, 2, 3 and "ICU" are names of wards; V27 and E11 are codes like 428.
    if (
      others.length > 0 &&
      (isCalled('diagnosis', this.source) ||
        isCalled('diagnosis', name) ||
        (few <= MAX_LEVELS && !others.every(([value]) => saysMissing(value))) ||
        others.some(([value]) => /\d/.test(value) && !NEARLY.test(value)))
    )
      return undefined;
    const kind = this.numbers.kind(decimalCommas);
    if (!kind) return undefined;
    const { type, decimal } = kind;
    const nulls = this.namableValues('number');
    if (nulls) return { type, nulls, profile: { ...(decimal ? { decimal } : {}) } };
    return {
      type: 'VARCHAR',
      profile: { mostly: { kind: 'numbers', share, commas: this.numbers.hasCommas } },
    };
  }

  /**
   * The other values of a column of numbers or dates, where a contract may name them all: words for what is missing, and texts of many rows. A
   * text of a few may be about a patient.
   */
  private namableValues(kind: 'number' | 'date'): string[] | undefined {
    const others = this.othersThan(kind);
    return others.every(([value, rows]) => saysMissing(value) || (rows >= OFTEN && value.length <= LONG))
      ? others.map(([value]) => value).sort()
      : undefined;
  }
}

/** Finding of what a column is. */
interface Look {
  readonly type: string;
  readonly nulls?: readonly string[];
  readonly far?: readonly string[];
  readonly profile?: Partial<ColumnProfile>;
}
