import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackagesCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { Context } from '../context.js';
import { isMissing } from '../ground/aws-errors.js';
import { modelMarker, TAG_KEY } from '../ground/marker.js';
import type { Metrics } from './evaluate.js';

/** A version for SageMaker's model registry. */
export interface PackageRequest {
  readonly version: string;
  readonly dataset: string;
  readonly image: string;
  readonly artifact: string;
  readonly trainingJob: string;
  readonly metrics: Metrics;
}

/** The dataset's model package group, e.g. `los-sparcs-hf`. */
export function packageGroup(ctx: Context, dataset: string): string {
  return `${ctx.settings.prefix}-${dataset.replaceAll('_', '-')}`;
}

/**
 * Enters a version into the dataset's model package group, where it waits for approval: promotion approves it.
 * Its number there is SageMaker's; the name of the version stands in its metadata.
 * @returns the package's ARN
 */
export async function registerPackage(ctx: Context, request: PackageRequest): Promise<string> {
  const { sageMaker } = ctx.aws;
  const ModelPackageGroupName = packageGroup(ctx, request.dataset);
  const group = await sageMaker
    .send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName }))
    .catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
  if (!group)
    await sageMaker.send(
      new CreateModelPackageGroupCommand({
        ModelPackageGroupName,
        ModelPackageGroupDescription: `Length-of-stay models of the dataset ${request.dataset}`,
        Tags: [{ Key: TAG_KEY, Value: modelMarker(ctx.settings.prefix, request.dataset) }],
      }),
    );
  const { metrics } = request;
  const { ModelPackageArn } = await sageMaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName,
      ModelPackageDescription: request.version,
      InferenceSpecification: {
        Containers: [{ Image: request.image, ModelDataUrl: request.artifact }],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
      },
      ModelApprovalStatus: 'PendingManualApproval',
      CustomerMetadataProperties: {
        version: request.version,
        trainingJob: request.trainingJob,
        holdoutRows: String(metrics.rows),
        rmse: metrics.rmse.toFixed(4),
        mae: metrics.mae.toFixed(4),
        coverage80: metrics.coverage.toFixed(4),
      },
    }),
  );
  return ModelPackageArn ?? '';
}

/** Approves the package of a version in SageMaker's registry. */
export async function approvePackage(ctx: Context, dataset: string, version: string): Promise<void> {
  const found = await findPackage(ctx, dataset, version);
  // Already approved: a version that is promoted once more.
  if (!found || found.status === 'Approved') return;
  await ctx.aws.sageMaker.send(
    new UpdateModelPackageCommand({ ModelPackageArn: found.arn, ModelApprovalStatus: 'Approved' }),
  );
}

/** The package of a version; undefined for one that was trained before there were packages. */
export async function findPackage(
  ctx: Context,
  dataset: string,
  version: string,
): Promise<{ arn: string; status: string } | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await ctx.aws.sageMaker.send(
      new ListModelPackagesCommand({ ModelPackageGroupName: packageGroup(ctx, dataset), NextToken }),
    );
    for (const item of page.ModelPackageSummaryList ?? [])
      if (item.ModelPackageDescription === version)
        return { arn: item.ModelPackageArn ?? '', status: item.ModelApprovalStatus ?? '' };
    NextToken = page.NextToken;
  } while (NextToken);
  return undefined;
}
