import type { PlanSource } from '../object.js';
import type { WatchedSettings } from '../watching/make-plan.js';
import type { TaskPlan } from '../watching/plan.js';

/** From which hour of which zone on what can wait is sent, once a day. */
export interface DigestTime {
  readonly hour: number;
  readonly zone: string;
}

/** The settings that telling people heeds. */
export interface NotifySettings extends Pick<WatchedSettings, 'timeZone'> {
  readonly prefix: string;
  readonly snowflake: {
    readonly database: string;
    readonly schema: string;
    readonly integrations: { readonly mail: string };
  };
  readonly mail: {
    readonly verified: readonly string[];
    readonly digestHour: number | null;
  };
}

/** Plan that the procedures that tell people are compiled with. */
export interface NotifyPlan extends Omit<TaskPlan, 'contract'> {
  readonly dataset: string;
  /** When `los notify` takes what can wait; null: at once. Snowflake itself tells as soon as something has happened. */
  readonly digest: DigestTime | null;
  /** Which deployment the mails speak of. */
  readonly deployment: string;
  /** Notification integration and whom it reaches; null: mails go by los notify alone. */
  readonly email: {
    readonly integration: string;
    readonly recipients: readonly string[];
    /** Recreates the stream on the events, as apply would have. */
    readonly restoreStream: string;
  } | null;
}

export function notifyPlan(from: PlanSource<NotifySettings>): NotifyPlan {
  const { mail, snowflake, prefix, timeZone } = from.settings;
  const { database, schema, integrations } = snowflake;
  return {
    dataset: from.contract.name,
    place: { snowflake: { database, schema } },
    zone: timeZone,
    tasks: from.tasks,
    digest: mail.digestHour === null ? null : { hour: mail.digestHour, zone: timeZone },
    deployment: `${prefix} in Snowflake`,
    email:
      mail.verified.length > 0
        ? {
            integration: integrations.mail,
            recipients: [...mail.verified],
            restoreStream: from.restore('LOS_UNSENT_EVENTS'),
          }
        : null,
  };
}
