import type { FeatureCode } from './encoding/encoding.js';
import type { EventCode } from './encoding/events.js';

/**
 * Everything of a trained version that serving needs. It is compiled into the version's request translator,
 * so one ALTER FUNCTION switches encoder, endpoint and intervals together.
 */
export interface Model {
  /** Version name, e.g. `health-v3`. */
  readonly version: string;
  /** SageMaker endpoint that serves it. */
  readonly endpoint: string;
  readonly features: readonly FeatureCode[];
  /** Fewest patients that a statistic of it is about; left out by versions of release 0.3.0 and before, which have some of one. */
  readonly fewest?: number;
  /** Shortest stay in the training rows that ten patients had, in days: a prediction is never below it. */
  readonly floor: number;
  /** Conformal intervals by predicted stay, ascending (by day of stay first, where it has begun); empty while the version is being calibrated. */
  readonly bands: readonly Band[];
  /** What the bands' ends are told in; left out: days. */
  readonly ends?: Ends;
  /** A usual value of each feature (median, commonest level), against which reasons are told. */
  readonly references?: Readonly<Record<string, string | number>>;
  /** What a caller may say, and what the version makes of it; versions of release 0.1.0 do not tell. */
  readonly inputs?: Inputs;
  /** What the contract puts in the place of a missing value, by feature: it is not the patient's own, so no reason. */
  readonly standIns?: Readonly<Record<string, string | number>>;
  /** The features that move predictions most on average: reasons are looked for among them. Left out: all. */
  readonly explained?: readonly string[];
  /** What a long stay is; left out while the version is being calibrated. */
  readonly longStay?: LongStay;
  /** How stays spread around a prediction, from which its curve follows; left out by models of hazards, and while the version is being calibrated. */
  readonly spread?: ResidualDistribution;
  /** What the model's days are multiplied by; left out: they are not scaled. */
  readonly scale?: number;
  /** Where the model does not predict days but hazards: how to ask it and what to make of its answers. */
  readonly hazards?: Hazards;
  /** How fast patients leave against what the curves say (curve/hazards.ts): above 1, sooner; left out: as fast. */
  readonly paces?: { readonly all: number };
  /** Of a model of stays that have begun: what it reads of their events, the most telling first; its lines go on with the day of stay and these. */
  readonly events?: readonly EventCode[];
}

/** Keys of an OBJECT that a version does not use. */
export interface IgnoredKeys {
  /** Of no column or feature of the contract. */
  readonly unknown: readonly string[];
  readonly unused: readonly string[];
}

/** What the contract that a version was trained by knows of columns and features, and how much the version leans on each. */
export interface Inputs {
  /** Columns and features of the contract → the version's features that they go into, itself or by its expression. */
  readonly into: Readonly<Record<string, readonly string[]>>;
  /** What the table calls a column that the contract calls otherwise, in upper case → the column; left out: none. */
  readonly called?: Readonly<Record<string, string>>;
  /** The column that says which admission it is: an OBJECT that has it is a row of the table. Left out by releases before 0.9.0. */
  readonly id?: string;
  /** Features whose default stood in for a value in hardly any training row: what it would mean was not learned. */
  readonly rareDefaults: readonly string[];
  /** Features that tell of earlier stays. */
  readonly history: readonly string[];
  /** Feature of the version → share of what permuting all of them costs, or moves; adds up to 1. */
  readonly shares: Readonly<Record<string, number>>;
}

/**
 * A model of hazards is asked once for each period of a stay, how probable it is to leave in it for a patient who is still admitted when it
 * begins. There is one period more, which is open, and about which the model is not asked.
 */
export interface Hazards {
  /** Last day of each period that is asked about, whole days, ascending. */
  readonly ends: readonly number[];
  /** What tells the model the period: goes after a row's encoded line, for each period. */
  readonly suffixes: readonly string[];
  /** Days by which the stays that reach the open period exceed the last end, on average. */
  readonly excess: number;
  /** Days inside periods, ascending, between which and the ends stays are spread evenly; left out: over whole periods. */
  readonly inner?: readonly InnerDay[];
  /** Of versions of release 0.8.0 and before: a patient whose mean stay is m leaves (m ÷ middle)^−by times as fast as the model says. */
  readonly apart?: { readonly middle: number; readonly by: number };
}

/** What makes a curve of answers. */
export type HazardShape = Omit<Hazards, 'suffixes'>;

/** Of those who leave in a day's period, the share that is gone by its end. */
export interface InnerDay {
  readonly day: number;
  readonly share: number;
}

/** The distribution of stays around predictions, on rows the model was not fitted to (fitting/fit.ts). */
export interface ResidualDistribution {
  /** What `values` are: stay ÷ prediction, or stay − prediction in days; whichever predicted better. */
  readonly kind: 'quotient' | 'difference';
  /** Shares of stays, ascending from 0 to 1. */
  readonly shares: readonly number[];
  /** Ascending by prediction; between two predictions straight lines. */
  readonly around: readonly ResidualsAround[];
}

/** What the stays at about one prediction were. */
export interface ResidualsAround {
  /** Predicted days. */
  readonly predicted: number;
  /** For each of the shares what that share of stays is at most. */
  readonly values: readonly number[];
}

/**
 * `curve`: an interval's ends are log-odds of the share that the patient's own curve says is gone (curve/ends.ts), for curves that are the
 * model's own; else days beside the prediction.
 */
export type Ends = 'curve';

/** Where actual stays lay among predictions up to `upTo` days, on rows the model was not fitted to. */
export interface Band {
  /** Last day of stay that it is for; null: every later one. Left out: for all, as of admissions. */
  readonly untilDay?: number | null;
  /** Largest prediction of the band in days; null in the last band, or the last of its days of stay. */
  readonly upTo: number | null;
  /** Ends of the 80 % interval as actual − predicted, in days, or on the curve. */
  readonly low: number;
  readonly high: number;
  /** Ends of the 95 % interval. */
  readonly low95: number;
  readonly high95: number;
}

/** Days, or log-odds, by which both ends of the [80 %, 95 %] interval move outwards. */
export type Margin = readonly [margin80: number, margin95: number];

/** What a long stay is. How likely one is follows from the curve. */
export interface LongStay {
  readonly days: number;
  /**
   * Probabilities from which on levels 2, 3, 4 and 5 begin, ascending, from rows the model was not fitted to; left out
   * while the version is being calibrated, and where these had too few long stays.
   */
  readonly levels?: readonly number[];
}

/** What the request translator hands to the response translator of the same batch. It never leaves Snowflake. */
export interface TranslatorData {
  readonly version: string;
  readonly floor: number;
  readonly bands: readonly Band[];
  readonly ends?: Ends;
  readonly longStay?: LongStay;
  readonly spread?: ResidualDistribution;
  readonly scale?: number;
  readonly hazards?: HazardShape;
  /** Snowflake's number of each row of the batch, in order. */
  readonly rows: readonly number[];
  /** Position in `rows` → why that row is not predicted and was not sent; only such rows. */
  readonly refused?: ByPosition<string>;
  /** Position in `rows` → names of features without a value; only rows that have some. */
  readonly missing?: ByPosition<readonly string[]>;
  /** Position in `rows` → names of features with a new or rare level; only rows that have some. */
  readonly unseen?: ByPosition<readonly string[]>;
  /** Position in `rows` → features for which the usual value was taken, with it; left out by versions that do not know usual values. */
  readonly assumed?: ByPosition<Readonly<Record<string, string | number>>>;
  /** Position in `rows` → keys of the OBJECT that the version does not use; only rows that have some. */
  readonly ignored?: ByPosition<IgnoredKeys>;
  /** Names of columns and features that may have been meant; left out: no row has a key that is unknown. */
  readonly names?: readonly string[];
  /** Position in `rows` → share of what the version leans on that is known; only rows of which not all is. */
  readonly known?: ByPosition<number>;
  /** Position in `rows` → why an answer says little of the patient; only rows of which too little is known. */
  readonly little?: ByPosition<string>;
  /** Position in `rows` → lines that it was asked about with, over whose answers its own is the average; only rows with several. */
  readonly draws?: ByPosition<number>;
  /** Position in `rows` → what is to be said of values that a person gave; only such rows. */
  readonly notes?: ByPosition<string>;
  /** Of versions of release 0.8.0 and before: position in `rows` → margin of its group; only rows that have one. */
  readonly margins?: ByPosition<Margin>;
  /** How fast patients leave against what their curves say; left out: as fast. */
  readonly pace?: number;
  /** Of versions of release 0.8.0 and before: position in `rows` → the same; only rows of groups with a pace of their own. */
  readonly paces?: ByPosition<number>;
  /** Position in `rows` → day of stay; left out: the version is about admissions. */
  readonly day?: ByPosition<number>;
  /** Position in `rows` → events about which it was asked once more each, as they were a morning before; left out: none was. */
  readonly asked?: ByPosition<readonly string[]>;
}

/** Only positions that have something: most rows of a batch have nothing. */
export type ByPosition<T> = Readonly<Record<string, T>>;
