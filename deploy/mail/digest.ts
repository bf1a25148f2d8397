import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { localTime } from '../../report/text/local-time.js';
import { claim, claimedName, unclaimed } from './claims.js';
import type { MailEvents } from './events.js';

/** What a mail of its own would have said. */
export interface Entry {
  /** When it happened, ISO. */
  readonly at: string;
  readonly title: string;
  /** Admissions that were scored by it. */
  readonly scored: number;
}

/** At which hour of the hospital's day the mail of the day before leaves. */
export interface DigestTime {
  readonly hour: number;
  readonly zone: string;
}

const FILE = /^\d{4}-\d\d-\d\d\.jsonl$/;

/** Lines of the table: a day of runs every 15 minutes does not fit a phone. */
const SHOWN = 12;

/** The day whose mail something belongs to: days begin at the hour at which mails leave. */
export function digestDay(at: Date, { hour, zone }: DigestTime): string {
  // By the clock on the wall: between midnight and the hour a night on which it is changed has an hour more or less.
  const [day = '', time = ''] = localTime(at, zone).split(' ');
  return Number(time.slice(0, 2)) >= hour
    ? day
    : new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

/** Keeps what happened for the mail of its day. */
export function gather(folder: string, entry: Entry, time: DigestTime): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${digestDay(new Date(entry.at), time)}.jsonl`);
  appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600, flush: true });
}

/**
 * Hands over each day that is over, once.
 * @param now null: the present day is over too, because no later command will send its mail
 * @param send keeps the day's mail; the day is forgotten when it returns. `id` is the same where it is handed over again
 *   because the process that had it died
 */
export async function endedDays(
  folder: string,
  now: Date | null,
  time: DigestTime,
  send: (day: string, entries: Entry[], id: string) => Promise<void>,
): Promise<void> {
  const today = now === null ? null : digestDay(now, time);
  for (const name of unclaimed(folder, FILE)) {
    const day = name.slice(0, 10);
    if ((today !== null && day >= today) || !claim(folder, name)) continue;
    const file = join(folder, claimedName(name));
    const text = readFileSync(file, 'utf8');
    const id = createHash('sha256').update(text).digest('hex').slice(0, 32);
    await send(day, text.split('\n').filter(Boolean).map(entryOf), id);
    rmSync(file, { force: true });
  }
}

/** A line that was cut short, by a full disk say, keeps no mail from leaving, and is told in it. */
function entryOf(line: string): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { at: '', title: 'a run whose line cannot be read', scored: 0 };
  }
}

/** The mail about a day. */
export function digestMail(day: string, entries: readonly Entry[], zone: string): MailEvents['digest'] {
  const scorings = entries.filter(({ scored }) => scored > 0);
  const scored = scorings.reduce((sum, entry) => sum + entry.scored, 0);
  const shown = scorings.slice(-SHOWN);
  const others = new Map<string, number>();
  for (const { title, scored: own } of entries)
    if (own === 0) others.set(title, (others.get(title) ?? 0) + 1);
  return {
    day,
    scored,
    runs: entries.length,
    key: [
      { label: 'admissions scored', value: scored },
      { label: entries.length === 1 ? 'run of los' : 'runs of los', value: entries.length },
    ],
    summary: 'Since the mail of the day before. What fails or changes something has a mail of its own.',
    figures: [...others].map(([label, count]) => ({ label, value: count === 1 ? 'once' : `${count} times` })),
    tables:
      shown.length === 0
        ? []
        : [
            {
              title:
                shown.length < scorings.length
                  ? `The last ${shown.length} of ${scorings.length} scorings`
                  : 'Scorings',
              columns: ['at', 'admissions'],
              rows: shown.map(({ at, scored: own }) => [localTime(at, zone).slice(11), own]),
              bar: 1,
            },
          ],
    next: 'Nothing has to be done. Every run of the pipeline, those of Snowflake’s tasks too:',
    commands: ['SELECT * FROM LOS_RUN_LOG ORDER BY STARTED_AT DESC LIMIT 20;'],
  };
}
