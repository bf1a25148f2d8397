/** Integrations: what the account may reach outside, and as whom. */
import type { Feature } from '../feature.js';
import { integrationStatements } from './statements.js';

export const integrations: Feature = { statements: integrationStatements };
