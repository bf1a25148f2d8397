import type { Contract } from '../dataset/contract.js';
import { columnsBesideInputs } from '../dataset/feature-sql.js';
import { rawName } from '../dataset/raw.js';
import { literal, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { execute, type Work } from '../ground/work.js';

/** Mark of a column that tells of a patient: who it is, or what the contract calls sensitive, and inputs in one piece. */
export type Mark = 'identifier' | 'sensitive';

/** Columns as they stand in SQL, each with its mark. */
export type Marks = Readonly<Record<string, Mark>>;

/** Placeholders of `masks:` for what has the contract's columns: of the hospital's table by its own names, of all else by the contract's. */
export function contractMarks(contract: Contract): Readonly<Record<string, string>> {
  const { id, patient, columns, sensitive = [] } = contract;
  const features: Readonly<Record<string, { readonly sql?: string } | undefined>> = contract.features;
  const isIdentifier = (name: string) => name === id || name === patient;
  const reads = (sql: string, name: string) =>
    new RegExp(`(^|[^\\w$])${name.split('$').join('[$]')}($|[^\\w$])`).test(sql);
  const isRaw = (name: string) => sensitive.includes(name);
  const isFeature = (name: string) => {
    const sql = features[name]?.sql;
    return sql === undefined ? isRaw(name) : sensitive.some((each) => reads(sql, each));
  };
  const list = (
    names: Iterable<string>,
    tells: (name: string) => boolean,
    written = (name: string) => name,
  ) =>
    Array.from(names)
      .filter((name) => isIdentifier(name) || tells(name))
      .map((name) => `${written(name)} ${isIdentifier(name) ? 'identifier' : 'sensitive'}`)
      .join(', ');
  const raw = Object.keys(columns);
  const inputs = Object.keys(features);
  return {
    raw_marks: list(raw, isRaw, (name) => rawName(contract, name)),
    column_marks: list(raw, isRaw),
    feature_marks: list(new Set(columnsBesideInputs(contract).concat(inputs)), isFeature),
    input_marks: list(new Set([id].concat(inputs)), isFeature),
  };
}

/** The tag on every column of patients where `snowflake.masking` is set; apply makes it, with its masking policies. */
export const PATIENT_DATA = 'LOS_PATIENT_DATA';

/** Text after ALTER … MODIFY that gives columns the tag. */
export function tagColumns(tag: string, marks: Marks): string[] {
  return Object.entries(marks).map(([column, mark]) => `COLUMN ${column} SET TAG ${tag} = ${literal(mark)}`);
}

/**
 * Marks columns of a table that a training has just made, where the settings have columns of patients masked: roles above the owner's do
 * not see them then.
 * @param marks columns with `identifier` or `sensitive`
 */
export function* markColumns({ settings }: Pick<Plan, 'settings'>, table: string, marks: Marks): Work<void> {
  if (!settings.snowflake.masking) return;
  const changes = tagColumns(qualify(settings, PATIENT_DATA), marks);
  yield* execute(`ALTER TABLE ${table} MODIFY ${changes.join(', ')}`);
}
