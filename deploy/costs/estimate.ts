import { delayInWords } from '../ground/schedule.js';
import { schedulesBeside } from '../headers/files.js';
import type { Settings } from '../settings/settings.js';
import { prices } from './prices.js';
import { runsPerMonth } from './schedule.js';

/** One line of the estimate; `usd` null: there is no price for it in prices.json. */
export interface Cost {
  readonly what: string;
  readonly usd: number | null;
  /** What was assumed, in words. */
  readonly assumes: string;
}

export interface Estimate {
  readonly monthly: readonly Cost[];
  /** Sum of the known lines. */
  readonly usd: number;
  /** What the schedule means for an admission, in words. */
  readonly delay: string;
  readonly source: string;
}

const HOURS_A_MONTH = 730;
/** Snowflake bills at least this much whenever a warehouse resumes. */
const LEAST_SECONDS = 60;
const CREDITS_AN_HOUR = { XSMALL: 1, SMALL: 2, MEDIUM: 4, LARGE: 8, XLARGE: 16 };
/** An endpoint answers some 30,000 rows a second; a run of the tasks has far fewer. */
const SERVERLESS_SECONDS_A_RUN = 5;
const STORED_GB = 10;

/** A challenger is asked about everything that the champion is asked about. */
function modelsAsked({ tasks }: Settings): { models: number; said: string } {
  return tasks.challenger === null
    ? { models: 1, said: '' }
    : { models: 2, said: `, and as much for the challenger ${tasks.challenger}` };
}

/**
 * What the declared deployment costs in a month at list prices, at most: every run of the task graph finds
 * rows. A run without new rows starts nothing and costs nothing.
 */
export function estimateCosts(settings: Settings): Estimate {
  const runs = graphRuns(settings);
  const monthly = [
    warehouse(settings, runs),
    monitoringCost(settings),
    endpoint(settings, runs),
    gateway(settings, runs),
    storage(),
  ];
  return {
    monthly,
    usd: round(monthly.reduce((sum, { usd }) => sum + (usd ?? 0), 0)),
    delay: delayInWords(settings.tasks),
    source: prices.source,
  };
}

/** Credits that the warehouse uses in a month, at most, where nothing runs wild. */
export function creditsAtMost(settings: Settings): number {
  return creditsFor(settings, graphRuns(settings) + monitoringRuns(settings));
}

/** Runs of the scoring graph in a month. */
function graphRuns({ tasks }: Settings): number {
  return tasks.resumed ? runsPerMonth(tasks.schedule) : 0;
}

/** Runs a month of the tasks that come whether there are admissions or not. */
function monitoringRuns({ tasks }: Settings): number {
  if (!tasks.resumed) return 0;
  return schedulesBeside({ tasks }).reduce((sum, schedule) => sum + runsPerMonth(schedule), 0);
}

function creditsFor({ snowflake }: Settings, runs: number): number {
  const { size, autoSuspendSeconds } = snowflake.warehouse;
  const hours = Math.min(HOURS_A_MONTH, (runs * (LEAST_SECONDS + autoSuspendSeconds)) / 3600);
  return hours * CREDITS_AN_HOUR[size];
}

function warehouse(settings: Settings, runs: number): Cost {
  const { snowflake, tasks } = settings;
  const { size, autoSuspendSeconds, name } = snowflake.warehouse;
  const credits = creditsFor(settings, runs);
  return {
    what: `Warehouse ${name} (${size})`,
    usd: round(credits * prices.snowflakeCredit),
    assumes: `woken ${Math.round(runs)} times a month at most (${tasks.schedule}; only when admissions came or changed), each for a minute and suspended ${autoSuspendSeconds} s later: ${round(credits)} credits at $${prices.snowflakeCredit}`,
  };
}

/** What they add at most: as if the graph had never woken the warehouse already. */
function monitoringCost(settings: Settings): Cost {
  const runs = monitoringRuns(settings);
  const credits =
    creditsFor(settings, graphRuns(settings) + runs) - creditsFor(settings, graphRuns(settings));
  return {
    what: 'The same for tasks beside the graph',
    usd: round(credits * prices.snowflakeCredit),
    assumes: `woken ${Math.round(runs)} times a month at most (${schedulesBeside(settings).join('; ')}), nothing where it is awake: ${round(credits)} credits`,
  };
}

function endpoint(settings: Settings, runs: number): Cost {
  const e = settings.endpoint;
  const { models, said } = modelsAsked(settings);
  if (e.type === 'serverless') {
    const gbSeconds = models * runs * SERVERLESS_SECONDS_A_RUN * (e.memoryMb / 1024);
    return {
      what: `Serverless endpoint (${e.memoryMb} MB)`,
      usd: round(gbSeconds * prices.serverlessGbSecond),
      assumes: `${SERVERLESS_SECONDS_A_RUN} s of computing a run${said}; nothing when idle`,
    };
  }
  const hour = prices.instanceHour[e.instanceType];
  return {
    what: `Endpoint (${e.instanceCount} × ${e.instanceType})`,
    usd: hour === undefined ? null : round(models * hour * e.instanceCount * HOURS_A_MONTH),
    assumes:
      hour === undefined
        ? `no price known for ${e.instanceType}`
        : `$${hour} an hour, day and night, used or not${said}`,
  };
}

function gateway(settings: Settings, runs: number): Cost {
  const { models, said } = modelsAsked(settings);
  return {
    what: 'API Gateway',
    usd: round(((models * runs) / 1e6) * prices.apiGatewayMillionRequests),
    assumes: `one batch a run${said}`,
  };
}

function storage(): Cost {
  return {
    what: 'Storage',
    usd: round(STORED_GB * (prices.snowflakeStorageTbMonth / 1024 + prices.s3GbMonth)),
    assumes: `${STORED_GB} GB in Snowflake and in S3`,
  };
}

const round = (value: number) => Math.round(value * 100) / 100;
