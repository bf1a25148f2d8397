import type { Contract } from '../dataset/contract.js';
import type { Place } from '../ground/names.js';

/** Plan that EXPLORE_ADMISSIONS is compiled with (make-plan.ts). Only types: nothing of this file is in the body. */
export interface ExplorePlan {
  readonly contract: Contract;
  readonly settings: Place;
  /** The hospital's time zone. */
  readonly zone: string;
  /** From how many days on a stay counts as long. */
  readonly longStayDays: number;
  /** Texts of sql/exploring/, by name. */
  readonly sql: Readonly<Record<string, string>>;
}
