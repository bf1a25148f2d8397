import { MODELS } from '../../procedures/ground/names.js';
import { findLeftovers, isLeftover } from '../../procedures/versions/leftovers.js';
import { itemAt } from '../../udfs/require-value.js';
import { drive } from '../clients/drive.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import { allItems } from '../ground/aws-errors.js';
import { bucketName } from './plan.js';

/**
 * Removes the models of the bucket that no version uses, `aws.trainingFilesDays` after their training.
 * @returns a sentence of how many, or why they cannot be removed; undefined: there are none
 */
export async function removeArtifacts(ctx: Context): Promise<string | undefined> {
  try {
    const count = await removeLeftovers(ctx);
    return count === 0
      ? undefined
      : `${count} models that no version uses any more were removed from the bucket.`;
  } catch (error) {
    // The deployment is done; they are removed by the next.
    return `Models that no version uses any more stay in the bucket: ${messageOf(error)}`;
  }
}

async function removeLeftovers(ctx: Context): Promise<number> {
  const leftovers = await drive(ctx, findLeftovers(ctx.settings, ctx.settings.aws.trainingFilesDays));
  if (leftovers.stamps.length === 0) return 0;
  const { s3 } = ctx.aws;
  const Bucket = bucketName(ctx);
  const objects = await allItems(
    s3.paginateListObjectsV2({ Bucket, Prefix: `${MODELS}/` }),
    ({ Contents }) => Contents,
  );
  const going = objects.filter(({ Key = '' }) => isLeftover(Key, leftovers)).map(({ Key }) => ({ Key }));
  // S3 deletes 1,000 in one request.
  for (let from = 0; from < going.length; from += 1000) {
    const Delete = { Objects: going.slice(from, from + 1000), Quiet: true };
    const { Errors = [] } = await s3.deleteObjects({ Bucket, Delete });
    if (Errors.length > 0)
      throw new Error(`${Errors.length} models in ${Bucket} cannot be deleted: ${itemAt(Errors, 0).Message}`);
  }
  return going.length;
}
