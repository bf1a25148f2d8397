import { redactor } from '../clients/redact.js';

const LONGEST = 1000;
const redact = redactor([]);

/** A name of the project's own kind, such as LOS_WH or PREDICT_LOS.LOS.LOS_FEATURES. */
const NAME = /^[A-Z][A-Z0-9$]*([_.][A-Z0-9$]+)+$/;

/**
 * A message for the history, which people may read who must not see rows: secrets go, and whatever is quoted goes
 * unless it is an object's name, as it may be a value of a patient's.
 */
export function told(message: string): string {
  const clean = redact(message)
    .replace(/'([^'\n]*)'/g, (quoted, text: string) => (NAME.test(text) ? quoted : "'…'"))
    .trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}
