import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../../deploy/errors.js';
import { projectRoot } from '../../deploy/project.js';

/** Standard shapes of a hospital's rows. Each is a folder of sql/datasets/shapes/: SELECTs over its tables, and defaults.yaml. */
export const SHAPES = ['omop', 'tuva', 'fhir', 'adt'] as const;
export type ShapeName = (typeof SHAPES)[number];

/** Results of a shape, where it has it: a SELECT each. `kinds` counts what `los dataset init` shows. */
export const RESULTS = ['admissions', 'moves', 'planned', 'events', 'kinds'] as const;
export type ResultName = (typeof RESULTS)[number];

/** Kind of value that an option takes: numbers of concepts, words in a list, a number, yes or no, a time zone, or one of several words. */
type OptionKind = 'concepts' | 'words' | 'number' | 'yes or no' | 'zone' | readonly string[];
export type OptionValue = string | number | boolean | readonly (string | number)[];

/** A shape as its defaults.yaml has it. */
export interface Shape {
  readonly name: ShapeName;
  readonly title: string;
  /** Placeholder → table of the source; with `optional` (columns and types) it may be missing and is then empty. */
  readonly tables: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly also?: readonly string[];
        readonly optional?: Readonly<Record<string, string>>;
      }
    >
  >;
  /** Placeholder → the first of some columns that a table has, or its one column of type VARIANT; one that is `required` must be there. */
  readonly columns: Readonly<
    Record<
      string,
      {
        readonly of: string;
        readonly first?: readonly string[];
        readonly type?: string;
        readonly variant?: true;
        readonly required?: true;
      }
    >
  >;
  readonly options: Readonly<Record<string, { readonly is: OptionKind; readonly default?: OptionValue }>>;
  /** Notes for a person. */
  readonly notes?: readonly string[];
  /** Words for codes of `kinds`. */
  readonly kinds?: Readonly<Record<string, string>>;
}

const folder = (name: ShapeName) => join('sql/datasets/shapes', name);

/** A shape by its name. */
export function readShape(name: ShapeName): Shape {
  const text = readFileSync(join(projectRoot, folder(name), 'defaults.yaml'), 'utf8');
  return { name, columns: {}, options: {}, ...parse(text) };
}

/** Path of the SELECT below the project root; undefined where the shape has no such rows. */
export function resultFile(name: ShapeName, result: ResultName): string | undefined {
  const file = join(folder(name), `${result}.sql`);
  return existsSync(join(projectRoot, file)) ? file : undefined;
}

/** Parts that several SELECTs of a shape share, as placeholder → path. */
export function partFiles(name: ShapeName): Readonly<Record<string, string>> {
  const parts = ['segments', 'visits', 'encounters', 'stays', 'places'];
  return Object.fromEntries(
    parts
      .map((part) => [`${part}Sql`, join(folder(name), `${part}.sql`)] as const)
      .filter(([, file]) => existsSync(join(projectRoot, file))),
  );
}

/**
 * The options of a shape, with those that a person sets.
 * @param given `KEY=VALUE`, lists divided by commas
 * @throws UserError for an option that the shape does not have, or a value that it does not take
 */
export function optionsOf(shape: Shape, given: readonly string[]): Record<string, OptionValue | undefined> {
  const values: Record<string, OptionValue | undefined> = Object.fromEntries(
    Object.entries(shape.options).map(([key, option]) => [key, option.default]),
  );
  for (const text of given) {
    const [key = '', value] = text.split(/=(.*)/s);
    const option = shape.options[key];
    if (!option || value === undefined)
      throw new UserError(`${shape.title} has no option ${text}.`, {
        next: `Its options are ${Object.entries(shape.options)
          .map(([name, { is, default: usual }]) => `${name}=${describeValue(is, usual)}`)
          .join(' ')}.`,
      });
    values[key] = readValue(key, option.is, value.trim());
  }
  return values;
}

function describeValue(is: OptionKind, usual: OptionValue | undefined): string {
  if (usual === undefined) return is === 'zone' ? 'Europe/Berlin' : '…';
  if (typeof usual === 'boolean') return usual ? 'yes' : 'no';
  return Array.isArray(usual) ? usual.join(',') : String(usual);
}

function readValue(key: string, is: OptionKind, text: string): OptionValue {
  const refuse = (wanted: string): never => {
    throw new UserError(`${key}=${text}: the option takes ${wanted}.`, { next: `Write ${key}=…` });
  };
  if (typeof is === 'object') return is.includes(text) ? text : refuse(is.join(' or '));
  if (is === 'yes or no') return text === 'yes' || (text !== 'no' && refuse('yes or no'));
  if (is === 'number') return /^\d{1,4}$/.test(text) ? Number(text) : refuse('a number');
  if (is === 'zone')
    return /^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*$/.test(text) ? text : refuse('a time zone as Europe/Berlin');
  if (text === '') return refuse('at least one word');
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (is === 'words') return words;
  return words.every((word) => /^\d{1,12}$/.test(word))
    ? words.map(Number)
    : refuse('concept ids, divided by commas');
}
