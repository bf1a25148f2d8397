import { redactor } from '../clients/redact.js';
import { type Difference, showDifference } from './difference.js';
import type { Change } from './plan.js';
import type { ResourceId } from './resource.js';

/** A change without the objects behind it: what a person, a file or another program gets. */
export interface PlannedChange {
  readonly action: Change['action'];
  readonly id: ResourceId;
  readonly reason: string;
  readonly drift: boolean;
  readonly replaces: boolean;
  readonly differences: readonly Difference[];
}

/** What somebody wrote into a live body by hand may hold a secret; a plan is shown and kept. */
const hide = redactor([]);

export function plannedChange({ action, id, reason, drift, replaces, differences }: Change): PlannedChange {
  return {
    action,
    id,
    reason,
    drift: drift ?? false,
    replaces: replaces ?? false,
    differences: differences.map(({ property, live, declared }) => ({
      property,
      live: live && hide(live),
      declared: declared && hide(declared),
    })),
  };
}

type Described = Pick<Change, 'action' | 'id' | 'reason' | 'drift' | 'replaces' | 'differences'>;

const SIGN = { create: '+', update: '~', remove: '-' } as const;

/** A plan in lines for a person: each change with its reason and its differences, then a summary. */
export function describePlan(plan: { changes: readonly Described[]; unchanged: number }): string[] {
  const { changes, unchanged } = plan;
  if (!changes.length) return [`Nothing to do: ${unchanged} objects are as declared.`];
  const count = (of: (change: Described) => boolean) => changes.filter(of).length;
  const parts = [
    [count(({ action }) => action === 'create'), 'to create'],
    [count(({ action, replaces }) => action === 'update' && !replaces), 'to change'],
    [count(({ replaces }) => !!replaces), 'to replace'],
    [count(({ action }) => action === 'remove'), 'to remove'],
    [unchanged, 'unchanged'],
  ] as const;
  return [
    ...changes.flatMap(describeChange),
    `${parts
      .filter(([number]) => number > 0)
      .map(([number, what]) => `${number} ${what}`)
      .join(', ')}.`,
  ];
}

function describeChange(change: Described): string[] {
  const sign = change.replaces ? '±' : SIGN[change.action];
  const drift = change.drift ? 'drift: ' : '';
  const replaced = change.replaces ? '; has to be made again' : '';
  return [
    `${sign} ${change.id} (${drift}${change.reason}${replaced})`,
    // Of something new its name says enough.
    ...(change.action === 'create' ? [] : change.differences.flatMap(showDifference)).map(
      (line) => `    ${line}`,
    ),
  ];
}
