import type { EndpointStatus } from '@aws-sdk/client-sagemaker';
import type { Contract } from '../../procedures/dataset/contract.js';
import { hasEvents } from '../../procedures/dataset/origin/events.js';
import type { Context } from '../context.js';
import { Failure } from '../errors.js';
import { unlessMissing } from '../ground/aws-errors.js';
import type { Settings } from '../settings/settings.js';

/** Need of a quota. */
interface Need {
  /** Name of a quota that could not be read. */
  readonly words: string;
  isOf(name: string): boolean;
  /** For the next version, and for all that may stand at once. */
  readonly next: number;
  readonly all: number;
  /** Setting that reduces the need. */
  readonly setting: string;
}

/** Answer of AWS about a quota. */
export interface Quota {
  readonly name: string;
  readonly value: number;
  /** default: AWS lists no value for the account, only what accounts have by default. */
  readonly from: 'account' | 'default';
}

/** The sum over all serverless endpoints; beside it there is one for a single endpoint. */
const isConcurrency = (name: string) =>
  /serverless/i.test(name) &&
  /concurren/i.test(name) &&
  /total|across|all/i.test(name) &&
  !/provisioned/i.test(name);

/** Endpoints of a version: two where events make a model of stays that have begun. */
const endpointsEach = (contract?: Contract) => (contract && hasEvents(contract) ? 2 : 1);

/** Endpoints that stand at most: of champion, the one before, the kept ones, the challenger, and one being trained. */
const endpointsAtMost = ({ training, tasks }: Settings, contract?: Contract) =>
  endpointsEach(contract) * (3 + training.keepVersions + (tasks.challenger === null ? 0 : 1));

/** Candidates are trained, and predict the validation rows in batch transforms, on the same kind of instance. */
function jobNeeds({ training: { instanceType, parallelJobs } }: Settings): readonly Need[] {
  const need = (words: string, asked: number): Need => ({
    ...{ words, isOf: (name) => name === words, next: asked, all: asked },
    setting: 'training.parallelJobs or choose another training.instanceType',
  });
  return [
    need(`${instanceType} for training job usage`, parallelJobs),
    need(`${instanceType} for transform job usage`, parallelJobs),
  ];
}

/** Concurrency is a sum over all serverless endpoints of account and region, regardless of owner; new accounts are reported to have 10 of it. */
function endpointNeeds(settings: Settings, contract?: Contract): readonly Need[] {
  const { endpoint } = settings;
  if (endpoint.type !== 'serverless') return [];
  return [
    {
      words: 'total concurrency across all serverless endpoints',
      isOf: isConcurrency,
      next: endpoint.maxConcurrency * endpointsEach(contract),
      all: endpoint.maxConcurrency * endpointsAtMost(settings, contract),
      setting: 'endpoint.maxConcurrency or training.keepVersions',
    },
  ];
}

/** In words, for what is said before anything exists. They are per account and region. */
export function quotasNeeded(settings: Settings, contract?: Contract): string[] {
  const { endpoint } = settings;
  const endpoints = endpointsAtMost(settings, contract);
  return [
    endpoint.type === 'serverless'
      ? `total concurrency of serverless endpoints: ${endpoints * endpoint.maxConcurrency} (${endpoints} endpoints with ${endpoint.maxConcurrency} each)`
      : `${endpoint.instanceType} for endpoint usage: ${endpoints}`,
    ...jobNeeds(settings).map(({ words, all }) => `${words}: ${all}`),
  ];
}

/**
 * Looks whether a version can be trained and get its endpoint, before anything is paid. What may not be read, and what AWS
 * does not list for the account, is said and not taken for a refusal: AWS itself refuses later, by name.
 * @param room for the next version beside all that stands; or for all that this deployment may come to have, beside
 *   what others have
 * @returns quotas of which only AWS's default is known, and that is less than is needed: a sentence each
 * @throws Failure naming the quota, what is taken and what to ask AWS for
 */
export async function requireRoom(
  ctx: Context,
  room: 'next version' | 'all versions',
  contract?: Contract,
): Promise<string[]> {
  const [jobs, endpoints] = [jobNeeds(ctx.settings), endpointNeeds(ctx.settings, contract)];
  const quotas = await readQuotas(ctx);
  const judge = (need: Need, used: number) =>
    judgeRoom(ctx, need, quotas, used, room === 'next version' ? need.next : need.all);
  const doubts = jobs.flatMap((need) => judge(need, 0));
  if (endpoints.length === 0) return doubts;
  const taken = (await standing(ctx))
    .filter(({ name }) => room === 'next version' || !name.startsWith(`${ctx.settings.prefix}-`))
    .reduce((sum, { concurrency }) => sum + concurrency, 0);
  return [...doubts, ...endpoints.flatMap((need) => judge(need, taken))];
}

/** @returns a sentence where only AWS's default is known, and that is too little */
function judgeRoom(
  { aws, progress }: Context,
  { words, isOf, setting }: Need,
  quotas: readonly Quota[],
  used: number,
  asked: number,
): string[] {
  const { name, value, from } = quotas.find((quota) => isOf(quota.name)) ?? { name: words };
  const total = used + asked;
  if (value === undefined || (from === 'account' && total <= value)) return [];
  if (from === 'account')
    throw new Failure(
      `AWS allows this account ${value} of the quota “${name}” in ${aws.region}; ${used} are in use and ${asked} more are needed. Nothing has started, and nothing was paid.`,
      {
        next: `Ask AWS for at least ${total}: console > Service Quotas > AWS services > Amazon SageMaker > “${name}” > Request increase at account level, in ${aws.region}. Or lower ${setting}.`,
      },
    );
  const said = `AWS lists no value of the quota “${name}” for this account; by default it is ${value}`;
  if (total > value)
    return [
      `${said}, and ${total} are needed. Look it up before a job is refused: console > Service Quotas > AWS services > Amazon SageMaker, in ${aws.region}.`,
    ];
  progress.note(said);
  return [];
}

/**
 * Reads the quotas that this deployment needs; without those that may not be read, which is said. ListServiceQuotas
 * leaves out a quota "if the applied quota value is not available", so AWS's defaults are asked for those.
 * https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
 */
export async function readQuotas({ aws, settings, progress }: Context): Promise<Quota[]> {
  const input = { ServiceCode: 'sagemaker' };
  const found: Quota[] = [];
  const missing = () =>
    [...jobNeeds(settings), ...endpointNeeds(settings)].filter(
      ({ isOf }) => !found.some(({ name }) => isOf(name)),
    );
  const read = async (
    pages: AsyncIterable<{ Quotas?: { QuotaName?: string; Value?: number }[] | undefined }>,
    from: Quota['from'],
  ) => {
    const sought = missing();
    for await (const { Quotas = [] } of pages)
      for (const { QuotaName: name = '', Value: value } of Quotas)
        if (value !== undefined && sought.some(({ isOf }) => isOf(name))) found.push({ name, value, from });
  };
  try {
    await read(aws.serviceQuotas.paginateListServiceQuotas(input, { pageSize: 100 }), 'account');
    if (missing().length > 0)
      await read(aws.serviceQuotas.paginateListAWSDefaultServiceQuotas(input, { pageSize: 100 }), 'default');
  } catch (error) {
    // Not every account lets its users read them; then AWS refuses by itself, only later.
    if (!(error instanceof Error && '$metadata' in error)) throw error;
    progress.note(
      `SageMaker's quotas could not be read (${error.name}); los bootstrap prints the right for it`,
    );
  }
  return found;
}

const GONE: readonly (EndpointStatus | undefined)[] = ['Deleting', 'Failed'];

/** All serverless endpoints of account and region, ours or not, with their share of the account's concurrency. */
export async function standing({ aws }: Context): Promise<{ name: string; concurrency: number }[]> {
  const found: { name: string; concurrency: number }[] = [];
  for await (const page of aws.sageMaker.paginateListEndpoints({}, { pageSize: 100 }))
    for (const { EndpointName: name = '', EndpointStatus } of page.Endpoints ?? [])
      if (!GONE.includes(EndpointStatus)) found.push({ name, concurrency: await concurrencyOf(aws, name) });
  return found.filter(({ concurrency }) => concurrency > 0);
}

async function concurrencyOf({ sageMaker }: Context['aws'], EndpointName: string): Promise<number> {
  // It may have been removed since it was listed.
  const found = await unlessMissing(sageMaker.describeEndpoint({ EndpointName }));
  return (found?.ProductionVariants ?? []).reduce(
    (sum, { DesiredServerlessConfig: wanted, CurrentServerlessConfig: now }) =>
      sum + Math.max(wanted?.MaxConcurrency ?? 0, now?.MaxConcurrency ?? 0),
    0,
  );
}
