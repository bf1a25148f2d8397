import type { Change } from '../../../procedures/beds/what-if.js';
import { isDay } from '../../../procedures/ground/days.js';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const DAY = 86_400_000;

/**
 * Reads what a person asks about: `10 ORTHO on Tuesday`, `close 4 ICU from 2026-12-08 to Friday`, `cancel 4711`; several between semicolons.
 * A day of the week is the next one after the evening of the forecast.
 * @param today the day of that evening, YYYY-MM-DD
 * @returns undefined for what is none of these
 * @example
 * parseWhatIf('10 ORTHO on Tuesday', '2026-11-30'); // [{"admissions":10,"ward":"ORTHO","day":"2026-12-01"}]
 */
export function parseWhatIf(text: string, today: string): Change[] | undefined {
  const parts = text.split(';').map((part) => part.trim());
  const changes = parts.flatMap((part) => parsePart(part, today) ?? []);
  return changes.length === parts.length ? changes : undefined;
}

function parsePart(part: string, today: string): Change | undefined {
  const cancelled = /^cancel\s+(\S+)$/i.exec(part)?.[1];
  if (cancelled !== undefined) return { cancel_planned: cancelled };
  const closed = /^close\s+(\d+)(?:\s+(.+?))??(?:\s+from\s+(\S+))?(?:\s+to\s+(\S+))?$/i.exec(part);
  if (closed) {
    const [from, to] = [closed[3], closed[4]].map((day) =>
      day === undefined ? undefined : dayIn(day, today),
    );
    if ((closed[3] && !from) || (closed[4] && !to)) return undefined;
    return {
      close: Number(closed[1]),
      ...wardIn(closed[2]),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    };
  }
  const coming = /^(\d+)(?:\s+(?:more|in|for))?(?:\s+(.+?))??\s+on\s+(\S+)$/i.exec(part);
  const day = coming?.[3] && dayIn(coming[3], today);
  return coming && day ? { admissions: Number(coming[1]), ...wardIn(coming[2]), day } : undefined;
}

function wardIn(text: string | undefined): { ward?: string } {
  return text === undefined ? {} : { ward: text.replace(/^["'](.*)["']$/, '$1') };
}

function dayIn(text: string, today: string): string | undefined {
  if (/^\d/.test(text)) return isDay(text) ? text : undefined;
  const weekday = WEEKDAYS.findIndex((name) => text.length >= 2 && name.startsWith(text.toLowerCase()));
  if (weekday < 0) return undefined;
  const at = Date.parse(today);
  const ahead = (weekday - new Date(at).getUTCDay() + 6) % 7;
  return new Date(at + (ahead + 1) * DAY).toISOString().slice(0, 10);
}
