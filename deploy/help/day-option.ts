import type { Options } from 'yargs';
import { isDay } from '../../procedures/ground/days.js';

/** An option that takes a day: what is none is refused before any cloud is reached. */
export function dayOption(describe: string): Options {
  return {
    type: 'string',
    describe,
    coerce(given: unknown) {
      // One that is given twice is refused by the parser, in its own words.
      if (typeof given === 'string' && !isDay(given))
        // Of what is thrown here yargs hands on the message alone.
        throw new Error(
          `${JSON.stringify(given)} is no day: write it as YYYY-MM-DD, for instance 2026-11-01.`,
        );
      return given;
    },
  };
}
