/** Functions and procedures: their definition and CALL. */
import type { Feature } from '../feature.js';
import { routineStatements } from './statements.js';

export const routines: Feature = { statements: routineStatements };
