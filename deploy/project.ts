import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds sql/, tasks/, templates/, udfs/ and procedures/: the nearest one above this file
 * with a package.json. It is the same whether the code runs from dist/ or from an installed package.
 */
export const projectRoot: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
})();

/** Which release of los runs, as package.json says. */
export const ownRelease: string = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;

/** A text of templates/. */
export const readTemplate = (file: string): string =>
  readFileSync(join(projectRoot, 'templates', file), 'utf8');
