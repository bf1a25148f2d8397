import { editDistance } from '../../udfs/encoding/nearest.js';

/** The candidate that a mistyped word was probably meant to be; undefined when none is near. */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // A third of the letters may be wrong, at least one.
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** `a`, `a or b`, `a, b or c`. */
export function joinWithOr(choices: readonly unknown[]): string {
  const words = choices.map(String);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
