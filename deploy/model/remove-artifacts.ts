import type { ObjectIdentifier } from '@aws-sdk/client-s3';
import { MODELS, schemaPath } from '../../procedures/ground/names.js';
import { itemAt } from '../../udfs/require-value.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import { allPages } from '../ground/aws-errors.js';
import { sqlFile } from '../sql-file.js';
import { bucketName } from './plan.js';

interface Training {
  /** Of the names of its jobs, 17 digits. */
  readonly stamp: string;
  readonly chosen: string | null;
  /** Of its version; null: the registry has none. */
  readonly status: string | null;
  readonly days: number | null;
}

/** S3 deletes so many objects in one request. */
const AT_ONCE = 1000;

/**
 * Removes the models that lost their trainings, and those of versions that retention removed, `aws.trainingFilesDays` after the training:
 * where a model lies is said before it is known whether it wins, so no lifecycle rule could tell them apart. Only what a training is
 * known to have made is removed. Where the registry has lost a version, its model stays.
 * @returns a sentence of how many, or why they cannot be removed; undefined: there are none
 */
export async function removeArtifacts(ctx: Context): Promise<string | undefined> {
  try {
    const removed = await removePast(ctx);
    return removed === 0
      ? undefined
      : `${removed} models that no version uses any more were removed from the bucket.`;
  } catch (error) {
    // The deployment is done; they are removed by the next.
    return `Models that no version uses any more stay in the bucket: ${messageOf(error)}`;
  }
}

async function removePast(ctx: Context): Promise<number> {
  const ask = <T extends object>(question: string) =>
    ctx.snowflake.query(
      sqlFile(`sql/status/${question}.sql`, { schema: schemaPath(ctx.settings) }),
    ) as Promise<T[]>;
  const trainings = await ask<Training>('trainings');
  const { trainingFilesDays } = ctx.settings.aws;
  const past = new Set(
    trainings.filter(({ days }) => days !== null && days >= trainingFilesDays).map(({ stamp }) => stamp),
  );
  if (past.size === 0) return 0;
  const live = await ask<{ artifact: string }>('artifacts');
  const kept = new Set([
    ...live.map(({ artifact }) => folderOf(new URL(artifact).pathname.slice(1))),
    ...trainings.filter(({ status }) => status !== 'REMOVED').map(({ chosen }) => chosen),
  ]);
  const { s3 } = ctx.aws;
  const Bucket = bucketName(ctx);
  const objects = await allPages(
    (ContinuationToken) => s3.listObjectsV2({ Bucket, Prefix: `${MODELS}/`, ContinuationToken }),
    ({ Contents }) => Contents,
    ({ NextContinuationToken }) => NextContinuationToken,
  );
  const going = objects.flatMap(({ Key = '' }): ObjectIdentifier[] => {
    const job = folderOf(Key);
    // A search for parameters adds to the name of its jobs.
    const stamp = /-(\d{17})(?:-|$)/.exec(job)?.[1];
    return stamp !== undefined && past.has(stamp) && !kept.has(job) ? [{ Key }] : [];
  });
  for (let from = 0; from < going.length; from += AT_ONCE) {
    const Delete = { Objects: going.slice(from, from + AT_ONCE), Quiet: true };
    const { Errors = [] } = await s3.deleteObjects({ Bucket, Delete });
    if (Errors.length > 0)
      throw new Error(`${Errors.length} models in ${Bucket} cannot be deleted: ${itemAt(Errors, 0).Message}`);
  }
  return going.length;
}

/** `models/JOB/output/model.tar.gz` → `JOB` */
const folderOf = (key: string): string => key.split('/')[1] ?? '';
