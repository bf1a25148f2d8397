import type { Binder } from '../query/bind/binder.js';
import { systemFunction } from '../routines/system-function.js';
import { LOG_LEVELS } from '../sessions/parameters.js';
import { type Cell, TEXT } from '../types/data-type.js';
import { events } from './events.js';

/** Severities as SYSTEM$LOG takes them; docs: sql-reference/functions/system_log, whose examples have 'warning' too. */
const LEVELS = [...LOG_LEVELS.filter((level) => level !== 'OFF'), 'WARNING'];

function log(b: Binder, level: string, message: Cell | undefined): Cell {
  if (!LEVELS.includes(level.toUpperCase()))
    throw b.error(
      '001015',
      '22023',
      `Invalid level '${level}' for SYSTEM$LOG: use ${LEVELS.join(', ').toLowerCase()}.`,
    );
  events(b.account).log(
    b.session,
    level,
    message === undefined || message === null ? null : JSON.stringify(message),
  );
  return null;
}

systemFunction('SYSTEM$LOG', [2, 2], TEXT(), (b, [level, message]) => log(b, level ?? '', message));
for (const level of LOG_LEVELS)
  if (level !== 'OFF')
    systemFunction(`SYSTEM$LOG_${level}`, [1, 1], TEXT(), (b, [message]) => log(b, level, message));
