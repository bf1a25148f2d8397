/** What a column's name alone says about it. Guesses: a person is asked, by name. */

/** Numbers and words that stand for one person or one admission. */
const OF_A_PERSON = [
  /(^|_)(MRN|SSN|NHS|NHI|MPI|EMPI|NINO|NIN|CPR|AADHAAR|PASSPORT|SOCIAL_SECURITY|SURNAME|FORENAME|PHONE|MOBILE|E_?MAIL|STREET)(_|$)/,
  /(^|_)(PATIENT|PAT|PERSON|SUBJECT|MEMBER|INSURED|CASE|ENCOUNTER|ADMISSION|VISIT|STAY|RECORD|EPISODE|ACCOUNT|CHART|FILE)_?(ID|NO|NR|NBR|NUM|NUMBER|KEY|GUID|UUID|NAME)$/,
  /(^|_)(PATIENT|FIRST|LAST|FULL|FAMILY|GIVEN)_?NAME$|(^|_)(DOB|BIRTH_?DATE|DATE_OF_BIRTH)$/,
];

/** Endings of names of numbers that are names themselves; of a hospital or a ward as often as of a patient. */
const OF_SOMETHING = /(^|_)(ID|NO|NR|NBR|NUM|NUMBER|KEY|GUID|UUID|IDENTIFIER)$/;

/** Usually written down at or after discharge. APR groups and severities are coded from the discharge abstract. */
const AFTER_ADMISSION =
  /^APR_|DISCH|DISPOS|CHARGE|COST|BILL|PROC|DRG|DIED|DEATH|DECEASED|MORTALITY|EXPIRED|OUTCOME|READMI|FINAL|^LOS|STAY|MEDICATION|(^|_)MEDS(_|$)|PRESCRI|COMPLICATION|INTENSIVE_CARE_DAYS/;

/** Whether a column is called like what identifies a person or an admission. */
export function namesAPerson(column: string): boolean {
  return OF_A_PERSON.some((pattern) => pattern.test(column));
}

/** Whether a column is called like a number or key of anything. */
export function namesSomething(column: string): boolean {
  return OF_SOMETHING.test(column);
}

/** Whether a column sounds like something that is known only after admission. */
export function soundsAfterAdmission(column: string): boolean {
  return AFTER_ADMISSION.test(column);
}

/** Names of the columns that an SQL expression may use: its words, upper-case, without its texts. */
export function wordsOf(sql: string): Set<string> {
  const bare = sql.replace(/'(?:[^'\\]|\\.|'')*'/g, ' ');
  // A quote that is left was not understood, so everything counts.
  const read = bare.includes("'") ? sql : bare;
  return new Set((read.match(/[A-Za-z_][\w$]*/g) ?? []).map((word) => word.toUpperCase()));
}
