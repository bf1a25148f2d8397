import type { InformationView } from '../kernel/information-view.js';
import { constraintViews } from './constraint-views.js';
import { grantViews } from './grant-views.js';
import { routineViews } from './routine-views.js';
import { schemaViews } from './schema-views.js';
import { tableViews } from './table-views.js';

/** The views whose rows come from the catalog, by name, with the columns of docs: sql-reference/info-schema. */
export const views: Record<string, InformationView> = {
  ...tableViews,
  ...constraintViews,
  ...routineViews,
  ...schemaViews,
  ...grantViews,
};
