import {
  AFTER_ADMISSION,
  ASK_WHEN_KNOWN,
  FREE_TEXT,
  KNOWN_ON_ADMISSION,
  type NameRules,
  OF_AGE,
  OF_BIRTH,
  OF_CODES,
  OF_DATES,
  OF_DIAGNOSES,
  OF_THE_ADMISSION,
  POSTCODE,
} from './name-rules.js';

/** What a column's name alone says about it, in some languages. Guesses: a person is asked, by name. */

/** Numbers and words that stand for one person or one admission. */
const OF_A_PERSON = [
  /(^|_)(MRN|SSN|NHS|NHI|MPI|EMPI|NINO|NIN|CPR|AADHAAR|PASSPORT|SOCIAL_SECURITY|SURNAME|FORENAME|PHONE|MOBILE|E_?MAIL|STREET)(_|$)/,
  /(^|_)(PATIENT|PAT|PERSON|SUBJECT|MEMBER|INSURED|CASE|ENCOUNTER|ADMISSION|VISIT|STAY|RECORD|EPISODE|ACCOUNT|CHART|FILE|HADM|ICUSTAY|TRANSFER)_?(ID|NO|NR|NBR|NUM|NUMBER|KEY|GUID|UUID|NAME)$/,
  /(^|_)(PATIENT|FIRST|LAST|FULL|FAMILY|GIVEN)_?NAME$|(^|_)(DOB|BIRTH_?DATE|DATE_OF_BIRTH)$/,
  /(PATIENTEN|FALL|AUFNAHME|VERSICHERTEN|KASSEN|AKTEN)_?(ID|NR|NUMMER|NAME)$|(^|_)(NACH|VOR|FAMILIEN)NAME$|GEBURTS_?(DATUM|TAG)|STRASSE$|TELEFON/,
  /(^|_)(NOM|PRENOM|NOMBRE|APELLIDOS?|COGNOME|IPP|IEP|NIR|DNI|BSN|CODICE_FISCALE)$|NAISSANCE|NACIMIENTO|NASCITA|(^|_)(ID|NO|NUM|NUMERO)_?(DU_|DE_)?(PATIENT|SEJOUR|DOSSIER|PACIENTE|EPISODIO|PAZIENTE)$/,
];

/** Endings of names of numbers that are names themselves; of a hospital or a ward as often as of a patient. */
const OF_SOMETHING = /(^|_)(ID|NO|NR|NBR|NUM|NUMBER|KEY|GUID|UUID|IDENTIFIER)$|(NR|NUMMER|NUMERO)$/;

/** A name in capitals, without accents, its words divided by `_`; a capital in a word begins another, as programs write names. */
export function columnWords(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/(?<=[a-z0-9])(?=[A-Z][a-z])/g, '_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

const compiled = new WeakMap<NameRules, RegExp>();

/** Whether one of the rules holds for a name. */
function matches(rules: NameRules, name: string): boolean {
  let pattern = compiled.get(rules);
  if (!pattern) {
    pattern = new RegExp(
      rules
        .map((rule) => {
          const body = rule.replace(/^=/, '').replaceAll('*', '[A-Z0-9]*');
          return rule.startsWith('=') ? `^${body}$` : `(?:^|_)${body.replace(/^_/, '')}(?:_|$)`;
        })
        .join('|'),
    );
    compiled.set(rules, pattern);
  }
  return pattern.test(columnWords(name));
}

/** Whether a column is called like what identifies a person or an admission. */
export function namesAPerson(column: string): boolean {
  return OF_A_PERSON.some((pattern) => pattern.test(columnWords(column)));
}

/** Whether a column is called like a number or key of anything. */
export function namesSomething(column: string): boolean {
  return OF_SOMETHING.test(columnWords(column));
}

/** What a column is of, where it sounds like known only after admission: the discharge, money …; undefined where it does not. */
export function afterAdmission(column: string): string | undefined {
  if (matches(KNOWN_ON_ADMISSION, column)) return undefined;
  return Object.entries(AFTER_ADMISSION).find(([, rules]) => matches(rules, column))?.[0];
}

/** Whether a column sounds like something that is known only after admission. */
export function soundsAfterAdmission(column: string): boolean {
  return afterAdmission(column) !== undefined;
}

/** Whether a column is called like what happened before the stay, or is planned. */
export function soundsEarlier(column: string): boolean {
  return matches(KNOWN_ON_ADMISSION, column);
}

/** What has to be asked about when a column is known; undefined where nothing is. */
export function askWhenKnown(column: string): string | undefined {
  return Object.entries(ASK_WHEN_KNOWN).find(([, rules]) => matches(rules, column))?.[0];
}

export const soundsLikePostcode = (column: string): boolean => matches(POSTCODE, column);
export const soundsLikeCode = (column: string): boolean => matches(OF_CODES, column);
export const soundsLikeBirth = (column: string): boolean => matches(OF_BIRTH, column);
export const soundsLikeAge = (column: string): boolean => matches(OF_AGE, column);
/** Whether a column is by its name one that is written down when the patient comes. */
export const isOfAdmission = (column: string): boolean => matches(OF_THE_ADMISSION, column);
export const soundsLikeText = (column: string): boolean => matches(FREE_TEXT, column);
export const soundsLikeDate = (column: string): boolean => matches(OF_DATES, column);
export const soundsLikeDiagnosis = (column: string): boolean => matches(OF_DIAGNOSES, column);

/** Names of the columns that an SQL expression may use: its words, upper-case, without its texts. */
export function wordsOf(sql: string): Set<string> {
  const bare = sql.replace(/'(?:[^'\\]|\\.|'')*'/g, ' ');
  // A quote that is left was not understood, so everything counts.
  const read = bare.includes("'") ? sql : bare;
  return new Set((read.match(/[A-Za-z_][\w$]*/g) ?? []).map((word) => word.toUpperCase()));
}
