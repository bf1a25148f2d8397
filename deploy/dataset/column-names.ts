/** What a column's name alone says about it, in some languages. Guesses: a person is asked, by name. */

/** Numbers and words that stand for one person or one admission. */
const OF_A_PERSON = [
  /(^|_)(MRN|SSN|NHS|NHI|MPI|EMPI|NINO|NIN|CPR|AADHAAR|PASSPORT|SOCIAL_SECURITY|SURNAME|FORENAME|PHONE|MOBILE|E_?MAIL|STREET)(_|$)/,
  /(^|_)(PATIENT|PAT|PERSON|SUBJECT|MEMBER|INSURED|CASE|ENCOUNTER|ADMISSION|VISIT|STAY|RECORD|EPISODE|ACCOUNT|CHART|FILE)_?(ID|NO|NR|NBR|NUM|NUMBER|KEY|GUID|UUID|NAME)$/,
  /(^|_)(PATIENT|FIRST|LAST|FULL|FAMILY|GIVEN)_?NAME$|(^|_)(DOB|BIRTH_?DATE|DATE_OF_BIRTH)$/,
  /(PATIENTEN|FALL|AUFNAHME|VERSICHERTEN|KASSEN|AKTEN)_?(ID|NR|NUMMER|NAME)$|(^|_)(NACH|VOR|FAMILIEN)NAME$|GEBURTS_?(DATUM|TAG)|STRASSE$|TELEFON/,
  /(^|_)(NOM|PRENOM|NOMBRE|APELLIDOS?|COGNOME|IPP|IEP|NIR|DNI|BSN|CODICE_FISCALE)$|NAISSANCE|NACIMIENTO|NASCITA|(^|_)(ID|NO|NUM|NUMERO)_?(DU_|DE_)?(PATIENT|SEJOUR|DOSSIER|PACIENTE|EPISODIO|PAZIENTE)$/,
];

/** Endings of names of numbers that are names themselves; of a hospital or a ward as often as of a patient. */
const OF_SOMETHING = /(^|_)(ID|NO|NR|NBR|NUM|NUMBER|KEY|GUID|UUID|IDENTIFIER)$|(NR|NUMMER|NUMERO)$/;

/** Usually written down at or after discharge. APR groups and severities are coded from the discharge abstract. */
const AFTER_ADMISSION = [
  /^APR_|DISCH|DISPOS|CHARGE|COST|BILL|PROC|DRG|DIED|DEATH|DECEASED|MORTALITY|EXPIRED|OUTCOME|READMI|FINAL|^LOS|STAY|MEDICATION|(^|_)MEDS(_|$)|PRESCRI|COMPLICATION|INTENSIVE_CARE_DAYS/,
  /ENTLASS|AUSTRITT|(VERWEIL|LIEGE)(DAUER|TAGE)|VERSTORBEN|GESTORBEN|(^|_)TOD(_|ES|$)|FALLPAUSCHALE|KOSTEN(?!TR)|ERLOES|(^|_)OPS(_|$)/,
  /SORTIE|DUREE_?(DE_|DU_)?SEJOUR|DECES|(^|_)(COUT|GHM|ALTA|EXITUS)(_|$)|EGRESO|ESTANCIA|FALLECI|DIMISSION|DEGENZA|ONTSLAG|LIGDUUR/,
];

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
  return AFTER_ADMISSION.some((pattern) => pattern.test(column));
}

/** Names of the columns that an SQL expression may use: its words, upper-case, without its texts. */
export function wordsOf(sql: string): Set<string> {
  const bare = sql.replace(/'(?:[^'\\]|\\.|'')*'/g, ' ');
  // A quote that is left was not understood, so everything counts.
  const read = bare.includes("'") ? sql : bare;
  return new Set((read.match(/[A-Za-z_][\w$]*/g) ?? []).map((word) => word.toUpperCase()));
}
