import type { Context } from '../../deploy/context.js';
import { percent } from '../../procedures/ground/percent.js';
import type { Table } from '../../report/mail/events.js';
import { count } from '../../report/text/count.js';

/** Changes of the made-up hospital. */
export const DRIFTS = ['none', 'inputs', 'effect', 'both'] as const;
export type DriftKind = (typeof DRIFTS)[number];

/** A version that the loop promoted, and its error by the truth beside that of the one before: 1 is the best that anybody can do. */
export interface Promotion {
  readonly day: string;
  readonly version: string;
  readonly previous: string;
  readonly error: number;
  readonly before: number;
}

/** Reaction of the loop. */
export interface LoopResult {
  readonly days: number;
  readonly admitted: number;
  readonly scored: number;
  readonly drift: DriftKind;
  /** The day from which on something was otherwise; null: nothing was. */
  readonly driftedOn: string | null;
  /** Days from then to the first alarm about inputs or predictions; null: none came. */
  readonly noticedAfter: number | null;
  /** Alarms about them before anything had changed. */
  readonly falseAlarms: number;
  readonly trainings: number;
  readonly promotions: readonly Promotion[];
  /** Error by the truth of the last day: of the first champion, and of the last. */
  readonly first: number;
  readonly last: number;
  readonly champion: string;
  readonly mails: number;
  /** Everything that was told, in order. */
  readonly story: readonly {
    readonly day: string;
    readonly kind: string;
    readonly subject: string;
    readonly message: string;
  }[];
}

/** Summary of the loop in one sentence or two. */
export function loopSummary(result: LoopResult): string {
  const { drift, driftedOn, noticedAfter, falseAlarms, trainings, promotions, first, last, champion } =
    result;
  const excessPercent = (error: number) => percent(error - 1);
  const after = noticedAfter === null ? 'not noticed' : `noticed after ${count(noticedAfter, 'day')}`;
  const noticed =
    driftedOn === null ? 'Nothing changed' : `What changed on ${driftedOn} (${drift}) was ${after}`;
  return `${noticed}; ${count(falseAlarms, 'alarm')} before. ${count(trainings, 'training')}, ${count(promotions.length, 'promotion')}. In the end the error of ${champion} is ${excessPercent(last)} above the best that anybody can do, that of the first champion ${excessPercent(first)}.`;
}

/** Promotions by the truth, and the story. */
export function loopTables({ promotions, story }: LoopResult): Table[] {
  return [
    {
      title: 'Promoted, and the error by the truth (1 is the best that anybody can do)',
      columns: ['day', 'version', 'error', 'before'],
      rows: promotions.map((one) => [one.day, one.version, one.error.toFixed(3), one.before.toFixed(3)]),
    },
    {
      title: 'What people were told',
      columns: ['day', 'what', 'of'],
      rows: story.map(({ day, kind, subject }) => [day, kind, subject]),
    },
  ].filter(({ rows }) => rows.length > 0);
}

/** Mails how the loop took it. */
export async function mailLoop(ctx: Context, result: LoopResult): Promise<void> {
  await ctx.mail.send('simulation', {
    version: result.champion,
    days: result.days,
    rows: result.scored,
    key: [
      { label: 'admissions arrived', value: result.admitted },
      { label: 'scored on arrival', value: result.scored },
      { label: 'mails sent', value: result.mails },
    ],
    summary: loopSummary(result),
    tables: loopTables(result),
    next: 'All events and measures:',
    commands: ['SELECT * FROM LOS_EVENTS ORDER BY HAPPENED_AT;', 'los watch'],
  });
}
