import type { SageMaker } from '@aws-sdk/client-sagemaker';
import type { Context } from '../../context.js';
import { allItems, unlessMissing } from '../../ground/aws-errors.js';
import { readMarker, TAG_KEY } from '../../ground/marker.js';
import type { LiveResource, ResourceKind } from '../resource.js';
import { deleteEndpoint } from './endpoint-removal.js';

/**
 * A kind of SageMaker object that training and promotion make: apply only leaves it alone, destroy removes
 * it. Found by the name's prefix, recognized by the tag.
 * @param noun begins the names of members: ModelName, ModelArn
 */
function modelKind<Page>(
  id: string,
  noun: string,
  pages: (sageMaker: SageMaker, filter: { NameContains: string }) => AsyncIterable<Page>,
  items: (page: Page) => readonly object[] | undefined,
  remove: (ctx: Context, name: string) => Promise<unknown>,
): ResourceKind {
  const refuseDeclaration = () => {
    throw new Error(`${id} is made by training, not declared`);
  };
  return {
    id,
    async list(ctx): Promise<LiveResource[]> {
      const NameContains = `${ctx.settings.prefix}-`;
      const live: LiveResource[] = [];
      for (const found of await allItems(pages(ctx.aws.sageMaker, { NameContains }), items)) {
        const {
          [`${noun}Name`]: name,
          [`${noun}Arn`]: arn,
          [`${noun}Status`]: status,
        } = found as Record<string, string>;
        if (name?.startsWith(NameContains) && (await ownerOf(ctx, arn)) === 'model')
          live.push({
            name,
            owner: 'model',
            fingerprint: undefined,
            ...(status && { properties: { status } }),
          });
      }
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
  const packages = sageMaker.paginateListModelPackages({ ModelPackageGroupName });
  for (const { ModelPackageArn } of await allItems(packages, (page) => page.ModelPackageSummaryList))
    await sageMaker.deleteModelPackage({ ModelPackageName: ModelPackageArn });
  await sageMaker.deleteModelPackageGroup({ ModelPackageGroupName });
}

/** In the order of creation. */
export const modelKinds: ResourceKind[] = [
  modelKind(
    'aws.model',
    'Model',
    (sageMaker, filter) => sageMaker.paginateListModels(filter),
    ({ Models }) => Models,
    (ctx, ModelName) => ctx.aws.sageMaker.deleteModel({ ModelName }),
  ),
  modelKind(
    'aws.endpoint-config',
    'EndpointConfig',
    (sageMaker, filter) => sageMaker.paginateListEndpointConfigs(filter),
    ({ EndpointConfigs }) => EndpointConfigs,
    (ctx, EndpointConfigName) => ctx.aws.sageMaker.deleteEndpointConfig({ EndpointConfigName }),
  ),
  modelKind(
    'aws.endpoint',
    'Endpoint',
    (sageMaker, filter) => sageMaker.paginateListEndpoints(filter),
    ({ Endpoints }) => Endpoints,
    deleteEndpoint,
  ),
  modelKind(
    'aws.model-package-group',
    'ModelPackageGroup',
    (sageMaker, filter) => sageMaker.paginateListModelPackageGroups(filter),
    ({ ModelPackageGroupSummaryList }) => ModelPackageGroupSummaryList,
    removePackageGroup,
  ),
];
