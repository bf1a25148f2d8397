import { createHash } from 'node:crypto';
import { listEntries, readBundle } from '../compile/bundle.js';
import { readText, textNames } from './texts.js';

/** Entries that have a part in making a model; each bundle holds all that its entry imports. */
const MAKES_MODELS = /^(procedures\/training|udfs\/(curve|encoding|fitting|translators))\//;

let known: string | undefined;

/** SHA-256 of the code that makes a model: the same number, the same code. It does not change while a process runs. */
export function codeFingerprint(): string {
  known ??= hashCode();
  return known;
}

function hashCode(): string {
  const hash = createHash('sha256');
  for (const entry of listEntries())
    if (MAKES_MODELS.test(entry)) hash.update(entry).update(readBundle(entry).text);
  for (const name of textNames()) hash.update(name).update(readText(name));
  return hash.digest('hex');
}
