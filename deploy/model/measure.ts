import type { Contract } from '../../procedures/dataset/contract.js';
import type { Model } from '../../udfs/model.js';
import type { Context } from '../context.js';
import { evaluate, type Metrics } from './evaluate.js';
import { fitIntervals, fitVersionSpread } from './intervals.js';
import { fitLongStay } from './long-stay.js';
import { describeParticipants, type Participants } from './participants.js';
import { predictHoldout, predictValidation } from './predict-side.js';
import { fitExplained, fitReferences } from './references.js';
import { championOf, type RegistryEntry } from './registry.js';
import { endpointStatus } from './sagemaker.js';
import { createServing } from './serving.js';
import type { SplitResult } from './split.js';
import type { Version } from './version.js';

/** A version as it will be served, and what it is worth. */
export interface Measured {
  readonly model: Model;
  readonly metrics: Metrics;
  readonly participants: Participants;
}

/**
 * Calibrates a version whose endpoint is in service and measures it on the holdout, both through its own
 * external function: what is measured is what will be served. Beside it answers the champion, if there is one.
 */
export async function measureVersion(
  ctx: Context,
  contract: Contract,
  version: Version,
  model: Model,
  split: SplitResult,
  onStatus: (status: string) => void,
): Promise<Measured> {
  await createServing(ctx, version, { ...model, bands: [] });
  onStatus('validation rows');
  const calibrationRows = await predictValidation(ctx, contract, version, split);
  const { bands, widenings } = await fitIntervals(ctx, contract, version);
  const longStay = await fitLongStay(ctx, version);
  const { spread } = await fitVersionSpread(ctx, contract, version);
  const references = await fitReferences(ctx, contract, model.features);
  const explained = await fitExplained(ctx, contract, version, references);
  const calibrated: Model = { ...model, bands, widenings, longStay, spread, references, explained };
  await createServing(ctx, version, calibrated);
  onStatus('holdout rows');
  const before = await servingChampion(ctx, contract);
  await predictHoldout(ctx, contract, version, before);
  return {
    model: calibrated,
    metrics: await evaluate(ctx, contract, version, { before: before?.version ?? null, calibrationRows }),
    participants: await describeParticipants(ctx, contract),
  };
}

/** The dataset's champion, if its endpoint answers. */
export async function servingChampion(ctx: Context, contract: Contract): Promise<RegistryEntry | null> {
  const champion = await championOf(ctx, contract.name);
  if (!champion?.endpoint) return null;
  return (await endpointStatus(ctx, champion.endpoint)) === 'InService' ? champion : null;
}
