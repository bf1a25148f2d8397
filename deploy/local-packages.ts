import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { projectRoot } from './project.js';

/** Draws the pictures of mails, which come without them where it is missing; all others are the local cloud's. */
const OF_MAILS = '@resvg/resvg-js';

/**
 * The npm packages that the local cloud runs on and that are not installed. They are optional dependencies: an installation
 * that only deploys leaves them out (`--omit=optional`) and is 100 MB smaller.
 * @param root folder of predict-los
 */
export function missingPackages(root = projectRoot): string[] {
  const manifest = join(root, 'package.json');
  const { optionalDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    optionalDependencies?: Record<string, string>;
  };
  const { resolve } = createRequire(manifest);
  return Object.keys(optionalDependencies)
    .filter((name) => name !== OF_MAILS)
    .filter(
      (name) => !(resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name, 'package.json'))),
    );
}

/**
 * The command that installs them, as a sentence: it depends on how predict-los itself was installed.
 * @param root folder of predict-los: a checkout, or one in the node_modules of a project or of npm's global packages
 */
export function installAdvice(root = projectRoot): string {
  const inside = root.indexOf(`${sep}node_modules${sep}`);
  if (inside < 0) return `In ${root} run npm run setup`;
  const project = root.slice(0, inside);
  return existsSync(join(project, 'package.json'))
    ? `In ${project} run npm install --include=optional`
    : 'Run npm install --global --include=optional once more, with the same package';
}
