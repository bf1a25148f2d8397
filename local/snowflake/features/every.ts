import { eventTables } from '../events/index.js';
import { externalFunctions } from '../external/index.js';
import type { Feature } from '../feature.js';
import { informationSchema } from '../information-schema/index.js';
import { integrations } from '../integrations/index.js';
import { refusedStatements } from '../kernel/refused.js';
import { metering } from '../metering/index.js';
import { notifications } from '../notifications/index.js';
import { objects } from '../objects/index.js';
import { privateLink } from '../privatelink/index.js';
import { queries } from '../query/index.js';
import { routines } from '../routines/index.js';
import { stages } from '../stages/index.js';
import { streams } from '../streams/index.js';
import { tasks } from '../tasks/index.js';

/** Every feature of the local Snowflake. Its keepers start in this order and stop in the other: tasks read streams. */
export const everyFeature: readonly Feature[] = [
  { statements: refusedStatements },
  streams,
  integrations,
  privateLink,
  eventTables,
  queries,
  metering,
  informationSchema,
  externalFunctions,
  routines,
  notifications,
  tasks,
  objects,
  stages,
];
