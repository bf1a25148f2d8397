import { type Place, qualify } from '../ground/names.js';
import { query, queryFirst, type Row, variant, type Work } from '../ground/work.js';

/** What is to be done next, in order. */
export type StateName = 'FREEZE' | 'UNLOAD' | 'PREDICT' | 'LOG' | 'CLEAN_UP';

/** A version, and when it began to be asked. */
export interface BackfillRequest {
  readonly version: string;
  /** 17 digits, for names that SageMaker never forgets. */
  readonly stamp: string;
}

/** What is known of a run so far. */
export interface BackfillData {
  /** Of the version that is asked now. */
  readonly stamp: BackfillRequest['stamp'];
  /** What was asked before, each until another version was promoted. */
  readonly replaced?: readonly BackfillRequest[];
  /** Lines of the file. */
  readonly lines?: number;
  /** How many were logged, and how many of them wait again. */
  readonly logged?: number;
  readonly released?: number;
  /** Why nothing was logged, where it failed. */
  readonly failure?: string;
}

/** A batch transform of admissions, as LOS_BACKFILLS knows it. */
export interface Backfill {
  readonly id: string;
  readonly version: string;
  readonly status: 'OPEN' | 'DONE' | 'FAILED';
  readonly state: StateName;
  /** Admissions that were claimed. */
  readonly rows: number;
  readonly data: BackfillData;
  readonly message: string | null;
  readonly attempts: number;
}

/** A run after it was stepped. */
export interface RunSummary {
  readonly run: string;
  readonly state: string;
  readonly status: string;
  /** How many were claimed. */
  readonly rows: number;
  readonly message: string | null;
}

export function backfillTable(place: Place): string {
  return qualify(place, 'LOS_BACKFILLS');
}

const COLUMNS = 'RUN_ID, VERSION, STATUS, STATE, ROW_COUNT, DATA, MESSAGE, ATTEMPTS';

/** One by its id; undefined where there is none. */
export function* backfillOf(place: Place, id: string): Work<Backfill | undefined> {
  const row = yield* queryFirst(`SELECT ${COLUMNS} FROM ${backfillTable(place)} WHERE RUN_ID = ?`, [id]);
  return row && fromRow(row);
}

/** The open ones of a dataset: one, or none. */
export function* openBackfills(place: Place, dataset: string): Work<Backfill[]> {
  const rows = yield* query(
    `SELECT ${COLUMNS} FROM ${backfillTable(place)} WHERE DATASET = ? AND STATUS = 'OPEN' ORDER BY OPENED_AT`,
    [dataset],
  );
  return rows.map(fromRow);
}

function fromRow(row: Row): Backfill {
  return {
    id: String(row.RUN_ID),
    version: String(row.VERSION),
    status: String(row.STATUS) as Backfill['status'],
    state: String(row.STATE) as StateName,
    rows: Number(row.ROW_COUNT || 0),
    data: variant<BackfillData>(row.DATA),
    message: row.MESSAGE === null || row.MESSAGE === undefined ? null : String(row.MESSAGE),
    attempts: Number(row.ATTEMPTS || 0),
  };
}
