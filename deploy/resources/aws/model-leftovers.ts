import type { Tag } from '@aws-sdk/client-sagemaker';
import type { Context } from '../../context.js';
import { isMissing } from '../../ground/aws-errors.js';
import { readMarker, TAG_KEY } from '../../ground/marker.js';
import type { LiveResource, ResourceKind } from '../resource.js';
import { deleteEndpoint } from './endpoint-removal.js';

interface Found {
  name: string | undefined;
  arn: string | undefined;
  /** Of an endpoint. */
  status?: string | undefined;
}

/**
 * A kind of SageMaker object that training and promotion make: apply only leaves it alone, destroy removes
 * it. Found by the name's prefix, recognized by the tag.
 */
function modelKind(
  id: string,
  page: (
    ctx: Context,
    NameContains: string,
    NextToken?: string,
  ) => Promise<{ items: Found[]; next?: string }>,
  remove: (ctx: Context, name: string) => Promise<unknown>,
): ResourceKind {
  const never = () => {
    throw new Error(`${id} is made by training, not declared`);
  };
  return {
    id,
    async list(ctx): Promise<LiveResource[]> {
      const start = `${ctx.settings.prefix}-`;
      const live: LiveResource[] = [];
      let token: string | undefined;
      do {
        const { items, next } = await page(ctx, start, token);
        for (const { name, arn, status } of items) {
          if (!name?.startsWith(start)) continue;
          const Tags = await tagsOf(ctx, arn);
          const tag = Tags.find((item) => item.Key === TAG_KEY)?.Value;
          if (readMarker(ctx.settings.prefix, tag).owner === 'model')
            live.push({
              name,
              owner: 'model',
              fingerprint: undefined,
              ...(status === undefined ? {} : { properties: { status } }),
            });
        }
        token = next;
      } while (token);
      return live;
    },
    create: never,
    update: never,
    async remove(ctx, live) {
      await remove(ctx, live.name).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
  };
}

/** Tags of an object; none of one that went since it was listed. */
async function tagsOf(ctx: Context, ResourceArn: string | undefined): Promise<Tag[]> {
  try {
    return (await ctx.aws.sageMaker.listTags({ ResourceArn })).Tags ?? [];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
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
    async (ctx, NameContains, NextToken) => {
      const page = await ctx.aws.sageMaker.listModels({ NameContains, NextToken });
      const items = (page.Models ?? []).map((m) => ({ name: m.ModelName, arn: m.ModelArn }));
      return { items, next: page.NextToken };
    },
    (ctx, ModelName) => ctx.aws.sageMaker.deleteModel({ ModelName }),
  ),
  modelKind(
    'aws.endpoint-config',
    async (ctx, NameContains, NextToken) => {
      const page = await ctx.aws.sageMaker.listEndpointConfigs({ NameContains, NextToken });
      const items = (page.EndpointConfigs ?? []).map((c) => ({
        name: c.EndpointConfigName,
        arn: c.EndpointConfigArn,
      }));
      return { items, next: page.NextToken };
    },
    (ctx, EndpointConfigName) => ctx.aws.sageMaker.deleteEndpointConfig({ EndpointConfigName }),
  ),
  modelKind(
    'aws.endpoint',
    async (ctx, NameContains, NextToken) => {
      const page = await ctx.aws.sageMaker.listEndpoints({ NameContains, NextToken });
      const items = (page.Endpoints ?? []).map((e) => ({
        name: e.EndpointName,
        arn: e.EndpointArn,
        status: e.EndpointStatus,
      }));
      return { items, next: page.NextToken };
    },
    deleteEndpoint,
  ),
  modelKind(
    'aws.model-package-group',
    async (ctx, NameContains, NextToken) => {
      const page = await ctx.aws.sageMaker.listModelPackageGroups({ NameContains, NextToken });
      const items = (page.ModelPackageGroupSummaryList ?? []).map((g) => ({
        name: g.ModelPackageGroupName,
        arn: g.ModelPackageGroupArn,
      }));
      return { items, next: page.NextToken };
    },
    removePackageGroup,
  ),
];
