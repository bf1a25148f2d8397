import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import Handlebars from 'handlebars';
import { helpers } from '../../procedures/notifying/page.js';

/** All that a template calls is known here, so that what it only names needs no code that looks for a function. */
const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));

/**
 * Lets code that runs inside Snowflake import a file of templates/: as a function that Handlebars has made of it, which
 * asks for nothing to be compiled where it runs.
 */
export const precompiledTemplates: Plugin = {
  name: 'templates',
  setup(build) {
    build.onLoad({ filter: /\.hbs$/ }, async ({ path }) => ({
      contents: `export default ${Handlebars.precompile(await readFile(path, 'utf8'), { knownHelpers, knownHelpersOnly: true })}`,
      loader: 'js',
    }));
  },
};
