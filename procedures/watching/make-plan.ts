import { literal, type Place } from '../ground/names.js';
import type { StatedTolerance } from '../ground/plan.js';
import type { PlanSource } from '../object.js';
import { tablesPlan } from '../records/counted.js';
import { featuresPlan } from '../scoring/batches/check.js';
import type { ScoringSettings } from '../scoring/plans.js';
import type { DailyPlan, HourlyPlan, WatchPlan, WatchSettings } from './plan.js';

/** The settings that watching heeds. */
export interface WatchedSettings extends Place {
  readonly timeZone: string;
  readonly watch: WatchSettings;
  readonly training: { readonly equity?: StatedTolerance };
  readonly tasks: {
    readonly schedule: string;
    readonly watch: string;
    readonly look: string;
    readonly resumed: boolean;
    readonly silent: number | null;
  };
  readonly snowflake: Place['snowflake'] & {
    readonly integrations: { readonly mail: string };
    readonly warehouse: { readonly name: string };
  };
  readonly mail: {
    readonly verified: readonly string[];
  };
}

/**
 * Plans what every procedure that monitors is compiled with.
 * @param needs which texts of sql/watching/: hourly monitoring asks about the pipeline alone
 */
export function watchPlan(
  from: Pick<
    PlanSource<WatchedSettings>,
    'contract' | 'settings' | 'texts' | 'longestGapHours' | 'streams' | 'tables' | 'tasks' | 'restore'
  >,
  needs = /^pipe/,
): WatchPlan {
  const { contract, settings, streams, tables, longestGapHours } = from;
  const { database, schema, integrations } = settings.snowflake;
  const { verified } = settings.mail;
  const sql: Record<string, string> = {};
  for (const [name, text] of Object.entries(from.texts('watching')))
    if (needs.test(name)) sql[`watching/${name}`] = text;
  return {
    contract,
    place: { snowflake: { database, schema } },
    zone: settings.timeZone,
    settings: { ...settings.watch, equity: settings.training.equity },
    silent: settings.tasks.silent,
    patienceHours: Math.ceil(longestGapHours(settings.tasks.schedule)) + 2,
    streams,
    tables,
    tasks: from.tasks,
    mail:
      verified.length === 0
        ? null
        : {
            integration: integrations.mail,
            recipients: [...verified],
            restore: from.restore('LOS_DIRECT_MAILS'),
          },
    sql,
  };
}

/** The same for WATCH_SCORING, which also holds derived tables against their sources. */
export function hourlyPlan(from: PlanSource<WatchedSettings & ScoringSettings>): HourlyPlan {
  return {
    ...watchPlan(from),
    features: featuresPlan(from),
    counted: tablesPlan(from),
    integrations: from.integrations,
  };
}

/** The same for WATCH_PREDICTIONS, which also removes rows that have had their time. */
export function dailyPlan(from: PlanSource<WatchedSettings>): DailyPlan {
  const { snowflake, watch } = from.settings;
  const credits =
    watch.budget === null
      ? null
      : from.sql('sql/status/credits.sql', {
          database: snowflake.database,
          warehouse: literal(snowflake.warehouse.name),
        });
  return { ...watchPlan(from, /./), expiries: from.expiries, credits };
}
