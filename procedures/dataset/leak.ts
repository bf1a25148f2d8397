import { percent } from '../ground/percent.js';
import { Refused } from '../ground/work.js';
import type { Contract } from './contract.js';

/**
 * Limits beyond which a feature reveals the stay. `order` had been the limit before (of days); the others were chosen on leaks drawn from seed 7 into the stays of
 * New York's heart failure, the Heart Institute, MIMIC III and PhysioNet's intensive care, where a leak of R² .9 keeps .63 and more. Of what is
 * known on admission the strongest tells .19 of the order and .29 of the days of generated health (seed 42), .21 and .20 in the made-up
 * hospital of demo/simulate/; in New York's and the Heart Institute's data .13 and less, which was looked at, too. Charges there tell .47,
 * days of intensive care .53. test/journeys/leaks.test.ts has other seeds and other plants.
 */
export const LEAKS = {
  /** Share of the variance of stays by their order, by one feature alone: whatever rises or falls with the stay tells of it. */
  order: 0.4,
  /** The same by their days: what tells only of the longest, or as a straight line. */
  days: 0.5,
  /** Share that several tell together, each of which may tell nothing by itself. */
  together: 0.7,
  /** CRPS of the chosen model by that of no features, below which it knows more than an admission tells (bench/notes/leaks.md). */
  model: 0.6,
  /** The same of patients with a rare value of one feature: fewer rows, more chance. */
  few: 0.68,
  /** And by that of all patients: where an admission tells much, it does so of every group. */
  beside: 0.82,
} as const;

/** A feature that reveals the stay, alone or with others, and how much it tells. */
export interface Leak {
  readonly features: readonly string[];
  /** Honest features without which these tell nothing: a bill less the deposit. */
  readonly others?: readonly string[];
  /** Share of the variance of stays. */
  readonly share: number;
  readonly by: 'order' | 'days';
}

/** By this word callers tell a refusal by leaks from others. */
export const BY_LEAKS = 'leaks';

/** Says what was found, as a sentence: “CHARGES alone explains 97 % of the variance of stays, by their order”. */
export function describeLeak({ features, others = [], share, by }: Leak): string {
  const all = features.concat(others);
  const who = all.length === 1 ? `${all[0]} alone explains` : `${andOf(all)} together explain`;
  return `${who} ${percent(share, 0)} of the variance of stays${by === 'order' ? ', by their order' : ''}`;
}

/**
 * “CHARGES reveals the stay: CHARGES alone explains …”: the same words wherever a leak is named.
 * @param why one clause each
 */
export function leakSentence(names: readonly string[], why: readonly string[]): string {
  return `${andOf(names)} ${names.length === 1 ? 'reveals' : 'reveal'} the stay: ${why.join('; ')}.`;
}

/** Refusal of a training that finds leaks. */
export function leakRefusal(names: readonly string[], why: readonly string[]): Refused {
  return new Refused(leakSentence(names, why), `${leakAdvice(names)} Then train again: los train.`, BY_LEAKS);
}

/** Advises what a person should do about features that reveal the stay. */
export function leakAdvice(features: readonly string[]): string {
  return features.length === 1
    ? `If ${features[0]} is not known on admission, name it in afterAdmission of the dataset contract and take it out of features; if it is, write knownAtAdmission: true at that feature. Then run los apply.`
    : `Those of ${andOf(features)} that are not known on admission: name them in afterAdmission of the dataset contract and take them out of features; those that are: write knownAtAdmission: true at each. Then run los apply.`;
}

/** Each feature once. */
export function namesOf(leaks: readonly Pick<Leak, 'features'>[]): string[] {
  return Array.from(new Set(leaks.reduce<string[]>((all, { features }) => all.concat(features), [])));
}

/** Tells whether a person has said that a feature is known on admission, however much it tells. */
export function isKnown({ features }: Pick<Contract, 'features'>, name: string): boolean {
  const feature = features[name];
  return feature !== undefined && feature.knownAtAdmission === true;
}

function andOf(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
