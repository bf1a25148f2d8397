import type { Costs, MonthCost } from './costs.js';
/** Work of one run of the task graph. */
export interface GraphRun {
  /** Admissions new to the feature table or changed in it. */
  readonly built: number;
  /** Admissions predicted and logged. */
  readonly scored: number;
  readonly seconds: number;
}

export interface Status {
  /** Declared objects that are as declared, and those that are not. */
  readonly deployed: { asDeclared: number; toChange: string[] };
  /**
   * Request translator that answers predict_los now, by the registry (whether DESCRIBE FUNCTION shows it is documented nowhere); null
   * before the first promotion.
   */
  readonly translator: string | null;
  readonly champion: { readonly version: string; readonly since: string } | null;
  /** The version that waits for a person to promote it; null: none does. */
  readonly proposed: { readonly version: string; readonly since: string } | null;
  readonly endpoints: { name: string; status: string }[];
  readonly tasks: { name: string; state: string; lastRun: string | null; lastState: string | null }[];
  readonly health: Health;
  /** Rows in the project's tables. */
  readonly rows: Record<string, number>;
  /** Mails in the local mailbox; null where mails go elsewhere. */
  readonly mails: number | null;
  /** Status mails that wait on this machine, as they could not wait in LOS_EVENTS. */
  readonly spooled: number;
  readonly spent: MonthCost;
  /** Cost that the same use of AWS would have had; null with the real one, which sends bills itself. */
  readonly costs: Costs | null;
}

/** Health of scoring: whether an operator has to look. */
export interface Health {
  /** Admissions that wait to be scored, and how long the first of them has waited, in seconds; null: none waits. */
  readonly waiting: { readonly admissions: number; readonly seconds: number | null };
  /** Admissions that the model refused; they are tried again when they change. */
  readonly quarantined: number;
  /** When a watch ended well last, and the alarms that last; null: none has yet. */
  readonly watched: { readonly day: string; readonly at: string } | null;
  readonly alarms: readonly {
    readonly severity: string;
    readonly since: string;
    readonly message: string;
    /** Page of docs/runbook/ that says what to do. */
    readonly lookAt: string;
  }[];
  /** Lag of scoring. */
  readonly lag: Lag;
  /** Problems, in sentences; none: all is well. */
  readonly problems: readonly string[];
}

/** Seconds since features were built and admissions scored last (null: never), how changes were noticed, and events that wait to be mailed. */
export interface Lag {
  readonly noticed?: string | null;
  readonly built: number | null;
  readonly scored: number | null;
  readonly untold: number;
  readonly untoldSeconds: number | null;
}
