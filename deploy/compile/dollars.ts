/** `$` as an escape that JavaScript takes in a string, a template and a name alike. */
const ESCAPED = '\\u0024';

/**
 * Constants for esbuild that bring no `$$` into a body: two dollars end a body that SQL quotes with them, and a
 * level of the data may be called "US $$". esbuild prints texts in its own way, an escape in them would be gone, so
 * the second dollar of each pair goes in as a stand-in and `reveal` puts the escape in its place afterwards. The
 * stand-in is as long as the escape, so that the columns of a source map stay right, and made of letters and digits,
 * so that a key which needs no quotes needs none with it either.
 * @param define names of free identifiers → their values, as JSON can write them
 */
export function withoutDollarPairs(define: Readonly<Record<string, unknown>>): {
  readonly constants: Record<string, string>;
  /** Puts the escapes into the bundled text. */
  reveal(bundle: string): string;
} {
  const plain = Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)] as const);
  const standIn = unusedIn(plain.map(([, text]) => text).join());
  return {
    constants: Object.fromEntries(plain.map(([name, text]) => [name, text.replace(/(?<=\$)\$/g, standIn)])),
    reveal: (bundle) => bundle.replaceAll(standIn, () => ESCAPED),
  };
}

/** The first of Q0000Q, Q0001Q … that the text does not hold; our own code holds none of them. */
function unusedIn(text: string): string {
  for (let i = 0; i < 36 ** 4; i++) {
    const standIn = `Q${i.toString(36).toUpperCase().padStart(4, '0')}Q`;
    if (!text.includes(standIn)) return standIn;
  }
  throw new Error('The constants hold every stand-in for a dollar');
}
