import { sortBy } from '../../ground/lists.js';
import { literal, qualify } from '../../ground/names.js';
import { query, type Row } from '../../ground/work.js';
import type { Check } from '../pipe/checks.js';
import type { Sign } from '../signs.js';

/** A version that has answered predict_los, or does. */
export interface PromotedVersion {
  readonly version: string;
  readonly status: 'CHAMPION' | 'RETIRED';
}

/** Check that exactly one version is the champion. A schema has one predict_los, so versions of all datasets count. */
export const championCheck: Check = {
  name: 'the champion',
  kinds: ['objects'],
  *look({ place }) {
    const rows = yield* query<Row>(
      `SELECT VERSION, STATUS, COALESCE(DATE_PART(EPOCH_MILLISECOND, PROMOTED_AT), 0) AS AT FROM ${qualify(place, 'LOS_MODEL_REGISTRY')}
WHERE STATUS = 'CHAMPION' OR STATUS = 'RETIRED' AND PROMOTED_AT IS NOT NULL`,
    );
    const promoted = rows.map(({ VERSION, STATUS, AT }) => ({
      version: String(VERSION),
      status: STATUS as PromotedVersion['status'],
      at: Number(AT),
    }));
    // Here and not in SQL: rows whose order counts are asked for in a statement of their own.
    const sign = championSign(sortBy(promoted, (a, b) => b.at - a.at || (a.version < b.version ? -1 : 1)));
    return sign === null ? [] : [sign];
  },
};

/** @param promoted the one promoted last first; none before the first promotion, and after all versions were removed */
export function championSign(promoted: readonly PromotedVersion[]): Sign | null {
  const last = promoted[0];
  const champions = promoted.filter(({ status }) => status === 'CHAMPION').map(({ version }) => version);
  if (last === undefined || champions.length === 1) return null;
  const likely = champions[0] || last.version;
  return {
    kind: 'objects',
    subject: 'champion',
    severity: 'critical',
    message:
      champions.length === 0
        ? `No version in LOS_MODEL_REGISTRY is CHAMPION any more; ${likely} was promoted last. Promoting retires one version and names another at once, so a row was changed or deleted by hand.`
        : `${champions.length} versions in LOS_MODEL_REGISTRY are CHAMPION: ${champions.join(', ')}. Only one answers predict_los, so mornings, monitoring and trainings may each take another for it.`,
    next: `CALL PROMOTE_MODEL(${literal(likely)}); makes it the only champion. It was promoted last.`,
    lookAt: 'champion',
  };
}
