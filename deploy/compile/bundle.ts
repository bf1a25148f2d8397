import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller, Only } from '../../procedures/object.js';
import type { Origins } from '../ground/lines.js';
import { requireBuilt } from '../ground/require-built.js';
import { projectRoot } from '../project.js';
import type { Signature } from './signature.js';

/** Facts that a deployed entry states about itself (procedures/object.ts, udfs/signature.ts), but for its functions. */
export interface EntryObject {
  readonly callers?: Caller | readonly Caller[];
  readonly readers?: 'read' | 'run';
  readonly only?: Only;
  readonly shows?: 'predictions';
  readonly needs?: readonly string[];
  readonly formerly?: readonly string[];
}

/** An entry file with all that it imports, before the constants that are compiled into it (compile.ts). */
export interface Bundle {
  readonly signature: Signature;
  /** Left out: each version of the model has its own. */
  readonly object?: EntryObject & {
    /** JavaScript that makes a variable `entry` of what the file exports beside its function. */
    readonly code: string;
  };
  /** The first sentence of the docstring of its function; '' where it has none. */
  readonly description: string;
  /** JavaScript that makes a variable `entry` of the file's exports. */
  readonly text: string;
  readonly origins: Origins;
}

/** Path of the bundle of an entry: beside the compiled file. */
export function bundlePath(entry: string): string {
  return join(projectRoot, 'dist', entry.replace(/\.ts$/, '.body.json'));
}

/** Every entry that the build has bundled, relative to the project, in order. */
export function listEntries(): string[] {
  return ['udfs', 'procedures'].flatMap((folder) =>
    readdirSync(join(projectRoot, 'dist', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.body.json'))
      .sort()
      .map((file) => `${folder}/${file.replace(/\.body\.json$/, '.ts').replaceAll('\\', '/')}`),
  );
}

/** Reads the bundle that the build has made of an entry @throws UserError where it has made none */
export function readBundle(entry: string): Bundle {
  const known = read.get(entry);
  if (known) return known;
  const what = `what the build bundles of ${entry}, as of every file of udfs/ and procedures/ with a default export`;
  const bundle = JSON.parse(readFileSync(requireBuilt(bundlePath(entry), what), 'utf8')) as Bundle;
  read.set(entry, bundle);
  return bundle;
}

/** They do not change under a process. */
const read = new Map<string, Bundle>();
