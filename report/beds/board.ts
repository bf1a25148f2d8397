import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import type { Reader } from '../reader.js';
import { type Night, orFigures } from './nights.js';

/** Forecast of a night: beds, and the band that holds 8 of 10. */
export interface Expected {
  readonly mean: number;
  readonly p10: number;
  readonly p90: number;
}

/** A line of LOS_BED_BOARD: a ward, or the whole hospital. */
export interface BoardLine {
  readonly level: Night['level'];
  readonly unit: string;
  /** NULL in the view, and here: its capacity is not given. */
  readonly word: 'over' | 'tight' | 'easy' | null;
  /** Beds available: those of the contract less the closed ones. */
  readonly capacity: number | null;
  readonly closed: number | null;
  readonly occupied: number;
  readonly leaving: number;
  readonly coming: number;
  /** Who moves between wards on that day; null: the contract has no moves, the line is no ward, or a load is late. */
  readonly movedIn: number | null;
  readonly movedOut: number | null;
  readonly tonight: Expected;
  readonly overCapacity: number | null;
  /** YYYY-MM-DD: the first night on which more beds than there are are likelier than not. */
  readonly firstOver: string | null;
  /** Forecast of the day before for the night whose beds are `occupied`; null: there was no forecast. */
  readonly lastNight: Expected | null;
}

/** The board of a bed meeting. */
export interface Board {
  /** Wards that may take each other's patients. */
  readonly groups: readonly (readonly string[])[];
  /** Wards, those likeliest to need more beds than they have first. */
  readonly wards: readonly BoardLine[];
  readonly hospital: BoardLine | undefined;
  /** YYYY-MM-DD: the night that it is about. */
  readonly night: string;
  /** The last day of the data. */
  readonly madeOn: string;
  /** `2026-11-30 05:00`, by the clock of the hospital. */
  readonly madeAt: string;
  /** Days by which the data are late; 0: up to date. */
  readonly daysAgo: number;
  /** Hours since the end of `madeOn`. */
  readonly ageHours: number;
}

type Row = Record<string, string | number | null>;

/**
 * LOS_BED_BOARD, or LOS_BED_BOARD_FIGURES where the role may read figures only.
 * @returns null where there is no forecast
 */
export async function readBoard(ctx: Reader, contract: Contract): Promise<Board | null> {
  const rows = await orFigures(
    () => rowsOf(ctx, contract, 'LOS_BED_BOARD'),
    () => rowsOf(ctx, contract, 'LOS_BED_BOARD_FIGURES'),
  );
  const [first] = rows;
  if (!first) return null;
  const lines = rows.map(lineOf);
  return {
    groups: contract.wardGroups ?? [],
    wards: lines.filter(({ level }) => level !== 'all').sort(byRisk),
    hospital: lines.find(({ level }) => level === 'all'),
    night: String(first.NIGHT),
    madeOn: String(first.MADE_ON),
    madeAt: String(first.MADE_AT),
    daysAgo: Number(first.DAYS_AGO),
    ageHours: Number(first.AGE_HOURS),
  };
}

async function rowsOf({ snowflake, settings }: Reader, contract: Contract, view: string): Promise<Row[]> {
  return await snowflake.query<Row>(
    `SELECT LEVEL, UNIT, WORD, CAPACITY, CLOSED, OCCUPIED, LEAVING, COMING, MOVED_IN, MOVED_OUT, TONIGHT, P10, P90, OVER_CAPACITY,
  TO_VARCHAR(FIRST_NIGHT_OVER, 'YYYY-MM-DD') AS FIRST_NIGHT_OVER, LAST_NIGHT, LAST_NIGHT_P10, LAST_NIGHT_P90, TO_VARCHAR(NIGHT, 'YYYY-MM-DD') AS NIGHT,
  TO_VARCHAR(MADE_ON, 'YYYY-MM-DD') AS MADE_ON, TO_VARCHAR(MADE_AT, 'YYYY-MM-DD HH24:MI') AS MADE_AT, DAYS_AGO, AGE_HOURS
FROM ${qualify(settings, view)} WHERE DATASET = ${literal(contract.name)}`,
  );
}

function lineOf(row: Row): BoardLine {
  const numberOrNull = (value: string | number | null | undefined) => (value == null ? null : Number(value));
  return {
    level: row.LEVEL as Night['level'],
    unit: String(row.UNIT),
    word: row.WORD as BoardLine['word'],
    capacity: numberOrNull(row.CAPACITY),
    closed: numberOrNull(row.CLOSED),
    occupied: Number(row.OCCUPIED),
    leaving: Number(row.LEAVING),
    coming: Number(row.COMING),
    movedIn: numberOrNull(row.MOVED_IN),
    movedOut: numberOrNull(row.MOVED_OUT),
    tonight: { mean: Number(row.TONIGHT), p10: Number(row.P10), p90: Number(row.P90) },
    overCapacity: numberOrNull(row.OVER_CAPACITY),
    firstOver: row.FIRST_NIGHT_OVER == null ? null : String(row.FIRST_NIGHT_OVER),
    lastNight:
      row.LAST_NIGHT == null
        ? null
        : { mean: Number(row.LAST_NIGHT), p10: Number(row.LAST_NIGHT_P10), p90: Number(row.LAST_NIGHT_P90) },
  };
}

/** The order of the view: what is likelier to need more beds than it has, then what is fuller, then what is larger. */
export function byRisk(a: BoardLine, b: BoardLine): number {
  const full = ({ capacity, tonight }: BoardLine) => (capacity ? tonight.mean / capacity : -1);
  return (
    (b.overCapacity ?? -1) - (a.overCapacity ?? -1) ||
    full(b) - full(a) ||
    b.tonight.mean - a.tonight.mean ||
    a.unit.localeCompare(b.unit)
  );
}
