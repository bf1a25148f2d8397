import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenContext } from '../../deploy/open.js';
import { random } from '../../procedures/ground/random.js';

const STAYS = 900;
const BEGIN = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;

const clock = (time: number) => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** Stays whose rest shows in what is measured every day, and in nothing that is known on admission. */
function made(): { readonly admissions: string; readonly events: string } {
  const next = random(7);
  const admissions = ['STAY_ID,PATIENT,AGE,URGENT,ADMITTED,LEFT_AT'];
  const events: string[] = ['STAY,AT,NAME,VALUE,RECORDED'];
  for (let i = 0; i < STAYS; i++) {
    const admitted = BEGIN + Math.floor(next() * 300 * 24) * HOUR;
    const hours = Math.ceil(-Math.log(1 - next()) * 120) + 12;
    // The newest are still in hospital.
    const left = admitted + hours * HOUR;
    const known = left < BEGIN + 300 * 24 * HOUR ? clock(left) : '';
    admissions.push(
      `S${i},P${i},${Math.floor(next() * 60) + 20},${next() < 0.5 ? 1 : 0},${clock(admitted)},${known}`,
    );
    for (let hour = 3; hour < hours; hour += 10) {
      const at = admitted + hour * HOUR;
      const value = Math.log(hours - hour + 12) + 0.3 * (next() - 0.5);
      const wrong = next() < 0.05;
      events.push(`S${i},${clock(at)},lactate,${wrong ? 99 : value.toFixed(3)},${clock(at + HOUR)}`);
      // A correction, recorded a day later.
      if (wrong) events.push(`S${i},${clock(at)},lactate,${value.toFixed(3)},${clock(at + 25 * HOUR)}`);
      events.push(`S${i},${clock(at)},noise,${next().toFixed(3)},${clock(at)}`);
      events.push(`S${i},${clock(at)},WARD,${next() < 0.5 ? 'A' : 'B'},${clock(at)}`);
    }
  }
  return { admissions: admissions.join('\n'), events: events.join('\n') };
}

const CONTRACT = `name: ward
table: STAYS
id: STAY_ID
patient: PATIENT
admission: ADMITTED
discharge: LEFT_AT
columns: { STAY_ID: VARCHAR, PATIENT: VARCHAR, AGE: NUMBER, URGENT: NUMBER, ADMITTED: TIMESTAMP_NTZ, LEFT_AT: TIMESTAMP_NTZ }
features:
  AGE: { type: numeric }
  URGENT: { type: numeric }
groups: []
events:
  - { source: HOSPITAL.RAW.EVENTS, stay: STAY, time: AT, name: NAME, value: VALUE, recorded: RECORDED }
eventFeatures:
  lactate: [last, change, hours]
  noise: [last]
  WARD: [category, changes]
`;

/** Loads the events, and writes the contract and the admissions into a folder. @returns their files */
export async function loadWard(
  { snowflake }: Pick<OpenContext, 'snowflake'>,
  folder: string,
): Promise<{ readonly contract: string; readonly admissions: string }> {
  const { admissions, events } = made();
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, `${text}\n`);
    return path;
  };
  for (const sql of [
    'CREATE DATABASE HOSPITAL',
    'CREATE SCHEMA HOSPITAL.RAW',
    'CREATE STAGE HOSPITAL.RAW.FILES',
    'CREATE TABLE HOSPITAL.RAW.EVENTS (STAY VARCHAR, AT TIMESTAMP_NTZ, NAME VARCHAR, VALUE VARCHAR, RECORDED TIMESTAMP_NTZ)',
  ])
    await snowflake.execute(sql);
  await snowflake.put(file('events.csv', events), '@HOSPITAL.RAW.FILES');
  await snowflake.execute(
    'COPY INTO HOSPITAL.RAW.EVENTS FROM @HOSPITAL.RAW.FILES FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)',
  );
  return { contract: file('ward.yaml', CONTRACT), admissions: file('stays.csv', admissions) };
}
