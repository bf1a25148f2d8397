import { createHash } from 'node:crypto';
import { isAbsolute, join, relative } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build, type Message } from 'esbuild';
import { UserError } from '../errors.js';
import { linesComment } from '../ground/lines.js';
import { projectRoot } from '../project.js';
import { withoutDollarPairs } from './dollars.js';
import { checkSignature, type Signature } from './signature.js';
import { precompiledTemplates } from './templates.js';

/** Snowflake keeps bodies up to about this size; larger ones fail in ways that name nothing. */
export const MAX_BODY_BYTES = 100 * 1024;

/** A file of udfs/ or procedures/ as Snowflake takes it. */
export interface CompiledEntry {
  readonly signature: Signature;
  /** The JavaScript body: ES2017, free of `$$`, at most 100 KB, with its line map (lines.ts) where that fits. */
  readonly body: string;
}

export interface CompileOptions {
  /** Constants that are compiled in, by name. */
  readonly define?: Readonly<Record<string, unknown>>;
  /** SQL name, where it is not the signature's. */
  readonly name?: string;
}

/**
 * Bundles one file of udfs/ or procedures/ into the body of a JavaScript UDF or procedure.
 *
 * Convention of an entry file:
 *
 *     import { something } from './pure-part.js';
 *     import type { SqlSignature } from './signature.js';
 *     export const signature = {
 *       name: 'LOS_ENCODE',                                 // SQL name, upper-case
 *       args: [['ROW_DATA', 'OBJECT'], ['SPEC', 'OBJECT']], // SQL names and types, in order
 *       returns: 'VARCHAR',                                 // FLOAT, VARCHAR, OBJECT, ARRAY, VARIANT, BOOLEAN …
 *       volatility: 'IMMUTABLE',                            // UDFs only, default VOLATILE
 *       nullInput: 'RETURNS NULL ON NULL INPUT',            // default CALLED ON NULL INPUT
 *       executeAs: 'OWNER',                                 // procedures only, default OWNER
 *     } as const satisfies SqlSignature<typeof encode>;       // the compiler holds both sides together
 *     export default function encode(rowData: Row, spec: Spec): string { … }
 *
 * The default export is called with the arguments in the order of `args`. A procedure may use the globals of
 * Snowflake's procedure API (`snowflake`). Constants can be compiled in: with `define: { MODEL: {…} }` the
 * free identifier MODEL (`declare const MODEL: Model`) becomes that JSON value, which is how a model version's
 * encoder gets into its request translator. Their texts are the data's and may hold anything, `$$` too.
 *
 * @param file path of the entry, relative to the project
 * @throws UserError when it imports from Node or a package, grows beyond the limit or its code holds `$$`
 */
export async function compileEntry(file: string, options: CompileOptions = {}): Promise<CompiledEntry> {
  const path = isAbsolute(file) ? file : join(projectRoot, file);
  const shown = relative(projectRoot, path);
  if (shown.startsWith('..')) return compileFile(path, shown, options);
  const key = JSON.stringify([shown, options]);
  const before = compiled.get(key);
  if (before) return before;
  const now = compileFile(path, shown, options);
  compiled.set(key, now);
  now.catch(() => compiled.delete(key));
  return now;
}

/**
 * What the project's own files have come to in this process, which they do not change under. A whole stack takes a
 * second, and a demo, a simulation or a first plan with its apply compile the same one again and again.
 */
const compiled = new Map<string, Promise<CompiledEntry>>();

async function compileFile(path: string, shown: string, options: CompileOptions): Promise<CompiledEntry> {
  const define = options.define ?? {};
  const { bundle, map } = await bundleEntry(path, shown, define, false);
  const declared = readSignature(bundle, shown);
  const signature = options.name ? { ...declared, name: options.name } : declared;
  checkSignature(signature, shown);
  const parameters = signature.args.map(([name]) => name).join(', ');
  const once = shown.startsWith('udfs');
  const wrap = once ? onceBody : plainBody;
  let body = wrap(bundle, parameters);
  const lines = `\n${linesComment(bundle, map, once ? 1 : 0)}`;
  // Lines as they were written: Snowflake's errors quote the whole line that failed. Only when that is too
  // large does the white space go, and with it what says where the lines come from.
  if (Buffer.byteLength(body + lines) <= MAX_BODY_BYTES) body += lines;
  else if (Buffer.byteLength(body) > MAX_BODY_BYTES)
    body = wrap((await bundleEntry(path, shown, define, true)).bundle, parameters);
  checkBody(body, shown);
  return { signature, body };
}

function plainBody(bundle: string, parameters: string): string {
  return `${bundle}\nreturn entry.default(${parameters});`;
}

/**
 * A UDF's body runs once a row, and building a model's tables takes ten times as long as using them. So the
 * entry is kept in a global, under a name that only this body has, made by assignment as Snowflake's page on JavaScript
 * UDFs shows it: `globalThis` is newer than ES2017. Snowflake may forget its globals at any row; then the entry is
 * simply made again.
 * https://docs.snowflake.com/en/developer-guide/udf/javascript/udf-javascript-introduction
 */
function onceBody(bundle: string, parameters: string): string {
  const key = `entry_${createHash('sha256').update(bundle).digest('hex').slice(0, 16)}`;
  return [
    `if (typeof ${key} === 'undefined') ${key} = (() => {`,
    bundle,
    'return entry;',
    '})();',
    `return ${key}.default(${parameters});`,
  ].join('\n');
}

async function bundleEntry(
  path: string,
  shown: string,
  define: Readonly<Record<string, unknown>>,
  minifyWhitespace: boolean,
): Promise<{ bundle: string; map: string }> {
  const { constants, reveal } = withoutDollarPairs(define);
  try {
    const result = await build({
      entryPoints: [path],
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
      minifyWhitespace,
      logLevel: 'silent',
      define: constants,
      plugins: [precompiledTemplates],
      absWorkingDir: projectRoot,
    });
    const text = (ending: string) => result.outputFiles.find(({ path }) => path.endsWith(ending))!.text;
    return { bundle: reveal(text('.js').trim()), map: text('.map') };
  } catch (error) {
    const first = (error as { errors?: Message[] }).errors?.[0];
    if (!first) throw error;
    const where = first.location ? ` (${first.location.file}:${first.location.line})` : '';
    throw new UserError(`${shown} cannot be compiled for Snowflake: ${first.text}${where}.`, {
      next: 'Code that runs inside Snowflake may import only files of udfs/ and procedures/, nothing of Node.',
    });
  }
}

/** The entry's exported signature, by running its top level with nothing around it, as Snowflake would. */
function readSignature(bundle: string, shown: string): Signature {
  let entry: { signature?: Signature; default?: unknown };
  try {
    entry = JSON.parse(
      runInNewContext(
        `${bundle}\n;JSON.stringify({signature: entry.signature, default: typeof entry.default})`,
        {},
      ),
    );
  } catch (error) {
    throw new UserError(`${shown} fails before its function is called: ${(error as Error).message}.`, {
      next: 'Keep its top level free of anything that Snowflake does not have.',
    });
  }
  if (entry.default !== 'function' || !entry.signature)
    throw new UserError(
      `${shown} needs a default export that is a function, and an exported constant "signature".`,
      { next: 'See the convention in deploy/compile/compile.ts.' },
    );
  return entry.signature;
}

function checkBody(body: string, shown: string): void {
  const size = Buffer.byteLength(body);
  if (size > MAX_BODY_BYTES)
    throw new UserError(
      `${shown} compiles to ${Math.ceil(size / 1024)} KB, Snowflake takes about ${MAX_BODY_BYTES / 1024} KB.`,
      { next: 'Leave something out of it, or make its tables smaller.' },
    );
  const at = body.indexOf('$$');
  if (at >= 0)
    throw new UserError(
      `${shown} holds $$, which would end the body in SQL, near: ${body.slice(Math.max(0, at - 30), at + 30)}`,
      { next: 'Write it as "$" + "$".' },
    );
}
