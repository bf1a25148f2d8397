import type { FileFormat, Sequence, Stage } from '../catalog/objects.js';
import {
  altered,
  comment,
  created,
  empty,
  type InformationView,
  number,
  text,
  type ViewColumn,
  viewOf,
  visible,
  yes,
} from '../kernel/information-view.js';
import { allOptions } from '../stages/formats/format-options.js';

/** A file format's option, as text; formats of other types lack it. */
const option = (name: string): ViewColumn<FileFormat> =>
  text(name, ({ options }) => {
    const value = allOptions(options)[name];
    return value === undefined ? null : Array.isArray(value) ? JSON.stringify(value) : String(value);
  });

/** Sequences, stages and file formats; docs: sql-reference/info-schema. */
export const schemaViews: Record<string, InformationView> = {
  SEQUENCES: viewOf<Sequence>(
    (place) => visible('SEQUENCE')(place).filter((sequence) => !sequence.hidden),
    [
      text('SEQUENCE_CATALOG', (sequence) => sequence.database),
      text('SEQUENCE_SCHEMA', (sequence) => sequence.schema),
      text('SEQUENCE_NAME', (sequence) => sequence.name),
      text('SEQUENCE_OWNER', (sequence) => sequence.owner),
      text('DATA_TYPE', () => 'NUMBER'),
      number('NUMERIC_PRECISION', () => 38),
      number('NUMERIC_PRECISION_RADIX', () => 10),
      number('NUMERIC_SCALE', () => 0),
      text('START_VALUE', (sequence) => String(sequence.start)),
      ...empty('MINIMUM_VALUE', 'MAXIMUM_VALUE'),
      text('NEXT_VALUE', (sequence, { account }) => String(account.storage.sequences.next(sequence))),
      text('INCREMENT', (sequence) => String(sequence.increment)),
      ...empty('CYCLE_OPTION'),
      created,
      altered,
      text('ORDERED', (sequence) => yes(sequence.ordered === true)),
      comment,
    ],
  ),
  STAGES: viewOf<Stage>(visible('STAGE'), [
    text('STAGE_CATALOG', (stage) => stage.database),
    text('STAGE_SCHEMA', (stage) => stage.schema),
    text('STAGE_NAME', (stage) => stage.name),
    text('STAGE_URL', (stage) => stage.url ?? null),
    text('STAGE_REGION', (stage, { account }) => (stage.url ? account.network.aws.region : null)),
    text('STAGE_TYPE', (stage) => (stage.url ? 'External Named' : 'Internal Named')),
    text('STAGE_OWNER', (stage) => stage.owner),
    comment,
    created,
    altered,
    ...empty('ENDPOINT'),
  ]),
  FILE_FORMATS: viewOf<FileFormat>(visible('FILE FORMAT'), [
    text('FILE_FORMAT_CATALOG', (format) => format.database),
    text('FILE_FORMAT_SCHEMA', (format) => format.schema),
    text('FILE_FORMAT_NAME', (format) => format.name),
    text('FILE_FORMAT_OWNER', (format) => format.owner),
    text('FILE_FORMAT_TYPE', (format) => String(format.options.TYPE ?? 'CSV')),
    ...[
      'RECORD_DELIMITER',
      'FIELD_DELIMITER',
      'SKIP_HEADER',
      'DATE_FORMAT',
      'TIME_FORMAT',
      'TIMESTAMP_FORMAT',
      'BINARY_FORMAT',
      'ESCAPE',
      'ESCAPE_UNENCLOSED_FIELD',
      'TRIM_SPACE',
      'FIELD_OPTIONALLY_ENCLOSED_BY',
      'NULL_IF',
      'COMPRESSION',
      'ERROR_ON_COLUMN_COUNT_MISMATCH',
    ].map(option),
    created,
    altered,
    comment,
  ]),
};
