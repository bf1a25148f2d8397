import type { Contract } from '../../procedures/dataset/contract.js';
import { isRefusal, lackedRight } from '../clients/refused.js';
import type { Context } from '../context.js';
import { messageOf, UserError } from '../errors.js';
import type { Check, Diagnosis, Finding, Note, Problem } from './check.js';
import { checks } from './checks.js';
import { Scene } from './scene.js';

/** The check that has passed when there is a context; the command itself makes its finding otherwise. */
const connection = { check: 'connection', title: 'both clouds let us in' } as const;

/** The diagnosis when there is not even a connection. */
export function disconnected(problem: Problem): Diagnosis {
  return diagnosisOf([
    { ...connection, state: 'broken', ...problem },
    ...checks.map(
      ({ name, title }): Finding => ({ check: name, title, state: 'unknown', because: connection.check }),
    ),
  ]);
}

/**
 * Looks at every hop in order. A check in the shadow of a broken one is left out, so that the findings name
 * causes and not their consequences. Changes nothing.
 */
export async function examine(
  ctx: Context,
  contract: Contract,
  list: readonly Check[] = checks,
): Promise<Diagnosis> {
  const scene = new Scene(ctx, contract);
  const findings: Finding[] = [{ ...connection, state: 'sound' }];
  for (const check of list) {
    const { name, title } = check;
    const shadow = findings.find(
      ({ check: other, state }) => state !== 'sound' && check.needs.includes(other),
    );
    if (shadow) {
      findings.push({ check: name, title, state: 'unknown', because: shadow.because ?? shadow.check });
      continue;
    }
    const seen = await lookAt(check, scene);
    findings.push({ check: name, title, state: seen && 'what' in seen ? 'broken' : 'sound', ...seen });
  }
  return diagnosisOf(findings);
}

function diagnosisOf(findings: readonly Finding[]): Diagnosis {
  const first = findings.find(({ state }) => state === 'broken');
  return { findings, ...(first ? { first } : {}) };
}

/** What a cloud refuses is a finding; a mistake of our own is not, and goes on. */
async function lookAt(check: Check, scene: Scene): Promise<Problem | Note | undefined> {
  try {
    return await check.look(scene);
  } catch (error) {
    if (!(error instanceof UserError) && !isRefusal(error)) throw error;
    const what = messageOf(error);
    const said = error instanceof UserError ? error.next : lackedRight(what);
    return { what, fix: said ?? scene.los('plan') };
  }
}
