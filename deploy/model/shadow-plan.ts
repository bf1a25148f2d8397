import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualified } from '../../procedures/ground/names.js';
import { shadowSql } from '../../procedures/judging/shadow-sql.js';
import { type Version, versionOf } from '../../procedures/versions/version.js';
import { UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';

/** The version that tasks.challenger names; null: none. @throws UserError when it is of another dataset */
export function challengerOf(contract: Contract, settings: Settings): Version | null {
  const name = settings.tasks.challenger;
  if (name === null) return null;
  const version = versionOf(contract, settings, Number(/-v(\d+)$/.exec(name)?.[1]));
  if (version.name !== name)
    throw new UserError(`tasks.challenger is ${name}, which is no version of ${contract.name}.`, {
      next: `Name one such as ${contract.name}-v2 (los model list names them), or null for none.`,
    });
  return version;
}

/** What the procedure that scores in shadow is compiled with. */
export interface ShadowPlan {
  readonly dataset: string;
  readonly version: string;
  /** Where the version stands: one row, one column. */
  readonly status: string;
  /** Reads the stream on the prediction log: its offset moves when the challenger's predictions are kept. */
  readonly score: string;
  readonly runLog: string;
}

export function shadowPlan(contract: Contract, settings: Settings, version: Version): ShadowPlan {
  return {
    dataset: contract.name,
    version: version.name,
    status: `SELECT MAX(STATUS) FROM ${qualified(settings, 'LOS_MODEL_REGISTRY')} WHERE VERSION = ${literal(version.name)}`,
    score: shadowSql(contract, settings, version, qualified(settings, 'LOS_SHADOW_PENDING')),
    runLog: qualified(settings, 'LOS_RUN_LOG'),
  };
}
