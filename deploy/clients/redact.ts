/**
 * Makes a function that takes known secrets, and what looks like one, out of a text.
 * What Snowflake quotes of a value that it cannot read goes as well: it may be a patient's.
 * @param secrets the passwords, keys and tokens in use; empty ones are ignored
 */
export function redactor(secrets: readonly (string | undefined | null)[]): (text: string) => string {
  const known = secrets.filter((secret): secret is string => !!secret && secret.length >= 4);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, '***');
    return clean
      .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '$1***')
      .replace(/(password|secret|token|passphrase)(['"]?\s*[=:]\s*['"]?)[^\s'",;]+/gi, '$1$2***')
      .replace(
        /\b((?:Numeric|Boolean) value|Date|Timestamp|Time|String) '[^\n]*' (is not recognized|is too long)/g,
        "$1 '…' $2",
      )
      .replace(/(Failed to cast variant value) [^\n]* (to \w)/g, '$1 … $2')
      .replace(/(:\/\/[^\s:@/]+:)[^\s@/]+@/g, '$1***@');
  };
}

const LONGEST = 1000;
const withoutSecrets = redactor([]);

/** A name of the project's own kind, such as LOS_WH or PREDICT_LOS.LOS.LOS_FEATURES. */
const NAME = /^[A-Z][A-Z0-9$]*([_.][A-Z0-9$]+)+$/;

/**
 * A message for a table that people may read who must not see rows: secrets go, and whatever is quoted goes
 * unless it is an object's name, as it may be a value of a patient's.
 */
export function withoutQuotes(message: string): string {
  const clean = withoutSecrets(message)
    .replace(/'([^'\n]*)'/g, (quoted, text: string) => (NAME.test(text) ? quoted : "'…'"))
    .trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}
