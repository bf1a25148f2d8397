import { dataEndSql } from '../../procedures/beds/statements.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureColumns, rawColumns } from '../../procedures/dataset/feature-sql.js';
import { firstInputColumns } from '../../procedures/dataset/first-inputs.js';
import { inputsFunctions, type SqlFunction } from '../../procedures/dataset/inputs-sql.js';
import { streamSource } from '../../procedures/dataset/names.js';
import { rowTexts } from '../../procedures/dataset/origin/texts.js';
import { dayAt } from '../../procedures/ground/days.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';
import { overwriteRows } from '../../procedures/publishing/rows.js';
import { contractMarks } from '../../procedures/records/mark-columns.js';
import { batchColumns } from '../../procedures/scoring/statements/build.js';
import { renewSchedule } from '../../procedures/stay/rest.js';
import { BATCH_ROWS, REASONS_BATCH_ROWS, STAY_BATCH_ROWS } from '../../procedures/versions/batch-rows.js';
import { MARKS } from '../../udfs/encoding/marks.js';
import { MOST_FAILURES } from '../ground/schedule.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';

/** Values of the {{placeholders}} of files that declare objects, beside {{ref:…}}, {{name}} and {{comment}}. */
export function objectValues(contract: Contract, settings: Settings): Readonly<Record<string, string>> {
  return {
    ...ofSettings(settings),
    ...ofContract(contract, settings),
    ...ofTables(contract, settings),
    ...ofInputs(contract, settings),
    ...contractMarks(contract),
  };
}

function ofSettings({ snowflake, stay, tasks, timeZone }: Settings) {
  return {
    warehouse: snowflake.warehouse.name,
    mail: snowflake.integrations.mail,
    'tasks.schedule': tasks.schedule,
    'tasks.watch': tasks.watch,
    'tasks.look': tasks.look,
    'tasks.beds': tasks.beds,
    'tasks.renew': renewSchedule(stay.hour, timeZone),
    failures: String(MOST_FAILURES),
    zone: literal(timeZone),
    today: dayAt(timeZone),
    yesterday: `DATEADD(day, -1, ${dayAt(timeZone)})`,
    fewest: String(FEWEST_PATIENTS),
    batch_rows: String(BATCH_ROWS),
    stay_batch_rows: String(STAY_BATCH_ROWS),
    reasons_rows: String(REASONS_BATCH_ROWS),
  };
}

/** `f` is the feature table, where a column is one of it. */
function ofContract(contract: Contract, settings: Settings) {
  const { id, patient, admission, department, ward } = contract;
  const unit = (column: string | undefined) => (column ? `TO_VARCHAR(f.${column})` : 'NULL::VARCHAR');
  return {
    dataset: literal(contract.name),
    versions: literal(`${contract.name}-v`),
    id,
    id_type: contract.columns[id] ?? 'VARCHAR',
    streamed: (contract.origin ? 'VIEW ' : 'TABLE ') + qualify(settings, streamSource(contract)),
    ...rowTexts(contract, settings, settings.timeZone, sqlFile),
    patient: patient ?? id,
    admission: admission ?? '',
    admitted: admission ? `TO_DATE(f.${admission})` : 'NULL::DATE',
    department: unit(department),
    ward: unit(ward),
    known_day:
      admission === undefined
        ? ''
        : dataEndSql(contract, settings, sqlFile, `DATEADD(day, -1, ${dayAt(settings.timeZone)})`),
  };
}

/** Tables that the contract has the columns of. */
function ofTables(contract: Contract, settings: Settings) {
  const lines = (columns: readonly string[]) => columns.join(',\n  ');
  const first = firstInputColumns(contract);
  return {
    raw_columns: lines(rawColumns(contract)),
    feature_columns: lines(featureColumns(contract)),
    feature_names: Object.keys(contract.features).join(', '),
    changed_columns: lines(batchColumns(contract)),
    column_names: Object.keys(contract.columns).join(', '),
    features_mark: featuresMark(contract),
    forecast: contract.admission === undefined ? '' : `CALL ${qualify(settings, 'FORECAST_BEDS')}()`,
    publish_rows: overwriteRows(settings),
    inputs: [
      contract.id,
      ...Object.keys(contract.features),
      `NULLIF(DEFAULTED, '') AS ${MARKS.defaulted}`,
    ].join(', '),
    first_names: first.names,
    first_values: first.first,
    first_changes: first.changed,
  };
}

/** The SQL functions that make features of an OBJECT of columns. */
function ofInputs(contract: Contract, settings: Settings) {
  const made = inputsFunctions(contract, {
    ofColumns: qualify(settings, 'LOS_INPUTS_OF_COLUMNS'),
    ofValues: qualify(settings, 'LOS_INPUTS_OF_VALUES'),
  });
  const list = ({ args }: SqlFunction) => args.map(([name, type]) => `${name} ${type}`).join(', ');
  return {
    inputs_arguments: list(made.ofObject),
    inputs_body: made.ofObject.body,
    columns_arguments: list(made.ofColumns),
    columns_body: made.ofColumns.body,
    values_arguments: list(made.ofValues),
    values_body: made.ofValues.body,
  };
}

/** Since when the feature table says which values are defaults: what was built before is rebuilt. */
const MARKED = 1;

/**
 * A line that stands for how the contract computes features. It is part of the stream's definition, so that a contract that
 * computes them otherwise has all of them rebuilt: a training would otherwise learn from old rows what new ones no longer are.
 */
function featuresMark(contract: Contract): string {
  const {
    name: _,
    groups,
    explore,
    capacity,
    holdBack,
    sensitive,
    split,
    features,
    events,
    moves,
    planned,
    decisions,
    expectedDischarge,
    readyForDischarge,
    eventFeatures,
    ...others
  } = contract;
  const computed = {
    ...others,
    features: Object.fromEntries(
      Object.entries(features).map(([name, { knownAtAdmission: _known, ...feature }]) => [name, feature]),
    ),
  };
  return `-- Features as ${fingerprintOf('features', { ...computed, marked: MARKED })}\n`;
}
