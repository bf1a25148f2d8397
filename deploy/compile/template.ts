import { ENTRY_KEY_PLACE, MODEL_PLACE } from '../../procedures/versions/version-functions.js';
import { type CompiledEntry, compileEntry } from './compile.js';

/** Stands in for the model: compiling runs the top level, which reads from it. */
const STAND_IN = { place: MODEL_PLACE, version: '', endpoint: '', features: [], floor: 0, bands: [] };
/** What esbuild makes of it. */
const PRINTED = /\{\s*place:\s*"LOS_MODEL_PLACE"[^{}]*\}/g;
/** The name under which a body keeps its entry (compile.ts); that of a version must be its own. */
const KEY = /\bentry_[0-9a-f]{16}\b/g;

/**
 * Compiles a function of which each version has its own: the model's place in the body is marked, and a procedure, which
 * cannot compile, fills it in (procedures/versions/version-functions.ts).
 * @param file of udfs/, with a constant MODEL
 */
export async function compileTemplate(file: string): Promise<CompiledEntry> {
  const { signature, body } = await compileEntry(file, { define: { MODEL: STAND_IN } });
  const marked = body.replace(PRINTED, MODEL_PLACE).replace(KEY, ENTRY_KEY_PLACE);
  const places = marked.split(MODEL_PLACE).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places for a model, not one`);
  return { signature, body: marked };
}
