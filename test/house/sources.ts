import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { projectRoot } from '../../deploy/project.js';

/** A source file: its path in the project (with /) and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** An import as it is written, and how. */
export interface Import {
  /** Path in the project for a relative import and one of a workspace, package name or node:module otherwise. */
  readonly target: string;
  readonly kind: 'static' | 'dynamic' | 'type' | 'worker';
}

/** All files of a folder of the project with one of the endings. */
export function sources(folder: string, endings: readonly string[] = ['.ts']): Source[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: relative(projectRoot, path).replaceAll('\\', '/'),
      text: readFileSync(path, 'utf8'),
    }));
}

const forms: readonly (readonly [RegExp, Import['kind']])[] = [
  [/^\s*(?:import|export)\s+type\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]/gm, 'type'],
  [/^\s*(?:import|export)\s+(?!type\b)[^;'"]*?\bfrom\s+['"]([^'"]+)['"]/gm, 'static'],
  [/^\s*import\s+['"]([^'"]+)['"]/gm, 'static'],
  [/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g, 'dynamic'],
  [/\brequire\)?\(\s*['"]([^'"]+)['"]\s*\)/g, 'dynamic'],
  [/\bnew URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url\s*\)/g, 'worker'],
];

/** What a file imports. `typeof import('x')` counts as dynamic: it names the module all the same. */
export function imports({ path, text }: Source): Import[] {
  return forms.flatMap(([form, kind]) =>
    [...text.matchAll(form)].map((match) => ({ kind, target: resolve(path, match[1] as string) })),
  );
}

/** The workspaces under local/ import each other, and are imported, by name. */
const WORKSPACES = '@local-cloud/';

function resolve(path: string, name: string): string {
  if (name.startsWith('.')) return posix.join(posix.dirname(path), name);
  if (name.startsWith('node:')) return name;
  if (name.startsWith(WORKSPACES)) return `local/${name.slice(WORKSPACES.length)}`;
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
