import type { Candidate } from '../fitting/candidates.js';

/** The chosen candidate of a version, with its hyperparameters as they were. */
export function candidateOf(parameters: Readonly<Record<string, unknown>>): Candidate {
  const { candidate, ...hyperparameters } = parameters;
  return { name: String(candidate), hyperparameters: hyperparameters as Candidate['hyperparameters'] };
}
