import { withoutHistory } from '../dataset/history.js';
import { longStayDaysOf } from '../dataset/long-stay.js';
import type { Place } from '../ground/names.js';
import type { PlanSource } from '../object.js';
import type { ExplorePlan } from './plan.js';

/** The settings that EXPLORE_ADMISSIONS heeds. */
export interface ExploreSettings extends Place {
  readonly timeZone: string;
  readonly training: { readonly longStayDays: number | null };
}

/** Plans what EXPLORE_ADMISSIONS is compiled with. */
export function explorePlan({
  contract,
  settings: { snowflake, training, timeZone },
  texts,
}: Pick<PlanSource<ExploreSettings>, 'contract' | 'settings' | 'texts'>): ExplorePlan {
  return {
    // Questions are of single admissions, as the raw table has them.
    contract: withoutHistory(contract),
    settings: { snowflake: { database: snowflake.database, schema: snowflake.schema } },
    zone: timeZone,
    longStayDays: longStayDaysOf(contract, training.longStayDays),
    sql: texts('exploring'),
  };
}
