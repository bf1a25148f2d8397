import { UserError } from '../../deploy/errors.js';
import { isDate as isDateType } from '../../procedures/dataset/column-rules.js';
import { count } from '../../report/text/count.js';
import { isCalled } from '../naming/column-names.js';
import type { ColumnProfile } from '../profiling/profile.js';
import { type Findings, type Hints, namesOf } from './types.js';

/** Share of values of its own from which on the rows of a column that repeat one come twice. */
const NEARLY_UNIQUE = 0.9;

/** The columns that a contract names, each once. */
export interface Roles {
  /** Undefined where no column comes near. */
  readonly id?: ColumnProfile;
  readonly patient?: ColumnProfile;
  readonly admission?: ColumnProfile;
  readonly discharge?: ColumnProfile;
  readonly los?: ColumnProfile;
  readonly split?: ColumnProfile;
  /** Admission and discharge were taken without a name that says so. */
  readonly guessedDates: boolean;
  /** The id was neither named nor has a value of its own in every row. */
  readonly doubtfulId: boolean;
}

/**
 * Finds the columns that identify, and those that a stay follows from.
 * @throws UserError when a column that was named is not there
 */
export function findRoles(
  table: string,
  rows: number,
  columns: readonly ColumnProfile[],
  hints: Hints,
  findings: Findings,
): Roles {
  const columnOf = (hint: string | undefined) =>
    hint === undefined ? undefined : columnCalled(table, columns, hint);
  const hinted = {
    id: columnOf(hints.id),
    los: columnOf(hints.los),
    patient: columnOf(hints.patient),
    admission: columnOf(hints.admission),
    discharge: columnOf(hints.discharge),
  };
  const free = columns.filter((c) => !Object.values(hinted).includes(c) || c === hinted.id);
  const { id, doubtful } = findId(free, rows, hinted.id, findings);
  const patient = hinted.patient ?? columns.find((c) => c !== id && calls('patient', c) && c.distinct > 1);
  if (!patient)
    findings.notes.push(
      'No column seems to name the patient: without one, admissions of one patient may be on both sides of the split. Name it with --patient.',
    );
  const others = columns.filter((c) => c !== id && c !== patient);
  const stay = findStay(others, hinted, findings);
  const split = others.find(
    (c) =>
      ![stay.admission, stay.discharge, stay.los].includes(c) && calls('split', c) && c.levels?.length === 2,
  );
  if (split) findings.notes.push(`${split.name} seems to say which rows are the holdout.`);
  return {
    ...(id ? { id } : {}),
    ...(patient ? { patient } : {}),
    ...stay,
    ...(split ? { split } : {}),
    doubtfulId: doubtful,
  };
}

function calls(key: string, { name, header }: ColumnProfile): boolean {
  return isCalled(key, header ?? name);
}

function findId(
  columns: readonly ColumnProfile[],
  rows: number,
  hinted: ColumnProfile | undefined,
  { notes, looks, open }: Findings,
): { id: ColumnProfile | undefined; doubtful: boolean } {
  const isUnique = (c: ColumnProfile) => c.values === rows && c.distinct === rows;
  const repeats = (c: ColumnProfile) =>
    `${count(rows - c.values, 'row')} ${rows - c.values === 1 ? 'has' : 'have'} none, ${c.values - c.distinct} repeat another's`;
  if (hinted) {
    if (!isUnique(hinted))
      notes.push(
        `${hinted.name} identifies an admission, as you say: ${repeats(hinted)}; of each the latest counts.`,
      );
    return { id: hinted, doubtful: false };
  }
  const able = columns.filter(
    (c) => c.type !== 'FLOAT' && !isDateType(c.type) && !c.text && !isCalled('knownOnAdmission', c.name),
  );
  const findCalled = (list: readonly ColumnProfile[]) =>
    list.find((c) => calls('id', c) && calls('stay', c) && !calls('patient', c)) ??
    list.find((c) => calls('id', c) && !calls('patient', c));
  const whole = able.filter(isUnique);
  const id = findCalled(whole) ?? whole[0];
  if (id) return { id, doubtful: false };
  const nearly = able.filter((c) => c.distinct >= rows * NEARLY_UNIQUE);
  const near = findCalled(nearly) ?? [...nearly].sort((a, b) => b.distinct - a.distinct)[0];
  if (near) {
    looks.push(
      `No column has a different value in every row. ${near.name} comes nearest, so the draft takes it: ${repeats(near)}; of each the latest counts. Name another with --id.`,
    );
    return { id: near, doubtful: true };
  }
  const nearest = [...able].sort((a, b) => b.distinct - a.distinct)[0];
  open.push(
    `No column has a different value in every row${nearest ? `; ${nearest.name} comes nearest: ${repeats(nearest)}` : ''}. Name one that identifies an admission with --id, or add one to the table.`,
  );
  return { id: undefined, doubtful: true };
}

type Stay = Pick<Roles, 'admission' | 'discharge' | 'los' | 'guessedDates'>;

function findStay(
  columns: readonly ColumnProfile[],
  hinted: { readonly [K in 'los' | 'admission' | 'discharge']: ColumnProfile | undefined },
  { notes, open }: Findings,
): Stay {
  const isNumber = ({ type }: ColumnProfile) => type === 'NUMBER' || type === 'FLOAT';
  const dates = columns.filter(({ type }) => isDateType(type));
  const { admission, discharge } = hinted;
  if (admission && discharge) {
    const strange = [admission, discharge].filter((c) => !dates.includes(c));
    if (strange.length > 0)
      open.push(
        `${strange.map(({ name, type }) => `${name} is ${type}`).join(' and ')}, not a date or a moment. Correct it in the table, or make it one with --query.`,
      );
    else return { admission, discharge, guessedDates: false };
  }
  const found = hinted.los || admission ? undefined : stayDates(dates);
  const los = found ? undefined : (hinted.los ?? columns.find((c) => isNumber(c) && calls('los', c)));
  const two = found || los ? undefined : twoDates(dates);
  if (two)
    notes.push(
      `The only two dates, taken as admission and discharge: ${two.admission.name} and ${two.discharge.name}.`,
    );
  const dated = found ?? two;
  if (dated) return { ...dated, guessedDates: !found };
  notes.push('There are no dates: training and holdout are divided at random, or by a split column.');
  if (!los)
    open.push(
      `Nothing looks like a stay: ${dates.length > 0 ? `of the dates (${namesOf(dates)}) none is called like those of admission and discharge` : 'no admission and discharge date (as 2026-01-31)'}, no number of days. Name them with --admission and --discharge, or the column that holds the days with --los.`,
    );
  else if (!isNumber(los))
    open.push(
      `${los.name} is ${los.type}, not a number of days. Correct its column, or name another with --los.`,
    );
  return { ...(los ? { los } : {}), guessedDates: false };
}

/** Those that are called like admission and discharge: of several the plainest, and both of one type where there are such. */
function stayDates(dates: readonly ColumnProfile[]) {
  const pickPlainest = (key: 'admission' | 'discharge', type?: string) =>
    dates
      .filter(
        (c) => calls(key, c) && !isCalled('knownOnAdmission', c.name) && !isCalled('notTheStay', c.name),
      )
      .sort((a, b) => Number(b.type === type) - Number(a.type === type) || a.name.length - b.name.length)[0];
  const admission = pickPlainest('admission');
  const discharge = pickPlainest('discharge', admission?.type);
  return admission && discharge && admission !== discharge ? { admission, discharge } : undefined;
}

/** Takes two dates, where there are no more: a patient who is still in has an admission and no discharge. */
function twoDates(dates: readonly ColumnProfile[]) {
  const [first, second] = [...dates].sort((a, b) => b.values - a.values);
  return first && second && dates.length === 2 ? { admission: first, discharge: second } : undefined;
}

function columnCalled(table: string, columns: readonly ColumnProfile[], wanted: string): ColumnProfile {
  const upper = wanted.trim().toUpperCase();
  const names = ({ name, source, header }: ColumnProfile) => [name, source, header ?? name];
  const found = columns.find((c) => names(c).some((called) => called.toUpperCase() === upper));
  if (found) return found;
  throw new UserError(`${table} has no column ${wanted}.`, {
    next: `Its columns are ${columns.map(({ header, source }) => header ?? source).join(', ')}.`,
  });
}
