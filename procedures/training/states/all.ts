import type { State } from '../machine.js';
import type { StateName } from '../run.js';
import { learning } from '../stays/index.js';
import { entering, fitting, judging, preparing } from './index.js';

/** All states, for callers without a limit of size. */
export const states: Readonly<Record<StateName, State>> = {
  ...preparing,
  ...fitting,
  ...judging,
  ...learning,
  ...entering,
};
