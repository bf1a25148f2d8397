import { flesch } from 'flesch';
import { syllable } from 'syllable';

/** A word as it is spoken: letters, with apostrophes and hyphens inside. */
const WORD = /\p{L}[\p{L}’'-]*/gu;
/** A name, which is not read aloud: `LOS_READ`, `PREDICT_LOS`. */
const NAME = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;
/** Words that begin a relative clause or ask within a sentence. */
const RELATIVE = /\b(?:that|which|who|whom|whose|what|where|whether)\b/gi;

/**
 * The sentences of a Markdown page: without blocks, pictures, comments and tables. A link is its words; code and names
 * count as no words. Headings, paragraphs and items of a list end sentences; colons and semicolons do not.
 * @example
 * sentencesOf('# Beds\n\nSee [the page](x). It has `los beds`.'); // ["Beds","See the page.","It has ."]
 */
export function sentencesOf(markdown: string): string[] {
  return markdown
    .replace(/```[\s\S]*?```/g, '\n\n')
    .replace(/<!--[\s\S]*?-->|<[^>]+>/g, '')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\[\d+\]:.*$|^\|.*$/gm, '')
    .replace(/`[^`]*`/g, '')
    .replaceAll('**', '')
    .replace(/^#+ (.*)$/gm, '\n\n$1\n\n')
    .replace(/^ *(?:[-*]|\d+\.) /gm, '\n\n')
    .replace(NAME, '')
    .split(/\n\s*\n/)
    .flatMap((paragraph) =>
      paragraph
        .trim()
        .replace(/\s+/g, ' ')
        .split(/(?<=[.?!][)”"]?) (?=\S)/),
    )
    .filter((sentence) => sentence.match(WORD));
}

/** A text of code that is a sentence: of six words and more, with a capital and a full stop. */
const TEXT = /(?<![\w.])(?:`(?:[^`$]|\$\{[^{}`]*\})*\.`|'(?:[^'\\\n]|\\.)*\.')/g;

/**
 * The sentences that code says to people. A value counts as a number; a colon ends a sentence, for what follows an alarm's is one too.
 * @example
 * sentencesInCode('const next = `The task ${name} has been suspended for a day.`;'); // ["The task 5 has been suspended for a day."]
 */
export function sentencesInCode(code: string): string[] {
  return (code.match(TEXT) ?? [])
    .map((text) => text.slice(1, -1))
    .filter((text) => /^[A-Z$]/.test(text) && text.split(' ').length >= 6)
    .flatMap((text) =>
      text
        .replace(/\$\{[^{}]*\}/g, '5')
        .replace(NAME, '')
        .split(/(?<=[.?!:]) (?=\S)/),
    )
    .filter((sentence) => sentence.match(WORD));
}

export const wordsIn = (sentence: string): string[] => sentence.match(WORD) ?? [];

/** Flesch's reading ease: 60 to 70 is plain English, below 50 is difficult. @param sentences of one text */
export function readingEase(sentences: readonly string[]): number {
  const words = sentences.flatMap(wordsIn);
  const syllables = words.reduce((sum, word) => sum + syllable(word), 0);
  return flesch({ sentence: sentences.length, word: words.length, syllable: syllables });
}

/** Sentences with three relative clauses or more: one hardly understands them at the first reading. */
export const nested = (sentences: readonly string[]): string[] =>
  sentences.filter((sentence) => (sentence.match(RELATIVE) ?? []).length >= 3);
