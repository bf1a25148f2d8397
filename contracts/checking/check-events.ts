import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import type { Context } from '../../deploy/context.js';
import { probeOrigin } from '../../deploy/dataset/probe-origin.js';
import { readText } from '../../deploy/model/texts.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { eventRows, NUMERIC_SUMMARIES } from '../../procedures/dataset/origin/events.js';
import type { EventFeature } from '../../procedures/dataset/origin/feeds.js';
import {
  columnProblem,
  originsOf,
  relationName,
  relationSql,
} from '../../procedures/dataset/origin/relation.js';
import { STAY_TEXTS, stayFeatures } from '../../procedures/stay/features.js';
import { eventLooks } from '../drafting/feeds/draft-events.js';
import type { Finding } from '../finding.js';
import { type EventProfile, profileEvents } from '../profiling/profile-events.js';
import { describeColumns } from '../profiling/relation.js';

/** Holds what a contract says of events against their rows. */
export async function checkEvents(ctx: Context, contract: Contract): Promise<Finding[]> {
  const { events = [], eventFeatures = {} } = contract;
  if (events.length === 0) return [];
  const closed = await probeOrigin(ctx, contract);
  if (closed) return [{ problem: `${closed.what} ${closed.next}` }];
  try {
    for (const other of originsOf(contract)) {
      const columns = await describeColumns(ctx.snowflake, relationSql(other.relation, ctx.settings));
      const types = columns.map(({ name, type }) => [name, type.replace(/\(.*/, '')]);
      const found = columnProblem(other, relationName(other), Object.fromEntries(types));
      if (found) return [{ problem: `${found.what} ${found.next}` }];
    }
    const { all, named } = await profileEvents(ctx, contract);
    if (all.stays === 0) return [{ problem: 'events: none of their stays is an admission.' }];
    const broken = await findBrokenEventFeatures(ctx, contract);
    return [
      ...broken.map((problem) => ({ problem })),
      ...[...eventLooks(events, all, named), ...featureLooks(eventFeatures, named)].map((warning) => ({
        warning,
      })),
    ];
  } catch (error) {
    if (error instanceof SnowflakeError)
      return [{ problem: `The events cannot be read: ${firstLine(error.message)}` }];
    throw error;
  }
}

function* featureLooks(
  features: Readonly<Record<string, EventFeature>>,
  named: readonly EventProfile[],
): Generator<string> {
  const profiles = new Map(named.map((profile) => [profile.name, profile]));
  const missing: string[] = [];
  for (const [name, feature] of Object.entries(features)) {
    if ('sql' in feature) continue;
    const profile = profiles.get(name);
    if (!profile) missing.push(name);
    else if (feature.some((each) => NUMERIC_SUMMARIES.includes(each)) && profile.numbers < profile.rows / 2)
      yield `eventFeatures.${name}: ${feature.join(', ')} are of numbers, and most of its values are none.`;
  }
  if (missing.length > 0)
    yield `eventFeatures: hardly any stay has ${missing.join(', ')}. ${missing.length === 1 ? 'Is it' : 'Are they'} called so in the rows?`;
}

/** Expressions that cannot be computed: asked one by one, only where all features fail. */
async function findBrokenEventFeatures(ctx: Context, contract: Contract): Promise<string[]> {
  const { settings } = ctx;
  const refusal = async (eventFeatures: Readonly<Record<string, EventFeature>>) => {
    const plan = {
      contract: { ...contract, eventFeatures },
      settings,
      sql: Object.fromEntries(STAY_TEXTS.map((name) => [name, readText(name)])),
    };
    const rows = `(${eventRows(contract, settings, settings.timeZone)})`;
    const mornings =
      'SELECT STAY AS CASE_ID, 1 AS DAY, DATEADD(hour, 24, AT) AS AS_OF FROM (SELECT STAY, MAX(AT) AS AT FROM EVENTS_READ GROUP BY STAY LIMIT 1000)';
    try {
      await ctx.snowflake.query(
        `SELECT COUNT(EVENTS) AS N FROM (${stayFeatures(plan, mornings.replace('EVENTS_READ', rows), undefined, rows)})`,
      );
      return undefined;
    } catch (error) {
      if (error instanceof SnowflakeError) return firstLine(error.message);
      throw error;
    }
  };
  const { eventFeatures = {} } = contract;
  if ((await refusal(eventFeatures)) === undefined) return [];
  const problems: string[] = [];
  for (const [name, feature] of Object.entries(eventFeatures)) {
    const why = await refusal({ [name]: feature });
    if (why) problems.push(`eventFeatures.${name} cannot be computed: ${why}`);
  }
  return problems;
}

function firstLine(message: string): string {
  return message.replace(/\s*\(in: [^\n]*$/, '').replace(/\s+/g, ' ');
}
