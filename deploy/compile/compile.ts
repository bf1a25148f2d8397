import { createHash } from 'node:crypto';
import { constantText, MAX_BODY_BYTES } from '../../procedures/versions/constant.js';
import { UserError } from '../errors.js';
import { linesComment } from '../ground/lines.js';
import { type Bundle, readBundle } from './bundle.js';
import type { Signature } from './signature.js';

/** A file of udfs/ or procedures/ as Snowflake takes it. */
export interface CompiledEntry {
  readonly signature: Signature;
  /** The JavaScript body: ES2017, free of `$$`, with its line map (lines.ts). */
  readonly body: string;
  /** First sentence of its docstring; left out where there is none. */
  readonly description?: string;
}

export interface CompileOptions {
  /** Constants that are compiled in, by name. */
  readonly define?: Readonly<Record<string, unknown>>;
}

/**
 * Makes one file of udfs/ or procedures/ into the body of a JavaScript UDF or procedure.
 *
 * Convention of an entry file:
 *
 *     import { something } from './pure-part.js';
 *     import type { FunctionObject } from './signature.js';
 *     export const object = {
 *       signature: {
 *         name: 'LOS_ENCODE',                                 // SQL name, upper-case
 *         args: [['ROW_DATA', 'OBJECT'], ['SPEC', 'OBJECT']], // SQL names and types, in order
 *         returns: 'VARCHAR',                                 // FLOAT, VARCHAR, OBJECT, ARRAY, VARIANT, BOOLEAN …
 *         volatility: 'IMMUTABLE',                            // UDFs only, default VOLATILE
 *         nullInput: 'RETURNS NULL ON NULL INPUT',            // default CALLED ON NULL INPUT
 *         executeAs: 'OWNER',                                 // procedures only, default OWNER
 *       },
 *       readers: 'run',                                       // of a procedure: callers, plan (procedures/object.ts)
 *     } as const satisfies FunctionObject<typeof encode>;      // the compiler holds both sides together
 *     export default function encode(rowData: Row, spec: Spec): string { … }
 *
 * An entry of which each version of the model has its own exports its `signature` alone, and is not deployed by apply.
 * The default export is called with the arguments in the order of `args`. A procedure may use the globals of
 * Snowflake's procedure API (`snowflake`). Constants can be compiled in: with `define: { MODEL: {…} }` the
 * free identifier MODEL (`declare const MODEL: Model`) is that JSON value, which is how a model version's
 * encoder gets into its request translator. Their texts are the data's and may hold anything, `$$` too. An entry's top
 * level may read from MODEL only, for the build runs it to read the signature.
 *
 * @param file path of the entry, relative to the project, which the build has bundled (scripts/build/bundling.ts)
 * @throws UserError when it imports from Node or a package, grows beyond the limit or its code holds `$$`
 * @example
 * const { body } = await compileEntry('udfs/encoding/encode-value.ts', { define: { MODEL: model } });
 */
export function compileEntry(file: string, { define = {} }: CompileOptions = {}): Promise<CompiledEntry> {
  const constants = Object.entries(define).map(([name, value]) => [name, constantText(value)] as const);
  return compileWith(file, Object.fromEntries(constants));
}

/**
 * The same with constants that are JavaScript already.
 * @param constants by name; those that the file does not use are left out
 */
export async function compileWith(
  file: string,
  constants: Readonly<Record<string, string>>,
): Promise<CompiledEntry> {
  return compileBundle(readBundle(file), file, constants);
}

/**
 * The same for a bundle.
 * @param shown how errors call its file
 */
export function compileBundle(
  { signature, description, text, origins }: Bundle,
  shown: string,
  constants: Readonly<Record<string, string>>,
): CompiledEntry {
  const used = Object.entries(constants)
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(text))
    .map(([name, value]) => `const ${name} = ${value};`);
  const parameters = signature.args.map(([name]) => name).join(', ');
  const once = shown.startsWith('udfs');
  // Lines and names as they were written: Snowflake's errors quote the whole line that failed.
  const lines = `\n${linesComment(origins, used.length + (once ? 1 : 0))}`;
  const body = (once ? memoizeBody : plainBody)([...used, text].join('\n'), parameters) + lines;
  checkBody(body, shown, used.length > 0);
  return { signature, body, description };
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
function memoizeBody(bundle: string, parameters: string): string {
  const key = `entry_${createHash('sha256').update(bundle).digest('hex').slice(0, 16)}`;
  return [
    `if (typeof ${key} === 'undefined') ${key} = (() => {`,
    bundle,
    'return entry;',
    '})();',
    `return ${key}.default(${parameters});`,
  ].join('\n');
}

function checkBody(body: string, shown: string, ofDataset: boolean): void {
  const size = Buffer.byteLength(body);
  if (size > MAX_BODY_BYTES)
    throw new UserError(
      `${shown} compiles to ${Math.ceil(size / 1024)} KB, Snowflake takes about ${MAX_BODY_BYTES / 1024} KB.`,
      {
        next: ofDataset
          ? 'It holds statements that name every column and feature of the dataset: leave some out, or give them shorter names.'
          : 'Leave something out of it, or make its tables smaller.',
      },
    );
  const at = body.indexOf('$$');
  if (at >= 0)
    throw new UserError(
      `${shown} holds $$, which would end the body in SQL, near: ${body.slice(Math.max(0, at - 30), at + 30)}`,
      { next: 'Write it as "$" + "$".' },
    );
}
