import type { EndpointStatus } from '@aws-sdk/client-sagemaker';
import type { Context } from '../context.js';
import { Failure } from '../errors.js';
import { isMissing } from '../ground/aws-errors.js';
import type { Settings } from '../settings/settings.js';

/** Which quota something counts against, and how much of it is needed, free or taken. */
export interface Need {
  /** As Service Quotas calls it where it could be read, else in words. */
  readonly quota: string;
  /** null: it could not be read. */
  readonly limit: number | null;
  readonly used: number;
  readonly asked: number;
  /** What changes less than the quota would, as a setting. */
  readonly setting: string;
}

/** Endpoints that stand at most: champion, the one before, the kept ones, the challenger, and one being trained. */
const endpointsAtMost = ({ training, tasks }: Settings) =>
  3 + training.keepVersions + (tasks.challenger === null ? 0 : 1);

/** In words, for what is said before anything exists. Both are per account and region. */
export function quotasNeeded(settings: Settings): string[] {
  const { endpoint, training } = settings;
  const endpoints = endpointsAtMost(settings);
  return [
    endpoint.type === 'serverless'
      ? `total concurrency of serverless endpoints: ${endpoints * endpoint.maxConcurrency} (${endpoints} endpoints with ${endpoint.maxConcurrency} each)`
      : `${endpoint.instanceType} for endpoint usage: ${endpoints * endpoint.instanceCount}`,
    `${usage(training.instanceType)}: ${training.parallelJobs * training.instanceCount}`,
    `${transformUsage(training.instanceType)}: ${training.parallelJobs}`,
  ];
}

/**
 * Looks whether a version can be trained and get its endpoint, before anything is paid. Concurrency is a sum over all
 * serverless endpoints of account and region, of whomever they are; new accounts are reported to have 10 of it. What
 * may not be read, and what AWS does not list for the account, is said and not taken for a refusal: AWS itself refuses
 * later, by name.
 * @param room for the next version beside all that stands; or for all that this deployment may come to have, beside
 *   what others have
 * @returns quotas of which only AWS's default is known, and that is less than is needed: a sentence each
 * @throws UserError naming the quota, what is taken and what to ask AWS for
 */
export async function requireRoom(ctx: Context, room: 'next version' | 'all versions'): Promise<string[]> {
  const { endpoint, training, prefix } = ctx.settings;
  const wanted = wantedQuotas(ctx.settings);
  const quotas = await readQuotas(ctx, wanted);
  const doubts: string[] = [];
  const require = (one: WantedQuota, needed: Omit<Need, 'quota' | 'limit'>) => {
    const found = quotas.find((quota) => quota.wanted === one);
    if (found?.from === 'default') {
      const said = `AWS lists no value of the quota “${found.name}” for this account; by default it is ${found.value}`;
      const total = needed.used + needed.asked;
      if (total <= found.value) ctx.progress.note(said);
      else
        doubts.push(
          `${said}, and ${total} are needed. Look it up before a job is refused: console > Service Quotas > AWS services > Amazon SageMaker, in ${ctx.aws.region}.`,
        );
    }
    const limit = found?.from === 'account' ? found.value : null;
    requireFree({ quota: found?.name ?? one.words, limit, ...needed }, ctx);
  };
  const [trainingJobs, transformJobs, concurrency] = wanted;
  const setting = 'training.parallelJobs or choose another training.instanceType';
  require(trainingJobs, { used: 0, asked: training.parallelJobs * training.instanceCount, setting });
  require(transformJobs, { used: 0, asked: training.parallelJobs, setting });
  if (!concurrency) return doubts;
  require(concurrency, {
    used: (await standing(ctx))
      .filter(({ name }) => room === 'next version' || !name.startsWith(`${prefix}-`))
      .reduce((sum, { concurrency }) => sum + concurrency, 0),
    asked: endpoint.maxConcurrency * (room === 'next version' ? 1 : endpointsAtMost(ctx.settings)),
    setting: 'endpoint.maxConcurrency or training.keepVersions',
  });
  return doubts;
}

/** @throws UserError when what is asked does not fit beside what is used */
export function requireFree(
  { quota, limit, used, asked, setting }: Need,
  { aws }: Pick<Context, 'aws'>,
): void {
  if (limit === null || used + asked <= limit) return;
  throw new Failure(
    `AWS allows this account ${limit} of the quota “${quota}” in ${aws.region}; ${used} are taken and ${asked} more are needed. Nothing was begun and nothing was paid.`,
    { next: askFor(quota, used + asked, setting, aws.region) },
  );
}

const askFor = (quota: string, value: number, setting: string, region: string) =>
  `Ask AWS for at least ${value}: console > Service Quotas > AWS services > Amazon SageMaker > “${quota}” > Request increase at account level, in ${region}. Or lower ${setting}.`;

const usage = (instanceType: string) => `${instanceType} for training job usage`;

/** Candidates predict the validation rows in batch transforms, on the same kind of instance. */
const transformUsage = (instanceType: string) => `${instanceType} for transform job usage`;

/** The sum over all serverless endpoints; beside it there is one for a single endpoint. */
const isConcurrency = (name: string) =>
  /serverless/i.test(name) &&
  /concurren/i.test(name) &&
  /total|across|all/i.test(name) &&
  !/provisioned/i.test(name);

/** A quota that this deployment needs something of. */
export interface WantedQuota {
  /** What it is called where it could not be read. */
  readonly words: string;
  is(name: string): boolean;
}

/** What is known of one. */
export interface Quota {
  readonly wanted: WantedQuota;
  /** As Service Quotas calls it. */
  readonly name: string;
  readonly value: number;
  /** default: AWS lists no value for the account, only what accounts have by default. */
  readonly from: 'account' | 'default';
}

/** Training jobs, transform jobs and, of serverless endpoints, their concurrency. */
function wantedQuotas({
  training,
  endpoint,
}: Settings): readonly [WantedQuota, WantedQuota, WantedQuota | undefined] {
  const named = (words: string): WantedQuota => ({ words, is: (name) => name === words });
  return [
    named(usage(training.instanceType)),
    named(transformUsage(training.instanceType)),
    endpoint.type === 'serverless'
      ? { words: 'total concurrency across all serverless endpoints', is: isConcurrency }
      : undefined,
  ];
}

/**
 * What AWS says of the quotas that this deployment needs something of; without those that may not be read, which is said.
 * ListServiceQuotas leaves out a quota "if the applied quota value is not available", so AWS's defaults are asked for those.
 * https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
 */
export async function readQuotas(
  ctx: Context,
  wanted: readonly (WantedQuota | undefined)[] = wantedQuotas(ctx.settings),
): Promise<Quota[]> {
  const { serviceQuotas } = ctx.aws;
  const input = { ServiceCode: 'sagemaker' };
  const found: Quota[] = [];
  const all = wanted.filter((one) => one !== undefined);
  const missing = () => all.filter((one) => !found.some((quota) => quota.wanted === one));
  const read = async (
    pages: AsyncIterable<{ Quotas?: { QuotaName?: string; Value?: number }[] | undefined }>,
    from: Quota['from'],
  ) => {
    const sought = missing();
    for await (const { Quotas = [] } of pages)
      for (const { QuotaName: name = '', Value: value } of Quotas)
        for (const one of sought)
          if (value !== undefined && one.is(name)) found.push({ wanted: one, name, value, from });
  };
  try {
    await read(serviceQuotas.paginateListServiceQuotas(input, { pageSize: 100 }), 'account');
    if (missing().length > 0)
      await read(serviceQuotas.paginateListAWSDefaultServiceQuotas(input, { pageSize: 100 }), 'default');
  } catch (error) {
    // Not every account lets its users read them; then AWS refuses by itself, only later.
    if (!(error instanceof Error && '$metadata' in error)) throw error;
    ctx.progress.note(
      `SageMaker's quotas could not be read (${error.name}); los bootstrap prints the right for it`,
    );
  }
  return found;
}

/** A serverless endpoint and its share of the account's concurrency. */
export interface Standing {
  readonly name: string;
  readonly concurrency: number;
}

const GONE: readonly (EndpointStatus | undefined)[] = ['Deleting', 'Failed'];

/** All serverless endpoints of account and region, ours or not. */
export async function standing(ctx: Context): Promise<Standing[]> {
  const { sageMaker } = ctx.aws;
  const found: Standing[] = [];
  for await (const page of sageMaker.paginateListEndpoints({}, { pageSize: 100 }))
    for (const { EndpointName: name = '', EndpointStatus } of page.Endpoints ?? [])
      if (!GONE.includes(EndpointStatus)) {
        const concurrency = await concurrencyOf(ctx, name);
        if (concurrency > 0) found.push({ name, concurrency });
      }
  return found;
}

async function concurrencyOf({ aws }: Context, EndpointName: string): Promise<number> {
  try {
    const { ProductionVariants = [] } = await aws.sageMaker.describeEndpoint({ EndpointName });
    return ProductionVariants.reduce(
      (sum, { DesiredServerlessConfig: wanted, CurrentServerlessConfig: now }) =>
        sum + Math.max(wanted?.MaxConcurrency ?? 0, now?.MaxConcurrency ?? 0),
      0,
    );
  } catch (error) {
    if (isMissing(error)) return 0; // removed since it was listed
    throw error;
  }
}
