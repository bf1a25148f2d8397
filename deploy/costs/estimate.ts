import { namesOfCandidates } from '../../procedures/fitting/candidates.js';
import { SERVERLESS_MB } from '../../procedures/jobs/endpoint.js';
import type { Cost, Estimate } from '../../report/results/costs.js';
import { delayInWords } from '../ground/schedule.js';
import { tasksBeside } from '../headers/files.js';
import type { Settings } from '../settings/settings.js';
import { prices } from './prices.js';
import {
  ADMISSIONS_A_DAY,
  creditsAnHour,
  creditsOf,
  HOURS_A_MONTH,
  type Range,
  range,
  taskCredits,
} from './task-credits.js';

/** An endpoint answers some 30,000 rows a second; a run of the tasks has far fewer. */
const SERVERLESS_SECONDS_A_RUN = 5;
const STORED_GB = 10;
/** Minutes of an X-Small beside the jobs of a `los train`, as the local account meters it (test/journeys/training-credits.test.ts). */
const TRAINING_MINUTES = { serverless: 4.5, warehouse: 15 };
/** Minutes for which a job is billed. An assumption: it reads its files, and trains or predicts for some seconds. */
const JOB_MINUTES = 4;
/** Days between two trainings that begin by themselves. */
const LEAST_DAYS = 14;

/** Settings that may cost less. */
const NEIGHBOURS = [
  ['tasks', { schedule: 'triggered' }],
  ['tasks', { schedule: '30 MINUTE' }],
  ['tasks', { schedule: '60 MINUTE' }],
  ['tasks', { compute: 'serverless' }],
  ['endpoint', { type: 'serverless' }],
  ['endpoint', { type: 'instance', instanceType: 'ml.t2.medium' }],
] as const;

/**
 * Estimates the monthly cost of the declared deployment at list prices: at least, to be expected, and at most, where
 * every run of the task graph finds rows. A run without new rows starts nothing and costs nothing.
 * @param seen runs of the scoring graph a day, where the account can tell
 */
export function estimateCosts(settings: Settings, seen?: number): Estimate {
  const monthly = linesOf(settings, seen);
  const sums = sumOf(monthly);
  return {
    monthly,
    ...sums,
    cheaper: NEIGHBOURS.flatMap(([group, change]) => {
      const other = { ...settings, [group]: { ...settings[group], ...change } };
      const { typicalUsd } = sumOf(linesOf(other, seen));
      const said = Object.entries(change).map(([key, value]) => `${group}.${key}: ${value}`);
      return typicalUsd < 0.9 * sums.typicalUsd ? [`${said.join(', ')} ($${typicalUsd.toFixed(2)})`] : [];
    }),
    statusCost: statusByCron(settings),
    delay: delayInWords(settings.tasks),
    source: prices.source,
  };
}

/** Credits that the tasks use in a month, where nothing runs wild. */
export const creditsAMonth = (settings: Settings, seen?: number) => taskCredits(settings, seen).credits;

function linesOf(settings: Settings, seen: number | undefined): Cost[] {
  const { graphRuns } = taskCredits(settings, seen);
  return [
    tasksCost(settings, seen),
    endpoint(settings, graphRuns),
    apiAndStorage(settings, graphRuns),
    trainings(settings),
    ...whatOfficesAsk(settings),
  ];
}

function sumOf(lines: readonly Cost[]) {
  const sum = (of: 'leastUsd' | 'typicalUsd' | 'usd') =>
    round(lines.reduce((total, cost) => total + (cost[of] ?? 0), 0));
  return { leastUsd: sum('leastUsd'), typicalUsd: sum('typicalUsd'), usd: sum('usd') };
}

function line(what: string, usd: Range | null, assumes: string): Cost {
  const of = (way: keyof Range) => usd && round(usd[way]);
  return { what, leastUsd: of('least'), typicalUsd: of('typical'), usd: of('most'), assumes };
}

const times = (amount: Range, each: number, more = 0) => range((way) => amount[way] * each + more);
const round = (value: number) => Math.round(value * 100) / 100;

/** Cost of an hourly los status, of 28 SELECT and a minute until the warehouse sleeps; its SHOW, cloud services, are a fifth more. */
function statusByCron(settings: Settings): string {
  const byWarehouse = { ...settings, tasks: { ...settings.tasks, compute: 'warehouse' as const } };
  const usd = times(
    range((way) => creditsOf(byWarehouse, way, HOURS_A_MONTH, [28, 0, 32])),
    prices.snowflakeCredit,
  );
  return `Not in it: los status by cron every hour, $${Math.round(usd.least)} to $${Math.round(usd.most)} a month of the warehouse that it wakes; los status --heartbeat wakes none.`;
}

function tasksCost(settings: Settings, seen?: number): Cost {
  const { tasks, snowflake } = settings;
  const { credits, graphRuns, otherRuns } = taskCredits(settings, seen);
  const { size, name } = snowflake.warehouse;
  const rows =
    seen === undefined ? `${ADMISSIONS_A_DAY} admissions a day as they happen` : 'as in the last 30 days';
  const billed =
    tasks.compute === 'serverless'
      ? 'billed by the second'
      : `each wakes the warehouse for a minute at least, suspended a minute later`;
  const schedules = tasksBeside(settings).map(({ schedule }) => schedule);
  return line(
    tasks.compute === 'serverless' ? 'Tasks without a warehouse' : `Warehouse ${name} (${size})`,
    times(credits, prices.snowflakeCredit),
    `${Math.round(graphRuns.typical)} runs of the graph a month (${rows}), ${Math.round(graphRuns.most)} at most (${tasks.schedule}; only when admissions came or changed), ${Math.round(otherRuns)} beside it (${schedules.join('; ')}), ${billed}: ${credits.least.toFixed(1)} to ${credits.most.toFixed(1)} credits at $${prices.snowflakeCredit}`,
  );
}

/** A challenger is asked about everything that the champion is asked about. */
const modelsAsked = ({ tasks: { challenger } }: Settings) =>
  challenger === null
    ? { models: 1, said: '' }
    : { models: 2, said: `, and as much for the challenger ${challenger}` };

function endpoint(settings: Settings, runs: Range): Cost {
  const e = settings.endpoint;
  const { models, said } = modelsAsked(settings);
  if (e.type === 'serverless')
    return line(
      `Serverless endpoint (${SERVERLESS_MB} MB)`,
      times(runs, models * SERVERLESS_SECONDS_A_RUN * (SERVERLESS_MB / 1024) * prices.serverlessGbSecond),
      `${SERVERLESS_SECONDS_A_RUN} s of computing a run${said}; nothing when idle`,
    );
  const hour = prices.instanceHour[e.instanceType];
  const what = `Endpoint (${e.instanceType})`;
  if (hour === undefined) return line(what, null, `no price known for ${e.instanceType}`);
  const usd = range(() => models * hour * HOURS_A_MONTH);
  return line(what, usd, `$${hour} an hour, day and night, used or not${said}`);
}

function apiAndStorage(settings: Settings, runs: Range): Cost {
  const { models, said } = modelsAsked(settings);
  const stored = STORED_GB * (prices.snowflakeStorageTbMonth / 1024 + prices.s3GbMonth);
  return line(
    'API Gateway and storage',
    times(runs, (models * prices.apiGatewayMillionRequests) / 1e6, stored),
    `one batch a run${said}; ${STORED_GB} GB in Snowflake and in S3`,
  );
}

/** Trainings a month that the watch begins by itself: by age, and at most one in two weeks (procedures/watching/retraining.ts). */
function trainingsAMonth({ watch: { retrain, retrainAfterDays: days } }: Settings): Range {
  const every = (count: number) => HOURS_A_MONTH / 24 / count;
  const most = retrain ? every(LEAST_DAYS) : 0;
  const typical = days === null ? 0 : Math.min(most, every(days));
  return { least: typical, typical, most };
}

/** Cost of trainings in Snowflake, and of jobs of SageMaker: two of each candidate, two that choose features, and a last one. */
function trainings(settings: Settings): Cost {
  const { instanceType, featureSelection, refit } = settings.training;
  const jobs =
    2 * namesOfCandidates(settings.training).length + (featureSelection.enabled ? 2 : 0) + (refit ? 1 : 0);
  const hour = prices.instanceHour[instanceType];
  if (hour === undefined) return line('Trainings', null, `no price known for ${instanceType}`);
  const { compute } = settings.tasks;
  const minutes = TRAINING_MINUTES[compute];
  const used = (minutes / 60) * (compute === 'warehouse' ? creditsAnHour(settings) : 1);
  const each = used * prices.snowflakeCredit + ((jobs * JOB_MINUTES) / 60) * hour;
  const runs = trainingsAMonth(settings);
  return line(
    'Trainings',
    times(runs, each),
    `$${round(each)} each: ${jobs} jobs of ${JOB_MINUTES} minutes on ${instanceType}, ${minutes} minutes of Snowflake; ${round(runs.typical)} a month begin by themselves, ${round(runs.most)} at most`,
  );
}

/** A row asked about and answered has some kilobytes: what a hospital sends in a month is far below this. */
const PRIVATE_GB = 10;
/** Interface endpoints that a rule of the house may ask for beside S3's gateway: ecr.api, ecr.dkr, logs. */
const MORE_ENDPOINTS = 3;

/** Settings that a security office may want. With a bucket's key S3 asks KMS once in a while: a training makes some hundred requests. */
function whatOfficesAsk({ aws: { kmsKey, privateApi, vpc } }: Settings): Cost[] {
  const own = privateApi.some((id) => id.startsWith('vpce-'));
  const zones = vpc.subnets.length;
  const { kmsKeyMonth: month, kmsTenThousandRequests: requests, privateEndpointTb: tb } = prices;
  const { interfaceEndpointHour: hour, interfaceEndpointGb: gb } = prices;
  const upTo = (typical: number, more: number) => ({ least: typical, typical, most: typical + more });
  const key = `$${month} a month, 3 times as much once it has rotated twice; 10,000 requests at $${requests} at most`;
  const connection = 'Private connectivity (aws.privateApi), of Snowflake';
  const over = `${own ? `$${prices.privateEndpointHour} an hour in the US, ` : ''}${PRIVATE_GB} GB at most, at $${tb} a TB`;
  const gateway = `the gateway endpoint for S3 is free; at most ${MORE_ENDPOINTS} interface endpoints, for images and logs, which los does not need, in ${zones} zones at $${hour} an hour and $${gb} a GB`;
  const connected = own ? HOURS_A_MONTH * prices.privateEndpointHour : 0;
  const endpoints = MORE_ENDPOINTS * (zones * hour * HOURS_A_MONTH + gb);
  return [
    ...(kmsKey ? [line('Key (aws.kmsKey)', upTo(month, requests), key)] : []),
    ...(privateApi.length > 0 ? [line(connection, upTo(connected, (PRIVATE_GB / 1024) * tb), over)] : []),
    ...(zones > 0 ? [line('VPC (aws.vpc)', upTo(0, endpoints), gateway)] : []),
  ];
}
