import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { localTime } from '../ground/local-time.js';
import type { MailEvents } from './events.js';
import { renamed } from './spool.js';

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
const TAKEN = /\.jsonl\.([\w-]+)\.taken$/;
/** A mail is made of a file in less; who was at it is gone. */
const STALE_MS = 10 * 60_000;

/** Lines of the table: a day of runs every quarter of an hour does not fit a phone. */
const SHOWN = 12;

/** The day whose mail something belongs to: days begin at the hour at which mails leave. */
export function digestDay(at: Date, { hour, zone }: DigestTime): string {
  return localTime(new Date(at.getTime() - hour * 3_600_000), zone).slice(0, 10);
}

/** Keeps what happened for the mail of its day. */
export function gather(folder: string, entry: Entry, time: DigestTime): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${digestDay(new Date(entry.at), time)}.jsonl`);
  appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}

/**
 * Hands over each day that is over, once.
 * @param send keeps the day's mail; the day is forgotten when it returns. `id` is the same where it is handed over again
 *   because whoever had it died
 */
export async function endedDays(
  folder: string,
  now: Date,
  time: DigestTime,
  send: (day: string, entries: Entry[], id: string) => Promise<void>,
): Promise<void> {
  if (!existsSync(folder)) return;
  const today = digestDay(now, time);
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const [, left] = TAKEN.exec(name) ?? [];
    const id = left ?? randomUUID();
    const taken = left === undefined ? `${file}.${id}.taken` : file;
    if (left !== undefined) {
      const stat = statSync(file, { throwIfNoEntry: false });
      if (!stat || now.getTime() - stat.ctimeMs < STALE_MS) continue;
    } else if (!FILE.test(name) || name.slice(0, 10) >= today || !renamed(file, taken)) continue;
    const entries = readFileSync(taken, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Entry);
    await send(name.slice(0, 10), entries, id);
    rmSync(taken, { force: true });
  }
}

/** The mail about a day. */
export function digestMail(day: string, entries: readonly Entry[], zone: string): MailEvents['digest'] {
  const scored = entries.reduce((sum, entry) => sum + entry.scored, 0);
  const runs = entries.filter((entry) => entry.scored > 0).length;
  const shown = entries.slice(-SHOWN);
  return {
    day,
    scored,
    runs: entries.length,
    summary:
      scored > 0
        ? `Since the mail before, ${scored.toLocaleString('en-US')} admissions were scored by ${runs} of ${entries.length} ${entries.length === 1 ? 'run' : 'runs'} of los. All of them ended well: what fails has a mail of its own.`
        : `${entries.length} ${entries.length === 1 ? 'run' : 'runs'} of los ended well, and had nothing to do. What fails has a mail of its own.`,
    key: [
      { label: 'admissions scored', value: scored },
      { label: entries.length === 1 ? 'run' : 'runs', value: entries.length },
    ],
    tables: [
      {
        title: `Runs${shown.length < entries.length ? `, the last ${shown.length} of ${entries.length}` : ''}`,
        columns: ['at', 'what'],
        rows: shown.map(({ at, title }) => [localTime(at, zone).slice(11), title]),
      },
    ],
    commands: ['SELECT * FROM LOS_RUN_LOG ORDER BY STARTED_AT DESC LIMIT 20;'],
    next: 'Nothing has to be done. Every run of the pipeline, those of Snowflake’s tasks too:',
  };
}
