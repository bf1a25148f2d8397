import type { Contract } from '../../procedures/dataset/contract.js';
import type { Snowflake } from '../clients/snowflake.js';
import type { Context } from '../context.js';

/**
 * What an answer is worth. `holds`: predict-los does what it should in this account; `breaks`: it does not, and `means`
 * says what; `open`: the account did not let it be settled today.
 */
export type Verdict = 'holds' | 'breaks' | 'open';

export interface Answer {
  readonly verdict: Verdict;
  /** What the account did, in a line: types, counts, codes, seconds; nothing of a patient, no name of an account. */
  readonly saw: string;
  /** What that would mean for a deployment. */
  readonly means: string;
}

/** A question that no vendor's page answers, or answers differently from account to account. */
export interface FirstDayCheck {
  readonly name: string;
  readonly question: string;
  look(scene: FirstDay): Promise<Answer>;
}

/** The promoted version. */
export interface Champion {
  readonly version: string;
  readonly endpoint: string;
  readonly job: string;
  readonly artifact: string;
  readonly requestTranslator: string;
}

/** What the checks look at. */
export interface FirstDay {
  readonly ctx: Context;
  readonly contract: Contract;
  /** `DATABASE.SCHEMA` of the checks alone: what is made in it goes with it. */
  readonly schema: string;
  /** One more session of the same user; the check that opens it closes it. */
  second(): Promise<Snowflake>;
  /** Whether los apply has run: its registry is there. */
  readonly deployed: boolean;
  /** The promoted version's endpoint, training job and request translator; undefined: none is promoted. */
  readonly champion: Champion | undefined;
}

export const holds = (saw: string, means: string): Answer => ({ verdict: 'holds', saw, means });
export const breaks = (saw: string, means: string): Answer => ({ verdict: 'breaks', saw, means });
export const open = (saw: string, means: string): Answer => ({ verdict: 'open', saw, means });

/** For what only a deployment can tell. */
export const needsApply = (means: string) =>
  open('nothing is deployed here yet', `${means} Run los apply, then los first-day again.`);
export const needsChampion = (means: string) =>
  open('no version is promoted here yet', `${means} Run los train --promote, then los first-day again.`);
