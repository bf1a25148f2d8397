import type { Contract } from '../dataset/contract.js';
import type { DefaultQuestion } from '../dataset/questions.js';
import type { CodedColumn } from './coding.js';
import type { Grouping } from './groupings.js';
import type { Line } from './lines.js';
import type { NumberFacts } from './numbers.js';

/** All that was measured, for the answers. */
export interface Facts {
  readonly contract: Contract;
  readonly longStayDays: number;
  readonly counts: Counts;
  readonly columns: readonly CodedColumn[];
  readonly stay: NumberFacts;
  /** By place of the column. */
  readonly numbers: ReadonlyMap<number, NumberFacts>;
  /** Stays by each column alone, by place; none of what is given up. */
  readonly single: ReadonlyMap<number, MeasuredTable>;
  readonly associations: readonly Cell[];
  readonly mix: ReadonlyMap<number, readonly LevelPeriod[]>;
  readonly far: ReadonlyMap<number, OutlierFacts>;
  readonly weeks: readonly Week[];
  /** Border between the two periods, in words; null: there are none. */
  readonly boundary: string | null;
  /** Why a question that is asked of all has no answer, where that is known. */
  readonly unanswered: Readonly<Partial<Record<DefaultQuestion, string>>>;
}

/** Counts of sql/exploring/overview.sql; days since 1970. */
export interface Counts {
  readonly admissions: number;
  readonly stays: number;
  readonly unfinished: number;
  readonly negative: number;
  readonly undated: number;
  readonly patients: number;
  /** Patients with more than one stay. */
  readonly comers: number;
  readonly firstDay: number | null;
  readonly lastDay: number | null;
  readonly middleDay: number | null;
  readonly lastWent: number | null;
}

export interface MeasuredTable {
  readonly grouping: Grouping;
  readonly lines: readonly Line[];
}

/** Stays with one code of a column in one part of the patients. */
export interface Cell {
  readonly place: number;
  readonly code: number;
  readonly fold: string;
  readonly n: number;
  readonly days: number;
  readonly squares: number;
}

/** Stays of a level in one period (1: earlier, 2: later). */
export interface LevelPeriod {
  readonly period: number;
  readonly code: number;
  readonly n: number;
}

/** Values beyond the fences, and of how many patients. */
export interface OutlierFacts {
  readonly lowest: number;
  readonly highest: number;
  readonly below: number;
  readonly above: number;
  readonly patientsBelow: number;
  readonly patientsAbove: number;
}

export interface Week {
  readonly weeksAgo: number;
  readonly admissions: number;
  readonly unfinished: number;
}
