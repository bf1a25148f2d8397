import '../sessions/cancel.js';
import './system-functions.js';
import '../events/functions.js';
import '../external/index.js';
import { eventStatements } from '../events/statements.js';
import '../information-schema/index.js';
import { integrationStatements } from '../integrations/index.js';
import '../notifications/index.js';
import { queryStatements } from '../query/statements.js';
import { routineStatements } from '../routines/index.js';
import { stageStatements } from '../stages/index.js';
import { streamStatements } from '../streams/index.js';
import { taskStatements } from '../tasks/index.js';
import { alterTableStatements } from './alter-table.js';
import { commentStatements } from './comments.js';
import { containerStatements } from './containers.js';
import { describeResultStatements } from './describe-result.js';
import { describeTableStatements } from './describe-table.js';
import { executeImmediateStatements } from './execute-immediate.js';
import { grantRoleStatements } from './grant-roles.js';
import { grantStatements } from './grants.js';
import { refusedStatements } from './refused.js';
import { roleStatements } from './roles.js';
import { sequenceStatements } from './sequences.js';
import { sessionStatements } from './session-statements.js';
import { showGrantStatements } from './show-grants.js';
import { showKeyStatements } from './show-keys.js';
import { showParameterStatements } from './show-parameters.js';
import { showSessionStatements } from './show-session.js';
import { showTableStatements } from './show-tables.js';
import type { Statement } from './statement.js';
import { tableStatements } from './tables.js';
import { transactionStatements } from './transactions.js';
import { undropStatements } from './undrop.js';
import { userStatements } from './users.js';
import { viewStatements } from './views.js';
import { warehouseStatements } from './warehouses.js';

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
