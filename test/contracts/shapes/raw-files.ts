import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import { projectRoot } from '../../../deploy/project.js';

/** Published files of hospitals, beside the checkout; not part of the repository. */
export const DATA = join(projectRoot, '../shared/data');

export function hasData(): boolean {
  return existsSync(join(DATA, 'omop')) && existsSync(join(DATA, 'fhir')) && existsSync(join(DATA, 'mimic3'));
}

const ENDS = (prefix: string) =>
  `${prefix}_START_DATE DATE, ${prefix}_START_DATETIME TIMESTAMP_NTZ, ${prefix}_END_DATE DATE, ${prefix}_END_DATETIME TIMESTAMP_NTZ`;

/** The tables of OMOP CDM 5.3, with the columns in the files' order. */
const OMOP: Readonly<Record<string, string>> = {
  CARE_SITE:
    'CARE_SITE_ID NUMBER, CARE_SITE_NAME VARCHAR, PLACE_OF_SERVICE_CONCEPT_ID NUMBER, LOCATION_ID NUMBER, CARE_SITE_SOURCE_VALUE VARCHAR, PLACE_OF_SERVICE_SOURCE_VALUE VARCHAR',
  PERSON:
    'PERSON_ID NUMBER, GENDER_CONCEPT_ID NUMBER, YEAR_OF_BIRTH NUMBER, MONTH_OF_BIRTH NUMBER, DAY_OF_BIRTH NUMBER, BIRTH_DATETIME TIMESTAMP_NTZ, RACE_CONCEPT_ID NUMBER, ETHNICITY_CONCEPT_ID NUMBER, LOCATION_ID NUMBER, PROVIDER_ID NUMBER, CARE_SITE_ID NUMBER, PERSON_SOURCE_VALUE VARCHAR, GENDER_SOURCE_VALUE VARCHAR, GENDER_SOURCE_CONCEPT_ID NUMBER, RACE_SOURCE_VALUE VARCHAR, RACE_SOURCE_CONCEPT_ID NUMBER, ETHNICITY_SOURCE_VALUE VARCHAR, ETHNICITY_SOURCE_CONCEPT_ID NUMBER',
  DEATH:
    'PERSON_ID NUMBER, DEATH_DATE DATE, DEATH_DATETIME TIMESTAMP_NTZ, DEATH_TYPE_CONCEPT_ID NUMBER, CAUSE_CONCEPT_ID NUMBER, CAUSE_SOURCE_VALUE VARCHAR, CAUSE_SOURCE_CONCEPT_ID NUMBER',
  VISIT_OCCURRENCE: `VISIT_OCCURRENCE_ID NUMBER, PERSON_ID NUMBER, VISIT_CONCEPT_ID NUMBER, ${ENDS('VISIT')}, VISIT_TYPE_CONCEPT_ID NUMBER, PROVIDER_ID NUMBER, CARE_SITE_ID NUMBER, VISIT_SOURCE_VALUE VARCHAR, VISIT_SOURCE_CONCEPT_ID NUMBER, ADMITTING_SOURCE_CONCEPT_ID NUMBER, ADMITTING_SOURCE_VALUE VARCHAR, DISCHARGE_TO_CONCEPT_ID NUMBER, DISCHARGE_TO_SOURCE_VALUE VARCHAR, PRECEDING_VISIT_OCCURRENCE_ID NUMBER`,
  VISIT_DETAIL: `VISIT_DETAIL_ID NUMBER, PERSON_ID NUMBER, VISIT_DETAIL_CONCEPT_ID NUMBER, ${ENDS('VISIT_DETAIL')}, VISIT_DETAIL_TYPE_CONCEPT_ID NUMBER, PROVIDER_ID NUMBER, CARE_SITE_ID NUMBER, ADMITTING_SOURCE_CONCEPT_ID NUMBER, DISCHARGE_TO_CONCEPT_ID NUMBER, PRECEDING_VISIT_DETAIL_ID NUMBER, VISIT_DETAIL_SOURCE_VALUE VARCHAR, VISIT_DETAIL_SOURCE_CONCEPT_ID NUMBER, ADMITTING_SOURCE_VALUE VARCHAR, DISCHARGE_TO_SOURCE_VALUE VARCHAR, VISIT_DETAIL_PARENT_ID NUMBER, VISIT_OCCURRENCE_ID NUMBER`,
  CONDITION_OCCURRENCE: `CONDITION_OCCURRENCE_ID NUMBER, PERSON_ID NUMBER, CONDITION_CONCEPT_ID NUMBER, ${ENDS('CONDITION')}, CONDITION_TYPE_CONCEPT_ID NUMBER, STOP_REASON VARCHAR, PROVIDER_ID NUMBER, VISIT_OCCURRENCE_ID NUMBER, VISIT_DETAIL_ID NUMBER, CONDITION_SOURCE_VALUE VARCHAR, CONDITION_SOURCE_CONCEPT_ID NUMBER, CONDITION_STATUS_SOURCE_VALUE VARCHAR, CONDITION_STATUS_CONCEPT_ID NUMBER`,
};

/** Loads the OMOP demo into RAW.OMOP, as a warehouse keeps it. */
export async function loadOmop(snowflake: Snowflake): Promise<void> {
  await makeSchema(snowflake, 'OMOP', "TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '\"'");
  for (const [table, columns] of Object.entries(OMOP))
    await loadTable(snowflake, `RAW.OMOP.${table}`, columns, `omop/${table.toLowerCase()}.csv.gz`);
}

/** Loads the FHIR demo into RAW.FHIR: a resource a row, in the column RESOURCE. */
export async function loadFhir(snowflake: Snowflake): Promise<void> {
  await makeSchema(snowflake, 'FHIR', 'TYPE = JSON');
  for (const kind of ['Encounter', 'Patient'])
    await loadTable(
      snowflake,
      `RAW.FHIR.${kind.toUpperCase()}`,
      'RESOURCE VARIANT',
      `fhir/${kind}.ndjson.gz`,
    );
}

async function makeSchema(snowflake: Snowflake, name: string, format: string): Promise<void> {
  await snowflake.execute('CREATE DATABASE IF NOT EXISTS RAW');
  await snowflake.execute(`CREATE SCHEMA RAW.${name}`);
  await snowflake.execute(`CREATE STAGE RAW.${name}.FILES FILE_FORMAT = (${format})`);
}

async function loadTable(snowflake: Snowflake, table: string, columns: string, file: string): Promise<void> {
  const stage = `@${table.replace(/\.[^.]*$/, '.FILES')}/${table.split('.').at(-1)}`;
  await snowflake.put(join(DATA, file), stage);
  await snowflake.execute(`CREATE TABLE ${table} (${columns})`);
  await snowflake.execute(`COPY INTO ${table} FROM ${stage}`);
}
