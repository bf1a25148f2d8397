import type { RestApi } from '@aws-sdk/client-api-gateway';
import type { Context } from '../../context.js';
import { readMarker } from '../../ground/marker.js';

/**
 * This deployment's REST API: the one of its name that carries its mark. Names of REST APIs are not unique, and an
 * account may have more of them than one page shows.
 */
export async function findRestApi({ aws, settings }: Context): Promise<RestApi | undefined> {
  let position: string | undefined;
  do {
    const page = await aws.apiGateway.getRestApis({ limit: 500, position });
    const ours = page.items?.find(
      ({ name, description }) =>
        name === settings.aws.restApi.name && readMarker(settings.prefix, description).owner !== 'foreign',
    );
    if (ours) return ours;
    position = page.position;
  } while (position);
  return undefined;
}
