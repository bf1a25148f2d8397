import type { Column } from '../catalog/objects.js';
import { ARRAY, type DataType, OBJECT, TEXT, VARIANT } from '../types/data-type.js';

const TIME: DataType = { kind: 'TIMESTAMP_NTZ', scale: 9 };

/** docs: developer-guide/logging-tracing/event-table-columns */
const TYPES: Record<string, DataType> = {
  TIMESTAMP: TIME,
  START_TIMESTAMP: TIME,
  OBSERVED_TIMESTAMP: TIME,
  TRACE: OBJECT,
  RESOURCE: OBJECT,
  RESOURCE_ATTRIBUTES: OBJECT,
  SCOPE: OBJECT,
  SCOPE_ATTRIBUTES: OBJECT,
  RECORD_TYPE: TEXT(),
  RECORD: OBJECT,
  RECORD_ATTRIBUTES: OBJECT,
  VALUE: VARIANT,
  EXEMPLARS: ARRAY,
};

/** The columns that every event table has. */
export const eventColumns = (): Column[] =>
  Object.entries(TYPES).map(([name, type]) => ({ name, physical: name, type, nullable: true, comment: '' }));
