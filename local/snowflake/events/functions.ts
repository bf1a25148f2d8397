import type { SystemFunction } from '../feature.js';
import type { Binder } from '../query/bind/binder.js';
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

export const eventFunctions: SystemFunction[] = [
  {
    name: 'SYSTEM$LOG',
    arity: [2, 2],
    returns: TEXT(),
    run: (b, [level, message]) => log(b, level ?? '', message),
  },
  ...LOG_LEVELS.filter((level) => level !== 'OFF').map(
    (level): SystemFunction => ({
      name: `SYSTEM$LOG_${level}`,
      arity: [1, 1],
      returns: TEXT(),
      run: (b, [message]) => log(b, level, message),
    }),
  ),
];
