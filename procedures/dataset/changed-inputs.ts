import { percent } from '../ground/percent.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { query, queryFirst, type Work } from '../ground/work.js';
import type { Contract } from './contract.js';

/** Which features were something else when the patient left, or later, than on admission: sql/views/features-at-admission.sql. */
export interface Changes {
  /** Stays that are used, and those of them that came in before they were over. Only of these it is known. */
  readonly stays: number;
  readonly followed: number;
  /** Feature → share of the followed stays in which it changed. */
  readonly shares: Readonly<Record<string, number>>;
}

/** Share of stays: what changes in a smaller one is hardly worth a word. */
const LEAST_SHARE = 0.02;

/**
 * Counts what changed after admission.
 * @param source the rows of the view
 * @param which condition on them
 */
export function* changesOf(
  { id, patient }: Pick<Contract, 'id' | 'patient'>,
  source: string,
  which: string,
): Work<Changes> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS STAYS, COUNT_IF(SEEN_OPEN) AS FOLLOWED FROM ${source} WHERE ${which}`,
  );
  const followed = Number(row?.FOLLOWED ?? 0);
  const changed =
    followed === 0
      ? []
      : yield* query(
          `SELECT c.VALUE::VARCHAR AS FEATURE, COUNT(*) AS STAYS, COUNT(DISTINCT f.LOS_PATIENT) AS PATIENTS
FROM (SELECT CHANGED_INPUTS AS LOS_CHANGED, ${patient ?? id} AS LOS_PATIENT FROM ${source} WHERE ${which} AND CHANGED_INPUTS IS NOT NULL) AS f,
  LATERAL FLATTEN(INPUT => f.LOS_CHANGED) AS c GROUP BY 1 ORDER BY 2 DESC, 1`,
        );
  const shares: Record<string, number> = {};
  for (const { FEATURE, STAYS, PATIENTS } of changed) {
    const share = Number(STAYS) / followed;
    if (Number(PATIENTS) >= FEWEST_PATIENTS && share >= LEAST_SHARE)
      shares[String(FEATURE)] = Math.round(share * 1000) / 1000;
  }
  return { stays: Number(row?.STAYS ?? 0), followed, shares };
}

const count = (n: number) => n.toLocaleString('en-US');

/** Says in a sentence what changed; undefined where nothing did in a share worth a word. */
export function changesSentence({ followed, shares }: Changes): string | undefined {
  const changed = Object.entries(shares).map(([name, share]) => `${name} in ${percent(share, 0)}`);
  return changed.length === 0
    ? undefined
    : `Changed after admission, of ${count(followed)} stays: ${changed.join(', ')}. The training takes what was first known.`;
}

/** Says what changed, and of how many stays that is not known, in sentences. */
export function changeSentences(changes: Changes): string[] {
  const { stays, followed } = changes;
  const unknown = stays - followed;
  const changed = changesSentence(changes);
  return [
    ...(changed === undefined ? [] : [changed]),
    ...(unknown > 0
      ? [
          `${unknown === stays ? `All ${count(stays)}` : `${count(unknown)} of ${count(stays)}`} stays came in when they were over: their features are as of then, and whether they had changed since admission is not known.`,
        ]
      : []),
  ];
}
