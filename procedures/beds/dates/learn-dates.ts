import { unlessUnreadable } from '../../ground/stale.js';
import { execute, type Work } from '../../ground/work.js';
import type { BedsSql, DatesSql, FillIn } from '../plan.js';

/** Why what teams know could not be read, if so: patients then leave as without it. */
export interface DateGaps {
  readonly undated?: string | undefined;
  readonly unready?: string | undefined;
}

const NO_READINESS =
  'SELECT NULL::VARCHAR AS STAY, NULL::TIMESTAMP_NTZ AS SINCE, NULL::TIMESTAMP_NTZ AS RECORDED WHERE FALSE';

/** Reads the dates of discharge that people expect, and learns what they and who is fit to leave tell. */
export function* learnDates(sql: DatesSql, at: FillIn): Work<DateGaps> {
  const undated = yield* unlessUnreadable(() => execute(at(sql.read)));
  if (undated !== undefined) return { undated };
  const learn = (readiness: string) => () => execute(at(sql.learn, { readiness }));
  const unready = yield* unlessUnreadable(learn(sql.readiness ?? NO_READINESS), learn(NO_READINESS));
  return { unready };
}

/** Sentences about what could not be read. */
export function dateNotes({ undated, unready }: DateGaps): string[] {
  const note = (what: string, why: string | undefined) =>
    why === undefined ? [] : [`${what} cannot be read, so patients leave as without them: ${why}`];
  return [
    ...note('Dates of discharge that people expect', undated),
    ...note('Rows of who is fit to leave', unready),
  ];
}

/**
 * Each patient's chances to stay, night by night.
 * @param undated why people's dates could not be read, if so
 */
export function* makeEach({ each, dates }: BedsSql, at: FillIn, undated: string | undefined): Work<void> {
  yield* execute(at(each));
  if (dates !== null && undated === undefined) yield* execute(at(dates.blend));
}
