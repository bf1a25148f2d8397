/**
 * Which TypeScript line a line of a compiled body comes from. The map travels at the end of the body, in a
 * comment that a person can read, so that an error from Snowflake can be looked up in Snowflake:
 *
 *     # lines udfs/encoding/encoding.ts 3:10+4 9:20 | udfs/encoding/encode-value.ts 40:22+2
 *
 * means that body lines 3 to 7 are lines 10 to 14 of udfs/encoding/encoding.ts, and so on.
 */

const MARK = '/*# lines ';

export interface Origin {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** By file: runs of lines that come from lines that follow each other. All count from 1. */
export type Origins = readonly (readonly [
  file: string,
  runs: readonly { readonly start: number; readonly origin: number; readonly length: number }[],
])[];

/**
 * The comment for a body.
 * @param offset lines that stand before the bundle in the body
 */
export function linesComment(origins: Origins, offset: number): string {
  const files = origins.map(([file, runs]) =>
    [
      file,
      ...runs.map(
        ({ start, origin, length }) => `${start + offset}:${origin}${length > 1 ? `+${length - 1}` : ''}`,
      ),
    ].join(' '),
  );
  return `${MARK}${files.join(' | ')} */`;
}

/**
 * Finds the source of a line of a routine's definition.
 * @param definition the body as Snowflake keeps it; it may begin with empty lines, which count
 * @param line from 1, as Snowflake's errors count
 */
export function originOf(definition: string, line: number): Origin | undefined {
  const at = definition.lastIndexOf(MARK);
  if (at < 0) return undefined;
  const before = /^\s*\n/.exec(definition)?.[0].split('\n').length ?? 1;
  const wanted = line - (before - 1);
  for (const part of definition
    .slice(at + MARK.length)
    .trim()
    .split(' | ')) {
    const [file = '', ...runs] = part.split(' ');
    for (const run of runs) {
      const [start = 0, origin = 0, more = 0] = run.split(/[:+]/).map(Number);
      if (wanted >= start && wanted <= start + more) return { file, line: origin + wanted - start };
    }
  }
  return undefined;
}
