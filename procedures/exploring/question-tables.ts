import type { Condition, Question } from '../dataset/questions.js';
import type { CodedColumn } from './coding.js';
import {
  coarsen,
  conditionSql,
  type Dimension,
  dimensionOf,
  type Grouping,
  groupingOf,
} from './groupings.js';

/** A question with the tables that answer it. */
export interface QuestionTables {
  readonly question: Question;
  readonly tables: readonly QuestionTable[];
}

export interface QuestionTable {
  readonly grouping: Grouping;
  /** SQL over the table of stays: the number that is looked at, and of which rows. */
  readonly target: string;
  readonly where: string;
  /**
   * Dimensions that must not have a group of fewer than ten patients: the groups, those within and without the condition, with and
   * without a value of the target. Each of these follows from a table and another of the same groups.
   */
  readonly checked: readonly Dimension[];
}

/** The tables of each question; what a question needs and the table lacks is said in `leftOut`. */
export function questionTables(
  questions: readonly Question[],
  columns: readonly CodedColumn[],
  leftOut: string[],
): QuestionTables[] {
  const found = new Map(
    columns
      .filter(({ role }) => role !== 'derived')
      .map((column): [string, CodedColumn] => [column.name, column]),
  );
  const asked: QuestionTables[] = [];
  for (const question of questions) {
    const { by = [], target, where = {} } = question;
    const needed = Object.keys(where).concat(target === undefined ? [] : [target], ...by);
    const lacking = needed.filter((name) => !found.has(name));
    if (lacking.length > 0) {
      leftOut.push(
        `${question.id} is left out: there is no ${Array.from(new Set(lacking)).join(' and no ')}.`,
      );
      continue;
    }
    asked.push({ question, tables: by.map((names) => tableOf(question, names, found)) });
  }
  return asked;
}

function tableOf(
  question: Question,
  names: readonly string[],
  columns: ReadonlyMap<string, CodedColumn>,
): QuestionTable {
  const { target, where = {}, bins = {}, kind } = question;
  const column = (name: string) => columns.get(name) as CodedColumn;
  const dimensions = names.map((name) => {
    const bounds = bins[name];
    return bounds === undefined ? dimensionOf(column(name)) : coarsen(column(name), bounds);
  });
  const conditions = Object.keys(where).map(
    (name) => `(${conditionSql(column(name), where[name] as Condition)})`,
  );
  const flag = (name: string, condition: string): Dimension => ({
    name,
    code: `IFF(${condition}, 1, 2)`,
    labels: ['yes', 'no'],
    ordered: true,
  });
  const condition = conditions.join(' AND ');
  const flags = conditions.length === 0 ? [] : [flag('asked about', condition)];
  const known = target === undefined ? [] : [flag(target, `C${column(target).place} <> 0`)];
  // A share is of those that are asked about and of all others, side by side.
  const shown = kind === 'share' ? flags.concat(dimensions) : dimensions;
  return {
    grouping: groupingOf(shown),
    target: target === undefined ? 'LOS' : column(target).value,
    where: kind === 'share' || conditions.length === 0 ? 'TRUE' : `NOT SMALL AND ${condition}`,
    checked: dimensions.concat(flags, known),
  };
}
