import type { Contract } from '../../procedures/dataset/contract.js';
import type { Measure } from '../../procedures/judging/measures.js';
import * as measures from '../../procedures/judging/measures.js';
import * as registry from '../../procedures/versions/registry.js';
import { drive } from '../clients/drive.js';
import type { Context } from '../context.js';

export type { RegistryEntry, VersionFigures, VersionRecord } from '../../procedures/versions/registry.js';

type Reader = Pick<Context, 'snowflake' | 'settings'>;

/** All versions of all datasets, newest first. */
export function versions(ctx: Reader): Promise<registry.RegistryEntry[]> {
  return drive(ctx, registry.versions(ctx.settings, registry.FIGURES));
}

/** The version that answers predict_los, if it is of this dataset. */
export function championOf(ctx: Reader, dataset: string): Promise<registry.RegistryEntry | undefined> {
  return drive(ctx, registry.championOf(ctx.settings, dataset, registry.FIGURES));
}

/**
 * The version of that name, or with no name the newest that was finished.
 * @throws UserError where there is none
 */
export function findVersion(ctx: Reader, contract: Contract, name?: string): Promise<registry.RegistryEntry> {
  return drive(ctx, registry.findVersion(ctx.settings, contract.name, name, registry.FIGURES));
}

/** @throws UserError for a version whose training did not end well */
export function recordOf(ctx: Reader, version: string): Promise<registry.VersionRecord> {
  return drive(ctx, registry.recordOf(ctx.settings, version));
}

/** The same without the model, as LOS_READ may read it. */
export function figuresOf(ctx: Reader, version: string): Promise<registry.VersionFigures> {
  return drive(ctx, registry.figuresOf(ctx.settings, version));
}

/** Says of all versions, of all datasets, that their endpoints have gone. */
export function removeVersions(ctx: Reader): Promise<void> {
  return drive(ctx, registry.removeVersions(ctx.settings));
}

/** Everything that was measured of a version, largest groups first. @param from LOS_VERSION_FIGURES: what LOS_READ may read */
export function measuresOf(ctx: Reader, version: string, from?: string): Promise<Measure[]> {
  return drive(ctx, measures.measuresOf(ctx.settings, version, from));
}
