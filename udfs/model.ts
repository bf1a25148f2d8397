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
  /** Unit of the bands' ends; left out: days. */
  readonly ends?: Ends;
  /** A usual value of each feature (median, commonest level), against which reasons are told. */
  readonly references?: Readonly<Record<string, string | number>>;
  /** Inputs that a caller may give, and their meaning; versions of release 0.1.0 do not tell. */
  readonly inputs?: Inputs;
  /** Defaults of the contract, by feature: it is not the patient's own, so no reason. */
  readonly standIns?: Readonly<Record<string, string | number>>;
  /** The features that move predictions most on average: reasons are looked for among them. Left out: all. */
  readonly explained?: readonly string[];
  /** Definition of a long stay; left out while the version is being calibrated. */
  readonly longStay?: LongStay;
  /**
   * Spread of stays around a prediction, from which its curve follows; left out by models of hazards, and while the
   * version is being calibrated.
   */
  readonly spread?: ResidualDistribution;
  /** Factor on the model's days; left out: they are not scaled. */
  readonly scale?: number;
  /** Hazard model: how to ask it and what to make of its answers. */
  readonly hazards?: Hazards;
  /** Rates of discharge against the curves (curve/hazards.ts): above 1, sooner; left out: as fast. */
  readonly paces?: { readonly all: number };
  /**
   * Events that a model of stays reads: what it reads of their events, the most telling first; its lines go on with
   * the day of stay and these.
   */
  readonly events?: readonly EventCode[];
}

/** Keys of an OBJECT that a version does not use. */
export interface IgnoredKeys {
  /** Keys that are no column or feature of the contract. */
  readonly unknown: readonly string[];
  readonly unused: readonly string[];
}

/** Contract's columns and features as a version knows them, with the weight of each. */
export interface Inputs {
  /** Columns and features of the contract → the version's features that they go into, itself or by its expression. */
  readonly into: Readonly<Record<string, readonly string[]>>;
  /** Names of columns in the table, in upper case → the column; left out: none. */
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
  /** Encodings of the periods: goes after a row's encoded line, for each period. */
  readonly suffixes: readonly string[];
  /** Days by which the stays that reach the open period exceed the last end, on average. */
  readonly excess: number;
  /** Days inside periods, ascending, between which and the ends stays are spread evenly; left out: over whole periods. */
  readonly inner?: readonly InnerDay[];
  /** Legacy of release 0.8.0 and before: a patient whose mean stay is m leaves (m ÷ middle)^−by times as fast as the model says. */
  readonly apart?: { readonly middle: number; readonly by: number };
}

/** Parts of a hazard model that make a curve of answers. */
export type HazardShape = Omit<Hazards, 'suffixes'>;

/** Share of a period's discharges by the end of a day. */
export interface InnerDay {
  readonly day: number;
  readonly share: number;
}

/** The distribution of stays around predictions, on rows the model was not fitted to (fitting/fit.ts). */
export interface ResidualDistribution {
  /** Kind of `values`: stay ÷ prediction, or stay − prediction in days; whichever predicted better. */
  readonly kind: 'quotient' | 'difference';
  /** Shares of stays, ascending from 0 to 1. */
  readonly shares: readonly number[];
  /** Ascending by prediction; between two predictions straight lines. */
  readonly around: readonly ResidualsAround[];
}

/** Residuals around one prediction. */
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

/** Band of residuals up to a prediction of `upTo` days, on rows the model was not fitted to. */
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

/** Definition of a long stay. How likely one is follows from the curve. */
export interface LongStay {
  readonly days: number;
  /**
   * Probabilities from which on levels 2, 3, 4 and 5 begin, ascending, from rows the model was not fitted to; left out
   * while the version is being calibrated, and where these had too few long stays.
   */
  readonly levels?: readonly number[];
}

/** Data for the response translator of the same batch. It never leaves Snowflake. */
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
  /** Legacy of release 0.8.0 and before: position in `rows` → margin of its group; only rows that have one. */
  readonly margins?: ByPosition<Margin>;
  /** Rate of discharge against the curves; left out: as fast. */
  readonly pace?: number;
  /** Legacy of release 0.8.0 and before: position in `rows` → the same; only rows of groups with a pace of their own. */
  readonly paces?: ByPosition<number>;
  /** Position in `rows` → day of stay; left out: the version is about admissions. */
  readonly day?: ByPosition<number>;
  /** Position in `rows` → events about which it was asked once more each, as they were a morning before; left out: none was. */
  readonly asked?: ByPosition<readonly string[]>;
}

/** Only positions that have something: most rows of a batch have nothing. */
export type ByPosition<T> = Readonly<Record<string, T>>;
