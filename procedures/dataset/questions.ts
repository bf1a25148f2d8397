/**
 * Questions of a contract about its admissions (`explore:`): the questions that EXPLORE_ADMISSIONS answers, and what they need to
 * know of columns. A contract without questions is asked what follows from its features and groups.
 */
export interface Explore {
  /** Levels in their order, lowest first, of categories that the model takes as mere names. */
  readonly levels?: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds of the groups of a number, each belonging to its group; what is above the last one is a group too. */
  readonly bins?: Readonly<Record<string, readonly number[]>>;
  readonly questions?: readonly Question[];
}

export interface Question {
  /** E.g. `seed-05`. */
  readonly id: string;
  /** In words, as a person would ask. */
  readonly question: string;
  /**
   * - `distribution`: of every feature
   * - `difference`: how the stay, or `target`, differs between groups
   * - `share`: how many of the stays, or of those of `where`, are in each group
   */
  readonly kind: 'distribution' | 'difference' | 'share';
  /** A numeric column that is looked at instead of the stay. */
  readonly target?: string;
  /** Columns that group, each list a table of its own. */
  readonly by?: readonly (readonly string[])[];
  /** Upper bounds for this question alone: numbers, or levels of a column whose levels have an order. */
  readonly bins?: Readonly<Record<string, readonly (number | string)[]>>;
  /** Which stays are looked at; all of it must hold. */
  readonly where?: Readonly<Record<string, Condition>>;
  /** Columns whose values are counted. */
  readonly count?: readonly string[];
}

/** One of: up to and with a number or level, above it, or among levels. */
export interface Condition {
  readonly upTo?: number | string;
  readonly above?: number | string;
  readonly in?: readonly string[];
}

/** Ids of what is asked of every contract. */
export const ALWAYS_ASKED = [
  'missing',
  'outliers',
  'leaks',
  'associations',
  'seasons',
  'weekdays',
  'patients',
  'edge',
  'periods',
] as const;

export type DefaultQuestion = (typeof ALWAYS_ASKED)[number];

/** Units whose days are compared with what the case mix of their patients lets expect. */
export interface Comparison {
  /** Columns that name units, each a family: wards, departments, sites, groups of diagnoses. */
  readonly by: readonly string[];
  /** Features that the expectation may know: nothing that is a unit, or tells one. */
  readonly reference: readonly string[];
}
