/** Private connectivity out of the account: endpoints in Snowflake's own VPC, and what calls through them. */
import type { Feature } from '../feature.js';
import { privateLinkFunctions } from './functions.js';

export const privateLink: Feature = { systemFunctions: privateLinkFunctions };
