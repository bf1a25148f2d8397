import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import type { EventCode } from '../../udfs/encoding/events.js';
import type { Hazards, Model } from '../../udfs/model.js';
import type { Contract } from '../dataset/contract.js';
import type { Gain } from '../fitting/candidate-scores.js';
import type { Candidate, Metric } from '../fitting/candidates.js';
import type { Sample } from '../fitting/hazard-files.js';
import type { Selection } from '../fitting/selection.js';
import type { SplitResult } from '../fitting/split.js';
import { type Place, qualify } from '../ground/names.js';
import type { TrainingSettings } from '../ground/plan.js';
import { query, queryFirst, type Row, variant, type Work } from '../ground/work.js';
import type { TrainingResult } from '../jobs/training-job.js';
import type { Gate } from '../judging/gates.js';
import type { Metrics } from '../judging/metrics.js';
import type { Participants } from '../judging/participants.js';
import type { DayCounts } from '../mornings/days.js';
import type { StayMetrics } from '../mornings/judging.js';

/** Names of what is to be done next in a training, in the order of a run without anything unusual. */
export const STATE_NAMES = [
  'MAKE_ROOM',
  'DIVIDE',
  'ENCODE',
  'SCREEN',
  'PERMUTE',
  'SELECT_FEATURES',
  'UNLOAD',
  'TRAIN_CANDIDATES',
  'COMPARE_PILOTS',
  'TRAIN_HAZARDS',
  'CHOOSE',
  'LEARN',
  'SERVE',
  'CALIBRATE',
  'JUDGE',
  'STAY_ROWS',
  'STAY_TRAIN',
  'STAY_JUDGE',
  'STAY_REFIT',
  'REFIT',
  'CHECK_REFIT',
  'ENTER',
  'PROMOTE',
] as const;

export type StateName = (typeof STATE_NAMES)[number];

/** The text, among a plan's, that recreates the stream on open trainings (deploy/objects/source.ts). */
export const RESTORE_STREAM = 'restore-stream';

/** The state of a run that is over. */
export const END = 'END';

/** Failures of a state that may pass by themselves, before the run is given up. */
export const MOST_ATTEMPTS = 3;

/** Options of TRAIN_MODEL. */
export interface TrainOptions {
  /** Promote the version, if it passes the gates. */
  readonly promote?: boolean;
  /** Hold it against the gates and ask a person to promote it. */
  readonly propose?: boolean;
  /** Promote it although gates say no. */
  readonly force?: boolean;
  /** Candidates to train instead of those of the settings, by name or with hyperparameters of their own. */
  readonly candidates?: readonly (string | Candidate)[];
  /** Train on the admissions of the last so many days only, whatever the settings say. */
  readonly recentDays?: number;
  /** Say what the chosen candidate would be on an eighth, a quarter and half of the rows: three jobs more. */
  readonly learningCurve?: boolean;
  /** Columns to do without, for what they are worth beside the champion: never promoted by itself. */
  readonly without?: readonly string[];
  /** A version to train once more from its lineage; null: none. */
  readonly repeat?: string;
  /** A failed or stopped run to go on with instead of a new one. */
  readonly resume?: string;
}

/** Result of a candidate as it will be served: by what it predicts of the validation rows. */
export interface CandidateResult {
  readonly name: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly job: string;
  /** Why it has no errors: one of its jobs failed or was stopped. */
  readonly lost?: string;
  /** In days; null where it diverged. */
  readonly rmse: number | null;
  readonly mae: number | null;
  /** CRPS of its predictions as distributions, each row by what others showed; null where it diverged. */
  readonly crps: number | null;
  readonly seconds: number;
}

/** A candidate on its way: trained, then asked for the validation rows. */
export interface CandidateRun {
  readonly candidate: Candidate;
  /** The name of its training job, its model and its batch transform. */
  readonly job: string;
  /** s3:// folder with train/, validation/ and lines/. */
  readonly location: string;
  /** Which validation rows lines/ asks about, in SQL over CASE_ID; left out: all. */
  readonly validation?: string;
  /** `lost`: one of its jobs failed or was stopped, and the run goes on without it. */
  readonly stage: 'waiting' | 'training' | 'predicting' | 'answered' | 'lost';
  /** Why it is lost. */
  readonly why?: string;
  /** A job of its was tried once more, as SageMaker itself had failed. */
  readonly again?: boolean;
  readonly training?: TrainingResult;
  readonly rmse?: number;
  readonly mae?: number;
  readonly crps?: number;
}

/** Error on the validation rows with so many training rows; errors and CRPS in days, null where it diverged. */
export interface LearningPoint {
  readonly rows: number;
  readonly rmse: number | null;
  readonly mae: number | null;
  readonly crps: number | null;
}

/** State of models of hazards, where some compete or may. */
export interface HazardRun {
  readonly hazards: Hazards;
  /** s3:// folder of their files; null where pilots on a sample come first. */
  readonly location: string | null;
  /** The samples of the pilots, and what came of them. */
  readonly pilot?: {
    readonly sample: Sample;
    /** s3:// folders of the same rows, for a model of days and for one of hazards. */
    readonly days: string;
    readonly hazards: string;
    readonly gain?: Gain;
  };
}

/** The best model of hazards beside the best of days, on the validation rows. */
export interface Competition {
  readonly hazard: string;
  readonly days: string;
  /** The metric that decided. */
  readonly by: Metric;
  /** Gain by hazards, in days of it. They are chosen where that is above 0. */
  readonly gain: Gain;
}

/** The chosen candidate on its way to being fitted once more, to all ended stays. */
export interface RefitRun {
  readonly job: string;
  /** s3:// folder with train/, and validation/ where rows stop it. */
  readonly location: string;
  readonly stops: boolean;
  /** It was tried once more, as SageMaker itself had failed. */
  readonly again?: boolean;
  /** Why it is lost: then the version serves what was chosen and calibrated. */
  readonly lost?: string;
  readonly training?: TrainingResult;
  /** The endpoint of the model that was judged has gone. */
  readonly cleared?: boolean;
  /** It stands behind the endpoint, in the place of that model. */
  readonly serves?: boolean;
  /** The training job of that model. */
  readonly judge?: string;
}

/** The model of stays that is judged, and the one that is fitted to every side. */
export type StayJob = 'job' | 'refitJob';

/** The model of stays that have begun, on its way; where the contract has events. */
export interface StayRun {
  readonly days?: DayCounts;
  readonly events?: readonly EventCode[];
  readonly hazards?: Hazards;
  readonly job?: string;
  readonly refitJob?: string;
  /** Which of the two was tried once more, as SageMaker itself had failed. */
  readonly again?: readonly StayJob[];
  /** s3:// folders with train/ and validation/: for the model that is judged, and for the one that is fitted to every side. */
  readonly location?: string;
  readonly refitLocation?: string;
  readonly training?: TrainingResult;
  readonly refitTraining?: TrainingResult;
  /** Why the second fit is lost: then the model that was judged serves. */
  readonly refitLost?: string;
  /** The endpoint of the model that was judged has gone. */
  readonly cleared?: boolean;
  readonly model?: Model;
  /** Mornings that it is calibrated on. */
  readonly calibrated?: number;
  readonly metrics?: StayMetrics;
  /** Why the version has none. */
  readonly none?: string;
}

/** Version that one is held against which is trained once more. */
export interface RepeatSource {
  readonly version: string;
  readonly fingerprint: string;
  readonly code: string;
  readonly predictions: string;
}

/** Facts of a run so far; each state adds to it. */
export interface RunData {
  /** Time of the opening, 17 digits, for names that SageMaker never forgets. */
  readonly stamp: string;
  /** Inputs of the training that is repeated. */
  readonly repeated?: {
    readonly contract: Contract;
    readonly featureOrder: readonly string[];
    readonly training: TrainingSettings;
    readonly without?: readonly string[];
    readonly of: RepeatSource;
  };
  /** The version's number, once it is taken. */
  readonly number?: number;
  /** Part of the run's id in its names. */
  readonly nameStamp?: string;
  readonly split?: SplitResult;
  /** Fewest patients that a statistic is about. */
  readonly fewest?: number;
  /** The encoder: of all features, after selection of those that are kept. */
  readonly features?: readonly FeatureCode[];
  /** s3:// folder with train/ and validation/ that candidates are trained on. */
  readonly location?: string;
  /** The screening model's files, and how many rows it is asked about. */
  readonly screening?: { readonly location: string; readonly rows: number };
  readonly selection?: Selection | null;
  readonly hazards?: HazardRun | null;
  /** Those that are chosen among. */
  readonly candidateRuns?: readonly CandidateRun[];
  /** A model of days and one of hazards on a sample, which are not; none where rows are few. */
  readonly pilots?: readonly CandidateRun[];
  /** The chosen candidate on parts of the rows, where a learning curve was asked for, and the curve. */
  readonly learning?: readonly CandidateRun[];
  readonly learned?: readonly LearningPoint[];
  readonly competition?: Competition;
  /** Jobs, by what they are for, that were lost and begun once more. */
  readonly again?: readonly 'screen'[];
  readonly chosen?: Candidate;
  readonly training?: TrainingResult;
  readonly results?: readonly CandidateResult[];
  readonly calibrationRows?: number;
  /** Left out: it is fitted once only. */
  readonly refit?: RefitRun;
  readonly model?: Model;
  readonly metrics?: Metrics;
  readonly stay?: StayRun;
  /** The champion that did not answer, so that the version was measured without it, and why. */
  readonly silent?: { readonly version: string; readonly why: string } | null;
  readonly participants?: Participants;
  /** Features with a default that hardly any training row needed, of all that the contract has. */
  readonly rareDefaults?: readonly string[];
  /** Stands for the labelled rows and their sides, and for what the version predicts of the validation rows. */
  readonly fingerprint?: string;
  readonly predictions?: string;
  /** Why SageMaker's registry does not have the version. */
  readonly unpackaged?: string;
  /** Outcome of a promotion that was asked for. */
  readonly promotion?: {
    readonly promoted: boolean;
    /** A person is asked to promote it. */
    readonly proposed?: boolean;
    readonly previous: string | null;
    readonly gates: readonly Gate[];
    readonly refusal: string | null;
  };
}

/** STOPPED: a person ended it (STOP_TRAINING). */
export type RunStatus = 'OPEN' | 'DONE' | 'FAILED' | 'STOPPED';

/** A training as LOS_TRAINING_RUNS knows it. */
export interface Run {
  readonly id: string;
  readonly dataset: string;
  readonly status: RunStatus;
  readonly state: StateName | typeof END;
  readonly version: string | null;
  readonly driver: 'snowflake' | 'los';
  readonly digest: string;
  readonly options: TrainOptions;
  /** User who asked for it; null: not known. */
  readonly openedBy: string | null;
  readonly data: RunData;
  readonly message: string | null;
  readonly next: string | null;
  readonly attempts: number;
  /** Seconds for which it has waited for something that passes; 0 where it does not. */
  readonly waited: number;
  /** Seconds since its row was last changed. */
  readonly idle: number;
  /** A process steps it at the moment. */
  readonly held: boolean;
  /** Under which it is, or was, held. */
  readonly lease: string | null;
  /** A name that no other holder has, to hold it under. */
  readonly ticket: string;
}

/** Summary of a run by STEP_TRAINING. */
export interface RunSummary {
  readonly run: string;
  readonly version: string | null;
  readonly state: string;
  readonly status: string;
  /** Reason why it waits or failed, and what to do. */
  readonly message: string | null;
  readonly next: string | null;
  /** Another holds it at the moment. */
  readonly held: boolean;
  /** Its row was changed. */
  readonly changed: boolean;
  /** It has come further, by a state or a job. */
  readonly moved: boolean;
  /** Seconds for which nothing of its row had been changed before. */
  readonly idle: number;
  /** Failures of its state that may pass. */
  readonly attempts: number;
}

/** Text that changes with a run's progress. A candidate's job that has begun or ended stands in its data only. */
export function progressOf({ state, message, data }: Run): string {
  return JSON.stringify([state, message, data]);
}

export function runTable(place: Place): string {
  return qualify(place, 'LOS_TRAINING_RUNS');
}

const COLUMNS = `RUN_ID, DATASET, STATUS, STATE, VERSION, DRIVER, DIGEST, OPTIONS, OPENED_BY, DATA, MESSAGE, NEXT_STEP, ATTEMPTS,
  COALESCE(DATEDIFF(second, WAITING_SINCE, CURRENT_TIMESTAMP()), 0) AS WAITED,
  DATEDIFF(second, COALESCE(STEPPED_AT, OPENED_AT), CURRENT_TIMESTAMP()) AS IDLE,
  COALESCE(LEASE_UNTIL > CURRENT_TIMESTAMP(), FALSE) AS HELD, LEASE, UUID_STRING() AS TICKET`;

/** A run by its id; undefined where there is none. */
export function* runOf(place: Place, id: string): Work<Run | undefined> {
  const row = yield* queryFirst(`SELECT ${COLUMNS} FROM ${runTable(place)} WHERE RUN_ID = ?`, [id]);
  return row && fromRow(row);
}

/** The open runs of a dataset, the oldest first. */
export function* openRuns(place: Place, dataset: string): Work<Run[]> {
  const rows = yield* query(
    `SELECT ${COLUMNS} FROM ${runTable(place)} WHERE DATASET = ? AND STATUS = 'OPEN' ORDER BY OPENED_AT`,
    [dataset],
  );
  return rows.map(fromRow);
}

function fromRow(row: Row): Run {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return {
    id: String(row.RUN_ID),
    dataset: String(row.DATASET),
    status: String(row.STATUS) as RunStatus,
    state: String(row.STATE) as StateName,
    version: text(row.VERSION),
    driver: String(row.DRIVER) as Run['driver'],
    digest: String(row.DIGEST),
    options: variant<TrainOptions | null>(row.OPTIONS) || {},
    openedBy: text(row.OPENED_BY),
    data: variant<RunData>(row.DATA),
    message: text(row.MESSAGE),
    next: text(row.NEXT_STEP),
    attempts: Number(row.ATTEMPTS || 0),
    waited: Number(row.WAITED),
    idle: Number(row.IDLE),
    held: row.HELD === true,
    lease: text(row.LEASE),
    ticket: String(row.TICKET),
  };
}
