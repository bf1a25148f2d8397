/** Stands before the next step in the text of a refusal, so that a person reads it and a program finds it. */
export const NEXT = '\nNext: ';
/** Ends the text, before whatever Snowflake adds to it. */
export const END = '\n.';

/** A refusal as a procedure said it. */
export interface RefusalText {
  readonly message: string;
  readonly next: string;
  readonly by: string | undefined;
}

/**
 * Finds what `speak` (inside.ts) put into an error's text; around it stands what Snowflake says of the place.
 * @returns undefined where the text is no refusal's
 */
export function refusalIn(text: string): RefusalText | undefined {
  const next = text.lastIndexOf(NEXT);
  const end = text.indexOf(END, next);
  if (next < 0 || end < 0) return undefined;
  const before = text
    .slice(0, next)
    .replace(/^[\s\S]*in stored? procedure [^\n:]*:\s*/i, '')
    .replace(/^(JavaScript execution error: )?(Uncaught )?Error: /, '');
  const [, by, message = ''] = /^(?:\[(\w+)\] )?([\s\S]*)$/.exec(before) || [];
  return { message, next: text.slice(next + NEXT.length, end), by };
}
