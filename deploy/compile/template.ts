import { ENTRY_KEY_PLACE, MODEL_PLACE } from '../../procedures/versions/version-functions.js';
import { type CompiledEntry, compileWith } from './compile.js';

/** The name under which a body keeps its entry (compile.ts); that of a version must be its own. */
const KEY = /\bentry_[0-9a-f]{16}\b/g;

/**
 * Compiles a function of which each version has its own: the model's place in the body is marked, and a procedure, which
 * cannot compile, fills it in (procedures/versions/version-functions.ts).
 * @param file of udfs/, with a constant MODEL
 */
export async function compileTemplate(file: string): Promise<CompiledEntry> {
  const { signature, body } = await compileWith(file, { MODEL: MODEL_PLACE });
  // A procedure carries several of them: without the white space before its lines a body still has the lines that errors quote.
  const marked = body.replace(/^ +/gm, '').replace(KEY, ENTRY_KEY_PLACE);
  const places = marked.split(MODEL_PLACE).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places for a model, not one`);
  return { signature, body: marked };
}
