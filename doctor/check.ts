import { messageOf } from '../deploy/errors.js';

/**
 * Verdict of an answer. `holds`: all is as it should be; `breaks`: it is not; `open`: it was not to be settled today,
 * or stands in the shadow of another.
 */
export type Verdict = 'holds' | 'breaks' | 'open';

export interface Answer {
  readonly verdict: Verdict;
  /** Observation, in a line; of the first day without anything that names an account or a patient. */
  readonly saw?: string;
  /** The command, statement or click that mends it; or what follows. */
  readonly next?: string;
  /** The check in whose shadow an open one stands. */
  readonly because?: string;
}

/** One thing to find out of both clouds: an entry of the doctor's list or of the first day's. */
export interface Check<Scene> {
  /** Short and unique in its list. */
  readonly name: string;
  /** The question; of the doctor's what holds where the answer is good, as half a sentence. */
  readonly asks: string;
  /** Consequence of the answer, in a sentence. */
  readonly means?: string;
  /** Names of checks without which this one would only repeat their finding. */
  readonly needs?: readonly string[];
  /** Looks; no answer: it holds, and there is nothing to say. */
  look(scene: Scene): Promise<Answer | undefined>;
  /** Meaning of a refusal of what `look` asks; without an answer it is what the list says of refusals. */
  refusal?(error: Refusal, scene: Scene): Answer | undefined;
}

/** Error with which a cloud or a client of ours refuses. */
export type Refusal = Error & { readonly code?: string | undefined; readonly missingObject?: boolean };

export interface Finding extends Answer {
  readonly name: string;
  readonly asks: string;
  readonly means?: string;
}

export const holds = (saw?: string, next?: string): Answer => answer('holds', saw, next);
export const breaks = (saw: string, next?: string): Answer => answer('breaks', saw, next);
export const open = (saw: string, next?: string): Answer => answer('open', saw, next);

const answer = (verdict: Verdict, saw?: string, next?: string): Answer => ({
  verdict,
  ...(saw === undefined ? {} : { saw }),
  ...(next === undefined ? {} : { next }),
});

/** Text of a refusal, by code and in Snowflake's last line. */
export const refusalText = (error: Refusal): string =>
  `refused (${error.code}): ${messageOf(error).split('\n').at(-1)}`;
