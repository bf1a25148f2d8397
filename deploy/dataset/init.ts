import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { parseContract } from './load.js';
import { qualified } from './names.js';
import { type ColumnProfile, levelsOf, profileTable } from './profile.js';

/** Names by which hospitals call the columns that a contract needs. Guesses: the file says so. */
const CALLED = {
  id: /(^|_)(CASE|ADMISSION|ENCOUNTER|VISIT|RECORD|STAY|EPISODE|ROW)?_?(ID|NO|NUM|NUMBER|KEY)$/,
  patient: /PATIENT_?(ID|NO|NUM|NUMBER|KEY)|^MRN$|PERSON_?ID|SUBJECT_?ID/,
  admission: /ADMI|ARRIV|CHECK_?IN/,
  discharge: /DISCH|LEAV|LEFT|CHECK_?OUT/,
  los: /^LOS$|LOS_DAYS|LENGTH_OF_STAY|STAY_DAYS|DAYS_IN|^DAYS$|^STAY$/,
  split: /SPLIT/,
  /** Usually written down at or after discharge. */
  after:
    /DISCH|DISPOS|CHARGE|COST|BILL|PROC|DRG|DIED|DEATH|DECEASED|MORTALITY|EXPIRED|OUTCOME|READMI|FINAL|^LOS|STAY/,
  /** Numbers that are names. */
  code: /(_CODE|_ID|_NO|_KEY|_TYPE|ZIP|CODE)$/,
};

/** Up to this many levels are looked at to see whether they have an order. */
const MAX_ORDERED = 25;

/** A first contract for a table, to be read and corrected by someone who knows the data. */
export interface DraftContract {
  readonly name: string;
  readonly yaml: string;
  /** What was guessed or left out, for people. */
  readonly notes: readonly string[];
}

/**
 * Writes a first contract by looking at a table.
 * @param table unqualified name in the configured schema
 * @throws UserError when there is nothing that identifies an admission, or nothing to compute a stay from
 */
export async function draftContract(ctx: Context, table: string): Promise<DraftContract> {
  const name = table.toUpperCase();
  const source = qualified(ctx.settings, name);
  const { rows, columns } = await profileTable(ctx.snowflake, source);
  const few = columns.filter(
    ({ type, distinct }) => type === 'VARCHAR' && distinct <= MAX_ORDERED && distinct > 1,
  );
  const levels = await levelsOf(
    ctx.snowflake,
    source,
    few.map((column) => column.name),
  );
  return draft(name, rows, columns, levels);
}

/** The draft itself; pure. */
export function draft(
  table: string,
  rows: number,
  columns: readonly ColumnProfile[],
  levels: ReadonlyMap<string, readonly string[]>,
): DraftContract {
  if (rows === 0)
    throw new UserError(`The table ${table} is empty.`, { next: 'Load some hundred admissions first.' });
  const notes: string[] = [];
  const find = (fits: (column: ColumnProfile) => boolean) => columns.find(fits);
  const isDate = ({ type }: ColumnProfile) => /^(DATE|TIMESTAMP)/.test(type);
  const isNumber = ({ type }: ColumnProfile) => type === 'NUMBER' || type === 'FLOAT';

  const unique = columns.filter((c) => c.values === rows && c.distinct === rows && c.type !== 'FLOAT');
  const id = unique.find((c) => CALLED.id.test(c.name) && !CALLED.patient.test(c.name)) ?? unique[0];
  if (!id)
    throw new UserError(
      `No column of ${table} identifies an admission: none has a value of its own in every row.`,
      {
        next: 'Add one, for example by a view with ROW_NUMBER() over the whole row in a fixed order.',
      },
    );
  const patient = find((c) => c !== id && CALLED.patient.test(c.name));
  const admission = find((c) => isDate(c) && CALLED.admission.test(c.name));
  const discharge = find((c) => isDate(c) && CALLED.discharge.test(c.name) && c !== admission);
  const dated = admission && discharge;
  const los = dated ? undefined : find((c) => isNumber(c) && CALLED.los.test(c.name));
  if (!dated && !los)
    throw new UserError(
      `Nothing in ${table} looks like a stay: no admission and discharge date, no number of days.`,
      {
        next: 'Write the contract by hand; deploy/dataset/contract.ts explains its keys.',
      },
    );
  const split = find((c) => CALLED.split.test(c.name) && c.distinct === 2 && levels.has(c.name));
  const taken = new Set([id, patient, admission, discharge, los, split]);
  if (!dated)
    notes.push('There are no dates: training and holdout are divided at random, or by a split column.');
  if (split) notes.push(`${split.name} seems to say which rows are the holdout.`);

  const after = columns.filter((c) => !taken.has(c) && CALLED.after.test(c.name));
  if (after.length > 0)
    notes.push(
      `Taken for written down after admission, by name only: ${after.map((c) => c.name).join(', ')}.`,
    );
  const features: string[] = [];
  const groups: string[] = [];
  for (const column of columns) {
    if (taken.has(column) || after.includes(column)) continue;
    if (column.distinct < 2) {
      notes.push(`${column.name} is no feature: it always says the same.`);
      continue;
    }
    if (isDate(column)) {
      notes.push(
        `${column.name} is no feature: a date needs an expression, such as { type: categorical, sql: MONTHNAME(${column.name}) }.`,
      );
      continue;
    }
    const numeric = isNumber(column) && !CALLED.code.test(column.name);
    if (!numeric && column.distinct > column.values / 3 && column.distinct > MAX_ORDERED) {
      notes.push(`${column.name} is no feature: nearly every row has a value of its own.`);
      continue;
    }
    const order = ordered(levels.get(column.name) ?? []);
    features.push(
      numeric
        ? `  ${column.name}: { type: numeric }`
        : order
          ? `  ${column.name}: { type: ordered, levels: ${JSON.stringify(order)} }`
          : `  ${column.name}: { type: categorical }`,
    );
    if (!numeric && column.distinct <= 12 && groups.length < 6) groups.push(column.name);
  }
  if (dated)
    features.push(
      `  ADMISSION_MONTH: { type: categorical, sql: MONTHNAME(${admission.name}) }`,
      `  ADMISSION_WEEKDAY: { type: categorical, sql: DAYNAME(${admission.name}) }`,
    );

  const name = table
    .toLowerCase()
    .replace(/^[^a-z]+/, '')
    .replace(/[^a-z0-9_]/g, '_')
    .slice(0, 20);
  const [a, b] = split ? (levels.get(split.name) ?? []) : [];
  const trainingLevel = /test|hold|valid/i.test(a ?? '') ? b : a;
  const holdoutLevel = trainingLevel === a ? b : a;
  const yaml = [
    '# A first contract, written by looking at the table. Read every line: which columns are known on admission',
    '# cannot be seen in the data. What each key means is documented in deploy/dataset/contract.ts.',
    ...notes.map((note) => `# ${note}`),
    `name: ${name}`,
    `table: ${table}`,
    `id: ${id.name}`,
    ...(patient ? [`patient: ${patient.name}`] : []),
    ...(dated ? [`admission: ${admission.name}`, `discharge: ${discharge.name}`] : [`los: ${los?.name}`]),
    ...(split
      ? [
          `split: { column: ${split.name}, training: ${JSON.stringify(trainingLevel)}, holdout: ${JSON.stringify(holdoutLevel)} }`,
        ]
      : []),
    ...(after.length > 0 ? ['', 'afterAdmission:', ...after.map((c) => `  - ${c.name}`)] : []),
    '',
    'columns:',
    ...columns.map((c) => `  ${c.name}: ${c.type}`),
    '',
    'features:',
    ...features,
    '',
    ...(groups.length > 0 ? ['groups:', ...groups.map((group) => `  - [${group}]`)] : []),
    '',
  ].join('\n');
  parseContract(yaml, `${name}.yaml`);
  return { name, yaml, notes };
}

/** Levels in the order of the numbers they begin with ("0-10", "11-20", "70 or Older"); undefined when they have none. */
function ordered(levels: readonly string[]): string[] | undefined {
  if (levels.length < 3) return undefined;
  const start = (level: string) => /^\s*(<\s*)?(\d+)\s*(-|–|to |\+|or |and |$)/i.exec(level);
  const places = levels.map((level) => {
    const match = start(level);
    return match ? Number(match[2]) - (match[1] ? 1 : 0) : Number.NaN;
  });
  // Plain numbers as text are as likely to be names as amounts.
  if (places.some(Number.isNaN) || levels.every((level) => /^\d+$/.test(level))) return undefined;
  return levels
    .map((level, i) => ({ level, place: places[i] ?? 0 }))
    .sort((x, y) => x.place - y.place)
    .map(({ level }) => level);
}
