import type { BedForecast } from '../../procedures/beds/forecast.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import type { Reader } from '../reader.js';

/** One night of a unit as it is and as it would be. */
export interface WhatIfNight {
  readonly level: string;
  readonly unit: string;
  readonly night: string;
  readonly base: number;
  readonly mean: number;
  readonly p10: number;
  readonly p90: number;
  readonly capacity: number | null;
  readonly baseOver: number | null;
  readonly over: number | null;
}

/** One night of one ward, a department or all of the hospital. Numbers of beds and patients are expected values. */
export interface Night {
  readonly level: 'all' | 'department' | 'ward';
  readonly unit: string;
  /** Line under which readers of figures see it; null: not at all. */
  readonly line: string | null;
  /** YYYY-MM-DD: the day at whose end the beds are counted. */
  readonly night: string;
  /** Nights ahead: 1 is the first. */
  readonly horizon: number;
  /** Beds occupied on the last night known. */
  readonly takenNow: number;
  readonly mean: number;
  /** 80 % band. */
  readonly p10: number;
  readonly p90: number;
  /** So many or more with a probability of 90 % and of 70 %. */
  readonly atLeast90: number;
  readonly atLeast70: number;
  readonly admissions: number;
  readonly discharges: number;
  /** Who moves into the ward and out of it before the first night; null: other nights, and no moves in the contract. */
  readonly movedIn: number | null;
  readonly movedOut: number | null;
  /** Beds available: those of the contract less the closed ones. */
  readonly capacity: number | null;
  readonly closed: number | null;
  /** Probability that more beds are needed than there are. */
  readonly overCapacity: number | null;
}

export interface BedsResult extends BedForecast {
  /** Wards that may take each other's patients. */
  readonly groups: readonly (readonly string[])[];
  /** For a what_if: its nights beside those of the forecast. */
  readonly ifSo?: readonly WhatIfNight[];
  readonly forecast: readonly Night[];
}

/** Forecast of a day: all of the hospital first, then departments and wards by name, each night by night. */
export function forecastOf(ctx: Reader, contract: Contract, madeOn: string): Promise<Night[]> {
  return orFigures(
    () =>
      nightsOf(ctx, contract, `LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = ?::DATE`, [madeOn]),
    () => nightsOf(ctx, contract, 'LOS_BEDS WHERE MADE_ON = ?::DATE', [madeOn]),
  );
}

/** The latest forecast, that of LOS_BEDS but not rounded; nothing where there has been none. */
export function latestForecast(ctx: Reader, contract: Contract): Promise<Night[]> {
  const latest = `SELECT MAX(MADE_ON) FROM ${qualify(ctx.settings, 'LOS_BED_FORECASTS')} WHERE KIND = 'forecast' AND DATASET = ${literal(contract.name)}`;
  return orFigures(
    () => nightsOf(ctx, contract, `LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = (${latest})`, []),
    () => nightsOf(ctx, contract, 'LOS_BEDS WHERE TRUE', []),
  );
}

/** All of it, for a role that may read that; else what the views of figures show to all. */
export async function orFigures<T>(every: () => Promise<T>, figures: () => Promise<T>): Promise<T> {
  try {
    return await every();
  } catch (error) {
    if (!(error as { readonly isBeyondRole?: boolean }).isBeyondRole) throw error;
    return await figures();
  }
}

/** Notes about the data of the latest forecast: the notes of the run that made it. */
export async function latestNotes({ snowflake, settings }: Reader, contract: Contract): Promise<string[]> {
  const [row] = await snowflake.query<{ NOTES: unknown }>(
    `SELECT DETAILS:notes AS NOTES FROM ${qualify(settings, 'LOS_RUN_LOG')}
WHERE KIND = 'beds' AND STATUS = 'SUCCEEDED' AND DATASET = ${literal(contract.name)} ORDER BY DETAILS:madeOn::VARCHAR DESC, STARTED_AT DESC LIMIT 1`,
  );
  return Array.isArray(row?.NOTES) ? row.NOTES.map(String) : [];
}

async function nightsOf(
  { snowflake, settings }: Reader,
  contract: Contract,
  from: string,
  binds: string[],
): Promise<Night[]> {
  const rows = await snowflake.query<Record<string, string | number | null>>(
    `SELECT LEVEL, UNIT, ${from.startsWith('LOS_BEDS ') ? 'UNIT' : 'LINE'} AS LINE, TO_VARCHAR(NIGHT, 'YYYY-MM-DD') AS NIGHT, HORIZON, TAKEN_NOW, MEAN, P10, P90, AT_LEAST_90, AT_LEAST_70,
  ADMISSIONS, DISCHARGES, MOVED_IN, MOVED_OUT, CAPACITY, CLOSED, OVER_CAPACITY
FROM ${qualify(settings, from)} AND DATASET = ${literal(contract.name)} ORDER BY LEVEL, UNIT, HORIZON`,
    binds,
  );
  const numberOrNull = (value: string | number | null | undefined) => (value == null ? null : Number(value));
  return rows.map((row) => ({
    level: row.LEVEL as Night['level'],
    unit: String(row.UNIT),
    line: row.LINE === null ? null : String(row.LINE),
    night: String(row.NIGHT),
    horizon: Number(row.HORIZON),
    takenNow: Number(row.TAKEN_NOW),
    mean: Number(row.MEAN),
    p10: Number(row.P10),
    p90: Number(row.P90),
    atLeast90: Number(row.AT_LEAST_90),
    atLeast70: Number(row.AT_LEAST_70),
    admissions: Number(row.ADMISSIONS),
    discharges: Number(row.DISCHARGES),
    movedIn: numberOrNull(row.MOVED_IN),
    movedOut: numberOrNull(row.MOVED_OUT),
    capacity: numberOrNull(row.CAPACITY),
    closed: numberOrNull(row.CLOSED),
    overCapacity: numberOrNull(row.OVER_CAPACITY),
  }));
}
