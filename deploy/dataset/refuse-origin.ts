import type { Contract } from '../../procedures/dataset/contract.js';
import { UserError } from '../errors.js';

/** @throws UserError where the rows are in a relation of others, into which nothing is ever written */
export function refuseOrigin({ name, origin }: Contract, command: string): void {
  if (origin === undefined) return;
  const where = origin.source ?? 'what its query reads';
  throw new UserError(
    `The dataset ${name} reads ${where}, which is the hospital's: ${command} writes nothing into it.`,
    {
      next: 'Load the rows there by the hospital’s own means, or give the contract a table: of its own in place of source: or query:.',
    },
  );
}
