import type { Check } from '../doctor/check.js';
import { accountChecks, ownerChecks } from './account.js';
import { bodyChecks } from './bodies.js';
import { deploymentChecks } from './deployment.js';
import { endpointChecks } from './endpoint.js';
import { externalFunctionChecks } from './external-function.js';
import { hiddenTableChecks } from './hidden-tables.js';
import { javascriptChecks } from './javascript.js';
import { jobChecks } from './jobs.js';
import { leaseChecks } from './leases.js';
import { maskingChecks } from './masking.js';
import { procedureChecks } from './procedures.js';
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
