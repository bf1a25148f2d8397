/** Counts of a run, for LOS_RUN_LOG.DETAILS; what is 0 is left out there. */
export interface Tally {
  rows: number;
  inserted: number;
  updated: number;
  withdrawn: number;
  actuals: number;
  queued: number;
  /** Raw rows that nothing identifies: they can be neither corrected nor found again, and are left out. */
  withoutId: number;
  /** Raw rows whose id is none by its type: they are set aside. */
  unfitId: number;
  /** Admissions of which the raw table has several rows. */
  severalRows: number;
  negativeStays: number;
  /** Feature → admissions for which its expression failed. */
  notComputed: Record<string, number>;
}

export function emptyTally(): Tally {
  return {
    rows: 0,
    inserted: 0,
    updated: 0,
    withdrawn: 0,
    actuals: 0,
    queued: 0,
    withoutId: 0,
    unfitId: 0,
    severalRows: 0,
    negativeStays: 0,
    notComputed: {},
  };
}

/** Details of a tally that are out of the ordinary. */
export function detailsOf(total: Tally): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  if (total.withoutId > 0) details.withoutId = total.withoutId;
  if (total.unfitId > 0) details.unfitId = total.unfitId;
  if (total.severalRows > 0) details.severalRows = total.severalRows;
  if (total.negativeStays > 0) details.negativeStays = total.negativeStays;
  if (total.withdrawn > 0) details.withdrawn = total.withdrawn;
  if (Object.keys(total.notComputed).length > 0) details.notComputed = total.notComputed;
  return details;
}

/** Adds the counts of a transaction that was committed. */
export function addTally(total: Tally, { notComputed, ...counts }: Tally): void {
  for (const [name, count] of Object.entries(counts)) total[name as keyof typeof counts] += count;
  for (const [name, rows] of Object.entries(notComputed))
    total.notComputed[name] = (total.notComputed[name] || 0) + rows;
}
