/** A table of figures; every line is of ten patients and more. */
export interface AnswerTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface Answer {
  readonly id: string;
  readonly question: string;
  /** Sentences with the numbers that carry them. */
  readonly answer: string;
  readonly tables: readonly AnswerTable[];
  /** Worth of telling it, 0 to 1. */
  readonly weight: number;
}

/** Stays in figures; days. Null while fewer than ten patients had a stay that has ended. */
export interface Overview {
  readonly admissions: number;
  readonly stays: number;
  readonly stillInHospital: number;
  /** Discharged before they were admitted: in no figure. */
  readonly negative: number;
  readonly patients: number | null;
  readonly meanLos: number | null;
  readonly medianLos: number | null;
  readonly p90Los: number | null;
}

/** Answer of EXPLORE_ADMISSIONS. */
export interface Exploration {
  readonly dataset: string;
  readonly longStayDays: number;
  readonly overview: Overview;
  /** Findings that stand out, most of all first. */
  readonly highlights: readonly string[];
  readonly questions: readonly Answer[];
  /** Questions that were not asked, and why; whole sentences. */
  readonly leftOut: readonly string[];
}
