import type { Contract } from '../../procedures/dataset/contract.js';
import { columnsBesideInputs } from '../../procedures/dataset/feature-sql.js';
import { rawName } from '../../procedures/dataset/raw.js';
import type { Declaration } from '../headers/header.js';
import type { Scope } from './scope.js';

/** What a column says of a patient: who it is, or what the contract calls sensitive, and inputs in one piece. */
export type Mark = 'identifier' | 'sensitive';

/** Columns as they stand in SQL, each with its mark. */
export type Marks = Readonly<Record<string, Mark>>;

/** Placeholders of `masks:` for what has the contract's columns: of the hospital's table by its own names, of all else by the contract's. */
export function contractMarks(contract: Contract): Readonly<Record<string, string>> {
  const { id, patient, columns, features, sensitive = [] } = contract;
  const isIdentifier = (name: string) => name === id || name === patient;
  const reads = (sql: string, name: string) =>
    new RegExp(`(?<![\\w$])${name.replaceAll('$', '[$]')}(?![\\w$])`).test(sql);
  const isSensitive = (name: string) => {
    const sql = features[name]?.sql;
    return sql === undefined ? sensitive.includes(name) : sensitive.some((each) => reads(sql, each));
  };
  const list = (names: readonly string[], written = (name: string) => name) =>
    names
      .flatMap((name) =>
        isIdentifier(name)
          ? [`${written(name)} identifier`]
          : isSensitive(name)
            ? [`${written(name)} sensitive`]
            : [],
      )
      .join(', ');
  const inputs = Object.keys(features);
  return {
    raw_marks: list(Object.keys(columns), (name) => rawName(contract, name)),
    column_marks: list(Object.keys(columns)),
    feature_marks: list([...new Set([...columnsBesideInputs(contract), ...inputs])]),
    input_marks: list([...new Set([id, ...inputs])]),
  };
}

/** The marked columns of a table or view; none of an object of another kind. */
export function marksOf({ header }: Pick<Declaration, 'header'>, scope: Scope): Marks {
  const entries = scope.render(header.masks ?? '').text.matchAll(ENTRY);
  return Object.fromEntries([...entries].map(([, column = '', mark]) => [column, mark as Mark]));
}

const ENTRY = /("(?:[^"]|"")*"|[\w$]+) (identifier|sensitive)(?:, |$)/g;
