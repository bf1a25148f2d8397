import type { Contract, Feature } from '../../procedures/dataset/contract.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { TrainingSettings } from '../settings/settings.js';
import type { Candidate } from './candidates.js';
import { type RegistryEntry, recordOf } from './registry.js';
import { type TrainResult, trainVersion } from './train.js';

/** A version trained once more, and whether it came out the same. */
export interface RepeatResult extends TrainResult {
  readonly repeated: string;
  /** Whether the labelled rows and their sides are still those that the version was trained on. */
  readonly sameRows: boolean;
  /** Whether the code that trains is still the code of then. */
  readonly sameCode: boolean;
  /** Whether the model file has the same bytes. */
  readonly sameModel: boolean;
}

/**
 * Trains a version again from its lineage: with the contract and the training settings of then, the chosen
 * candidate alone and its hyperparameters as they were, on the rows that the table has now.
 * @throws UserError for a version that was trained before lineage told all of it
 */
export async function repeatVersion(ctx: Context, entry: RegistryEntry): Promise<RepeatResult> {
  const { parameters, lineage } = await recordOf(ctx, entry.version);
  const { contract, featureOrder, settings, fingerprint, code, modelSha256 } = lineage as {
    contract?: Contract;
    featureOrder?: readonly string[];
    settings?: TrainingSettings;
    fingerprint?: string;
    code?: string;
    modelSha256?: string;
  };
  if (!contract || !featureOrder || !settings || !modelSha256)
    throw new UserError(`${entry.version} was trained before its lineage told how to repeat it.`, {
      next: 'Train a new version: los train.',
    });
  const { candidate: name, ...hyperparameters } = parameters;
  const candidate = { name, hyperparameters } as Candidate;
  const then = { ...ctx, settings: { ...ctx.settings, training: { ...settings, tuningJobs: 0 } } };
  const result = await trainVersion(then, ordered(contract, featureOrder), { candidates: [candidate] });
  return {
    ...result,
    repeated: entry.version,
    sameRows: result.fingerprint === fingerprint,
    sameCode: result.code === code,
    sameModel: result.modelSha256 === modelSha256,
  };
}

/** A contract that came out of a VARIANT, whose keys Snowflake sorts: the model's columns are in the order of then. */
function ordered(contract: Contract, order: readonly string[]): Contract {
  const features = order.map((name): [string, Feature] => [name, contract.features[name]!]);
  return { ...contract, features: Object.fromEntries(features) };
}
