import { first, type Work } from './work.js';

/** The last day whose end has been seen, YYYY-MM-DD: until noon yesterday, from noon on today, by the session's time zone. */
export function* lastDay(): Work<string> {
  const row = yield* first(
    `SELECT TO_VARCHAR(DATEADD(day, IFF(HOUR(CURRENT_TIMESTAMP()) < 12, -1, 0), CURRENT_DATE()), 'YYYY-MM-DD') AS DAY`,
  );
  return String(row?.DAY);
}
