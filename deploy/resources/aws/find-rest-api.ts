import type { RestApi } from '@aws-sdk/client-api-gateway';
import type { Context } from '../../context.js';
import { allItems } from '../../ground/aws-errors.js';
import { readMarker } from '../../ground/marker.js';

/** Every REST API of the account that carries this deployment's mark; an account may have more than one page shows. */
export async function ourRestApis({ aws, settings }: Context): Promise<RestApi[]> {
  const all = await allItems(aws.apiGateway.paginateGetRestApis({ limit: 500 }), ({ items }) => items);
  // Names of REST APIs are not unique, so one without our mark is simply another API.
  return all.filter(({ description }) => readMarker(settings.prefix, description).owner !== 'foreign');
}

/** This deployment's REST API. */
export async function findRestApi(ctx: Context): Promise<RestApi | undefined> {
  return (await ourRestApis(ctx)).find(({ name }) => name === ctx.settings.aws.restApi.name);
}
