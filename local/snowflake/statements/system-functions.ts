import { SnowflakeError } from '../errors.js';
import { systemFunction } from '../routines/system-function.js';
import { TEXT } from '../types/data-type.js';
import { canceled } from './dispatcher.js';

const UNITS: Record<string, number> = {
  MILLISECONDS: 1,
  SECONDS: 1000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  DAYS: 86_400_000,
};

/** SYSTEM$WAIT(amount [, unit]): waits on the account's clock. */
systemFunction('SYSTEM$WAIT', [1, 2], TEXT(), async (b, [amount, unit = 'SECONDS']) => {
  const name = (unit ?? 'SECONDS').toUpperCase();
  const ms = UNITS[name];
  if (ms === undefined)
    throw new SnowflakeError('100078', '22000', `Invalid unit of time '${unit}' for SYSTEM$WAIT.`);
  await b.account.clock.sleep(Number(amount) * ms, b.signal);
  if (b.signal?.aborted) throw canceled();
  return `waited ${amount} ${name.toLowerCase()}`;
});
