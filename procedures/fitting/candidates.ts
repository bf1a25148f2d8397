import { fromEntries } from '../ground/lists.js';
import type { PlanSettings, TrainingSettings } from '../ground/plan.js';
import { Refused } from '../ground/work.js';
import { MOST_CANDIDATES, requireHyperparameters } from '../jobs/hyperparameters.js';
import { quote } from '../options.js';

/** A way of fitting a model with the built-in XGBoost. */
export interface Candidate {
  readonly name: string;
  /** As the strings that SageMaker wants. */
  readonly hyperparameters: Readonly<Record<string, string>>;
}

/** The validation metric by which candidates are compared; early stopping watches the one of its objective. */
export type Metric = 'crps' | 'rmse' | 'mae';

type Parameters = Readonly<Record<string, string | number>>;

// Coordinate descent: the other updater of the container, shotgun, does not repeat itself.
const linear = (objective: string): Parameters => ({
  objective,
  booster: 'gblinear',
  updater: 'coord_descent',
  num_round: 60,
  eta: 1,
});

// A forest is one round of many trees, each on its own rows and columns and not shrunk.
const forest = (objective: string): Parameters => ({
  objective,
  num_round: 1,
  num_parallel_tree: 60,
  eta: 1,
  max_depth: 10,
  min_child_weight: 10,
  subsample: 0.63,
  colsample_bynode: 0.4,
  tree_method: 'hist',
});

/** Deep enough for interactions, slow enough to be stopped by the validation rows. */
const treeParameters = (objective: string): Parameters => ({
  objective,
  num_round: 400,
  early_stopping_rounds: 15,
  eta: 0.1,
  max_depth: 5,
  min_child_weight: 20,
  subsample: 0.8,
  colsample_bytree: 0.8,
  tree_method: 'hist',
});

/** Its hyperparameters were chosen on real admissions (bench/notes/curve.md). */
const hazard = 'binary:logistic';

/**
 * `metrics`: where it competes by itself. By CRPS only what was chosen on one of fifteen sets does (bench/notes/ablation.md); others are
 * there to be named.
 */
const ALL: Readonly<
  Record<string, { readonly metrics: readonly Metric[]; readonly parameters: Parameters }>
> = {
  linear: { metrics: [], parameters: linear('reg:squarederror') },
  forest: { metrics: ['crps', 'rmse', 'mae'], parameters: forest('reg:squarederror') },
  'squared-error': { metrics: ['rmse'], parameters: treeParameters('reg:squarederror') },
  gamma: { metrics: ['crps', 'rmse', 'mae'], parameters: treeParameters('reg:gamma') },
  tweedie: {
    metrics: ['crps', 'rmse'],
    parameters: { ...treeParameters('reg:tweedie'), tweedie_variance_power: 1.5 },
  },
  // The same three shapes, of the hazard of leaving in each period of a stay: the whole distribution at once.
  'hazard-linear': { metrics: ['crps'], parameters: linear(hazard) },
  'hazard-forest': { metrics: ['crps'], parameters: forest(hazard) },
  hazard: {
    metrics: ['crps'],
    parameters: { ...treeParameters(hazard), num_round: 600, eta: 0.05, max_depth: 6, min_child_weight: 10 },
  },
  // These two aim at the median; where a mean is wanted they fall short of it by design.
  'pseudo-huber': { metrics: ['mae'], parameters: treeParameters('reg:pseudohubererror') },
  'absolute-error': { metrics: ['mae'], parameters: treeParameters('reg:absoluteerror') },
};

export const candidateNames = Object.keys(ALL);

/** Names of the candidates that a training has: those of the settings, or every one that aims at what chooses. */
export function namesOfCandidates({
  candidates: given,
  chooseBy,
}: Pick<TrainingSettings, 'candidates' | 'chooseBy'>): readonly string[] {
  return given || candidateNames.filter((name) => allOf(name).metrics.indexOf(chooseBy) >= 0);
}

/** Tells whether a candidate predicts hazards and not days. */
export function isOfHazards({ hyperparameters }: Candidate): boolean {
  return hyperparameters.objective === hazard;
}

function allOf(name: string) {
  const known = candidateNames.indexOf(name) >= 0 ? ALL[name] : undefined;
  if (!known)
    throw new Refused(`There is no candidate ${quote(name)}.`, `Name some of ${candidateNames.join(', ')}.`);
  return known;
}

/** Form of the name of a candidate of one's own: shorter than a job's name. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 _-]{0,39}$/;

/**
 * Refuses what is no list of candidates, before a training is opened: each is a paid job.
 * @throws Refused, which names the first that is wrong
 */
function requireCandidates(given: unknown): asserts given is readonly (string | Candidate)[] {
  const forms = `Write names, such as ['gamma'], or {'name': 'slow', 'hyperparameters': {'num_round': 900, …}}.`;
  if (!Array.isArray(given))
    throw new Refused(`The candidates are ${quote(given)}, which is no list.`, forms);
  if (given.length === 0 || given.length > MOST_CANDIDATES)
    throw new Refused(
      `There are ${given.length} candidates, and each is a job.`,
      `Name at least 1 and at most ${MOST_CANDIDATES}, or leave candidates out.`,
    );
  const names: string[] = [];
  for (const one of given as unknown[]) {
    const name = typeof one === 'string' ? allOf(one) && one : requireOwn(one, forms);
    if (names.indexOf(name.toLowerCase()) >= 0)
      throw new Refused(`Two candidates are called ${name}.`, 'Name each of them once.');
    names.push(name.toLowerCase());
  }
}

/** @returns the name of a candidate with hyperparameters of its own */
function requireOwn(one: unknown, forms: string): string {
  if (typeof one !== 'object' || one === null || Array.isArray(one))
    throw new Refused(`A candidate is ${quote(one)}.`, forms);
  const { name, hyperparameters, ...others } = one as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || !NAME.test(name))
    throw new Refused(
      `A candidate is called ${quote(name)}.`,
      'Name it with at most 40 letters, digits, spaces, _ and -.',
    );
  const other = Object.keys(others)[0];
  if (other !== undefined)
    throw new Refused(`The candidate ${name} has ${quote(other)}, which no candidate has.`, forms);
  if (typeof hyperparameters !== 'object' || hyperparameters === null || Array.isArray(hyperparameters))
    throw new Refused(`The hyperparameters of the candidate ${name} are ${quote(hyperparameters)}.`, forms);
  requireHyperparameters(hyperparameters as Readonly<Record<string, unknown>>, `The candidate ${name}`);
  if ((hyperparameters as Readonly<Record<string, unknown>>).num_round === undefined)
    throw new Refused(
      `The candidate ${name} has no num_round, which the built-in XGBoost wants.`,
      "Say how many rounds it learns: {'num_round': 400, …}.",
    );
  return name;
}

/**
 * Refuses candidates that no training may have: of another form, with hyperparameters that are not in the list or out of their
 * ranges (hyperparameters.ts), or too many.
 * @param given as `candidates` takes it, of whatever type
 */
export function checkCandidates(settings: Pick<PlanSettings, 'training'>, given: unknown): void {
  if (given !== undefined) requireCandidates(given);
  // Of stays that none of them refuses: how short the shortest is shows when the rows are divided.
  for (const { name, hyperparameters } of candidates(settings, 1, given))
    requireHyperparameters(hyperparameters, `The candidate ${name}`);
}

/**
 * The candidates of a training. A linear one never stops early, whatever the settings say: the container would cut the
 * model back to its best round, which XGBoost cannot do to a linear model, and the job would fail after its last round
 * ("`save_best` is not applicable to the current booster").
 * @param given only these, and those with hyperparameters of their own as they are; left out: those that
 *   settings.training.candidates names, or else every one that competes by itself for what settings.training.chooseBy measures
 * @throws Refused for a name that there is not; when gamma alone is asked to fit stays of zero days, which it cannot; and
 *   where the settings' objective would make a model of days of one of hazards, or the other way round
 */
export function candidates(
  { training }: Pick<PlanSettings, 'training'>,
  shortestStay: number,
  given?: readonly (string | Candidate)[],
): Candidate[] {
  const { chooseBy, hyperparameters } = training;
  const asked = given || training.candidates;
  const chosen = asked || namesOfCandidates(training);
  // reg:gamma has no likelihood for zero; XGBoost fails on such a label.
  const possible = chosen.filter((name) => name !== 'gamma' || shortestStay > 0);
  if (possible.length === 0)
    throw new Refused(
      'The only candidate, gamma, cannot be fitted: some stays have zero days.',
      'Name another one in training.candidates, for example tweedie.',
    );
  // Both are reported; early stopping watches the last one.
  const ofDays = chooseBy === 'mae' ? 'rmse,mae' : 'mae,rmse';
  return possible.map((name) => {
    if (typeof name !== 'string') return { name: name.name, hyperparameters: asTexts(name.hyperparameters) };
    const { parameters } = allOf(name);
    requireKind(name, parameters, hyperparameters);
    const eval_metric = parameters.objective === hazard ? 'logloss' : ofDays;
    return {
      name,
      hyperparameters: asTexts({ ...parameters, eval_metric, seed: 42, ...hyperparameters }),
    };
  });
}

function asTexts(parameters: Parameters): Candidate['hyperparameters'] {
  return fromEntries(
    Object.entries(parameters)
      .filter(([key]) => !(key === 'early_stopping_rounds' && parameters.booster === 'gblinear'))
      .map(([key, value]): [string, string] => [key, String(value)]),
  );
}

/**
 * Files, questions and curves of a candidate are those of its kind, which is told by its objective. Other objectives of days
 * are the user's choice; one that changes the kind would be trained on rows that it cannot read.
 */
function requireKind(name: string, own: Parameters, given: Parameters): void {
  if (given.objective === undefined || (own.objective === hazard) === (given.objective === hazard)) return;
  const others = candidateNames.filter(
    (each) => (allOf(each).parameters.objective === hazard) === (given.objective === hazard),
  );
  throw new Refused(
    `training.hyperparameters.objective is ${given.objective}, which the candidate ${name} cannot have: ${own.objective === hazard ? `it predicts hazards, by ${hazard}` : 'it predicts days'}.`,
    `Take the objective out, or name only such candidates in training.candidates as can have it: ${others.join(', ')}.`,
  );
}
