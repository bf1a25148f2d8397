import { literal, qualify } from '../../ground/names.js';
import { later } from '../../ground/plan.js';
import { shadowSql } from '../../judging/shadow-sql.js';
import type { PlanSource } from '../../object.js';
import type { ScoringSettings } from '../plans.js';

/** The settings that SHADOW_ADMISSIONS heeds. */
export interface ShadowSettings extends ScoringSettings {
  readonly tasks: { readonly challenger: string | null };
}

/** Statements that the procedure is compiled with that scores in shadow. */
export interface ShadowPlan {
  readonly dataset: string;
  readonly version: string;
  /** State of the version, and through which function it is asked: at most one row of both. */
  readonly status: string;
  /**
   * Reads the stream on the prediction log: its offset moves when the challenger's predictions are kept. Where the function's
   * name goes is `{{predict}}`: it carries the version's training, which only the registry knows.
   */
  readonly score: string;
  readonly runLog: string;
}

/** The statements of SHADOW_ADMISSIONS, which is deployed where tasks.challenger names a version. */
export function shadowPlan({ contract, settings }: PlanSource<ShadowSettings>): ShadowPlan {
  const { challenger } = settings.tasks;
  const name = challenger ?? '';
  const table = (name: string) => qualify(settings, name);
  return {
    dataset: contract.name,
    version: name,
    status: `SELECT STATUS, REPLACE(REQUEST_TRANSLATOR, 'LOS_REQUEST_', 'PREDICT_LOS_') FROM ${table('LOS_MODEL_REGISTRY')} WHERE VERSION = ${literal(name)}`,
    score: shadowSql(contract, settings, { name, ...later('predict') }, table('LOS_SHADOW_PENDING')),
    runLog: table('LOS_RUN_LOG'),
  };
}
