/** As SQL makes them of the share that a curve says is gone (procedures/judging/intervals.ts). */
export function logOdds(share: number): number {
  const kept = Math.min(0.9999, Math.max(0.0001, share));
  return Math.log(kept / (1 - kept));
}
