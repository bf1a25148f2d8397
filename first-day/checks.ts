import type { Check } from '../doctor/check.js';
import { accountChecks, ownerChecks } from './account.js';
import { deploymentChecks } from './deployment.js';
import { endpointChecks } from './endpoint.js';
import { externalFunctionChecks } from './external-function.js';
import { jobChecks } from './jobs.js';
import { maskingChecks } from './masking.js';
import { bodyChecks } from './procedures/bodies.js';
import { hiddenTableChecks } from './procedures/hidden-tables.js';
import { javascriptChecks } from './procedures/javascript.js';
import { leaseChecks } from './procedures/leases.js';
import { procedureChecks } from './procedures/statements.js';
import type { FirstDay } from './scene.js';
import { sqlChecks } from './sql.js';
import { taskChecks } from './tasks.js';

/** All of them, cheap ones first. */
export const firstDayChecks: readonly Check<FirstDay>[] = [
  ...accountChecks,
  ...javascriptChecks,
  ...sqlChecks,
  ...procedureChecks,
  ...bodyChecks,
  ...leaseChecks,
  ...ownerChecks,
  ...externalFunctionChecks,
  ...deploymentChecks,
  ...hiddenTableChecks,
  ...maskingChecks,
  ...taskChecks,
  ...jobChecks,
  ...endpointChecks,
];
