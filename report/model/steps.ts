import { qualify } from '../../procedures/ground/names.js';
import { stateInWords } from '../../procedures/training/machine.js';
import type { Reader } from '../reader.js';

/** Prints the outcome of a training's states, in their order, a line each. */
export async function stepLines({ snowflake, settings }: Reader, run: string): Promise<string[]> {
  const rows = await snowflake.query<{ STATE: string; SECONDS: number; MESSAGE: string | null }>(
    `SELECT STATE, SECONDS, MESSAGE FROM ${qualify(settings, 'LOS_TRAINING_STEPS')}
WHERE RUN_ID = ? AND OUTCOME = 'DONE' ORDER BY FINISHED_AT, STARTED_AT`,
    [run],
  );
  return rows.map(
    ({ STATE, SECONDS, MESSAGE }) =>
      `${stateInWords(STATE)} (${Number(SECONDS).toFixed(1)} s)${MESSAGE === null ? '' : `: ${MESSAGE}`}`,
  );
}
