import { MARKS } from '../../udfs/encoding/marks.js';
import { literal } from '../ground/names.js';
import type { Contract, Feature } from './contract.js';
import { historyFeatures } from './history.js';
import { rawName, rawType } from './raw.js';

/** Column definitions of the raw admissions table, whose columns are called like their sources (raw.ts). */
export function rawColumns(contract: Contract): string[] {
  return Object.keys(contract.columns).map((name) => `${rawName(contract, name)} ${rawType(contract, name)}`);
}

/** Column definitions of the feature table: identifiers, inputs, and LOS once it is known. */
export function featureColumns(contract: Contract): string[] {
  const column = (name: string, type: string | undefined, comment: string) =>
    `${name} ${type} COMMENT ${literal(comment)}`;
  return [
    ...identifying(contract).map((name) => column(name, contract.columns[name], meaningOf(contract, name))),
    ...Object.entries(contract.features).map(([name, feature]) =>
      column(name, featureType(feature), `Feature of the model, ${feature.type}`),
    ),
    ...FEATURE_TABLE_COLUMNS,
    // At the end, where a table that is there already can take a further column.
    ...places(contract).map((name) => column(name, contract.columns[name], 'For beds and reports')),
  ];
}

function meaningOf({ id, patient, admission }: Contract, name: string): string {
  if (name === id) return 'Admission';
  if (name === patient) return 'Patient';
  return name === admission ? 'Date of admission' : 'Order of admission';
}

/** Columns of the feature table about a row beside its inputs. */
const FEATURE_TABLE_COLUMNS = [
  `LOS FLOAT COMMENT 'The stay in days; NULL while the patient is in hospital'`,
  `BUILT_AT TIMESTAMP_LTZ COMMENT 'When anything of the row changed last'`,
  `FIRST_BUILT_AT TIMESTAMP_LTZ COMMENT 'When the row came in'`,
  `INPUTS_BUILT_AT TIMESTAMP_LTZ COMMENT 'When the features changed last'`,
  `WITHDRAWN_AT TIMESTAMP_LTZ COMMENT 'When the row disappeared from the table of the hospital'`,
  `NOT_COMPUTED ARRAY COMMENT 'Features whose expression failed on this row'`,
  `DEFAULTED VARCHAR COMMENT 'Features whose value is missing, and in whose place the default of the contract stands, with commas between'`,
  `SEEN_OPEN BOOLEAN COMMENT 'Whether the row came in before the stay was over; NULL: not known, it is older than this column'`,
  `FIRST_INPUTS OBJECT COMMENT 'What the features were before they changed for the first time since half a day after the row came in, where that was before the discharge'`,
  `INPUTS_BY VARCHAR COMMENT 'Stands for how the features were computed'`,
  `LOS_BUILT_AT TIMESTAMP_LTZ COMMENT 'When the stay became known; NULL: the patient is in hospital, or it is older than this column'`,
  `ROW_HASH NUMBER(19,0) COMMENT 'Of the row and of the row of the hospital that it follows from: by it a reconciliation finds what differs'`,
];

/** Names that no feature of a contract may have. */
export const FEATURE_TABLE_NAMES = FEATURE_TABLE_COLUMNS.map((column) =>
  column.slice(0, column.indexOf(' ')),
);

/** Columns that the feature table carries beside the inputs: for joining, splitting and reporting. */
export function columnsBesideInputs(contract: Contract): string[] {
  return [...new Set([...identifying(contract), ...places(contract)])];
}

function identifying({ id, patient, admission, split }: Contract): string[] {
  const names = [id, patient, admission, split?.column];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Ward, department and type of admission, unless they are features, which are there anyway. */
function places(contract: Contract): string[] {
  const named = new Set([...identifying(contract), ...Object.keys(contract.features)]);
  const names = [contract.ward, contract.department, contract.admissionType];
  return [...new Set(names.filter((name) => name !== undefined && !named.has(name)))] as string[];
}

/** Levels are text, so that the encoder and a caller's OBJECT compare the same thing. */
export function featureType(feature: Feature): string {
  return feature.type === 'numeric' ? 'FLOAT' : 'VARCHAR';
}

/**
 * SELECT of one feature row per row of `source`: identifiers, inputs and LOS (NULL while in hospital).
 * Defaults are filled in by an inner SELECT, so that an expression sees them.
 * @param source what stands after FROM, with its WHERE; with history features as columns (history.ts), where there are some
 * @param passed further columns of the source to carry along
 * @param more further values by name, as expressions of columns of the source
 */
export function featureSelect(
  contract: Contract,
  source: string,
  passed: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): string {
  const outer = [
    ...columnsBesideInputs(contract),
    ...Object.entries(contract.features).map(([name, feature]) => {
      if (feature.sql !== undefined) return sqlFeature(name, feature);
      return feature.history ? `${name}::FLOAT AS ${name}` : name;
    }),
    'LOS',
    `LOS_DEFAULTED AS DEFAULTED`,
    ...passed,
    ...Object.keys(more),
  ];
  const history = historyFeatures(contract).map(([name]) => name);
  const defaulted = `${defaultMarks(contract)} AS LOS_DEFAULTED`;
  return `SELECT ${outer.join(',\n    ')}\n  FROM (${inputSelect(contract, source, [...history, ...passed], [defaulted, ...Object.entries(more).map(([name, value]) => `${value} AS ${name}`)])})`;
}

/** SQL of the names of the features in whose place a default stands, with commas between: `AGE,WARD`. */
function defaultMarks({ features }: Contract): string {
  const marks = Object.entries(features)
    .filter(([, feature]) => feature.default !== undefined && feature.sql === undefined)
    .map(([name]) => `IFF(${name} IS NULL, ${literal(`,${name}`)}, '')`);
  return marks.length === 0 ? `''` : `LTRIM(${marks.join(' || ')}, ',')`;
}

/**
 * SELECT of what an expression of the contract sees: the raw columns with their defaults filled in, and LOS.
 * @param more further values with their names
 */
export function inputSelect(
  contract: Contract,
  source: string,
  passed: readonly string[] = [],
  more: readonly string[] = [],
): string {
  const inner = new Map<string, string>();
  for (const name of Object.keys(contract.columns)) inner.set(name, name);
  for (const [name, feature] of Object.entries(contract.features))
    if (feature.sql === undefined && !feature.history)
      inner.set(name, `${withDefault(name, feature)} AS ${name}`);
  for (const name of [contract.discharge, contract.los, ...contract.afterAdmission])
    if (name !== undefined) inner.delete(name);
  inner.set('LOS', `${losExpression(contract)} AS LOS`);
  for (const name of passed) inner.set(name, name);
  return `SELECT ${[...inner.values(), ...more].join(',\n      ')}\n    FROM ${source}`;
}

/** `(expression)::FLOAT AS NAME`: one feature that the contract derives by SQL. */
export function sqlFeature(name: string, feature: Feature, expression = `(${feature.sql})`): string {
  return `${withDefault(expression, feature)} AS ${name}`;
}

/** The first that is no number to a model, which keeps 32 bits of one (udfs/encoding/encoding.ts), to two digits. */
const TOO_LARGE = '3.4e38';

/**
 * SQL of a number to calculate with: what a model takes for missing (no number, infinite, too large) is missing.
 * @param type of its raw column, where there is one: a NUMBER is never any of these
 */
export function finite(value: string, type = 'FLOAT'): string {
  return /^FLOAT/.test(type) ? `IFF(ABS(${value}) < ${TOO_LARGE}, ${value}, NULL)` : value;
}

/** The same of a numeric feature, by its name in the feature table. */
export function finiteFeature({ features, columns }: Contract, name: string): string {
  return finite(name, features[name]?.sql === undefined ? columns[name] : undefined);
}

/** The same without its default: NULL where the expression gives none. */
export function castExpression(feature: Feature, expression = `(${feature.sql})`): string {
  return feature.type === 'numeric' ? `${expression}::FLOAT` : `TO_VARCHAR(${expression})`;
}

/** Length of stay in days as the contract defines it; NULL while it is not known. */
export function losExpression(contract: Contract): string {
  return contract.los === undefined
    ? `DATEDIFF(day, ${contract.admission}, ${contract.discharge})::FLOAT`
    : `${finite(contract.los, contract.columns[contract.los])}::FLOAT`;
}

/** An expression by a feature's type, with the default of the contract in the place of NULL. */
export function withDefault(expression: string, feature: Feature): string {
  const typed = castExpression(feature, expression);
  return feature.default === undefined ? typed : `COALESCE(${typed}, ${defaultLiteral(feature)})`;
}

/** SQL of a feature's default. */
export function defaultLiteral({ type, default: value }: Feature): string {
  return type === 'numeric' ? String(value) : literal(String(value));
}

/** `OBJECT_CONSTRUCT('AGE', AGE, …)` over the inputs, and which of them are defaults. A NULL leaves its key out. */
export function featureObject(contract: Contract): string {
  return objectWithMarks(Object.keys(contract.features));
}

/** The same over some of the inputs. */
export function objectWithMarks(names: readonly string[]): string {
  return objectOf([...names, MARKS.defaulted], (name) =>
    name === MARKS.defaulted ? `NULLIF(DEFAULTED, '')` : name,
  );
}

/**
 * The same over some of them.
 * @param value the expression of one's value; left out: its column
 */
export function objectOf(
  names: readonly string[],
  value: (name: string, i: number) => string = (name) => name,
): string {
  return `OBJECT_CONSTRUCT(${names.map((name, i) => `${literal(name)}, ${value(name, i)}`).join(', ')})`;
}
