import type { SageMaker } from '@aws-sdk/client-sagemaker';
import type { Context } from '../../context.js';
import { allPages, unlessMissing } from '../../ground/aws-errors.js';
import { readMarker, TAG_KEY } from '../../ground/marker.js';
import type { LiveResource, ResourceKind } from '../resource.js';
import { deleteEndpoint } from './endpoint-removal.js';

interface Found {
  readonly name: string | undefined;
  readonly arn: string | undefined;
  /** Of an endpoint. */
  readonly status?: string | undefined;
}

/**
 * A kind of SageMaker object that training and promotion make: apply only leaves it alone, destroy removes
 * it. Found by the name's prefix, recognized by the tag.
 */
function modelKind<Page extends { NextToken?: string }>(
  id: string,
  page: (sageMaker: SageMaker, filter: { NameContains: string; NextToken?: string }) => Promise<Page>,
  found: (page: Page) => readonly Found[] | undefined,
  remove: (ctx: Context, name: string) => Promise<unknown>,
): ResourceKind {
  const refuseDeclaration = () => {
    throw new Error(`${id} is made by training, not declared`);
  };
  return {
    id,
    async list(ctx): Promise<LiveResource[]> {
      const NameContains = `${ctx.settings.prefix}-`;
      const all = await allPages(
        (NextToken) => page(ctx.aws.sageMaker, { NameContains, NextToken }),
        found,
        ({ NextToken }) => NextToken,
      );
      const live: LiveResource[] = [];
      for (const { name, arn, status } of all)
        if (name?.startsWith(NameContains) && (await ownerOf(ctx, arn)) === 'model')
          live.push({
            name,
            owner: 'model',
            fingerprint: undefined,
            ...(status === undefined ? {} : { properties: { status } }),
          });
      return live;
    },
    create: refuseDeclaration,
    update: refuseDeclaration,
    async remove(ctx, live) {
      await unlessMissing(remove(ctx, live.name));
    },
  };
}

/** By its tags; one that went since it was listed has none. */
async function ownerOf({ aws, settings }: Context, ResourceArn: string | undefined) {
  const tags = await unlessMissing(aws.sageMaker.listTags({ ResourceArn }));
  return readMarker(settings.prefix, tags?.Tags?.find((item) => item.Key === TAG_KEY)?.Value).owner;
}

/** A group can go only when it is empty. */
async function removePackageGroup(ctx: Context, ModelPackageGroupName: string): Promise<void> {
  const { sageMaker } = ctx.aws;
  for (;;) {
    const page = await sageMaker.listModelPackages({ ModelPackageGroupName });
    const found = page.ModelPackageSummaryList ?? [];
    if (found.length === 0) break;
    for (const { ModelPackageArn } of found)
      await sageMaker.deleteModelPackage({ ModelPackageName: ModelPackageArn });
  }
  await sageMaker.deleteModelPackageGroup({ ModelPackageGroupName });
}

/** In the order of creation. */
export const modelKinds: ResourceKind[] = [
  modelKind(
    'aws.model',
    (sageMaker, filter) => sageMaker.listModels(filter),
    ({ Models }) => Models?.map((m) => ({ name: m.ModelName, arn: m.ModelArn })),
    (ctx, ModelName) => ctx.aws.sageMaker.deleteModel({ ModelName }),
  ),
  modelKind(
    'aws.endpoint-config',
    (sageMaker, filter) => sageMaker.listEndpointConfigs(filter),
    ({ EndpointConfigs }) =>
      EndpointConfigs?.map((c) => ({ name: c.EndpointConfigName, arn: c.EndpointConfigArn })),
    (ctx, EndpointConfigName) => ctx.aws.sageMaker.deleteEndpointConfig({ EndpointConfigName }),
  ),
  modelKind(
    'aws.endpoint',
    (sageMaker, filter) => sageMaker.listEndpoints(filter),
    ({ Endpoints }) =>
      Endpoints?.map((e) => ({ name: e.EndpointName, arn: e.EndpointArn, status: e.EndpointStatus })),
    deleteEndpoint,
  ),
  modelKind(
    'aws.model-package-group',
    (sageMaker, filter) => sageMaker.listModelPackageGroups(filter),
    ({ ModelPackageGroupSummaryList }) =>
      ModelPackageGroupSummaryList?.map((g) => ({
        name: g.ModelPackageGroupName,
        arn: g.ModelPackageGroupArn,
      })),
    removePackageGroup,
  ),
];
