import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { printableJson } from '../../procedures/notifying/printable.js';
import type { Context } from '../context.js';
import { messageOf, UserError } from '../errors.js';
import { writeOut } from '../ground/out-file.js';
import { changeToPlan, type PlannedChange } from './describe.js';
import { canonical, fingerprintOf } from './fingerprint.js';
import type { Plan } from './plan.js';

const FORMAT = 'predict-los plan 1';

/** A plan as it is kept in a file between `los plan --out` and `los apply`. It holds no secret. */
export interface SavedPlan {
  readonly format: typeof FORMAT;
  readonly deployment: Deployment;
  readonly madeAt: string;
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
  /** Hash of everything that was declared and found: the plan holds only while it stays the same. */
  readonly basis: string;
}

/** Which deployment a plan is for. */
interface Deployment {
  readonly target: string;
  readonly prefix: string;
  readonly database: string;
  readonly schema: string;
  readonly awsAccount: string;
  readonly awsRegion: string;
}

/** The file's contents for a plan that was just made. */
export function toSavedPlan(ctx: Context, plan: Plan): SavedPlan {
  return {
    format: FORMAT,
    deployment: deploymentOf(ctx),
    madeAt: new Date().toISOString(),
    changes: plan.changes.map(changeToPlan),
    unchanged: plan.unchanged,
    basis: basisOf(plan),
  };
}

export function writePlan(file: string, plan: SavedPlan): void {
  writeOut(file, `${printableJson(JSON.stringify(plan, null, 2))}\n`);
}

/** @throws UserError when the file is missing or no plan */
export function readPlan(file: string): SavedPlan {
  const again = 'Make a new one: los plan --out plan.json.';
  let plan: Partial<SavedPlan>;
  try {
    plan = JSON.parse(readFileSync(file, 'utf8')) as Partial<SavedPlan>;
  } catch (error) {
    throw new UserError(`${file} cannot be read as a plan: ${messageOf(error)}.`, { next: again });
  }
  if (plan.format !== FORMAT || !plan.deployment || !Array.isArray(plan.changes))
    throw new UserError(`${file} is not a plan of this version of los.`, { next: again });
  return plan as SavedPlan;
}

/**
 * Makes sure that what the file says is exactly what would be done now.
 * @throws UserError naming what is different
 */
export function assertCurrent(ctx: Context, saved: SavedPlan, now: Plan): void {
  const next = 'Look at a new plan: los plan --out plan.json.';
  const here = deploymentOf(ctx);
  const other = (Object.keys(here) as (keyof Deployment)[]).find(
    (key) => here[key] !== saved.deployment[key],
  );
  if (other)
    throw new UserError(
      `The plan is for another deployment: ${other} is ${here[other]} here and ${saved.deployment[other]} there.`,
      { next: 'Use the settings, target and credentials that the plan was made with.' },
    );
  if (saved.basis === basisOf(now)) return;
  const changes = now.changes.map(changeToPlan);
  const text = (list: readonly PlannedChange[]) =>
    new Map(list.map((change) => [change.id, canonical(change)]));
  const [before, after] = [text(saved.changes), text(changes)];
  const moved = [...new Set([...before.keys(), ...after.keys()])].filter(
    (id) => before.get(id) !== after.get(id),
  );
  throw new UserError(
    `The plan of ${saved.madeAt} no longer holds: since then ${
      moved.length ? `this changed: ${someOf(moved)}` : 'the declaration or the clouds changed'
    }. Nothing was done.`,
    { next },
  );
}

function deploymentOf({ settings, target, aws }: Context): Deployment {
  return {
    target: target.name,
    prefix: settings.prefix,
    database: settings.snowflake.database,
    schema: settings.snowflake.schema,
    awsAccount: aws.accountId,
    awsRegion: aws.region,
  };
}

function basisOf({ changes, unchanged }: Plan): string {
  const facts = changes.map((change) => ({
    ...changeToPlan(change),
    declared: change.resource && fingerprintOf(change.resource.kind, change.resource.definition),
    found: change.live?.fingerprint,
  }));
  return createHash('sha256').update(canonical({ facts, unchanged })).digest('hex');
}

function someOf(ids: readonly string[]): string {
  return ids.length <= 8 ? ids.join(', ') : `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more`;
}
