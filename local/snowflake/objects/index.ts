/** Objects that SQL makes, shows and grants: databases, tables, roles, warehouses; and the session itself. */
import type { Feature } from '../feature.js';
import { commentStatements } from './comments.js';
import { containerStatements } from './containers/containers.js';
import { maskingPolicyStatements } from './masking/masking-policies.js';
import { maskingFunctions, tagFunctions } from './masking/references.js';
import { tagStatements } from './masking/tags.js';
import { cancelFunctions } from './session/cancel.js';
import { describeResultStatements } from './session/describe-result.js';
import { executeImmediateStatements } from './session/execute-immediate.js';
import { sessionStatements } from './session/session-statements.js';
import { showParameterStatements } from './session/show-parameters.js';
import { showSessionStatements } from './session/show-session.js';
import { sessionFunctions } from './session/system-functions.js';
import { transactionStatements } from './session/transactions.js';
import { alterTableStatements } from './tables/alter-table.js';
import { describeTableStatements } from './tables/describe-table.js';
import { sequenceStatements } from './tables/sequences.js';
import { showKeyStatements } from './tables/show-keys.js';
import { showTableStatements } from './tables/show-tables.js';
import { tableStatements } from './tables/tables.js';
import { undropStatements } from './tables/undrop.js';
import { viewStatements } from './tables/views.js';
import { grantRoleStatements } from './users/grant-roles.js';
import { grantStatements } from './users/grants.js';
import { networkPolicyStatements } from './users/network-policies.js';
import { roleStatements } from './users/roles.js';
import { showGrantStatements } from './users/show-grants.js';
import { userStatements } from './users/users.js';
import { warehouseStatements } from './warehouses/warehouses.js';

export const objects: Feature = {
  statements: [
    ...commentStatements,
    ...containerStatements,
    ...describeResultStatements,
    ...executeImmediateStatements,
    ...sessionStatements,
    ...showParameterStatements,
    ...showSessionStatements,
    ...transactionStatements,
    ...maskingPolicyStatements,
    ...tagStatements,
    ...alterTableStatements,
    ...describeTableStatements,
    ...sequenceStatements,
    ...showKeyStatements,
    ...showTableStatements,
    ...tableStatements,
    ...undropStatements,
    ...viewStatements,
    ...grantRoleStatements,
    ...grantStatements,
    ...networkPolicyStatements,
    ...roleStatements,
    ...showGrantStatements,
    ...userStatements,
    ...warehouseStatements,
  ],
  systemFunctions: [...cancelFunctions, ...sessionFunctions, ...tagFunctions],
  tableFunctions: maskingFunctions,
};
