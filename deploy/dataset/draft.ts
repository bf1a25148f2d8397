import { UserError } from '../errors.js';
import { namesAPerson, namesSomething, soundsAfterAdmission } from './column-names.js';
import { draftFeatures } from './draft-features.js';
import { type ColumnProfile, isDate as isDateType, isTaken, type TableProfile } from './profile.js';

/** Names by which hospitals call the columns that a contract needs, in some languages. Guesses: the file says so. */
const CALLED = {
  id: /(^|_)(CASE|ADMISSION|ENCOUNTER|VISIT|RECORD|STAY|EPISODE|ROW|FALL|SEJOUR|EPISODIO)?_?(ID|NO|NR|NBR|NUM|NUMBER|NUMMER|NUMERO|KEY)$/,
  patient:
    /(PATIENT(EN)?|PAT|PERSON|SUBJECT|PACIENTE|PAZIENTE)_?(ID|NO|NR|NBR|NUM|NUMBER|NUMMER|KEY)$|^(MRN|IPP|PID)$|(^|_)(ID|NO|NUM|NUMERO)_?(DU_|DE_)?(PATIENT|PACIENTE|PAZIENTE)$/,
  admission: /ADMI|ARRIV|CHECK_?IN|AUFN|EINTRITT|ENTREE|INGRES|RICOVERO|OPNAME/,
  discharge: /DISCH|LEAV|LEFT|CHECK_?OUT|ENTL|AUSTRITT|SORTIE|(^|_)ALTA(_|$)|EGRESO|DIMISSION|ONTSLAG/,
  los: /^LOS$|LOS_DAYS|LENGTH_OF_STAY|STAY_DAYS|DAYS_IN|TIME_IN_HOSPITAL|^DAYS$|^STAY$|^NIGHTS$|(VERWEIL|LIEGE)(DAUER|TAGE)|DUREE_?(DE_|DU_)?SEJOUR|ESTANCIA|DEGENZA|LIGDUUR/,
  split: /SPLIT/,
};

/** Where nearly every row has a value of its own, it is of that row and not of a kind of patients. */
const OWN_VALUES = 0.9;

/** What whoever asks for a draft knows already. */
export interface Hints {
  /** Columns, as the table, the file or the contract calls them. */
  readonly id?: string;
  readonly los?: string;
  readonly patient?: string;
  /** Texts that stand for a missing value; left out: those that usually do, where they are met. */
  readonly nulls?: readonly string[];
}

/** A first contract for a table, to be read and corrected by someone who knows the data. */
export interface DraftContract {
  readonly name: string;
  readonly yaml: string;
  /** What was guessed or left out, for people. */
  readonly notes: readonly string[];
  /** What has to be decided before the contract can be used; empty where it can be as it is. */
  readonly open: readonly string[];
}

/**
 * The draft itself; pure. Where it is unsure it writes what comes nearest and says LOOK in the line.
 * @throws UserError when there are no rows, or a column that was named is not there
 */
export function draft(
  table: string,
  { rows, columns: found }: TableProfile,
  hints: Hints = {},
): DraftContract {
  if (rows === 0)
    throw new UserError(`${table} has no rows.`, {
      next: 'Take a table or file of some hundred admissions.',
    });
  const notes: string[] = [];
  const open: string[] = [];
  const columns = found.filter(({ type }) => isTaken(type));
  const strange = found.filter(({ type }) => !isTaken(type));
  if (strange.length > 0)
    notes.push(
      `Left out, being of types that no contract can take in: ${strange.map(({ source, type }) => `${source} (${type})`).join(', ')}.`,
    );
  const isDate = ({ type }: ColumnProfile) => isDateType(type);
  const isNumber = ({ type }: ColumnProfile) => type === 'NUMBER' || type === 'FLOAT';
  const given = (hint: string | undefined) =>
    hint === undefined ? undefined : columnCalled(table, columns, hint);

  const hinted = { id: given(hints.id), los: given(hints.los), patient: given(hints.patient) };
  const identifies = (c: ColumnProfile) => c.values === rows && c.distinct === rows && c.type !== 'FLOAT';
  const free = columns.filter((c) => c !== hinted.los && c !== hinted.patient);
  const unique = free.filter(identifies);
  const id =
    hinted.id ??
    unique.find((c) => CALLED.id.test(c.name) && !CALLED.patient.test(c.name)) ??
    unique[0] ??
    free.filter((c) => c.type !== 'FLOAT').sort((a, b) => b.distinct - a.distinct)[0];
  if (!id || !identifies(id))
    open.push(
      `No column has a value of its own in every row${id ? `; ${id.name} comes nearest: ${rows - id.values} rows have none, ${id.values - id.distinct} repeat another's` : ''}. Name one that identifies an admission with --id, or add one to the table.`,
    );
  const patient = hinted.patient ?? columns.find((c) => c !== id && CALLED.patient.test(c.name));
  const find = (fits: (column: ColumnProfile) => boolean) =>
    columns.find((c) => c !== id && c !== patient && fits(c));
  const admission = hinted.los ? undefined : find((c) => isDate(c) && CALLED.admission.test(c.name));
  const discharge = hinted.los
    ? undefined
    : find((c) => isDate(c) && CALLED.discharge.test(c.name) && c !== admission);
  const named = admission && discharge ? { admission, discharge } : undefined;
  const los = named ? undefined : (hinted.los ?? find((c) => isNumber(c) && CALLED.los.test(c.name)));
  const dated =
    named ?? (los ? undefined : twoDates(columns.filter((c) => isDate(c) && c !== id && c !== patient)));
  if (dated && !named)
    notes.push(
      `Taken for the days of admission and discharge, being the only two dates: ${dated.admission.name} and ${dated.discharge.name}.`,
    );
  const dates = columns.filter(isDate).map(({ source }) => source);
  if (!dated && !los)
    open.push(
      `Nothing looks like a stay: ${dates.length > 0 ? `of the dates (${dates.join(', ')}) none is called like those of admission and discharge` : 'no admission and discharge date (as 2026-01-31)'}, no number of days. Name the column that holds the days with --los, or write admission: and discharge:.`,
    );
  if (los && !isNumber(los))
    open.push(
      `${los.name} is ${los.type}, not a number of days. Correct its column, or name another with --los.`,
    );
  const split = find((c) => c !== los && CALLED.split.test(c.name) && c.levels?.length === 2);
  if (!dated)
    notes.push('There are no dates: training and holdout are divided at random, or by a split column.');
  if (!patient)
    notes.push(
      'No column seems to name the patient: without one, admissions of one patient may be on both sides of the split. Name it with --patient.',
    );
  if (split) notes.push(`${split.name} seems to say which rows are the holdout.`);

  const taken = new Set([id, patient, dated?.admission, dated?.discharge, los, split]);
  // What is there for whoever has left, and for nobody else, was written down when they left.
  const ended = dated?.discharge.values ?? los?.values ?? rows;
  const withDischarge = columns.filter((c) => !taken.has(c) && ended < rows && c.values === ended);
  const byName = columns.filter(
    (c) => !taken.has(c) && !withDischarge.includes(c) && soundsAfterAdmission(c.name),
  );
  const after = [...withDischarge, ...byName];
  if (withDischarge.length > 0)
    notes.push(
      `Taken for written down at discharge, being there as often as it: ${withDischarge.map((c) => c.name).join(', ')}.`,
    );
  if (byName.length > 0)
    notes.push(
      `Taken for written down after admission, by name only: ${byName.map((c) => c.name).join(', ')}.`,
    );
  const rest = columns.filter((c) => !taken.has(c) && !after.includes(c));
  const identifying = rest.filter((c) =>
    namesAPerson(c.name) && c.distinct > c.values / 100
      ? true
      : namesSomething(c.name) && c.distinct > c.values / 10,
  );
  const own = rest.filter(
    (c) =>
      !identifying.includes(c) && c.type !== 'FLOAT' && c.values > 0 && c.distinct > c.values * OWN_VALUES,
  );
  if (identifying.length > 0)
    notes.push(
      `Left out of the features, because they are called like a number or name of one patient: ${identifying.map((c) => c.name).join(', ')}. If one identifies the patient, name it with patient:.`,
    );
  if (own.length > 0)
    notes.push(
      `Left out of the features, because nearly every row has a value of its own: ${own.map((c) => c.name).join(', ')}.`,
    );
  const {
    lines,
    groups,
    notes: more,
  } = draftFeatures(
    rest.filter((c) => !identifying.includes(c) && !own.includes(c)),
    dated?.admission.name,
  );
  notes.push(...more);
  if (lines.length < 2) open.push('Fewer than two columns are left to be features: a model needs two.');
  const markers = [...new Set(columns.flatMap((column) => column.markers))];
  if (markers.length > 0 && !hints.nulls)
    notes.push(
      `Taken for missing values where they stand alone: ${markers.map((m) => JSON.stringify(m)).join(', ')}.`,
    );

  const name =
    table
      .toLowerCase()
      .replace(/^[^a-z]+/, '')
      .replace(/[^a-z0-9_]/g, '_')
      .slice(0, 20) || 'admissions';
  const look = (doubtful: boolean) => (doubtful ? ' # LOOK: see above' : '');
  const [a, b] = split?.levels ?? [];
  const trainingLevel = /test|hold|valid/i.test(a ?? '') ? b : a;
  const holdoutLevel = trainingLevel === a ? b : a;
  const yaml = [
    '# A first contract, written by looking at the data. Read every line: which columns are known on admission',
    '# cannot be seen in the data. docs/contract.md says what each key means.',
    ...open.map((what) => `# LOOK: ${what}`),
    ...notes.map((note) => `# ${note}`),
    `name: ${name}`,
    `table: ${table}`,
    `id: ${id?.name ?? ''}${look(!id || !identifies(id))}`,
    ...(patient ? [`patient: ${patient.name}`] : []),
    ...(dated
      ? [
          `admission: ${dated.admission.name}${look(!named)}`,
          `discharge: ${dated.discharge.name}${look(!named)}`,
        ]
      : [los ? `los: ${los.name}${look(!isNumber(los))}` : '# los: LOOK: see above']),
    ...(split
      ? [
          `split: { column: ${split.name}, training: ${JSON.stringify(trainingLevel)}, holdout: ${JSON.stringify(holdoutLevel)} } # LOOK: which is which`,
        ]
      : []),
    ...(dated ? placeLines(rest) : []),
    ...(after.length > 0
      ? ['', '# LOOK: a guess.', 'afterAdmission:', ...after.map((c) => `  - ${c.name}`)]
      : []),
    ...(markers.length > 0 ? ['', `nulls: ${JSON.stringify(markers)}`] : []),
    '',
    'columns:',
    ...columns.map((column) => `  ${column.name}: ${columnText(column)}`),
    '',
    'features:',
    ...lines,
    '',
    ...(groups.length > 0 ? ['groups:', ...groups.map((group) => `  - [${group}]`)] : []),
    '',
  ].join('\n');
  return { name, yaml, notes, open };
}

/** Of more wards than this a column is hardly the name of one. */
const MOST_WARDS = 300;

/** What may say where the patient is, for forecasts of beds; a suggestion, in a comment. */
function placeLines(columns: readonly ColumnProfile[]): string[] {
  const called = (words: RegExp) =>
    columns.find(({ name, distinct }) => words.test(name) && distinct > 1 && distinct <= MOST_WARDS);
  return Object.entries({
    ward: called(/(^|_)(WARD|STATION|NURSING_UNIT|PFLEGEEINHEIT|UNITE|REPARTO|SALA)(_|$)/),
    department: called(/(^|_)(DEPARTMENT|DIVISION|SPECIALTY|SERVICE|SERVICIO|KLINIK)(_|$)|ABTEILUNG/),
  }).flatMap(([key, column]) =>
    column ? [`# ${key}: ${column.name} # take the # away to have beds forecast by it`] : [],
  );
}

/** Where there are two dates and no more: whoever is still in has an admission and no discharge. */
function twoDates(dates: readonly ColumnProfile[]) {
  const [first, second] = [...dates].sort((a, b) => b.values - a.values);
  return first && second && dates.length === 2 ? { admission: first, discharge: second } : undefined;
}

/** The type, and with it what the table or the file calls the column, where a contract cannot. */
function columnText({ name, source, type }: ColumnProfile): string {
  return source === name ? type : `{ type: ${type}, source: ${JSON.stringify(source)} }`;
}

function columnCalled(table: string, columns: readonly ColumnProfile[], wanted: string): ColumnProfile {
  const upper = wanted.trim().toUpperCase();
  const found = columns.find(({ name, source }) => source.toUpperCase() === upper || name === upper);
  if (found) return found;
  throw new UserError(`${table} has no column ${wanted}.`, {
    next: `Its columns are ${columns.map(({ source }) => source).join(', ')}.`,
  });
}
