/** Integrations: what the account may reach outside, and as whom. */
export { assumedRole } from './assumed-role.js';
export { integrationStatements } from './statements.js';
