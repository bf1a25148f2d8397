import { qualified, schemaPath } from '../../procedures/ground/names.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import { bucketName } from '../stack/names.js';
import type { Check, Problem } from './check.js';
import type { Scene } from './scene.js';

/** The bucket and the stage over it. */
export const bucketCheck: Check = {
  name: 'bucket',
  title: 'the bucket exists',
  needs: ['connection'],
  async look(scene) {
    const Bucket = bucketName(scene.ctx);
    try {
      await scene.ctx.aws.s3.headBucket({ Bucket });
      return undefined;
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status === 404) return { what: `The bucket ${Bucket} does not exist.`, fix: scene.los('apply') };
      if (status === 403)
        return {
          what: `The bucket ${Bucket} belongs to another account, or these credentials may not see it.`,
          fix: 'Choose another name (aws.bucket in los.config.yaml), or ask for s3:ListBucket on it.',
        };
      throw error;
    }
  },
};

export const stageCheck: Check = {
  name: 'exchange-stage',
  title: 'Snowflake reads and writes the bucket through its stage',
  needs: [
    'stages',
    'database',
    'bucket',
    'storage-integration',
    'storage-locations',
    'storage-trust',
    'storage-permission',
  ],
  look: exchangeStage,
};

async function exchangeStage(scene: Scene): Promise<Problem | undefined> {
  const { ctx } = scene;
  const { stages, integrations } = ctx.settings.snowflake;
  const name = qualified(ctx.settings, stages.exchange);
  const rows = await showOrNothing(ctx, `SHOW STAGES IN SCHEMA ${schemaPath(ctx.settings)}`);
  const row = rows.find((candidate) => candidate.name === stages.exchange);
  const url = `s3://${bucketName(ctx)}/`;
  const set = `ALTER STAGE ${name} SET URL = '${url}' STORAGE_INTEGRATION = ${integrations.storage};`;
  if (String(row?.url) !== url)
    return { what: `The stage ${name} points to ${row?.url || 'nothing'} instead of ${url}.`, fix: set };
  if (String(row?.storage_integration) !== integrations.storage)
    return {
      what: `The stage ${name} uses ${row?.storage_integration || 'no integration'} instead of ${integrations.storage}.`,
      fix: set,
    };
  await ctx.snowflake.query(`LIST @${name} PATTERN = 'none'`);
  return undefined;
}
