import type { Action } from '../../report/results/deployment.js';

const SWITCHING = ['apply', 'destroy', 'promote', 'rollback'] as const;

/**
 * Actions that exclude each other. Promotion switches the functions that apply may be replacing. A training leaves an
 * apply alone, but uses a table that is one training's at a time, and what it makes would outlive a destroy that runs
 * beside it. The relation goes both ways.
 */
export const excludes: Readonly<Record<Action, readonly Action[]>> = {
  apply: SWITCHING,
  destroy: [...SWITCHING, 'train'],
  train: ['train', 'destroy'],
  promote: SWITCHING,
  rollback: SWITCHING,
};

/** True if the action reports as seldom as it can: in the hours of a training each sign of life may resume the warehouse for a minute. */
export function isSparing(action: Action): boolean {
  return action === 'train';
}

/**
 * Seconds after which a process that says nothing is taken for dead; it speaks five times in that time, or twice if it is sparing. A
 * training has statements of several minutes, behind which its next sign of life may have to wait.
 */
export const lifetime: Readonly<Record<Action, number>> = {
  apply: 75,
  destroy: 75,
  train: 5400,
  promote: 75,
  rollback: 75,
};
