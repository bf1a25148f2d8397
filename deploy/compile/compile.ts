/**
 * How a file of udfs/ or procedures/ becomes a JavaScript body in Snowflake.
 *
 * Convention of an entry file:
 *
 *     import { something } from './pure-part.js';
 *     export const signature = {
 *       name: 'LOS_ENCODE',                                 // SQL name, upper-case
 *       args: [['ROW_DATA', 'OBJECT'], ['SPEC', 'OBJECT']], // SQL names and types, in order
 *       returns: 'STRING',                                  // FLOAT, STRING, OBJECT, ARRAY, VARIANT, BOOLEAN …
 *       volatility: 'IMMUTABLE',                            // UDFs only, default VOLATILE
 *       nullInput: 'RETURNS NULL ON NULL INPUT',            // default CALLED ON NULL INPUT
 *       executeAs: 'OWNER',                                 // procedures only, default OWNER
 *     } as const;
 *     export default function encode(rowData: Record<string, unknown>, spec: Spec): string { … }
 *
 * The default export is called with the arguments in the order of `args`. A procedure may use the globals
 * of Snowflake's procedure API (`snowflake`, typed in procedures/snowflake.d.ts). Constants can be compiled
 * in: `compileEntry(file, { define: { SPEC: {...} } })` replaces the free identifier SPEC by the JSON value
 * (declare it with `declare const SPEC: Spec`), which is how a model version's encoder gets into its
 * request translator.
 */
export interface Signature {
  readonly name: string;
  readonly args: readonly (readonly [name: string, type: string])[];
  readonly returns: string;
  readonly volatility?: 'IMMUTABLE' | 'VOLATILE';
  readonly nullInput?: 'CALLED ON NULL INPUT' | 'RETURNS NULL ON NULL INPUT';
  readonly executeAs?: 'OWNER' | 'CALLER';
}

export interface CompiledEntry {
  readonly signature: Signature;
  /** The JavaScript body, free of `$$`, at most 100 KB, ES2021. */
  readonly body: string;
}
