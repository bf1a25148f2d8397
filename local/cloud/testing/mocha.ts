// mocha --require <this package>/mocha: one cloud for the run, in the environment of its tests.
import { startForTests, type TestCloud } from './environment.js';

let cloud: TestCloud | undefined;

/** Starts it before the first test. Workers of a parallel run inherit the environment. */
export async function mochaGlobalSetup(): Promise<void> {
  cloud = await startForTests();
}

/** Ends it after the last one. */
export async function mochaGlobalTeardown(): Promise<void> {
  await cloud?.close();
}
