import { missingRight } from '../../deploy/clients/missing-right.js';
import { NETWORK_ADVICE, networkProblem } from '../../deploy/clients/network.js';
import { messageOf, UserError } from '../../deploy/errors.js';
import type { Change } from '../../deploy/resources/plan.js';
import { qualify } from '../../procedures/ground/names.js';
import type { Difference } from '../../report/results/deployment.js';
import { type Answer, breaks, type Check, type Refusal } from '../check.js';
import type { Scene } from './scene.js';
import { describeDifference, nounOf } from './words.js';

/**
 * Symptoms that break a hop: `gone`, `drift` (changed, as the plan's reason says) or a property that differs, each
 * with why that matters.
 */
export type Symptoms = Readonly<Record<string, string | Symptom>>;

export interface Symptom {
  /** Why it matters, as half a sentence; or the whole sentence, made of what the plan says. */
  readonly why?: string;
  readonly what?: (change: Change, scene: Scene) => string;
  /** The command or statement that mends it. */
  readonly fix?: (change: Change, scene: Scene) => string;
  /** Which differences of the property do harm; left out: all. */
  readonly where?: (difference: Difference, change: Change) => boolean;
}

/** Kinds, or single objects as `kind:name`. */
type Of = string | readonly string[] | ((scene: Scene) => string);

/**
 * A hop that is broken where the plan makes one of its objects, or mends one of its symptoms.
 * @param then looks at what no plan sees, where the plan finds nothing
 */
export function hop(
  name: string,
  asks: string,
  needs: readonly string[],
  of: Of,
  symptoms: Symptoms = {},
  then?: (scene: Scene) => Promise<Answer | undefined>,
): Check<Scene> {
  return {
    name,
    asks,
    needs: ['declaration', ...needs],
    async look(scene) {
      const ids = typeof of === 'function' ? [of(scene)] : [of].flat();
      const missed = await readFailure(scene, name, ids);
      if (missed) return missed;
      const { changes } = await scene.plan();
      const about = changes.filter(({ id }) => ids.some((each) => id === each || id.startsWith(`${each}:`)));
      for (const [when, given] of Object.entries({ gone: {}, ...symptoms })) {
        const found = diagnose(about, when, typeof given === 'string' ? { why: given } : given, scene);
        if (found) return found;
      }
      return then?.(scene);
    },
  };
}

function diagnose(
  changes: readonly Change[],
  when: string,
  { why, what, fix, where }: Symptom,
  scene: Scene,
): Answer | undefined {
  const ending = why ? `: ${why}.` : '.';
  const answer = (change: Change, words: string, difference?: Difference) =>
    breaks(
      what?.(change, scene) ?? words + ending,
      fix?.(change, scene) ?? statementFor(change, difference, scene) ?? scene.los('apply'),
    );
  const missing = changes.filter(({ action }) => action === 'create' || action === 'rename');
  const altered = changes.filter(({ action }) => action === 'update');
  const [first, ...more] = missing;
  if (when === 'gone') return first && answer(first, absenceText(first, more));
  for (const change of altered) {
    if (when === 'drift' && change.drift) return answer(change, `${nameOf(change)}: ${change.reason}`);
    const difference = change.differences.find(({ property }) => property === when);
    if (difference && (where?.(difference, change) ?? true))
      return answer(
        change,
        `The ${nounOf(change)} ${nameOf(change)} ${describeDifference(difference)}`,
        difference,
      );
  }
  return undefined;
}

export const nameOf = ({ id }: Pick<Change, 'id'>) => id.slice(id.indexOf(':') + 1);

function absenceText(one: Change, more: readonly Change[]): string {
  if (more.length > 0) return `${[one, ...more].map(nameOf).join(', ')} do not exist`;
  const hidden = one.id.startsWith('snowflake.') ? ', or this role may not see it' : '';
  return `The ${nounOf(one)} ${nameOf(one)} does not exist${hidden}`;
}

/** Kinds of which Snowflake's owner sets a property by one statement, quicker than apply. */
const ALTERED = /^snowflake\.(warehouse|api-integration|storage-integration|stage):/;

function statementFor(change: Change, difference: Difference | undefined, scene: Scene): string | undefined {
  const value = difference?.declared;
  // Lists have a syntax of their own.
  if (!difference || value === undefined || !ALTERED.test(change.id) || /ALLOWED/.test(difference.property))
    return undefined;
  const noun = nounOf(change).toUpperCase();
  const name = noun === 'STAGE' ? qualify(scene.ctx.settings, nameOf(change)) : nameOf(change);
  return `ALTER ${noun} ${name} SET ${difference.property} = ${/\W/.test(value) ? `'${value}'` : value};`;
}

/** A kind that could not be read: the first hop that needs it says so, the others point to that one. */
export async function readFailure(
  scene: Scene,
  hop: string,
  ids: readonly string[],
): Promise<Answer | undefined> {
  const { unread } = await scene.plan();
  for (const id of ids) {
    const kind = id.replace(/:.*/s, '');
    const error = unread.get(kind);
    if (!error) continue;
    const because = scene.blamed.get(kind) ?? hop;
    scene.blamed.set(kind, because);
    return because === hop ? refusal(scene, error) : { verdict: 'open', because };
  }
  return undefined;
}

/** Describes a refusal and its remedy. */
export function refusal({ los }: Scene, error: Refusal): Answer {
  const what = messageOf(error);
  if (error instanceof UserError) return breaks(what, error.next ?? los('plan'));
  const missed = networkProblem(error);
  if (!missed) return breaks(what, missingRight(what) ?? los('plan'));
  return breaks(
    `There is no answer${missed.host ? ` from ${missed.host}` : ''}: ${missed.why}.`,
    `${NETWORK_ADVICE}, then ${los('doctor')}`,
  );
}
