import { candidateNames } from '../../procedures/fitting/candidates.js';
import { delayInWords } from '../ground/schedule.js';
import { tasksBeside } from '../headers/files.js';
import type { Settings } from '../settings/settings.js';
import { prices } from './prices.js';
import { ADMISSIONS_A_DAY, CREDITS_AN_HOUR, type TaskCredits, taskCredits } from './task-credits.js';

/** One line of the estimate: what is to be expected, and at most; null: there is no price for it in prices.ts. */
export interface Cost {
  readonly what: string;
  readonly typicalUsd: number | null;
  readonly usd: number | null;
  /** What was assumed, in words. */
  readonly assumes: string;
}

export interface Estimate {
  readonly monthly: readonly Cost[];
  /** Sums of the known lines. */
  readonly typicalUsd: number;
  readonly usd: number;
  /** What the schedule means for an admission, in words. */
  readonly delay: string;
  readonly source: string;
}

const HOURS_A_MONTH = 730;
/** An endpoint answers some 30,000 rows a second; a run of the tasks has far fewer. */
const SERVERLESS_SECONDS_A_RUN = 5;
const STORED_GB = 10;
/** Minutes of an X-Small beside the jobs of a `los train`, as the local account meters it (test/journeys/training-credits.test.ts). */
const TRAINING_MINUTES = { serverless: 4.5, warehouse: 15 };
/** Minutes for which a job is billed. An assumption: it reads its files, and trains or predicts for some seconds. */
const JOB_MINUTES = 4;
/** Days between two trainings that begin by themselves. */
const LEAST_DAYS = 14;

/** A challenger is asked about everything that the champion is asked about. */
function modelsAsked({ tasks }: Settings): { models: number; said: string } {
  return tasks.challenger === null
    ? { models: 1, said: '' }
    : { models: 2, said: `, and as much for the challenger ${tasks.challenger}` };
}

/**
 * What the declared deployment costs in a month at list prices: what is to be expected, and at most, where every run of the task graph finds
 * rows. A run without new rows starts nothing and costs nothing.
 * @param seen runs of the scoring graph a day, where the account can tell
 */
export function estimateCosts(settings: Settings, seen?: number): Estimate {
  const { graph, beside } = taskCredits(settings, seen);
  const monthly = [
    graphCost(settings, graph, seen),
    besideCost(settings, beside),
    endpoint(settings, graph.runs),
    gateway(settings, graph.runs),
    storage(),
    trainings(settings),
    ...(settings.aws.kmsKey ? [KEY] : []),
    ...(settings.aws.privateApi.length > 0 ? [privateEndpoint(settings)] : []),
    ...network(settings),
  ];
  const sum = (value: (cost: Cost) => number | null) =>
    round(monthly.reduce((total, cost) => total + (value(cost) ?? 0), 0));
  return {
    monthly,
    typicalUsd: sum(({ typicalUsd }) => typicalUsd),
    usd: sum(({ usd }) => usd),
    delay: delayInWords(settings.tasks),
    source: prices.source,
  };
}

/** Credits that the tasks use in a month, to be expected and at most, where nothing runs wild. */
export function creditsAMonth(settings: Settings, seen?: number): Range {
  const { graph, beside } = taskCredits(settings, seen);
  return { typical: graph.typical + beside.typical, most: graph.most + beside.most };
}

type Range = Pick<TaskCredits, 'typical' | 'most'>;

const priced = ({ typical, most }: Range, each: number) => ({
  typicalUsd: round(typical * each),
  usd: round(most * each),
});

function graphCost({ tasks, snowflake }: Settings, credits: TaskCredits, seen?: number): Cost {
  const { size, autoSuspendSeconds, name } = snowflake.warehouse;
  const { typical, most } = credits.runs;
  const rows =
    seen === undefined ? `${ADMISSIONS_A_DAY} admissions a day as they happen` : 'as in the last 30 days';
  const runs = `${Math.round(typical)} runs a month (${rows}), ${Math.round(most)} at most (${tasks.schedule}; only when admissions came or changed)`;
  const billed =
    tasks.compute === 'serverless'
      ? 'billed by the second'
      : `each wakes the warehouse for a minute at least, suspended ${autoSuspendSeconds} s later`;
  return {
    what: tasks.compute === 'serverless' ? 'Tasks without a warehouse' : `Warehouse ${name} (${size})`,
    ...priced(credits, prices.snowflakeCredit),
    assumes: `${runs}, ${billed}: ${round(credits.typical)} credits, ${round(credits.most)} at most, at $${prices.snowflakeCredit}`,
  };
}

/** What they add. */
function besideCost(settings: Settings, credits: TaskCredits): Cost {
  const schedules = tasksBeside(settings).map(({ schedule }) => schedule);
  const awake = settings.tasks.compute === 'warehouse' ? ', nothing where it is awake' : '';
  return {
    what: 'The same for tasks beside the graph',
    ...priced(credits, prices.snowflakeCredit),
    assumes: `${Math.round(credits.runs.most)} runs a month (${schedules.join('; ')})${awake}: ${round(credits.typical)} credits`,
  };
}

function endpoint(settings: Settings, runs: Range): Cost {
  const e = settings.endpoint;
  const { models, said } = modelsAsked(settings);
  if (e.type === 'serverless')
    return {
      what: `Serverless endpoint (${e.memoryMb} MB)`,
      ...priced(runs, models * SERVERLESS_SECONDS_A_RUN * (e.memoryMb / 1024) * prices.serverlessGbSecond),
      assumes: `${SERVERLESS_SECONDS_A_RUN} s of computing a run${said}; nothing when idle`,
    };
  const hour = prices.instanceHour[e.instanceType];
  const usd = hour === undefined ? null : round(models * hour * e.instanceCount * HOURS_A_MONTH);
  return {
    what: `Endpoint (${e.instanceCount} × ${e.instanceType})`,
    ...{ typicalUsd: usd, usd },
    assumes:
      hour === undefined
        ? `no price known for ${e.instanceType}`
        : `$${hour} an hour, day and night, used or not${said}`,
  };
}

function gateway(settings: Settings, runs: Range): Cost {
  const { models, said } = modelsAsked(settings);
  return {
    what: 'API Gateway',
    ...priced(runs, (models * prices.apiGatewayMillionRequests) / 1e6),
    assumes: `one batch a run${said}`,
  };
}

function storage(): Cost {
  const usd = round(STORED_GB * (prices.snowflakeStorageTbMonth / 1024 + prices.s3GbMonth));
  return { what: 'Storage', typicalUsd: usd, usd, assumes: `${STORED_GB} GB in Snowflake and in S3` };
}

/** Trainings a month that the watch begins by itself: by age, and at most one in two weeks (procedures/watching/retraining.ts). */
function trainingsAMonth({ watch }: Settings): Range {
  const every = (days: number) => HOURS_A_MONTH / 24 / days;
  const most = watch.retrain ? every(LEAST_DAYS) : 0;
  const { retrainAfterDays: days } = watch;
  return { most, typical: days === null ? 0 : Math.min(most, every(days)) };
}

/** What they need of Snowflake, and jobs of SageMaker: two of each candidate, two that choose features, and a last one. */
function trainings(settings: Settings): Cost {
  const { candidates, instanceType, instanceCount, featureSelection, refit } = settings.training;
  const jobs =
    2 * (candidates ?? candidateNames).length + (featureSelection.enabled ? 2 : 0) + (refit ? 1 : 0);
  const hour = prices.instanceHour[instanceType];
  const { compute } = settings.tasks;
  const rate = compute === 'warehouse' ? CREDITS_AN_HOUR[settings.snowflake.warehouse.size] : 1;
  const minutes = TRAINING_MINUTES[compute];
  const each =
    hour === undefined
      ? null
      : ((minutes * rate) / 60) * prices.snowflakeCredit + ((jobs * JOB_MINUTES) / 60) * hour * instanceCount;
  const runs = trainingsAMonth(settings);
  return {
    what: 'Trainings',
    ...(each === null ? { typicalUsd: null, usd: null } : priced(runs, each)),
    assumes:
      each === null
        ? `no price known for ${instanceType}`
        : `$${round(each)} each: ${jobs} jobs of ${JOB_MINUTES} minutes on ${instanceType}, ${minutes} minutes of Snowflake; ${round(runs.typical)} a month begin by themselves, ${round(runs.most)} at most`,
  };
}

/** With a bucket's key S3 asks KMS once in a while, not for each file: a training makes some hundred requests. */
const KEY: Cost = {
  what: 'Key (aws.kmsKey)',
  typicalUsd: prices.kmsKeyMonth,
  usd: prices.kmsKeyMonth + prices.kmsTenThousandRequests,
  assumes: `$${prices.kmsKeyMonth} a month, 3 times as much once it has rotated twice; 10,000 requests at $${prices.kmsTenThousandRequests} at most`,
};

/** A row asked about and answered has some kilobytes: what a hospital sends in a month is far below this. */
const PRIVATE_GB = 10;

function privateEndpoint({ aws }: Settings): Cost {
  const own = aws.privateApi.some((id) => id.startsWith('vpce-'));
  const hours = own ? HOURS_A_MONTH * prices.privateEndpointHour : 0;
  return {
    what: 'Private connectivity (aws.privateApi), of Snowflake',
    typicalUsd: round(hours),
    usd: round(hours + (PRIVATE_GB / 1024) * prices.privateEndpointTb),
    assumes: `${own ? `$${prices.privateEndpointHour} an hour in the US, ` : ''}${PRIVATE_GB} GB at most, at $${prices.privateEndpointTb} a TB`,
  };
}

/** Interface endpoints that a rule of the house may ask for beside S3's gateway: ecr.api, ecr.dkr, logs. */
const MORE_ENDPOINTS = 3;

function network({ aws: { vpc } }: Settings): Cost[] {
  const zones = vpc.subnets.length;
  if (zones === 0) return [];
  const { interfaceEndpointHour: hour, interfaceEndpointGb: gb } = prices;
  return [
    {
      what: 'VPC (aws.vpc)',
      typicalUsd: 0,
      usd: round(MORE_ENDPOINTS * (zones * hour * HOURS_A_MONTH + gb)),
      assumes: `the gateway endpoint for S3 is free; at most ${MORE_ENDPOINTS} interface endpoints, for images and logs, which los does not need, in ${zones} zones at $${hour} an hour and $${gb} a GB`,
    },
  ];
}

const round = (value: number) => Math.round(value * 100) / 100;
