/** SageMaker's use of S3: channels' objects in, artifacts out, always with the job's role. */
import { copyFileSync, linkSync, readFileSync } from 'node:fs';
import { NO_WAY } from '../../ec2/ways.js';
import { AwsError } from '../../errors.js';
import type { AwsContext, Identity } from '../../service.js';
import { ClientError } from './client-error.js';
import type { Channel } from './records.js';
import { validationError } from './validation.js';

/** Splits s3://bucket/key. */
export function parseS3Uri(uri: string): { bucket: string; key: string } {
  const parts = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(uri);
  if (!parts) throw validationError(`The S3 URI ${uri} is not of the form s3://bucket/key.`);
  return { bucket: parts[1]!, key: parts[2] ?? '' };
}

/**
 * The files of a channel's objects.
 *
 * @param role the job's role, as which they are listed and read
 * @throws AwsError ValidationException when there are none or they may not be read
 */
export function channelFiles(context: AwsContext, role: Identity, channel: Channel): string[] {
  const source = channel.DataSource.S3DataSource;
  try {
    const keys =
      source.S3DataType === 'ManifestFile'
        ? manifest(context, role, source.S3Uri)
        : prefix(context, role, source.S3Uri);
    const files = keys.map(({ bucket, key }) => context.s3.content(role, bucket, key).path);
    if (files.length > 0) return files;
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === NO_WAY) throw error;
    throw noObjects(context, role, source.S3Uri, ` Error message from S3: ${error.message}`);
  }
  throw noObjects(context, role, source.S3Uri, '');
}

function noObjects(context: AwsContext, role: Identity, uri: string, detail: string): AwsError {
  return validationError(
    `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region (${context.region}), that objects exist under that S3 prefix, and that the role "${role.principalArn}" has "s3:ListBucket" permissions on bucket "${parseS3Uri(uri).bucket}".${detail}`,
  );
}

function prefix(context: AwsContext, role: Identity, uri: string): { bucket: string; key: string }[] {
  const { bucket, key } = parseS3Uri(uri);
  return context.s3
    .list(role, bucket, key)
    .filter((object) => object.size > 0 && !object.key.endsWith('/'))
    .map((object) => ({ bucket, key: object.key }));
}

/** A manifest: a JSON list of a prefix and the keys below it. */
function manifest(context: AwsContext, role: Identity, uri: string): { bucket: string; key: string }[] {
  const { bucket, key } = parseS3Uri(uri);
  let entries: unknown;
  try {
    entries = JSON.parse(readFileSync(context.s3.content(role, bucket, key).path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw validationError(`The manifest file ${uri} is not JSON: ${error.message}`);
    throw error;
  }
  if (!Array.isArray(entries) || typeof entries[0]?.prefix !== 'string')
    throw validationError(`The manifest file ${uri} is not a list that starts with {"prefix": "s3://…"}.`);
  const [head, ...keys] = entries as [{ prefix: string }, ...string[]];
  return keys.map((entry) => parseS3Uri(head.prefix + entry));
}

/** An input object of a transform job. */
export interface InputObject {
  /** The file that holds its content. */
  path: string;
  /** Its key below the prefix that was given. */
  relative: string;
}

/**
 * The input objects of a transform job.
 *
 * @throws ClientError when there are none or they may not be read
 */
export function transformObjects(
  context: AwsContext,
  role: Identity,
  source: { S3DataType: string; S3Uri: string },
): InputObject[] {
  const { S3DataType, S3Uri } = source;
  try {
    const isManifest = S3DataType === 'ManifestFile';
    const keys = isManifest ? manifest(context, role, S3Uri) : prefix(context, role, S3Uri);
    const given = isManifest ? '' : parseS3Uri(S3Uri).key;
    const objects = keys.map(({ bucket, key }) => ({
      path: context.s3.content(role, bucket, key).path,
      relative: relativeTo(given, key),
    }));
    if (objects.length > 0) return objects;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ClientError(
      `Data download failed:${error.code === NO_WAY ? '' : ` ${S3Uri}: `}${error.message}`,
    );
  }
  throw new ClientError(`Data download failed: S3 key: ${S3Uri} matched no files on s3`);
}

/** The part of a key below a prefix: folders below it are kept, for an object itself its name alone. */
function relativeTo(given: string, key: string): string {
  const folder = key.startsWith(`${given}/`) ? `${given}/` : given.slice(0, given.lastIndexOf('/') + 1);
  return key.slice(folder.length);
}

/** Gives a job a file of its own: an object that is replaced meanwhile does not disturb it. */
export function takeFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target); // Another file system, or one without links.
  }
}

/** Reads an object as a role. Throws S3's own errors. */
export function readObject(context: AwsContext, role: Identity, uri: string): Buffer {
  const { bucket, key } = parseS3Uri(uri);
  return readFileSync(context.s3.content(role, bucket, key).path);
}
