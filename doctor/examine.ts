import type { Context } from '../deploy/context.js';
import type { Contract } from '../procedures/dataset/contract.js';
import type { Check, Finding as Found } from './check.js';
import { checks } from './hops/checks.js';
import { refusal } from './hops/hop.js';
import { Scene } from './hops/scene.js';
import { run } from './run.js';

export type State = 'sound' | 'broken' | 'unknown';

export interface Finding {
  readonly check: string;
  readonly title: string;
  /** `unknown`: not looked at, because of `because`. */
  readonly state: State;
  /** Problem, with the command, statement or click that mends it. */
  readonly what?: string;
  readonly fix?: string;
  /** Note about a sound hop. */
  readonly note?: string;
  /** The broken check in whose shadow this one is. */
  readonly because?: string;
}

export interface Diagnosis {
  /** In the order of the chain. */
  readonly findings: readonly Finding[];
  /** The first broken hop: what to mend first. */
  readonly first?: Finding;
}

/** The check that has passed when there is a context; the command itself makes its finding otherwise. */
const connection: Found = { name: 'connection', asks: 'both clouds let us in', verdict: 'holds' };

/** The diagnosis when there is not even a connection. */
export function connectionDiagnosis(problem: { readonly what: string; readonly fix: string }): Diagnosis {
  return diagnosisOf([
    { ...connection, verdict: 'breaks', saw: problem.what, next: problem.fix },
    ...checks.map(({ name, asks }): Found => ({ name, asks, verdict: 'open', because: connection.name })),
  ]);
}

/**
 * Looks at every hop in order, and names causes, not their consequences. Changes nothing.
 * @param list for tests
 */
export async function examine(
  ctx: Context,
  contract: Contract,
  list: readonly Check<Scene>[] = checks,
): Promise<Diagnosis> {
  const scene = new Scene(ctx, contract);
  const found = await run(list, scene, { settled: [connection], refusal: (error) => refusal(scene, error) });
  return diagnosisOf([connection, ...found]);
}

const STATES = { holds: 'sound', breaks: 'broken', open: 'unknown' } as const;

function diagnosisOf(found: readonly Found[]): Diagnosis {
  const findings = found.map(({ name, asks, verdict, saw, next, because }): Finding => {
    const note = saw ? { note: saw } : {};
    const words = verdict === 'breaks' ? { what: saw ?? '', fix: next ?? '' } : note;
    return {
      check: name,
      title: asks,
      state: STATES[verdict],
      ...words,
      ...(because === undefined ? {} : { because }),
    };
  });
  const first = findings.find(({ state }) => state === 'broken');
  return { findings, ...(first ? { first } : {}) };
}
