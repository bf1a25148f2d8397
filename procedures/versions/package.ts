import { modelMarker, TAG_KEY } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { withoutValues } from '../ground/without-values.js';
import { ask, Later, Refused, type Work } from '../ground/work.js';
import { classify } from '../jobs/answers.js';
import { create, describeResource, refusal } from '../jobs/create.js';
import type { Metrics } from '../judging/metrics.js';

/** A version for SageMaker's model registry. */
export interface PackageRequest {
  readonly version: string;
  readonly artifact: string;
  readonly trainingJob: string;
  /** Metrics that are published of it; null: nothing is. */
  readonly metrics: Metrics | null;
}

/** The dataset's model package group, e.g. `los-sparcs-hf`. */
function packageGroup({ prefix }: { readonly prefix: string }, dataset: string): string {
  return `${prefix}-${dataset.split('_').join('-')}`;
}

/**
 * Enters a version into the dataset's model package group, where it waits for approval: promotion approves it.
 * Its number there is SageMaker's; the name of the version stands in its description. A package has no name that would
 * make a second one impossible, so it is looked for first, and SageMaker is given a token that tells a request repeated.
 */
export function* registerPackage(plan: Plan, request: PackageRequest): Work<void> {
  const { contract, settings, aws } = plan;
  const ModelPackageGroupName = packageGroup(settings, contract.name);
  if (!(yield* describeResource('DescribeModelPackageGroup', { ModelPackageGroupName })))
    yield* create('CreateModelPackageGroup', {
      ModelPackageGroupName,
      ModelPackageGroupDescription: `Length-of-stay models of the dataset ${contract.name}`,
      Tags: [{ Key: TAG_KEY, Value: modelMarker(settings.prefix, contract.name) }],
    });
  if (yield* findPackage(plan, request.version)) return;
  const { metrics } = request;
  yield* create('CreateModelPackage', {
    ModelPackageGroupName,
    ModelPackageDescription: request.version,
    ClientToken: request.trainingJob.slice(-36),
    // Its endpoint has answered already; SageMaker would look at image and artifact with rights that the caller may lack.
    SkipModelValidation: 'All',
    InferenceSpecification: {
      Containers: [{ Image: aws.image, ModelDataUrl: request.artifact }],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    },
    ModelApprovalStatus: 'PendingManualApproval',
    CustomerMetadataProperties: {
      version: request.version,
      trainingJob: request.trainingJob,
      ...(metrics && {
        holdoutRows: String(metrics.rows),
        rmse: String(metrics.rmse),
        mae: String(metrics.mae),
        coverage80: String(metrics.coverage),
      }),
    },
  });
}

/** Attempts after which a refusal is for good. */
const MOST_ATTEMPTS = 3;

/**
 * The same, where SageMaker's refusal is no reason to lose a version that is trained, judged and served: its registry is for
 * people to look at, and nothing here reads it to serve or to promote.
 * @param attempts how often it has failed before in a way that may pass
 * @param waited seconds for which it has waited before
 * @returns why the version has no package; null: it has one
 * @throws what may pass by itself
 */
export function* offerPackage(
  plan: Plan,
  request: PackageRequest,
  { attempts, waited }: { readonly attempts: number; readonly waited: number },
): Work<string | null> {
  try {
    yield* registerPackage(plan, request);
    return null;
  } catch (error) {
    const passes =
      error instanceof Later
        ? error.patience === undefined || waited <= error.patience
        : !(error instanceof Refused) && attempts + 1 < MOST_ATTEMPTS;
    if (passes) throw error;
    return `${request.version} is not in SageMaker's registry, which nothing here needs: ${withoutValues(error).message}`;
  }
}

/** Approves the package of a version in SageMaker's registry. @returns why it could not; null: it is approved, or there is none */
export function* approvePackage(plan: Plan, version: string): Work<string | null> {
  try {
    yield* approve(plan, version);
    return null;
  } catch (error) {
    return `${version} is promoted, but not approved in SageMaker's registry, which nothing here needs: ${withoutValues(error).message}`;
  }
}

function* approve(plan: Plan, version: string): Work<void> {
  const found = yield* findPackage(plan, version);
  // Already approved: a version that is promoted once more.
  if (!found || found.status === 'Approved') return;
  yield* create('UpdateModelPackage', { ModelPackageArn: found.arn, ModelApprovalStatus: 'Approved' });
}

interface Summary {
  readonly ModelPackageArn?: string;
  readonly ModelPackageDescription?: string;
  readonly ModelApprovalStatus?: string;
}

/** The package of a version; undefined where SageMaker's registry has none. */
export function* findPackage(plan: Plan, version: string): Work<{ arn: string; status: string } | undefined> {
  const item = yield* searchPackages(plan, (one) => one.ModelPackageDescription === version);
  return item && { arn: String(item.ModelPackageArn), status: String(item.ModelApprovalStatus) };
}

/** Names of the versions that SageMaker's registry has; none where it cannot be asked, for nothing here needs it. */
export function* listPackagedVersions(plan: Plan): Work<string[]> {
  const names: string[] = [];
  try {
    yield* searchPackages(plan, ({ ModelPackageDescription: name }) => {
      if (name !== undefined && name !== null) names.push(name);
      return false;
    });
  } catch (error) {
    if (!(error instanceof Later || error instanceof Refused)) throw error;
  }
  return names;
}

/** The first package that is looked for, the newest first. */
function* searchPackages(
  { contract, settings }: Plan,
  isWanted: (item: Summary) => boolean,
): Work<Summary | undefined> {
  let token: string | undefined;
  do {
    const answer = yield* ask('ListModelPackages', {
      ModelPackageGroupName: packageGroup(settings, contract.name),
      ...(token === undefined ? {} : { NextToken: token }),
    });
    if (!answer.ok) {
      if (classify(answer) === 'missing') return undefined;
      throw refusal('ListModelPackages', answer);
    }
    const page = answer.answer as { ModelPackageSummaryList?: Summary[]; NextToken?: string };
    for (const item of page.ModelPackageSummaryList || []) if (isWanted(item)) return item;
    token = page.NextToken;
  } while (token !== undefined && token !== null);
  return undefined;
}
