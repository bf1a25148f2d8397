import { datasetNames } from '../dataset/names.js';
import { flatMap, fromEntries } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf } from '../ground/small-groups.js';
import { query, queryFirst, type Row, type Work } from '../ground/work.js';

/** Who is on one side of the split. */
export interface Side {
  readonly side: 'train' | 'validation' | 'holdout' | 'left out' | 'late' | 'open';
  readonly rows: number;
  /** Admissions that the rows stand for, where they are weighted. */
  readonly admissions: number;
  /** Mean stay in days and share of long stays, weighted; null where stays have not ended, or the side has fewer than ten patients. */
  readonly mean: number | null;
  readonly longStays: number | null;
  /** First and last day of admission, ISO; null where the data has no dates, or the side fewer than ten patients. */
  readonly from: string | null;
  readonly to: string | null;
  /** Distinct patients; null where they are not known. */
  readonly patients: number | null;
}

/** The admissions that a version was made from and judged on: counts and means, no row. */
export interface Participants {
  readonly sides: readonly Side[];
  /** Share of rows that have no value, by feature; a default of the contract counts as a value. What fewer than ten patients lack, or have, counts as none. */
  readonly missing: Readonly<Record<string, number>>;
}

/** Describes the training set; it is rewritten with the next training, so this is kept with the version. */
export function* describeParticipants({ contract, settings }: Plan): Work<Participants> {
  const table = qualify(settings, datasetNames(contract).trainingSet);
  const { admission, patient } = contract;
  const day = (end: 'MIN' | 'MAX') =>
    admission ? `TO_VARCHAR(TO_DATE(${end}(${admission})), 'YYYY-MM-DD')` : 'NULL';
  const sides = yield* query(
    `SELECT ROW_SIDE, COUNT(*) AS N, SUM(ROW_WEIGHT) AS W, SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT) AS MEAN_LOS,
  SUM(IFF(LOS >= ${settings.training.longStayDays}, ROW_WEIGHT, 0)) / SUM(ROW_WEIGHT) AS LONG_STAYS,
  ${day('MIN')} AS FIRST_DAY, ${day('MAX')} AS LAST_DAY, ${patient ? `COUNT(DISTINCT ${patient})` : 'NULL'} AS PATIENTS,
  COUNT(DISTINCT ${patientOf(contract)}) >= ${FEWEST_PATIENTS} AS ENOUGH
FROM ${table} GROUP BY ROW_SIDE`,
  );
  const names = Object.keys(contract.features);
  const missing: Row =
    (yield* queryFirst(
      `SELECT ${names
        .map((name) => {
          const isOfFew = (condition: string) =>
            `COUNT(DISTINCT IFF(${name} ${condition}, ${patientOf(contract)}, NULL)) < ${FEWEST_PATIENTS}`;
          return `CASE WHEN ${isOfFew('IS NULL')} THEN 0 WHEN ${isOfFew('IS NOT NULL')} THEN 1 ELSE AVG(IFF(${name} IS NULL, 1, 0)) END AS M_${name}`;
        })
        .join(', ')} FROM ${table}`,
    )) || {};
  const order = ['train', 'validation', 'holdout', 'left out', 'late', 'open'] as const;
  return {
    sides: flatMap(order, (side): Side[] => {
      const row = sides.find(({ ROW_SIDE }) => ROW_SIDE === side);
      if (!row) return [];
      const enough = row.ENOUGH === true;
      const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
      return [
        {
          side,
          rows: Number(row.N),
          admissions: Number(row.W),
          mean: enough && side !== 'open' ? Number(row.MEAN_LOS) : null,
          longStays: enough && side !== 'open' ? Number(row.LONG_STAYS) : null,
          from: enough ? text(row.FIRST_DAY) : null,
          to: enough ? text(row.LAST_DAY) : null,
          patients: row.PATIENTS === null ? null : Number(row.PATIENTS),
        },
      ];
    }),
    missing: fromEntries(names.map((name): [string, number] => [name, Number(missing[`M_${name}`] || 0)])),
  };
}
