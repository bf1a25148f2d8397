/** Cost of the last 30 days, as far as Snowflake lets the role see it. */
export interface MonthCost {
  /** Credits of the warehouse and of tasks without one; null: the role may not see them. The local account counts what it would have billed. */
  readonly credits: number | null;
  readonly creditsUsd: number | null;
  /** Credits that tasks were to be expected to use, by the runs that were. */
  readonly expected: number;
  /** Seconds of SageMaker's instances that trainings are billed for, and their list price; null where it is not known. */
  readonly trainingSeconds: number;
  readonly trainingUsd: number | null;
}

export interface Estimate {
  readonly monthly: readonly Cost[];
  /** Sums of the known lines. */
  readonly leastUsd: number;
  readonly typicalUsd: number;
  readonly usd: number;
  /** In words: other settings that cost a tenth less at least, what is not in it, and what the schedule means for an admission. */
  readonly cheaper: readonly string[];
  readonly statusCost: string;
  readonly delay: string;
  readonly source: string;
}

/** One line of the estimate: dollars at least, to be expected, and at most; null: there is no price for it in prices.ts. */
export interface Cost {
  readonly what: string;
  readonly leastUsd: number | null;
  readonly typicalUsd: number | null;
  readonly usd: number | null;
  /** Assumptions, in words. */
  readonly assumes: string;
}

/** Cost that the use of the local AWS would have had, in dollars. */
export interface Costs {
  readonly lines: readonly {
    readonly what: string;
    readonly quantity: number;
    readonly unit: string;
    /** null where the price table has no price. */
    readonly cost: number | null;
  }[];
  readonly total: number;
  /** Hourly cost of what runs now; null where a price is missing. */
  readonly perHour: number | null;
  readonly prices: { readonly region: string; readonly date: string };
}
