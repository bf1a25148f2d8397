import type { Costs } from '../../report/results/costs.js';
import { UserError } from '../errors.js';
import type { Control } from '../target.js';

/**
 * Lets calls to the local cloud go wrong.
 * @throws UserError when it does not understand a fault
 */
export async function setFaults(control: Control | undefined, faults: readonly string[]): Promise<void> {
  if (!control)
    throw new UserError('Only the local cloud fails on command.', { next: 'Leave --target cloud out.' });
  const response = await ask(control, '/faults', { method: 'POST', body: JSON.stringify({ faults }) });
  if (response.status === 201) return;
  const { error } = (await response.json()) as { error: string };
  throw new UserError(error, { next: 'los local --help shows how faults are written.' });
}

/** Reads the use of the local AWS until now, with its price. */
export async function readCosts(control: Control): Promise<Costs> {
  const response = await ask(control, '/costs', {});
  if (!response.ok) throw new Error(`the local cloud answered ${response.status} when asked for its costs`);
  return (await response.json()) as Costs;
}

function ask(control: Control, path: string, init: { method?: string; body?: string }): Promise<Response> {
  return fetch(control.url + path, { ...init, headers: { authorization: `Bearer ${control.token}` } });
}
