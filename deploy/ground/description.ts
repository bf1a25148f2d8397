/** Longer ones are cut: a listing shows a comment in one line. */
const LONGEST = 180;

/**
 * First sentence of an object's comment, for SHOW: the first of what stands above it in its file.
 * @param text the comment on top of an SQL text, or a docstring, without their marks
 * @returns without brackets and what is in them, which readers of statements would take for theirs
 */
export function firstSentence(text: string): string {
  const plain = text
    .replace(/\s*\([^()]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = /^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain;
  if (sentence.length <= LONGEST) return sentence;
  const cut = sentence.slice(0, LONGEST);
  const at = Math.max(cut.lastIndexOf(': '), cut.lastIndexOf('; '), cut.lastIndexOf(', '));
  return `${cut.slice(0, at > LONGEST / 3 ? at : cut.lastIndexOf(' '))} …`;
}
