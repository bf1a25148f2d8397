/** Failures of a state that may pass by themselves, before the run is given up. */
export const MOST_ATTEMPTS = 3;
