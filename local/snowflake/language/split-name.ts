/** Splits the text of an IDENTIFIER() or a stage's name: `a."b c".d`, `a.%"b"`. */
export function splitName(text: string): string[] {
  const parts: string[] = [];
  for (const [, mark, quoted, bare] of text.matchAll(/(%?)"((?:[^"]|"")*)"|([^."\s]+)/g))
    parts.push(quoted !== undefined ? mark + quoted.replaceAll('""', '"') : bare!.toUpperCase());
  return parts;
}
