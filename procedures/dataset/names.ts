import type { Contract } from './contract.js';

/** Names of the Snowflake objects of one dataset, unqualified. */
export interface DatasetNames {
  /** Raw admissions as the hospital delivers them. */
  readonly raw: string;
  /** View of the rows of others that a stream can be on, with those that were erased from ours. */
  readonly rows: string;
  /** Temporary table of these rows, while they are compared. */
  readonly kept: string;
  /** Events during stays, by our names, where the contract has `events`; and the same without stays that were erased. */
  readonly eventRows: string;
  readonly events: string;
  /** Moves between wards by our names, where the contract has `moves`. */
  readonly moveRows: string;
  /** View of where patients lay from when until when, where the contract has `moves`. */
  readonly wardPeriods: string;
  /** The list of planned admissions by our names, where the contract has `planned`: a view. */
  readonly planned: string;
  /** Decisions to admit by our names, where the contract has `decisions`: a view. */
  readonly decisions: string;
  /** Dates that people expect, and since when patients are fit to leave, by our names, where the contract has them: views. */
  readonly dischargeDates: string;
  readonly ready: string;
  /** Stream of what is new or changed in it. */
  readonly rawStream: string;
  /** One row per admission with the model's inputs. */
  readonly features: string;
  /** The same as it was known on admission: a view. */
  readonly firstInputs: string;
  /** Raw rows of the admissions whose features are being built. */
  readonly changed: string;
  /** Ids of the admissions that are to be scored. */
  readonly waiting: string;
  /** Stream on `waiting`: it only wakes the task graph. */
  readonly waker: string;
  /** The rows that the demo lets arrive day by day. */
  readonly arrivals: string;
  /** Ids of the rows that a demo put in or lets arrive. */
  readonly demo: string;
  /** Labelled rows of the training in progress. */
  readonly trainingSet: string;
  /** Table of what each value of a feature puts into a line of the training files, for the training in progress. */
  readonly encoded: string;
  /** Rows on which the cost of permuting features is measured, while a training screens them. */
  readonly screening: string;
  /** Mornings of the stays of the training in progress, with their events, and what its version says of them; where the contract has events. */
  readonly stayDays: string;
  readonly stayAnswers: string;
}

export function datasetNames(contract: Pick<Contract, 'name' | 'table'>): DatasetNames {
  const stem = contract.name.toUpperCase();
  return {
    raw: contract.table,
    rows: `${stem}_SOURCE_ROWS`,
    eventRows: `${stem}_EVENT_ROWS`,
    events: `${stem}_EVENTS`,
    kept: `${stem}_SOURCE_TMP`,
    moveRows: `${stem}_MOVE_ROWS`,
    wardPeriods: `${stem}_WARD_PERIODS`,
    planned: `${stem}_PLANNED`,
    decisions: `${stem}_DECISIONS`,
    dischargeDates: `${stem}_DISCHARGE_DATES`,
    ready: `${stem}_READY`,
    rawStream: `${contract.table}_CHANGES`,
    features: `${stem}_FEATURES`,
    firstInputs: `${stem}_FEATURES_AT_ADMISSION`,
    changed: `${stem}_CHANGED_ADMISSIONS`,
    waiting: `${stem}_SCORING_QUEUE`,
    waker: `${stem}_UNSCORED`,
    arrivals: `${stem}_ARRIVALS`,
    demo: `${stem}_DEMO`,
    trainingSet: `${stem}_TRAINING_SET`,
    encoded: `${stem}_ENCODED`,
    screening: `${stem}_SCREENING`,
    stayDays: `${stem}_STAY_DAYS`,
    stayAnswers: `${stem}_STAY_ANSWERS`,
  };
}

/** Relation that the stream is on, unqualified: the own table, or the view of others' rows that a stream can be on. */
export function streamSource(contract: Contract): string {
  const { raw, rows } = datasetNames(contract);
  return contract.origin ? rows : raw;
}
