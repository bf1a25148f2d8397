import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';

/** The file that the built-in XGBoost leaves in model.tar.gz (MODEL_NAME in aws/sagemaker-xgboost-container). */
const MODEL_FILE = 'xgboost-model';
const BLOCK = 512;

/**
 * Downloads a training job's model.tar.gz and takes the model file out of it.
 * @param artifact s3:// address, as SageMaker tells it
 * @throws UserError when there is no such file in it
 */
export async function downloadModel(ctx: Context, artifact: string): Promise<Uint8Array> {
  const { hostname: Bucket, pathname } = new URL(artifact);
  const { Body } = await ctx.aws.s3.send(new GetObjectCommand({ Bucket, Key: pathname.slice(1) }));
  const model = fileInTarGz((await Body?.transformToByteArray()) ?? new Uint8Array(), MODEL_FILE);
  if (!model)
    throw new UserError(`${artifact} holds no file ${MODEL_FILE}.`, {
      next: "Leave training.imageTag at an image of SageMaker's built-in XGBoost.",
    });
  return model;
}

/**
 * The content of one plain file of a .tar.gz (POSIX ustar or GNU); undefined when it is not in there.
 * @param wanted its name, in whatever folder
 */
export function fileInTarGz(archive: Uint8Array, wanted: string): Uint8Array | undefined {
  const tar = gunzipSync(archive);
  const text = (at: number, length: number) => tar.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12).trim(), 8);
    const type = tar[at + 156];
    // '0' or NUL is a plain file; the rest are folders and headers with more about the next entry.
    const plain = type === 0x30 || type === 0;
    if (plain && text(at, 100).split('/').at(-1) === wanted)
      return tar.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}
