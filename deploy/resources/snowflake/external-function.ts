import { qualify, schemaPath } from '../../../procedures/ground/names.js';
import type { Row } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { objectMarker } from '../../ground/marker.js';
import type { Properties } from '../difference.js';
import { defineKind, type Resource } from '../resource.js';
import { commentClause } from './definition.js';
import { LENT, lentTo } from './integrations.js';
import { typeText } from './read-statement.js';
import { dropFunction, routineRows } from './routines.js';
import { asReplaced, liveObjects, showOrNothing } from './sql-kind.js';

/** An external function. The resource is named `NAME(TYPES)`. */
export interface ExternalFunctionDefinition {
  /** `NAME(ARG TYPE, …)`. */
  readonly head: string;
  readonly returns: string;
  /** Description of its answer, in one sentence. */
  readonly description: string;
  readonly apiIntegration: string;
  /** The request translator; where `chosen` is given, the one until something else is chosen. */
  readonly requestTranslator: string;
  /**
   * A query for the request translator that was chosen last, unqualified, as column TRANSLATOR; no row: none was.
   * Promotion changes it: that is no drift. Whether DESCRIBE FUNCTION shows the present one is documented nowhere, so
   * nothing relies on it. Left out: the translator is always the same.
   */
  readonly chosen?: string;
  readonly responseTranslator: string;
  readonly maxBatchRows: number | null;
  /** Granted to no role, of ours or others'. */
  readonly ownerAlone?: true;
  readonly url: string;
}

/**
 * Snowflake cannot change the URL of an external function, so a changed one is replaced; it gets the request
 * translator that was chosen last, and so does one that was dropped.
 */
export const externalFunctionKind = defineKind<ExternalFunctionDefinition>({
  id: 'snowflake.external-function',

  dropsGrants: () => true,

  definitionProperties: ({ definition: d }) => ({
    arguments: `(${/\(([^)]*)\)/.exec(d.head)?.[1] ?? ''})`,
    RETURNS: typeText(d.returns, false),
    API_INTEGRATION: d.apiIntegration,
    RESPONSE_TRANSLATOR: d.responseTranslator,
    MAX_BATCH_ROWS: d.maxBatchRows === null ? '' : String(d.maxBatchRows),
    AS: d.url,
    ...(d.ownerAlone ? { [LENT]: '' } : {}),
  }),

  async list(ctx, wanted) {
    const rows = (await routineRows(ctx, 'FUNCTION')).filter((row) => row.IS_EXTERNAL === 'YES');
    const live = liveObjects(ctx, rows, wanted, properties, asReplaced);
    const alone = wanted.filter(({ definition }) => definition.ownerAlone).map(({ name }) => name);
    return Promise.all(
      live.map(async (item) => {
        if (!alone.includes(item.name)) return item;
        const lent = await lentTo(ctx, `FUNCTION ${qualify(ctx.settings, item.name)}`);
        return { ...item, properties: { ...item.properties, [LENT]: lent } };
      }),
    );
  },

  create: replace,
  update: replace,

  async remove(ctx, live) {
    await dropFunction(ctx, live.name, true);
  },
});

async function replace(
  ctx: Context,
  resource: Resource<ExternalFunctionDefinition>,
  fingerprint: string,
): Promise<undefined> {
  await ctx.snowflake.execute(statement(ctx, resource, fingerprint, await translatorOf(ctx, resource)));
}

/** Columns that this Snowflake does not have are left out, and so is a definition that is no URL. */
function properties(row: Row): Properties {
  const name = (value: unknown) =>
    value === undefined ? undefined : String(value ?? '').replaceAll('"', '');
  const url = String(row.FUNCTION_DEFINITION ?? '');
  return {
    arguments: name(row.ARGUMENT_SIGNATURE),
    RETURNS: row.DATA_TYPE === undefined ? undefined : typeText(String(row.DATA_TYPE), false),
    API_INTEGRATION: name(row.API_INTEGRATION),
    RESPONSE_TRANSLATOR: name(row.RESPONSE_TRANSLATOR),
    MAX_BATCH_ROWS: name(row.MAX_BATCH_ROWS),
    AS: url.startsWith('https://') ? url : undefined,
  };
}

/** Qualified. One that was chosen and does not exist any more (destroy keeps tables, but no model) is none. */
async function translatorOf(
  ctx: Context,
  { definition }: Resource<ExternalFunctionDefinition>,
): Promise<string> {
  if (definition.chosen === undefined) return definition.requestTranslator;
  const [row] = await showOrNothing(ctx, definition.chosen);
  if (!row?.TRANSLATOR) return definition.requestTranslator;
  const schema = schemaPath(ctx.settings);
  const functions = await showOrNothing(ctx, `SHOW USER FUNCTIONS IN SCHEMA ${schema}`);
  return functions.some(({ name }) => name === row.TRANSLATOR)
    ? `${schema}.${String(row.TRANSLATOR)}`
    : definition.requestTranslator;
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
    commentClause(d.description).replace('{fingerprint}', objectMarker(ctx.settings.prefix, fingerprint)),
    `API_INTEGRATION = ${d.apiIntegration}`,
    ...(d.maxBatchRows === null ? [] : [`MAX_BATCH_ROWS = ${d.maxBatchRows}`]),
    'COMPRESSION = AUTO',
    `REQUEST_TRANSLATOR = ${requestTranslator}`,
    `RESPONSE_TRANSLATOR = ${d.responseTranslator}`,
    `AS '${d.url}'`,
  ].join('\n');
}
