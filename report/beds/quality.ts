import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { percent } from '../../procedures/ground/percent.js';
import type { RegistryEntry } from '../../procedures/versions/registry.js';
import type { Table } from '../mail/events.js';
import type { Reader } from '../reader.js';
import { orFigures } from './nights.js';

/** Accuracy of bed forecasts at a horizon in nights; errors are mean absolute ones, in beds. */
export interface BedQuality {
  readonly horizon: number;
  readonly nights: number;
  readonly error: number;
  readonly asToday: number;
  readonly sameWeekday: number;
  readonly kaplanMeier: number;
  /** Share of nights in the 80 % band. */
  readonly inside: number;
}

/**
 * Accuracy of the whole hospital's forecasts since a version answers.
 * @returns nothing of a version that does not answer, and where no night of a forecast has passed
 */
export async function bedQualityOf(
  { snowflake, settings }: Reader,
  contract: Contract,
  { status, promotedAt }: RegistryEntry,
): Promise<BedQuality[]> {
  if (status !== 'CHAMPION' || promotedAt === null) return [];
  const asked = () =>
    snowflake.query<Record<string, number>>(
      `SELECT HORIZON, COUNT(*) AS NIGHTS, AVG(ABS(ERROR)) AS ERROR, AVG(ABS(ERROR_AS_TODAY)) AS AS_TODAY,
AVG(ABS(ERROR_SAME_WEEKDAY)) AS SAME_WEEKDAY, AVG(ABS(ERROR_KAPLAN_MEIER)) AS KAPLAN_MEIER, AVG(IFF(INSIDE, 1, 0)) AS INSIDE
FROM ${qualify(settings, 'LOS_BED_ERRORS')}
WHERE DATASET = ${literal(contract.name)} AND LEVEL = 'all' AND HORIZON IN (1, 2, 3, 5, 7, 14) AND MADE_AT >= ?::TIMESTAMP_LTZ
GROUP BY HORIZON ORDER BY HORIZON`,
      [promotedAt],
    );
  // Readers of figures alone have LOS_BED_ACCURACY.
  const rows = await orFigures(asked, async () => []);
  return rows.map((row) => ({
    horizon: Number(row.HORIZON),
    nights: Number(row.NIGHTS),
    error: Number(row.ERROR),
    asToday: Number(row.AS_TODAY),
    sameWeekday: Number(row.SAME_WEEKDAY),
    kaplanMeier: Number(row.KAPLAN_MEIER),
    inside: Number(row.INSIDE),
  }));
}

/** The same as the card shows it. */
export function bedQualityTable(lines: readonly BedQuality[]): Table | null {
  if (lines.length === 0) return null;
  return {
    title: 'Beds occupied',
    columns: [
      'Nights ahead',
      'Nights',
      'Forecast',
      'As many as today',
      'Same weekday of six weeks',
      'Kaplan–Meier',
      'In 80 % band',
    ],
    rows: lines.map((line) => [
      line.horizon,
      line.nights,
      line.error.toFixed(2),
      line.asToday.toFixed(2),
      line.sameWeekday.toFixed(2),
      line.kaplanMeier.toFixed(2),
      percent(line.inside),
    ]),
  };
}
