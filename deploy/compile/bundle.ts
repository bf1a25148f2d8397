import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { built } from '../ground/built.js';
import type { Origins } from '../ground/lines.js';
import { projectRoot } from '../project.js';
import type { Signature } from './signature.js';

/** An entry file with all that it imports, before the constants that are compiled into it (compile.ts). */
export interface Bundle {
  readonly signature: Signature;
  /** The first sentence of the docstring of its function; '' where it has none. */
  readonly description: string;
  /** JavaScript that makes a variable `entry` of the file's exports. */
  readonly text: string;
  /** The same without white space, for a body that would be too large with it. */
  readonly small: string;
  /** That with short names, for one that would still be. */
  readonly smallest: string;
  readonly origins: Origins;
}

/** Where the build puts the bundle of an entry: beside the compiled file. */
export function builtFile(entry: string): string {
  return join(projectRoot, 'dist', entry.replace(/\.ts$/, '.body.json'));
}

/**
 * The bundle of a file: what the build has made of one of the project's, which takes esbuild half a second for all of
 * them; any other is bundled now.
 * @param path absolute
 * @param shown relative to the project
 * @throws UserError where the build has made none
 */
export async function bundleOf(path: string, shown: string): Promise<Bundle> {
  if (shown.startsWith('..')) return (await import('./bundling.js')).makeBundle(path, shown);
  let bundle = read.get(shown);
  if (!bundle) {
    const what = `what the build bundles of ${shown}, as of every file of udfs/ and procedures/ with a default export`;
    bundle = JSON.parse(readFileSync(built(builtFile(shown), what), 'utf8')) as Bundle;
    read.set(shown, bundle);
  }
  return bundle;
}

/** They do not change under a process. */
const read = new Map<string, Bundle>();
