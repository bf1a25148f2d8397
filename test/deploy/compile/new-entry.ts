import { relative } from 'node:path';
import { type CompiledEntry, compileBundle } from '../../../deploy/compile/compile.js';
import { projectRoot } from '../../../deploy/project.js';
import { constantText } from '../../../procedures/versions/constant.js';
import { makeBundle } from '../../../scripts/build/bundling.js';

/** Compiles a file that a test has written, which no build has bundled. @param path absolute */
export async function compileNew(
  path: string,
  { define = {} }: { readonly define?: Readonly<Record<string, unknown>> } = {},
): Promise<CompiledEntry> {
  const shown = relative(projectRoot, path);
  const constants = Object.entries(define).map(([name, value]) => [name, constantText(value)] as const);
  return compileBundle(await makeBundle(path, shown), shown, Object.fromEntries(constants));
}
