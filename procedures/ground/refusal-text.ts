/** Stands before the next step in the text of a refusal, so that a person reads it and a program finds it. */
export const NEXT = '\nNext: ';
/** Ends the text, before whatever Snowflake adds to it. */
export const END = '\n.';
