import { literal, qualify } from '../../ground/names.js';
import { shadowSql } from '../../judging/shadow-sql.js';
import type { PlanSource } from '../../object.js';
import { versionOf } from '../../versions/version.js';
import type { ScoringSettings } from '../plans.js';

/** The settings that SHADOW_ADMISSIONS heeds. */
export interface ShadowSettings extends ScoringSettings {
  readonly prefix: string;
  readonly tasks: { readonly challenger: string | null };
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

/** The statements of SHADOW_ADMISSIONS, which is deployed where tasks.challenger names a version. */
export function shadowPlan({ contract, settings }: PlanSource<ShadowSettings>): ShadowPlan {
  const { challenger } = settings.tasks;
  const version = versionOf(contract, settings, Number(/-v(\d+)$/.exec(challenger ?? '')?.[1]));
  const table = (name: string) => qualify(settings, name);
  return {
    dataset: contract.name,
    version: version.name,
    status: `SELECT MAX(STATUS) FROM ${table('LOS_MODEL_REGISTRY')} WHERE VERSION = ${literal(version.name)}`,
    score: shadowSql(contract, settings, version, table('LOS_SHADOW_PENDING')),
    runLog: table('LOS_RUN_LOG'),
  };
}
