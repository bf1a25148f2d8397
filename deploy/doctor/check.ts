import type { Scene } from './scene.js';

/** One hop of the chain from SQL to the model, or beside it, and how it is looked at. */
export interface Check {
  /** Short name, unique; what a broken hop is called. */
  readonly name: string;
  /** What holds when the check passes, as half a sentence. */
  readonly title: string;
  /** Checks without which this one would only repeat their finding. */
  readonly needs: readonly string[];
  /** Looks, changes nothing. Undefined, or a note: the hop is sound. What it throws is its problem. */
  look(scene: Scene): Promise<Problem | Note | undefined>;
}

export interface Problem {
  /** What is broken, one sentence. */
  readonly what: string;
  /** The command, statement or click that mends it. */
  readonly fix: string;
}

/** What there is to know of a sound hop. */
export interface Note {
  readonly note: string;
}

export type State = 'sound' | 'broken' | 'unknown';

/** The outcome of one check. */
export interface Finding extends Partial<Problem>, Partial<Note> {
  readonly check: string;
  readonly title: string;
  /** `unknown`: not looked at, because of `because`. */
  readonly state: State;
  /** The broken check in whose shadow this one is. */
  readonly because?: string;
}

export interface Diagnosis {
  /** In the order of the chain. */
  readonly findings: readonly Finding[];
  /** The first broken hop: what to mend first. */
  readonly first?: Finding;
}
