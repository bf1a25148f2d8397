import { join } from 'node:path';
import type { Account } from '../../account.js';
import { identifier } from '../../catalog/catalog.js';
import type { Integration, Stage, Table } from '../../catalog/objects.js';
import { doesNotExist, SnowflakeError, syntaxError } from '../../errors.js';
import { splitName } from '../../language/split-name.js';
import type { Session } from '../../sessions/session.js';
import { stageFolder, userFolder } from '../../storage/stage-folders.js';
import type { FormatOptions } from '../formats/format.js';
import type { StageFiles } from './files.js';
import { LocalFiles } from './local-files.js';
import { S3Files } from './s3-files.js';

/** Where files lie: a place and a path in it. */
export interface Location {
  files: StageFiles;
  /** Path behind the stage's name; '' is all of it. */
  path: string;
  /** The stage's own file format. */
  fileFormat: FormatOptions | undefined;
  /** As the user wrote it, for messages. */
  shown: string;
  /** True for stages in the account's folder: PUT and GET work. */
  internal: boolean;
}

/**
 * Finds what a location means and checks the privilege on it.
 * @param integration STORAGE_INTEGRATION of a COPY that names an s3:// URL itself
 */
export function resolveLocation(
  account: Account,
  session: Session,
  text: string,
  access: 'READ' | 'WRITE',
  integration?: string,
): Location {
  if (/^s3:\/\//i.test(text)) {
    if (!integration)
      throw syntaxError('an s3:// location needs STORAGE_INTEGRATION (credentials in SQL are refused here).');
    const found = storageIntegration(account, session, integration);
    account.access.require(session, 'USAGE', found);
    const { bucket, key } = splitUrl(text);
    return {
      files: s3(account, found, `s3://${bucket}/`),
      path: key,
      fileFormat: undefined,
      shown: text,
      internal: false,
    };
  }
  const match = /^@((?:"(?:[^"]|"")*"|[^/"])+)(?:\/(.*))?$/s.exec(text);
  if (!match) throw syntaxError(`invalid stage location '${text}'.`);
  const written = match[2] ?? '';
  // A folder, which an internal stage is here, has no names between two slashes.
  const path = written.replace(/^\/+/, '').replaceAll(/\/{2,}/g, '/');
  const stages = join(account.folder, 'stages');
  if (match[1] === '~') {
    const files = new LocalFiles(userFolder(account, session.user), '');
    return { files, path, fileFormat: undefined, shown: text, internal: true };
  }
  const parts = splitName(match[1]!);
  // @%table, @schema.%table, @"schema"."%table"
  const table = /^%(.+)$/s.exec(parts.at(-1) ?? '')?.[1];
  if (table !== undefined)
    return {
      ...tableStage(account, session, [...parts.slice(0, -1), table], stages, access),
      path,
      shown: text,
    };
  const stage = account.catalog.resolve('STAGE', parts, session);
  account.access.requireAny(session, stage.url ? ['USAGE'] : [access, 'OWNERSHIP'], stage);
  return { ...stagePlace(account, session, stage), path: stage.url ? written : path, shown: text };
}

/** The location text of a table's own stage. */
export function ownStage({ database, schema, name }: Table): string {
  return `@${identifier(database)}.${identifier(schema)}.%${identifier(name)}`;
}

function tableStage(
  account: Account,
  session: Session,
  name: string[],
  stages: string,
  access: 'READ' | 'WRITE',
) {
  const table = account.catalog.resolve('TABLE', name, session);
  account.access.requireAny(session, access === 'READ' ? ['SELECT', 'OWNERSHIP'] : ['OWNERSHIP'], table);
  return {
    files: new LocalFiles(join(stages, 'tables', String(table.id)), ''),
    fileFormat: undefined,
    internal: true,
  };
}

function stagePlace(account: Account, session: Session, stage: Stage) {
  if (stage.url === undefined)
    return {
      files: new LocalFiles(stageFolder(account, stage), `${stage.name.toLowerCase()}/`),
      fileFormat: stage.fileFormat,
      internal: true,
    };
  const found = storageIntegration(account, session, stage.integration!);
  return { files: s3(account, found, stage.url), fileFormat: stage.fileFormat, internal: false };
}

/** @throws SnowflakeError 002003 if there is no storage integration of this name */
export function storageIntegration(account: Account, session: Session, name: string): Integration {
  const found = account.catalog.find('INTEGRATION', [name], session);
  if (found?.category !== 'STORAGE') throw doesNotExist('Integration', identifier(name));
  return found;
}

/** @throws SnowflakeError if the integration does not allow the URL */
export function checkAllowed(integration: Integration, url: string): void {
  const list = (key: string) => (integration.properties[key] ?? []) as string[];
  const isWithin = (place: string) =>
    place === '*' || url.startsWith(place.endsWith('/') ? place : `${place}/`) || url === place;
  if (list('STORAGE_ALLOWED_LOCATIONS').some(isWithin) && !list('STORAGE_BLOCKED_LOCATIONS').some(isWithin))
    return;
  throw new SnowflakeError(
    '003125',
    '42601',
    `SQL compilation error:\nLocation '${url}' is not allowed by integration '${integration.name}'. Please use DESC INTEGRATION to check out allowed and blocked locations.`,
  );
}

/** Bucket and key of an s3:// URL. @throws SnowflakeError 001003 if it is none */
export function splitUrl(url: string): { bucket: string; key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/is.exec(url) ?? [];
  if (!bucket) throw syntaxError(`invalid URL prefix found in: '${url}'`);
  return { bucket, key };
}

function s3(account: Account, integration: Integration, url: string): S3Files {
  checkAllowed(integration, url.endsWith('/') ? url : `${url}/`);
  const { bucket, key } = splitUrl(url);
  return new S3Files(account, integration, bucket, key === '' || key.endsWith('/') ? key : `${key}/`);
}
