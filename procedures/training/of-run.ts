import type { Model } from '../../udfs/model.js';
import type { Contract, Feature } from '../dataset/contract.js';
import { readsOf } from '../dataset/inputs-sql.js';
import { isOfHazards } from '../fitting/candidates.js';
import { fromEntries, hasOwn } from '../ground/lists.js';
import type { Plan } from '../ground/plan.js';
import { inputsOf } from '../judging/usual.js';
import { type Version, versionOf } from '../versions/version.js';
import type { Run, RunData } from './run.js';

/** The plan of a run: today's, or that of the version which it trains once more. */
export function planOf(plan: Plan, { data, options }: Run): Plan {
  const { repeated } = data;
  if (!repeated)
    return options.recentDays === undefined
      ? plan
      : {
          ...plan,
          settings: {
            ...plan.settings,
            training: { ...plan.settings.training, recentDays: options.recentDays },
          },
        };
  const contract = orderFeatures(repeated.contract, repeated.featureOrder);
  return {
    ...plan,
    contract,
    reads: readsOf(contract),
    settings: { ...plan.settings, training: repeated.training },
  };
}

/** Columns that the run's version does without; none: it has all. */
export function columnsLeftOut({ options, data }: Run): readonly string[] {
  return options.without || data.repeated?.without || [];
}

/** A contract that came out of a VARIANT, whose keys Snowflake sorts: the model's columns are in the order of then. */
function orderFeatures(contract: Contract, order: readonly string[]): Contract {
  const features = order.map((name): [string, Feature] => [name, contract.features[name] as Feature]);
  return { ...contract, features: fromEntries(features) };
}

/** Something that an earlier state has found. */
export function requireData<Name extends keyof RunData>(
  run: Run,
  name: Name,
): Exclude<RunData[Name], undefined> {
  if (!hasOwn(run.data, name)) throw new Error(`The run ${run.id} is in ${run.state} without ${name}`);
  return run.data[name] as Exclude<RunData[Name], undefined>;
}

/** The names of the version that a run makes. */
export function versionOfRun(plan: Plan, run: Run): Version {
  return versionOf(plan.contract, plan.settings, requireData(run, 'number'), run.data.nameStamp || null);
}

/** The version's model as far as it is known before it is calibrated. */
export function plainModel(plan: Plan, run: Run): Model {
  const { name, endpoint } = versionOfRun(plan, run);
  const features = requireData(run, 'features');
  return {
    version: name,
    endpoint,
    features,
    ...(run.data.fewest === undefined ? {} : { fewest: run.data.fewest }),
    inputs: inputsOf(plan, features, run.data.rareDefaults || [], run.data.selection || null),
    floor: requireData(run, 'split').trainMin,
    bands: [],
    ...(run.data.hazards && run.data.chosen && isOfHazards(run.data.chosen)
      ? { hazards: run.data.hazards.hazards }
      : {}),
  };
}
