import { gunzipSync } from 'node:zlib';
import { requireValue } from '../../udfs/require-value.js';
import { isRefusal } from '../clients/missing-right.js';
import type { Context } from '../context.js';

/**
 * The version of XGBoost that made a model, as its file says: the container's, and in the local cloud the one of the
 * library on that machine, whatever image was asked for.
 * @param artifact `s3://…/model.tar.gz`
 * @returns such as `3.2.0`; undefined where the file does not say it, is gone, or may not be read
 */
export async function libraryOf(
  { aws }: Pick<Context, 'aws'>,
  artifact: string,
): Promise<string | undefined> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(artifact) ?? [];
  if (!Bucket || !Key) return undefined;
  try {
    const { Body } = await aws.s3.getObject({ Bucket, Key });
    return versionIn(gunzipSync(await requireValue(Body, 'Body').transformToByteArray()));
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Beginning of the last member of a model in UBJSON: a counted array of three integers (XGBoost, doc/model.schema). */
const HEAD = Buffer.from('version[#L\0\0\0\0\0\0\0\x03', 'latin1');
const SMALL = 'i'.charCodeAt(0);

/** The version in the bytes of a model, or of an archive that holds nothing else. */
export function versionIn(archive: Uint8Array): string | undefined {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const at = bytes.lastIndexOf(HEAD);
  if (at < 0) return undefined;
  const [a, major, b, minor, c, patch] = bytes.subarray(at + HEAD.length);
  return a === SMALL && b === SMALL && c === SMALL ? `${major}.${minor}.${patch}` : undefined;
}
