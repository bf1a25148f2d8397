import { dayAt } from '../../procedures/ground/days.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { type Parts, partOf } from '../part.js';
import type { Reader } from '../reader.js';

/** Columns of LOS_WEEKLY_ERRORS; errors in days. */
export interface Week {
  readonly fromDay: string;
  readonly version: string;
  readonly admissions: number;
  readonly estimated: number;
  readonly realised: number | null;
  readonly promised: number | null;
  readonly ratio: number | null;
}

/** LOS_TIMELINE. */
export interface Mark {
  readonly day: string;
  readonly kind: string;
  readonly subject: string;
  readonly severity: string;
  readonly message: string;
}

/** LOS_DRIFT; shares. */
export interface Drift {
  readonly feature: string;
  readonly version: string;
  readonly fromDay: string;
  readonly toDay: string;
  readonly test: string;
  readonly admissions: number;
  readonly shift: number;
  readonly psi: number | null;
  readonly findable: number | null;
  readonly flagged: boolean;
}

/** LOS_RUNS_BY_DAY. */
export interface Runs {
  readonly day: string;
  readonly kind: string;
  readonly runs: number;
  readonly failed: number;
  readonly unended: number;
  readonly rows: number;
  readonly seconds: number;
  readonly lastAt: string | null;
}

/** LOS_TRAINING_COSTS. */
export interface Training {
  readonly version: string | null;
  readonly status: string;
  readonly openedAt: string;
  readonly seconds: number;
  readonly billedSeconds: number;
}

/** Days of runs that the report has. */
const RUN_DAYS = 30;
/** Lines that it has at most of what happened, and of trainings. */
const LATEST = 50;

/** The rows of a view that are of a dataset. */
export function ofDataset({ settings }: Reader, view: string, dataset: string): string {
  return `${qualify(settings, view)} WHERE DATASET = ${literal(dataset)}`;
}

const day = (column: string) => `TO_VARCHAR(${column}, 'YYYY-MM-DD')`;

/** Weeks of predictions that have been watched, in order. */
export function readWeeks(ctx: Reader, dataset: string): Promise<Week[]> {
  return rows<Week>(
    ctx,
    {
      fromDay: day('FROM_DAY'),
      version: 'VERSION',
      admissions: 'ADMISSIONS',
      estimated: 'ESTIMATED',
      realised: 'REALISED',
      promised: 'PROMISED',
      ratio: 'RATIO',
    },
    `${ofDataset(ctx, 'LOS_WEEKLY_ERRORS', dataset)} ORDER BY FROM_DAY`,
  );
}

/** Views of a dataset. */
export interface Views {
  readonly weeks: readonly Week[];
  readonly marks: readonly Mark[];
  readonly drift: readonly Drift[];
  readonly runs: readonly Runs[];
  readonly trainings: readonly Training[];
}

/**
 * Each by itself, as one that cannot be read keeps no other from being shown.
 * @param zone IANA name of the zone whose days runs are counted by
 */
export async function readViews(ctx: Reader, dataset: string, zone: string): Promise<Parts<Views>> {
  const of = (view: string) => ofDataset(ctx, view, dataset);
  const [weeks, marks, drift, runs, trainings] = await Promise.all([
    partOf(readWeeks(ctx, dataset)),
    partOf(
      rows<Mark>(
        ctx,
        { day: day('DAY'), kind: 'KIND', subject: 'SUBJECT', severity: 'SEVERITY', message: 'MESSAGE' },
        `${of('LOS_TIMELINE')} ORDER BY DAY DESC, KIND, SUBJECT LIMIT ${LATEST}`,
      ),
    ),
    partOf(
      rows<Drift>(
        ctx,
        {
          feature: 'FEATURE',
          version: 'VERSION',
          fromDay: day('FROM_DAY'),
          toDay: day('TO_DAY'),
          test: 'TEST',
          admissions: 'ADMISSIONS',
          shift: 'SHIFT',
          psi: 'PSI',
          findable: 'FINDABLE',
          flagged: 'FLAGGED',
        },
        `${of('LOS_DRIFT')} ORDER BY FLAGGED DESC, SHIFT DESC, FEATURE`,
      ),
    ),
    partOf(
      rows<Runs>(
        ctx,
        {
          day: day('DAY'),
          kind: 'KIND',
          runs: 'RUNS',
          failed: 'FAILED',
          unended: 'UNENDED',
          rows: 'COALESCE(ROW_COUNT, 0)',
          seconds: 'COALESCE(SECONDS, 0)::FLOAT',
          lastAt: 'LAST_AT::VARCHAR',
        },
        `${of('LOS_RUNS_BY_DAY')} AND DAY > DATEADD(day, -${RUN_DAYS}, ${dayAt(zone)}) ORDER BY DAY, KIND`,
      ),
    ),
    partOf(
      rows<Training>(
        ctx,
        {
          version: 'VERSION',
          status: 'STATUS',
          openedAt: 'OPENED_AT::VARCHAR',
          seconds: 'SECONDS',
          billedSeconds: 'BILLED_SECONDS',
        },
        `${of('LOS_TRAINING_COSTS')} ORDER BY OPENED_AT DESC LIMIT ${LATEST}`,
      ),
    ),
  ]);
  return { weeks, marks, drift, runs, trainings };
}

/** Rows of a view by other names. */
export async function rows<T>(
  { snowflake }: Reader,
  columns: Readonly<Record<keyof T & string, string>>,
  from: string,
): Promise<T[]> {
  const names = Object.entries<string>(columns).map(([name, column]) => `${column} AS "${name}"`);
  return (await snowflake.query(`SELECT ${names.join(', ')} FROM ${from}`)) as T[];
}
