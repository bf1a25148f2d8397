import { literal } from './names.js';
import { first, type Work } from './work.js';

/**
 * The last day whose end has been seen, YYYY-MM-DD: until noon yesterday, from noon on today.
 * @param zone the hospital's: whoever asks may be elsewhere, and an account is in Los Angeles unless it says otherwise
 */
export function* lastDay(zone: string): Work<string> {
  const row = yield* first(
    `SELECT TO_VARCHAR(DATEADD(hour, -12, CONVERT_TIMEZONE(${literal(zone)}, CURRENT_TIMESTAMP())), 'YYYY-MM-DD') AS DAY`,
  );
  return String(row?.DAY);
}
