import { literal, qualified, shared } from '../../procedures/ground/names.js';
import type { Model } from '../../udfs/model.js';
import { compileEntry } from '../compile/compile.js';
import { createFunctionSql } from '../compile/sql.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { modelMarker } from '../ground/marker.js';
import { findRestApi } from '../resources/aws/find-rest-api.js';
import { BATCH_ROWS } from './batch-rows.js';
import type { Version } from './version.js';

/** Creates the UDF that writes the version's training file: the encoder with the version's tables in it. */
export async function createEncoder(ctx: Context, version: Version, model: Model): Promise<void> {
  const compiled = await compileEntry('udfs/encode-row.ts', {
    define: { MODEL: model },
    name: version.encoder,
  });
  await ctx.snowflake.execute(createFunctionSql(compiled, comment(ctx, version)));
}

/**
 * Creates the version's request translator and its own external function, through which it can be asked
 * whether or not it is the champion. Called again (with intervals), it replaces the translator.
 */
export async function createServing(ctx: Context, version: Version, model: Model): Promise<void> {
  const { settings, snowflake } = ctx;
  const compiled = await compileEntry('udfs/request-translator.ts', {
    define: { MODEL: model },
    name: version.requestTranslator,
  });
  await snowflake.execute(createFunctionSql(compiled, comment(ctx, version)));
  if (model.references) {
    const reasons = await compileEntry('udfs/reasons-request-translator.ts', {
      define: { MODEL: model },
      name: version.reasonsTranslator,
    });
    await snowflake.execute(createFunctionSql(reasons, comment(ctx, version)));
  }
  await snowflake.execute(`CREATE OR REPLACE EXTERNAL FUNCTION ${qualified(settings, version.predict)}(FEATURES OBJECT)
RETURNS OBJECT
${comment(ctx, version)}
API_INTEGRATION = ${settings.snowflake.integrations.api}
MAX_BATCH_ROWS = ${BATCH_ROWS}
REQUEST_TRANSLATOR = ${qualified(settings, version.requestTranslator)}
RESPONSE_TRANSLATOR = ${qualified(settings, shared.detailResponse)}
AS ${literal(await serviceUrl(ctx))}`);
}

/** URL of the REST API's endpoints resource; a translator's urlSuffix goes on from there. */
async function serviceUrl(ctx: Context): Promise<string> {
  const { aws, settings } = ctx;
  const { name, stage } = settings.aws.restApi;
  const api = await findRestApi(ctx);
  if (!api)
    throw new UserError(`There is no REST API "${name}" of this deployment in ${aws.region} yet.`, {
      next: 'Run los apply first.',
    });
  return `https://${api.id}.execute-api.${aws.region}.amazonaws.com/${stage}/endpoints`;
}

function comment(ctx: Context, version: Version): string {
  return `COMMENT = ${literal(modelMarker(ctx.settings.prefix, version.name))}`;
}
