/** Functions and procedures: their definition and CALL. */
export { runProcedure } from './procedure.js';
export { routineStatements } from './statements.js';
