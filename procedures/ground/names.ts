/** Where the project's objects lie; the settings of the deployer have more in them. */
export interface Place {
  readonly snowflake: {
    readonly database: string;
    readonly schema: string;
    readonly predictLos?: PredictLos;
  };
}

/**
 * What predict_los takes. `columns`: the hospital's columns, being a SQL function around LOS_INPUTS and the external function. `inputs`: what
 * LOS_INPUTS makes of them, being the external function itself, for accounts that refuse the former.
 */
export type PredictLos = 'columns' | 'inputs';

/** Names of the external functions that ask the champion, by what they answer. */
export interface Invocations {
  readonly days: string;
  readonly detail: string;
  readonly reasons: string;
}

/** Whose request translator a promotion changes. */
export function invocations({ snowflake }: Place): Invocations {
  return snowflake.predictLos === 'inputs'
    ? { days: shared.predict, detail: shared.detail, reasons: shared.reasons }
    : {
        days: 'LOS_INVOKE_ENDPOINT',
        detail: 'LOS_INVOKE_ENDPOINT_DETAIL',
        reasons: 'LOS_INVOKE_ENDPOINT_REASONS',
      };
}

/** `DATABASE.SCHEMA` of the project. */
export function schemaPath({ snowflake }: Place): string {
  return `${snowflake.database}.${snowflake.schema}`;
}

/** `DATABASE.SCHEMA.NAME` of an object of the project. */
export function qualified(settings: Place, name: string): string {
  return `${schemaPath(settings)}.${name}`;
}

/** Names of the Snowflake objects that every dataset shares, unqualified. */
export const shared = {
  /** View: case and model inputs of the configured dataset. */
  features: 'LOS_FEATURES',
  log: 'LOS_PREDICTION_LOG',
  /** View: the latest prediction of every admission. */
  predictions: 'LOS_PREDICTIONS',
  /** View: how good they were, by month of admission. */
  accuracy: 'LOS_ACCURACY',
  /** Admissions that the model refused. */
  quarantine: 'LOS_QUARANTINE',
  registry: 'LOS_MODEL_REGISTRY',
  runs: 'LOS_RUN_LOG',
  /** Who applied, trained, promoted what; also the lease that lets one do it at a time. */
  history: 'LOS_DEPLOYMENT_LOG',
  evaluation: 'LOS_EVALUATION',
  measures: 'LOS_EVALUATION_METRICS',
  shadow: 'LOS_SHADOW_LOG',
  /** Trainings, what each state of them took, and the stream that wakes the task which goes on with open ones. */
  trainings: 'LOS_TRAINING_RUNS',
  trainingSteps: 'LOS_TRAINING_STEPS',
  openTrainings: 'LOS_OPEN_TRAININGS',
  trainTask: 'LOS_TRAIN',
  /** What candidates predict of the validation rows, while a training chooses among them. */
  candidatePredictions: 'LOS_CANDIDATE_PREDICTIONS',
  /** Batch transforms that score what is too much for an endpoint, what they are asked, and who goes on with them. */
  backfills: 'LOS_BACKFILLS',
  backfillRows: 'LOS_BACKFILL_ROWS',
  openBackfills: 'LOS_OPEN_BACKFILLS',
  backfillTask: 'LOS_BACKFILL',
  /** What people ask; the pipeline asks the external functions, which `invocations` names. */
  predict: 'PREDICT_LOS',
  detail: 'PREDICT_LOS_DETAIL',
  reasons: 'PREDICT_LOS_REASONS',
  /** Features of an OBJECT of columns, as the feature table would have them; the others are steps of it. */
  inputs: 'LOS_INPUTS',
  inputsOfColumns: 'LOS_INPUTS_OF_COLUMNS',
  inputsOfValues: 'LOS_INPUTS_OF_VALUES',
  /** One call of SageMaker's control plane; the owner's procedures alone may use it. */
  sageMaker: 'LOS_SAGEMAKER',
  response: 'LOS_RESPONSE',
  detailResponse: 'LOS_RESPONSE_DETAIL',
  /** What remains of a stay, from its curve; and the same as a share gone for each of the nights to come. */
  remaining: 'PREDICT_LOS_REMAINING',
  goneWithin: 'LOS_DISCHARGE_PROBABILITIES',
  /** Beds: what was forecast and what came, as tables and as views of them; who leaves when, a list of patients. */
  bedForecasts: 'LOS_BED_FORECASTS',
  bedNights: 'LOS_BED_NIGHTS',
  beds: 'LOS_BEDS',
  bedErrors: 'LOS_BED_ERRORS',
  bedQuality: 'LOS_BED_ACCURACY',
  bedPit: 'LOS_BED_CALIBRATION',
  expectedDischarges: 'LOS_EXPECTED_DISCHARGES',
  stillHere: 'LOS_REMAINING_PATIENTS',
  leaves: 'LOS_DISCHARGE_FORECAST',
  bedsTaken: 'LOS_BED_DISTRIBUTION',
  bedsBelow: 'LOS_BED_FORECAST_CDF',
  bedTask: 'LOS_FORECAST_BEDS',
  /** Watching: what training rows looked like, what was found of inputs, predictions and pipe, what came of it. */
  featureReference: 'LOS_FEATURE_REFERENCE',
  watchInputs: 'LOS_WATCH_INPUTS',
  watchPerformance: 'LOS_WATCH_PERFORMANCE',
  watchPipe: 'LOS_WATCH_PIPELINE',
  alarms: 'LOS_ALARMS',
  /** Views of what was watched, and of what ran: the report reads them, and so may anybody. */
  weeklyErrors: 'LOS_WEEKLY_ERRORS',
  marks: 'LOS_TIMELINE',
  drift: 'LOS_DRIFT',
  runsByDay: 'LOS_RUNS_BY_DAY',
  trainingCosts: 'LOS_TRAINING_COSTS',
  events: 'LOS_EVENTS',
  untold: 'LOS_UNSENT_EVENTS',
  watchTask: 'LOS_WATCH',
  lookTask: 'LOS_MONITOR_HOURLY',
  notifyTask: 'LOS_NOTIFY',
  staySoFar: 'LOS_EVALUATE_ONGOING_STAY',
  judgeCurve: 'LOS_EVALUATE_CURVE',
  calibrate: 'LOS_CALIBRATE',
  judgeSpread: 'LOS_EVALUATE_SPREAD',
  judgeHazards: 'LOS_EVALUATE_HAZARDS',
  pacedMeans: 'LOS_MEANS_BY_PACE',
  buildTask: 'LOS_BUILD_FEATURES',
  scoreTask: 'LOS_SCORE',
  /** Finalizes the graph. */
  reportTask: 'LOS_REPORT_GRAPH_RUN',
  /** Predictions that the challenger has not been asked about yet, and the task that asks it. */
  unshadowed: 'LOS_SHADOW_PENDING',
  shadowTask: 'LOS_SHADOW',
  csv: 'LOS_CSV',
} as const;

/** Text as an SQL string literal. */
export function literal(text: string): string {
  return `'${text.split('\\').join('\\\\').split("'").join("''")}'`;
}

/** SQL of a day, however the session reads dates. @param day YYYY-MM-DD */
export function dateLiteral(day: string): string {
  return `TO_DATE(${literal(day)}, 'YYYY-MM-DD')`;
}

/**
 * Folders of the exchange stage (and bucket). Training files expire, artifacts do not: SageMaker reads a model's each time
 * that an endpoint starts, so they must never lie below the same prefix.
 */
export const TRAINING_FILES = 'training-files';
export const MODELS = 'models';
