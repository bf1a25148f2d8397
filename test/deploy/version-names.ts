import { drive } from '../../deploy/clients/drive.js';
import type { OpenContext } from '../../deploy/open.js';
import { namesOfVersion } from '../../procedures/versions/registry.js';
import type { Version } from '../../procedures/versions/version.js';

/** The names of a version's endpoint and functions, which carry its training. */
export function versionNames(ctx: OpenContext, version = 'health-v1'): Promise<Version> {
  return drive(ctx, namesOfVersion(ctx.settings, version.replace(/-v\d+$/, ''), version));
}
