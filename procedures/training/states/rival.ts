import type { Model } from '../../../udfs/model.js';
import type { Plan } from '../../ground/plan.js';
import { messageLine, withoutValues } from '../../ground/without-values.js';
import { Later, type Work } from '../../ground/work.js';
import { predictHoldout } from '../../judging/predict-side.js';
import { championOf, type RegistryEntry } from '../../versions/registry.js';
import { isPassing, silenceInWords, silenceOf } from '../../versions/silence.js';
import type { Version } from '../../versions/version.js';
import { MOST_ATTEMPTS, type Run, type RunData } from '../run.js';

/**
 * Seconds for which a training waits for a champion whose silence may pass: an endpoint that is being recreated takes ten
 * minutes at most, a permission some. A champion that has answered nothing for longer than that answers no patient either,
 * and must not keep the version away that would.
 */
const PATIENCE = 1200;

/** The champion beside which a version is measured; or that it does not answer, and why. */
export interface Rival {
  readonly champion: RegistryEntry | null;
  readonly silent: NonNullable<RunData['silent']> | null;
}

/** @throws Later while a champion that does not answer may do so soon */
export function* findRival(plan: Plan, { waited }: Run): Work<Rival> {
  const champion = yield* championOf(plan.settings, plan.contract.name);
  if (!champion) return { champion: null, silent: null };
  const silence = yield* silenceOf(plan, champion);
  if (!silence) return { champion, silent: null };
  if (silence.passes && waited < PATIENCE)
    throw new Later(
      `${silenceInWords({ ...silence, version: champion.version })}; it is asked again`,
      2 * PATIENCE,
    );
  return { champion: null, silent: { version: champion.version, why: silence.why } };
}

/**
 * Has the version, and the champion beside it, predict the holdout rows. A champion that answered about one admission may
 * fail on these: then the version is measured alone.
 */
export function* measureBeside(
  plan: Plan,
  version: Version,
  model: Model,
  { champion, silent }: Rival,
  { attempts }: Run,
): Work<Rival> {
  const measureAlone = function* (why: string): Work<Rival> {
    yield* predictHoldout(plan, version, model, null);
    return { champion: null, silent: { version: (champion as RegistryEntry).version, why } };
  };
  if (!champion) {
    yield* predictHoldout(plan, version, model, null);
    return { champion, silent };
  }
  let predicted: { readonly rows: number; readonly unanswered: number };
  try {
    predicted = yield* predictHoldout(plan, version, model, champion);
  } catch (error) {
    const { message } = withoutValues(error);
    // Whose failure it is shows when the version is asked alone; what may pass is tried again first.
    if (isPassing(message) && attempts + 1 < MOST_ATTEMPTS) throw error;
    return yield* measureAlone(messageLine(message));
  }
  const { rows, unanswered } = predicted;
  return unanswered > rows
    ? yield* measureAlone(`it has no number for ${unanswered} of ${rows + unanswered} stays of the holdout`)
    : { champion, silent: null };
}
