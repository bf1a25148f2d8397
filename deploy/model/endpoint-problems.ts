import { schemaPath } from '../../procedures/ground/names.js';
import { namesOf } from '../../procedures/versions/registry.js';
import { itemAt } from '../../udfs/require-value.js';
import type { Row } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { versions } from './registry.js';

/**
 * What is wrong with the endpoints of versions: the champion's does not answer, or one answers of which Snowflake knows nothing (any more).
 * @param tables those of the schema
 * @param endpoints that belong to this deployment
 */
export async function endpointProblems(
  ctx: Context,
  tables: readonly Row[],
  endpoints: readonly { readonly name: string; readonly status: string }[],
): Promise<string[]> {
  if (tables.length === 0)
    return endpoints.length === 0
      ? []
      : [
          `${schemaPath(ctx.settings)} is not there, or this role may not see it, while the endpoint ${itemAt(endpoints, 0).name} is.`,
        ];
  // What else is missing of the tables is said elsewhere.
  if (!tables.some(({ name }) => name === 'LOS_MODEL_REGISTRY')) return [];
  const known = await versions(ctx);
  const names = known.map((entry) => namesOf(ctx.settings, entry).endpoint);
  const silent = known.flatMap(({ status, version, endpoint }) => {
    if (status !== 'CHAMPION' || endpoint === null) return [];
    const found = endpoints.find(({ name }) => name === endpoint)?.status ?? 'gone';
    return ['Failed', 'Deleting', 'Creating', 'gone'].includes(found)
      ? [`predict_los asks ${version}, whose endpoint ${endpoint} is ${found}: los doctor says what to do.`]
      : [];
  });
  const unknown = endpoints
    .filter(({ name, status }) => status !== 'Deleting' && !names.includes(name))
    .map(
      ({ name }) =>
        `The endpoint ${name} is there, and LOS_MODEL_REGISTRY has no version of it. Where rows were deleted, docs/runbook/tables.md brings them back; or else: aws sagemaker delete-endpoint --endpoint-name ${name}`,
    );
  return [...silent, ...unknown];
}
