import type { PlanSource } from '../object.js';
import { patienceOf, type WatchedSettings } from '../watching/make-plan.js';
import type { NotifyPlan } from './plan.js';

/** The settings that telling people heeds. */
export interface NotifySettings extends Pick<WatchedSettings, 'tasks' | 'timeZone'> {
  readonly prefix: string;
  readonly snowflake: {
    readonly database: string;
    readonly schema: string;
    readonly integrations: { readonly mail: string };
  };
  readonly mail: {
    readonly verified: readonly string[];
    readonly subjectPrefix: string;
    readonly digestHour: number | null;
  };
}

/** What the procedures that tell people are compiled with. */
export function notifyPlan(from: PlanSource<NotifySettings>): NotifyPlan {
  const { mail, snowflake, prefix, timeZone } = from.settings;
  const { database, schema, integrations } = snowflake;
  return {
    dataset: from.contract.name,
    place: { snowflake: { database, schema } },
    silence: patienceOf(from),
    subjectPrefix: mail.subjectPrefix,
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
