import '../objects/session/cancel.js';
import '../objects/session/system-functions.js';
import '../events/functions.js';
import '../external/index.js';
import { eventStatements } from '../events/statements.js';
import '../information-schema/index.js';
import { integrationStatements } from '../integrations/index.js';
import '../notifications/index.js';
import { refusedStatements } from '../kernel/refused.js';
import type { Statement } from '../kernel/statement.js';
import { commentStatements } from '../objects/comments.js';
import { containerStatements } from '../objects/containers/containers.js';
import { describeResultStatements } from '../objects/session/describe-result.js';
import { executeImmediateStatements } from '../objects/session/execute-immediate.js';
import { sessionStatements } from '../objects/session/session-statements.js';
import { showParameterStatements } from '../objects/session/show-parameters.js';
import { showSessionStatements } from '../objects/session/show-session.js';
import { transactionStatements } from '../objects/session/transactions.js';
import { alterTableStatements } from '../objects/tables/alter-table.js';
import { describeTableStatements } from '../objects/tables/describe-table.js';
import { sequenceStatements } from '../objects/tables/sequences.js';
import { showKeyStatements } from '../objects/tables/show-keys.js';
import { showTableStatements } from '../objects/tables/show-tables.js';
import { tableStatements } from '../objects/tables/tables.js';
import { undropStatements } from '../objects/tables/undrop.js';
import { viewStatements } from '../objects/tables/views.js';
import { grantRoleStatements } from '../objects/users/grant-roles.js';
import { grantStatements } from '../objects/users/grants.js';
import { roleStatements } from '../objects/users/roles.js';
import { showGrantStatements } from '../objects/users/show-grants.js';
import { userStatements } from '../objects/users/users.js';
import { warehouseStatements } from '../objects/warehouses/warehouses.js';
import { queryStatements } from '../query/statements.js';
import { routineStatements } from '../routines/index.js';
import { stageStatements } from '../stages/index.js';
import { streamStatements } from '../streams/index.js';
import { taskStatements } from '../tasks/index.js';

/** Every statement family of the local Snowflake. Each folder exports its own list; add yours here. */
export const statements: Statement[] = [
  ...alterTableStatements,
  ...commentStatements,
  ...containerStatements,
  ...describeResultStatements,
  ...describeTableStatements,
  ...eventStatements,
  ...executeImmediateStatements,
  ...grantRoleStatements,
  ...grantStatements,
  ...refusedStatements,
  ...roleStatements,
  ...sequenceStatements,
  ...sessionStatements,
  ...showGrantStatements,
  ...showKeyStatements,
  ...showParameterStatements,
  ...showSessionStatements,
  ...showTableStatements,
  ...tableStatements,
  ...transactionStatements,
  ...undropStatements,
  ...userStatements,
  ...viewStatements,
  ...warehouseStatements,
  ...integrationStatements,
  ...queryStatements,
  ...routineStatements,
  ...stageStatements,
  ...streamStatements,
  ...taskStatements,
];
