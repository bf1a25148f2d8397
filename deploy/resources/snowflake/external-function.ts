import type { Row } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { managedMarker, readMarker } from '../marker.js';
import type { Resource, ResourceKind } from '../resource.js';
import { callableName, schemaPath } from './kinds.js';
import { showOrNothing } from './sql-kind.js';

/** An external function. The resource is named `NAME(TYPES)`. */
export interface ExternalFunctionDefinition {
  /** `NAME(ARG TYPE, …)`. */
  readonly head: string;
  readonly returns: string;
  readonly apiIntegration: string;
  /** Translators it starts with. Promotion changes the request translator afterwards: that is no drift. */
  readonly requestTranslator: string;
  readonly responseTranslator: string;
  readonly maxBatchRows: number | null;
  readonly url: string;
}

/**
 * Snowflake cannot change the URL of an external function, so a changed one is replaced; the request
 * translator that promotion has set, and the grants, are carried over.
 */
export const externalFunctionKind: ResourceKind<ExternalFunctionDefinition> = {
  id: 'snowflake.external-function',

  async list(ctx, wanted) {
    const names = new Set(wanted.map((resource) => resource.name));
    const rows = await showOrNothing(ctx, `SHOW EXTERNAL FUNCTIONS IN SCHEMA ${schemaPath(ctx.settings)}`);
    return (
      rows
        .map((row) => ({ name: callableName(row), ...readMarker(ctx.settings.prefix, row.description) }))
        .filter((item) => item.owner !== 'foreign' || names.has(item.name))
        // In the project's own schema: a declared one that somebody replaced by hand.
        .map((item) => (item.owner === 'foreign' ? { ...item, owner: 'managed' as const } : item))
    );
  },

  async create(ctx, resource, fingerprint) {
    await ctx.snowflake.execute(statement(ctx, resource, fingerprint, resource.definition.requestTranslator));
    return undefined;
  },

  async update(ctx, resource, fingerprint) {
    const current = await requestTranslatorOf(ctx, resource.name);
    await ctx.snowflake.execute(
      statement(ctx, resource, fingerprint, current ?? resource.definition.requestTranslator),
    );
    return undefined;
  },

  async remove(ctx, live) {
    await ctx.snowflake.execute(`DROP FUNCTION IF EXISTS ${live.name}`);
  },
};

/**
 * The request translator that an external function uses now, which names the model version that answers.
 * @param name with argument types, e.g. `PREDICT_LOS(OBJECT)`
 */
export async function requestTranslatorOf(ctx: Context, name: string): Promise<string | undefined> {
  const rows: Row[] = await ctx.snowflake.query(`DESCRIBE FUNCTION ${name}`);
  const row = rows.find((item) => String(item.property).toLowerCase() === 'request_translator');
  const value = row?.value;
  return value === null || value === undefined || value === '' ? undefined : String(value);
}

function statement(
  ctx: Context,
  { definition: d }: Resource<ExternalFunctionDefinition>,
  fingerprint: string,
  requestTranslator: string,
): string {
  return [
    `CREATE OR REPLACE EXTERNAL FUNCTION ${d.head}`,
    `RETURNS ${d.returns}`,
    'CALLED ON NULL INPUT',
    'VOLATILE',
    `COMMENT = '${managedMarker(ctx.settings.prefix, fingerprint)}'`,
    `API_INTEGRATION = ${d.apiIntegration}`,
    ...(d.maxBatchRows === null ? [] : [`MAX_BATCH_ROWS = ${d.maxBatchRows}`]),
    'COMPRESSION = AUTO',
    `REQUEST_TRANSLATOR = ${requestTranslator}`,
    `RESPONSE_TRANSLATOR = ${d.responseTranslator}`,
    `AS '${d.url}'`,
  ].join('\n');
}
