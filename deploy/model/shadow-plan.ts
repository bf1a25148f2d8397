import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualified, shared } from '../../procedures/ground/names.js';
import { UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import { type Version, versionOf } from './version.js';

/** The version that tasks.challenger names; null: none. @throws UserError when it is of another dataset */
export function challengerOf(contract: Contract, settings: Settings): Version | null {
  const name = settings.tasks.challenger;
  if (name === null) return null;
  const version = versionOf(contract, settings, Number(/-v(\d+)$/.exec(name)?.[1]));
  if (version.name !== name)
    throw new UserError(`tasks.challenger is ${name}, which is no version of ${contract.name}.`, {
      next: `Name one such as ${contract.name}-v2 (los model lists them), or null for none.`,
    });
  return version;
}

/**
 * INSERT of what a version predicts for logged admissions that it has not predicted yet and did not answer
 * itself, from the inputs that were logged then. Only what was logged since the version was trained: earlier
 * patients may be among those that it learned from.
 * @param log the prediction log, or a stream on it
 */
export function shadowSql(contract: Contract, settings: Settings, version: Version, log: string): string {
  const target = qualified(settings, shared.shadow);
  const name = literal(version.name);
  return `INSERT INTO ${target} (VERSION, DATASET, CASE_ID, RUN_ID, PREDICTED_AT, PREDICTED_LOS)
SELECT ${name}, DATASET, CASE_ID, RUN_ID, CURRENT_TIMESTAMP(), ${qualified(settings, version.predict)}(FEATURES):days::FLOAT
FROM (SELECT l.DATASET, l.CASE_ID, l.RUN_ID, l.FEATURES FROM ${log} AS l
  JOIN ${qualified(settings, shared.registry)} AS r ON r.VERSION = ${name} AND l.PREDICTED_AT >= r.CREATED_AT
  LEFT JOIN ${target} AS s ON s.CASE_ID = l.CASE_ID AND s.RUN_ID = l.RUN_ID AND s.VERSION = ${name}
  WHERE l.DATASET = ${literal(contract.name)} AND l.MODEL_VERSION <> ${name} AND s.VERSION IS NULL)`;
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
    status: `SELECT MAX(STATUS) FROM ${qualified(settings, shared.registry)} WHERE VERSION = ${literal(version.name)}`,
    score: shadowSql(contract, settings, version, qualified(settings, shared.unshadowed)),
    runLog: qualified(settings, shared.runs),
  };
}
