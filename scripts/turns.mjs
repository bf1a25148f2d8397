// Journeys of which `.ci/run` takes a third with each commit (LOS_THIRD), as it does of accidents and nightly loads
// (test/journeys/third.ts): they take minutes, and those of a kind have much in common.
const KINDS = {
  // Weeks of a hospital, with and without anything amiss.
  weeks: ['month', 'stay-month', 'quiet', 'loop', 'chaos', 'simulated-loop'],
  // Processes that die, and several at once.
  deaths: [
    'killed-training',
    'killed-apply',
    'killed-stay-training',
    'journey-in-faults',
    'several-hands',
    'promotions',
  ],
  // One setting each; all-settings has them together every time.
  settings: ['own-vpc', 'own-key', 'private-api'],
  // Whether models and gates are right in the mean, over many made-up data sets.
  statistics: ['drifts', 'known-noise', 'feature-selection', 'simulated-drifts', 'learning-curve', 'hazards'],
  // A month of one table's loads by each way of noticing what changed.
  nights: ['nights/stream', 'nights/comparison', 'nights/three-tables'],
  // One training, by what starts it and goes on with it.
  trainings: ['by-sql-alone', 'training-by-task', 'training-credits'],
  hospitals: ['general', 'any-hospital', 'heart-failure'],
};

const third = process.env.LOS_THIRD === undefined ? undefined : Number(process.env.LOS_THIRD);

/** True if a file of tests, named from dist/test/, is to be run with this commit. */
export function hasTurn(name) {
  if (third === undefined) return true;
  const journey = name.replace(/^journeys\//, '').replace(/\.test\.js$/, '');
  const kind = Object.values(KINDS).find((journeys) => journeys.includes(journey));
  return !kind || kind.indexOf(journey) % 3 === third;
}

/** Names that no journey has, of which a test would be missed without a word. */
export const unknownTurns = (names) =>
  Object.values(KINDS)
    .flat()
    .filter((journey) => !names.includes(`journeys/${journey}.test.js`));
