// vitest: test.globalSetup: '<this package>/vitest'. One cloud for the run, in the environment of its workers.
import { startForTests } from './environment.js';

/** Starts it before the first test. @returns what ends it after the last one */
export default async function setup(): Promise<() => Promise<void>> {
  const { close } = await startForTests();
  return close;
}
