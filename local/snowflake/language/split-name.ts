/** Splits the text of an IDENTIFIER(): `a."b c".d`. */
export function splitName(text: string): string[] {
  const parts: string[] = [];
  for (const [, quoted, bare] of text.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g))
    parts.push(quoted !== undefined ? quoted.replaceAll('""', '"') : bare!.toUpperCase());
  return parts;
}
