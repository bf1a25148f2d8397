import type { Contract } from '../dataset/contract.js';
import type { Place } from '../ground/names.js';
import type { StatedTolerance } from '../ground/plan.js';
import type { DeclaredIntegration, ScheduledTask, WakingStream } from '../object.js';
import type { TablesPlan } from '../records/counted.js';
import type { FeaturesPlan } from '../scoring/batches/check.js';

/** By what a monitor mails without LOS_EVENTS. */
export interface DirectMail {
  readonly integration: string;
  readonly recipients: readonly string[];
  /** Makes LOS_DIRECT_MAILS where it is gone, as apply would have. */
  readonly restore: string;
}

/** When a watch has a new version trained, and when it takes one back. */
export interface WatchSettings {
  /** What becomes of a version trained after an alarm or by age: a person decides, or the gates alone; false: none is trained. */
  readonly retrain: 'propose' | 'promote' | false;
  /** Largest shift of an input, 0 to 1, up to which the gates alone decide. */
  readonly promoteWithinShift: number;
  /** Days of data after which a champion is retrained without any alarm; null: never. */
  readonly retrainAfterDays: number | null;
  /** Days for which all logs but that of predictions are kept: what was watched, ended alarms, events, runs, forecasts. */
  readonly keepDays: number;
  /** Days after which the inputs of a prediction leave the log, once the patient has left; null: never. The prediction stays. */
  readonly keepInputsDays: number | null;
  /** Credits that 30 days may use; above, no training begins by itself; null: no limit. */
  readonly budget: number | null;
  /** How far off groups may be: `training.equity`. */
  readonly equity?: StatedTolerance;
}

/** Whom an event or an alarm is of, and where it is kept. */
export interface AlarmPlan {
  readonly contract: Pick<Contract, 'name'>;
  readonly place: Place;
}

/** What looking at tasks takes. */
export interface TaskPlan extends AlarmPlan {
  /** The hospital's time zone. */
  readonly zone: string;
  /** Those that are deployed; none where the settings have none run. */
  readonly tasks: readonly ScheduledTask[];
}

/** What every procedure that monitors is compiled with. */
export interface WatchPlan extends TaskPlan {
  readonly contract: Contract;
  readonly settings: WatchSettings;
  /** Days of the silent period; null: there is none. */
  readonly silent: number | null;
  /** Hours that may pass from one run of the scoring graph to the next, and some. */
  readonly patienceHours: number;
  /** What the tasks are woken by. */
  readonly streams: readonly WakingStream[];
  /** Every table that is deployed, and which of them is the hospital's. */
  readonly tables: readonly { readonly name: string; readonly hospital: boolean }[];
  /** How a monitor mails where it cannot write an event; null: the settings name no address that Snowflake may write to. */
  readonly mail: DirectMail | null;
  /** Texts of sql/watching/, by their path below sql/ without `.sql`. */
  readonly sql: Readonly<Record<string, string>>;
}

/** What WATCH_SCORING is compiled with. */
export interface HourlyPlan extends WatchPlan {
  readonly features: FeaturesPlan;
  readonly counted: TablesPlan;
  readonly integrations: readonly DeclaredIntegration[];
}

/** What WATCH_PREDICTIONS is compiled with. */
export interface DailyPlan extends WatchPlan {
  /** Asks for the credits of the last 30 days; null: there is no budget. */
  readonly credits: string | null;
  /** What removes rows that have had their time; each takes that day once. */
  readonly expiries: readonly { readonly table: string; readonly sql: string }[];
}
