/** Bundles entry files with esbuild, when the project is built (scripts/build.mjs). */

import { readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build, type Message } from 'esbuild';
import { type Bundle, bundlePath, type EntryObject } from '../../deploy/compile/bundle.js';
import type { Signature } from '../../deploy/compile/signature.js';
import { UserError } from '../../deploy/errors.js';
import { firstSentence } from '../../deploy/ground/description.js';
import { projectRoot } from '../../deploy/project.js';
import { requireValue } from '../../udfs/require-value.js';
import { checkSignature } from './check-signature.js';
import { docstringOf } from './docstring.js';
import { originsOf } from './origins.js';
import { filesOf, isMadeOf, lastChange, writeMade } from './sources.js';
import { precompiledTemplates } from './templates.js';

/** Sources of bundles. */
const SOURCES = ['udfs', 'procedures', 'templates', 'deploy/compile', 'deploy/ground'];

/**
 * True if bodies go without white space and long names, should an account take none as large as they are: its errors
 * then quote all of a body.
 */
const MINIFY = false;

/** Replaces the model where an entry's top level reads from it, which runs here to read the signature. */
const STAND_IN = { version: '', endpoint: '', features: [], floor: 0, bands: [] };

/**
 * Makes the bundle of every entry of the project, where one of the sources has changed.
 * @throws UserError for an entry that cannot be bundled
 */
export async function makeBundles(): Promise<void> {
  const files = filesOf(SOURCES);
  const newest = lastChange([...files, 'package-lock.json']);
  const entries = files.filter(
    (file) =>
      /^(udfs|procedures)\/.*(?<!\.d)\.ts$/.test(file) &&
      /^export default /m.test(readFileSync(join(projectRoot, file), 'utf8')),
  );
  await Promise.all(
    entries.map(async (entry) => {
      const target = bundlePath(entry);
      if (isMadeOf(target, newest)) return;
      writeMade(target, JSON.stringify(await makeBundle(join(projectRoot, entry), entry)), newest);
    }),
  );
  const wanted = new Set(entries.map(bundlePath));
  for (const file of filesOf(['dist/udfs', 'dist/procedures'])) {
    const path = join(projectRoot, file);
    if (path.endsWith('.body.json') && !wanted.has(path)) rmSync(path);
  }
}

/**
 * @param path of the entry, absolute
 * @param shown how errors and line maps call it: relative to the project
 * @throws UserError when it imports from Node or a package, or has no signature that Snowflake would take
 */
export async function makeBundle(path: string, shown: string): Promise<Bundle> {
  const from = JSON.stringify(`./${basename(path)}`);
  // What runs in Snowflake is the entry's function; what the entry says about itself, and makes its constants of, stays here.
  const [{ text: named }, { text, map }] = await Promise.all([
    bundleEntry(path, shown, `export * from ${from};`),
    bundleEntry(path, shown, `export { default } from ${from};`),
  ]);
  const { signature, object } = readExports(named, shown);
  checkSignature(signature, shown);
  const description = firstSentence(docstringOf(readFileSync(path, 'utf8')));
  const deployed = object === undefined ? {} : { object: { ...object, code: named } };
  return { signature, ...deployed, description, text, origins: originsOf(text, map) };
}

async function bundleEntry(
  path: string,
  shown: string,
  contents: string,
): Promise<{ text: string; map: string }> {
  try {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: dirname(path) },
      bundle: true,
      write: false,
      sourcemap: 'external',
      outfile: 'body.js',
      format: 'iife',
      globalName: 'entry',
      // The engine's level is documented nowhere; what every level understands asks nothing of it.
      target: 'es2017',
      platform: 'neutral',
      legalComments: 'none',
      minify: MINIFY,
      logLevel: 'silent',
      plugins: [precompiledTemplates],
      absWorkingDir: projectRoot,
    });
    const text = (ending: string) =>
      requireValue(
        outputFiles.find(({ path }) => path.endsWith(ending)),
        `the output ${ending}`,
      ).text;
    return { text: text('.js').trim(), map: text('.map') };
  } catch (error) {
    const first = (error as { errors?: Message[] }).errors?.[0];
    if (!first) throw error;
    const where = first.location ? ` (${first.location.file}:${first.location.line})` : '';
    throw new UserError(`${shown} cannot be compiled for Snowflake: ${first.text}${where}.`, {
      next: 'Code that runs inside Snowflake may import only files of udfs/ and procedures/, nothing of Node.',
    });
  }
}

/** Exports of an entry, by running its top level with nothing around it, as Snowflake would. */
function readExports(bundle: string, shown: string): { signature: Signature; object?: EntryObject } {
  let exported: { object?: { signature?: Signature } & EntryObject; signature?: Signature };
  try {
    exported = JSON.parse(
      runInNewContext(
        `const MODEL = ${JSON.stringify(STAND_IN)};
${bundle};
JSON.stringify({ object: entry.object, signature: entry.signature })`,
        {},
      ),
    );
  } catch (error) {
    throw new UserError(`${shown} fails before its function is called: ${(error as Error).message}.`, {
      next: 'Keep its top level free of anything that Snowflake does not have, and of constants other than MODEL.',
    });
  }
  const { object } = exported;
  const signature = object?.signature ?? exported.signature;
  if (!signature)
    throw new UserError(
      `${shown} does not say what it is in SQL: it needs an exported constant "object", or "signature" where each version of the model has its own.`,
      { next: 'See the convention in deploy/compile/compile.ts.' },
    );
  if (!object) return { signature };
  checkKeys(object, shown);
  const { signature: _, ...deployed } = object;
  return { signature, object: deployed };
}

/** The compiler holds them to their types; a build without it finds what is misspelt too. */
function checkKeys(object: object, shown: string): void {
  const who = shown.startsWith('udfs') ? 'readers' : 'callers';
  const known = ['signature', who, 'only', 'formerly', 'needs', 'shows', 'plan'];
  const keys = Object.keys(object);
  const wrong = keys.find((key) => !known.includes(key)) ?? (keys.includes(who) ? undefined : who);
  if (wrong !== undefined)
    throw new UserError(`${shown}: "${wrong}" is ${wrong === who ? 'missing in' : 'no key of'} its object.`, {
      next: `It has ${known.join(', ')}; see procedures/object.ts.`,
    });
}
