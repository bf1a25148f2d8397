import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { UserError } from '../errors.js';
import { projectRoot } from '../project.js';

/**
 * A file that the build makes, as it is there.
 * @param path absolute
 * @param what it is, and of what the build makes it
 * @returns the path
 * @throws UserError where it is missing
 */
export function requireBuilt(path: string, what: string): string {
  if (existsSync(path)) return path;
  throw new UserError(`${relative(projectRoot, path)} is missing: ${what}.`, {
    next: `Run npm run build in ${projectRoot}; an installed package that lacks it has to be reinstalled.`,
  });
}
