/** Which third is tried: all of it where LOS_THIRD is not set. */
const THIRD = process.env.LOS_THIRD === undefined ? undefined : Number(process.env.LOS_THIRD);

/**
 * Of what is many of a kind, and minutes each, CI tries a third with each commit (`.ci/run` sets LOS_THIRD to 0, 1 or 2 by the commit’s
 * name), so that each has its turn.
 * @param i the place of one among all of its kind
 * @returns whether its turn is now
 */
export function hasTurn(i: number): boolean {
  return THIRD === undefined || i % 3 === THIRD;
}
