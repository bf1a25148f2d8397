import { join } from 'node:path';

/** Where a cloud that serves a state folder says how it is reached; there from when it listens to when it is about to end. */
export const connectionFile = (stateDir: string): string => join(stateDir, 'local.json');
