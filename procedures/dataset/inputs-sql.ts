import { MARKS } from '../../udfs/encoding/marks.js';
import { requireValue } from '../../udfs/require-value.js';
import { flatMap, fromEntries } from '../ground/lists.js';
import { literal } from '../ground/names.js';
import type { Reads } from '../ground/plan.js';
import { type Contract, columnsUnknownOnArrival, type Feature } from './contract.js';
import { castExpression, defaultLiteral, featureType, withDefault } from './feature-sql.js';
import { historyFeatures } from './history.js';
import { rawValue, sourceOf } from './raw.js';

/** A SQL function whose body is an expression. */
export interface SqlFunction {
  readonly args: readonly (readonly [name: string, type: string])[];
  readonly body: string;
}

export interface InputsFunctions {
  /** `(FEATURES OBJECT)`: reads the columns out of an OBJECT, whatever the case of its keys. */
  readonly ofObject: SqlFunction;
  /** `(columns …)`, NULL where nothing is given: says which are missing and fills in the contract's defaults. */
  readonly ofColumns: SqlFunction;
  /** `(columns …)` with defaults: computes the contract's expressions. */
  readonly ofValues: SqlFunction;
}

/** Qualified names of the second and the third. */
export interface InputsNames {
  readonly ofColumns: string;
  readonly ofValues: string;
}

/** The raw columns that an expression mentions, in the contract's order. */
export function columnsIn({ columns }: Pick<Contract, 'columns'>, sql: string): string[] {
  const words = new Set((sql.match(/[A-Za-z_][\w$]*/g) ?? []).map((word) => word.toUpperCase()));
  return Object.keys(columns).filter((name) => words.has(name));
}

/** Reads, of every feature that is computed, the columns that its expression mentions. */
export function readsOf(contract: Pick<Contract, 'columns' | 'features'>): Reads {
  return fromEntries(
    featuresToCompute(contract).map(({ name, sql }): [string, string[]] => [name, columnsIn(contract, sql)]),
  );
}

/** A feature that an expression of the contract computes. */
interface ComputedFeature {
  readonly name: string;
  readonly feature: Feature;
  readonly sql: string;
}

/** The features that are computed, in the contract's order. */
export function featuresToCompute({ features }: Pick<Contract, 'features'>): ComputedFeature[] {
  return flatMap(Object.entries(features), ([name, feature]) =>
    feature.sql === undefined ? [] : [{ name, feature, sql: feature.sql }],
  );
}

/** An argument of all three, with what each hands to the next. */
interface Argument {
  readonly name: string;
  readonly type: string;
  /** SQL of `FEATURES`. */
  readonly read: string;
  /** SQL of the arguments; left out: as it is. */
  readonly filled?: string;
}

/**
 * SQL functions that make of an OBJECT the features which the feature table would have of such a row: keys in any case, values of the
 * columns' types, null markers, defaults, expressions. SQL has no variables but a function's arguments: these are called like the columns,
 * so that an expression of the contract stands in a body as it is written (feature-sql.ts puts it into the feature table).
 */
export function inputsFunctions(contract: Contract, { ofColumns, ofValues }: InputsNames): InputsFunctions {
  const { features, columns } = contract;
  const plain = Object.entries(features).filter(([, { sql, history }]) => sql === undefined && !history);
  const derived = featuresToCompute(contract);
  const isPlain = (name: string) => plain.some(([own]) => own === name);
  const hidden = columnsUnknownOnArrival(contract);
  const read = new Set(flatMap(derived, ({ sql }) => columnsIn(contract, sql)));
  const others = Object.entries(columns).filter(
    ([name]) => read.has(name) && !isPlain(name) && hidden.indexOf(name) < 0,
  );
  const isRead = (name: string) => isPlain(name) || others.some(([other]) => other === name);
  const args: Argument[] = [
    ...plain.map(([name, feature]) => ({
      name,
      type: featureType(feature),
      read: castExpression(feature, columnValue(contract, name)),
      ...(feature.default === undefined ? {} : { filled: `COALESCE(${name}, ${defaultLiteral(feature)})` }),
    })),
    ...others.map(([name, type]) => ({
      name,
      type: argumentType(type),
      read: columnValue(contract, name),
    })),
    ...derived.map(({ name, sql }, i) => ({
      name: ownName(i),
      type: 'VARIANT',
      // A column of the same name is what the expression reads.
      read: name in columns ? 'NULL' : objectValue(contract, name),
      filled: ownValue(ownName(i), columnsIn(contract, sql).filter(isRead)),
    })),
    ...historyFeatures(contract).map(([name]) => ({
      name,
      type: 'FLOAT',
      read: variantAs('FLOAT', objectValue(contract, name)),
    })),
    {
      name: MARKS.defaulted,
      type: 'VARCHAR',
      // Between commas, so that each name is looked for between two.
      read: `(',' || GET(FEATURES, ${literal(MARKS.defaulted)})::VARCHAR || ',')`,
      filled: defaultsOf(contract),
    },
    {
      name: MARKS.keys,
      type: 'ARRAY',
      read: `COALESCE(GET(FEATURES, ${literal(MARKS.keys)})::ARRAY, OBJECT_KEYS(FEATURES))`,
    },
  ];
  const signature = args.map(({ name, type }): [string, string] => [name, type]);
  const list = (values: readonly string[]) => `(\n  ${values.join(',\n  ')}\n)`;
  const cast = (value: string, type: string) => (type === 'VARIANT' ? value : `${value}::${type}`);
  const values = Object.entries(features).map(([name, feature]) => {
    const place = derived.findIndex((own) => own.name === name);
    return `${literal(name)}, ${place < 0 ? name : sqlFeatureValue(feature, ownName(place))}`;
  });
  return {
    ofObject: {
      args: [['FEATURES', 'OBJECT']],
      body: `IFF(FEATURES IS NULL, NULL, ${ofColumns}${list(args.map(({ read: value, type }) => cast(value, type)))})`,
    },
    ofColumns: {
      args: signature,
      body: `${ofValues}${list(args.map(({ name, type, filled = name }) => cast(filled, type)))}`,
    },
    ofValues: {
      args: signature,
      body: `OBJECT_CONSTRUCT${list([
        ...values,
        `${literal(MARKS.defaulted)}, NULLIF(${MARKS.defaulted}, '')`,
        `${literal(MARKS.keys)}, ${MARKS.keys}`,
      ])}`,
    },
  };
}

/** An argument for what the OBJECT itself says of a derived feature; no column of a contract may be called so. */
function ownName(i: number): string {
  return `LOS_V${i + 1}`;
}

/** A NUMBER argument has no decimals. */
function argumentType(type: string): string {
  return /^NUMBER\(\d+,\s*0*[1-9]/.test(type) ? 'FLOAT' : type.replace(/\(.*/, '');
}

/**
 * Value that an OBJECT gives of a derived feature under its own name, as rows of the feature table do. The columns that it is computed from
 * go before it where all of them are given, for the user may have changed one to see what follows.
 */
function ownValue(own: string, read: readonly string[]): string {
  if (read.length === 0) return own;
  return `IFF(${read.map((column) => `${column} IS NOT NULL`).join(' AND ')}, NULL, ${own})`;
}

/** With the default of the contract, as the feature table has it. */
function sqlFeatureValue(feature: Feature, own: string): string {
  const typed = feature.type === 'numeric' ? variantAs('FLOAT', own) : `${own}::VARCHAR`;
  return withDefault(`COALESCE(${typed}, ${castExpression(feature)})`, feature);
}

/** SQL of the features that nothing is given of, with commas between. What an earlier call or the feature table said of a default still holds. */
function defaultsOf({ features }: Contract): string {
  const marks = flatMap(Object.entries(features), ([name, feature]): string[] => {
    const marked = literal(`,${name}`);
    if (feature.history) return [`IFF(${name} IS NULL, ${marked}, '')`];
    if (feature.sql !== undefined || feature.default === undefined) return [];
    const before = `CONTAINS(${MARKS.defaulted}, ${literal(`,${name},`)})`;
    return [`IFF(${name} IS NULL OR (${name} = ${defaultLiteral(feature)} AND ${before}), ${marked}, '')`];
  });
  return marks.length === 0 ? 'NULL' : `LTRIM(${marks.join(' || ')}, ',')`;
}

/** SQL of what the OBJECT says of a name, a VARIANT; by the table's own name for it, too. */
function objectValue(contract: Contract, name: string): string {
  const source = sourceOf(contract, name);
  const names = source.toUpperCase() === name ? [name] : [name, source];
  const values = names.map((each) => `GET_IGNORE_CASE(FEATURES, ${literal(each)})`).join(', ');
  return names.length === 1 ? values : `COALESCE(${values})`;
}

/** SQL of a column's value as the contract has it, of what the OBJECT says. */
function columnValue(contract: Contract, name: string): string {
  const { zoned, ...byTheClock } = contract;
  const value = objectValue(contract, name);
  return rawValue(
    byTheClock,
    name,
    zoned && name in zoned.columns
      ? momentAs(zoned.zone, value)
      : variantAs(requireValue(contract.columns[name], `column ${name}`), value),
  );
}

/** SQL of a moment as the hospital's clock shows it; one without an offset is by that clock. */
function momentAs(zone: string, value: string): string {
  const text = `${value}::VARCHAR`;
  const moment = `CONVERT_TIMEZONE(${literal(zone)}, TRY_TO_TIMESTAMP_TZ(${text}))::TIMESTAMP_NTZ`;
  return `IFF(REGEXP_LIKE(${text}, '.*:.*(Z|[+-][0-9][0-9]:?[0-9][0-9])'), ${moment}, ${variantAs('TIMESTAMP_NTZ', value)})`;
}

/**
 * SQL of a VARIANT as a value of a column's type; NULL where it cannot be read as one. Days and times are read as ISO 8601 writes
 * them, whatever the session's formats.
 */
export function variantAs(type: string, value: string): string {
  const text = `${value}::VARCHAR`;
  const [, kind = type, scale = '0'] = /^(\w+)(?:\(\d+,\s*(\d+)\))?/.exec(type) ?? [];
  switch (kind) {
    case 'NUMBER':
      return `TRY_TO_NUMBER(${text}, 38, ${scale})`;
    case 'FLOAT':
      return `TRY_TO_DOUBLE(${text})`;
    case 'BOOLEAN':
      return `TRY_TO_BOOLEAN(${text})`;
    case 'DATE':
      return `TRY_TO_DATE(LEFT(${text}, 10), 'YYYY-MM-DD')`;
    case 'TIMESTAMP_NTZ':
      return `COALESCE(TRY_TO_TIMESTAMP_NTZ(REPLACE(LEFT(${text}, 19), 'T', ' '), 'YYYY-MM-DD HH24:MI:SS'), TRY_TO_DATE(${text}, 'YYYY-MM-DD')::TIMESTAMP_NTZ)`;
    default:
      return text;
  }
}
