import type { Row } from '../../ground/work.js';
import { plausibleMost } from '../../scoring/plausibility.js';

/** Row of sql/watching/pipe-*.sql. */
export interface PipeRow extends Row {
  /** Admissions of the day, and of the same weekday of the weeks before (on a holiday: of Sundays): how many weeks, mean and variance. */
  readonly ADMISSIONS: number;
  readonly WEEKS: number;
  readonly USUAL: number | null;
  readonly VARIANCE: number | null;
  /** Days since the first admission known, and since the last one. */
  readonly DAYS_KNOWN: number | null;
  readonly SINCE_CAME: number | null;
  /** Admissions that were withdrawn within the last day; the most of a day in the year before. */
  readonly WITHDRAWN: number;
  readonly MOST_WITHDRAWN: number;
  /** Days since the last discharge, and discharges a day before that; null: no dates. */
  readonly SINCE_WENT: number | null;
  readonly WENT_A_DAY: number | null;
  /** Admissions that have waited longer than they should; refused by the model. */
  readonly WAITING: number;
  readonly QUARANTINED: number;
  /** Admissions that were scored within the last day, and those of them that got no prediction: too little is known of them. */
  readonly ASKED: number;
  readonly UNPREDICTED: number;
  /** Changes of the admissions' table have not been read yet. */
  readonly UNREAD: boolean;
  readonly HOURS_SINCE_BUILT: number | null;
  /** UNREAD at the last hourly look. After a quiet night changes are new that come to a table not read for hours. */
  readonly WAS_UNREAD: boolean | null;
}

/** Names of what is measured of the pipeline. Each has its words in signs.ts: a new one without them does not compile. */
export type PipeMeasureName =
  | 'admissions'
  | 'withdrawn at once'
  | 'waiting'
  | 'quarantined'
  | 'no prediction'
  | 'hours unread'
  | 'days without a discharge';

/** A measure of the pipeline, and between what it is usual; null: no bound. */
export interface PipeMeasure {
  readonly measure: PipeMeasureName;
  readonly value: number;
  readonly usual: number | null;
  readonly least: number | null;
  readonly most: number | null;
}

/** Sources that each is told from. */
const SOURCES: Readonly<Record<PipeMeasureName, readonly (keyof PipeRow)[]>> = {
  admissions: ['ADMISSIONS'],
  'withdrawn at once': ['WITHDRAWN'],
  waiting: ['WAITING'],
  quarantined: ['QUARANTINED'],
  'no prediction': ['UNPREDICTED'],
  'hours unread': ['UNREAD', 'WAS_UNREAD', 'HOURS_SINCE_BUILT'],
  'days without a discharge': ['SINCE_WENT'],
};

/** Eight of the same weekday, before which nothing is usual. */
const ENOUGH_DAYS = 56;
/** Distance from the usual that a day's admissions may be, in standard deviations: one day in about two years is farther. */
const FAR = 3.5;
/** So many admissions, and such a share of a day's, may be too little known for a prediction; more look like a column that fails to come. */
const FEW = 10;
const SOME = 0.1;
/** So many discharges that should have come are missed before a pause counts. */
const MISSED = 20;

/**
 * Measures of the pipeline, each beside its bounds.
 * @param row without what could not be asked, of which there is no measure
 * @param patience hours after which unread changes mean that the graph is suspended, or its schedule silent
 */
export function pipeMeasures(row: Partial<PipeRow>, patience: number): PipeMeasure[] {
  const number = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  const usual = Number(row.DAYS_KNOWN || 0) >= ENOUGH_DAYS ? number(row.USUAL) : null;
  // At least as much chance as a Poisson variable has.
  const off = usual === null ? 0 : FAR * Math.sqrt(Math.max(usual, Number(row.VARIANCE || 0), 1));
  const count = (measure: PipeMeasureName, value: unknown, most: number | null = 0): PipeMeasure => ({
    measure,
    value: Number(value || 0),
    usual: null,
    least: null,
    most,
  });
  const all: PipeMeasure[] = [
    {
      measure: 'admissions',
      value: Number(row.ADMISSIONS),
      usual,
      least: usual === null ? null : Math.max(0, usual - off),
      most: usual === null ? null : usual + off,
    },
    count('withdrawn at once', row.WITHDRAWN, Math.max(FEW, plausibleMost(Number(row.MOST_WITHDRAWN || 0)))),
    count('waiting', row.WAITING),
    count('quarantined', row.QUARANTINED),
    count('no prediction', row.UNPREDICTED, Math.max(FEW, Math.ceil(Number(row.ASKED || 0) * SOME))),
    count(
      'hours unread',
      row.UNREAD && row.WAS_UNREAD ? (row.HOURS_SINCE_BUILT ?? patience + 1) : 0,
      patience,
    ),
  ];
  const measures = all.filter(({ measure }) => SOURCES[measure].every((column) => row[column] !== undefined));
  const perDay = number(row.WENT_A_DAY);
  const since = number(row.SINCE_WENT);
  if (since !== null && perDay !== null && perDay > 0)
    measures.push({
      measure: 'days without a discharge',
      value: since,
      usual: null,
      least: null,
      most: Math.max(1, Math.ceil(MISSED / perDay)),
    });
  return measures;
}

/** Tells whether a measure is outside what is usual of it. */
export function isUnusual({ value, least, most }: PipeMeasure): boolean {
  return (least !== null && value < least) || (most !== null && value > most);
}
