import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { projectRoot } from '../../deploy/project.js';

/** Where the files of the benchmark lie; others of the same names and shape may be tried. */
export const DATA = process.env.LOS_STAY_DATA ?? join(projectRoot, '../shared/data');
/** LOS_STAY=icu or sepsis runs only that. */
export const ONLY = process.env.LOS_STAY ?? '';
// Settings have variables of nearly these names, and los refuses what may be a misspelt one.
delete process.env.LOS_STAY_DATA;
delete process.env.LOS_STAY;

/** Lines of a file of DATA, without its header, as fields by name. */
export function* records(file: string, separator = ','): Generator<Readonly<Record<string, string>>> {
  const path = join(DATA, file);
  const bytes = readFileSync(existsSync(path) ? path : `${path}.gz`);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.split('\n');
  const names = header.trim().split(separator);
  for (const line of lines) {
    if (line.trim() === '') continue;
    const fields = line.trim().split(separator);
    yield Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']));
  }
}

/** A stay with what was known on arrival, and its events. */
export interface Stay {
  readonly id: string;
  /** By the hospital's clock: seconds since 1970, as if it were UTC. */
  readonly admitted: number;
  readonly left: number;
  readonly features: Readonly<Record<string, string | number | null>>;
  readonly events: readonly (readonly [at: number, name: string, value: string])[];
}

export const DAY = 86_400;

/** The morning at which every stay begins: arrivals are moved there, so that others come whole days later. */
export const ARRIVAL = Date.UTC(2020, 0, 1, 6) / 1000;

/** A number from 0 to 1 that is always the same for a text. */
export function hashed(text: string): number {
  return Number.parseInt(createHash('md5').update(text).digest('hex').slice(0, 8), 16) / 2 ** 32;
}

export function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Writes stays as a hospital's two tables. @returns their files */
export function writeFiles(
  folder: string,
  stays: readonly Stay[],
  sideOf: (id: string) => string,
): { readonly admissions: string; readonly events: string } {
  const names = Object.keys(stays[0]!.features);
  const admissions = join(folder, 'admissions.csv');
  const lines = stays.map(({ id, admitted, left, features }) =>
    [id, clock(admitted), clock(left), sideOf(id), ...names.map((name) => features[name] ?? '')].join(','),
  );
  writeFileSync(
    admissions,
    `${['STAY_ID,ADMITTED,LEFT_AT,SIDE', ...names].join(',')}\n${lines.join('\n')}\n`,
  );
  const events = join(folder, 'events.csv');
  const rows: string[] = ['STAY,AT,NAME,VALUE'];
  for (const { id, events: own } of stays)
    for (const [at, name, value] of own) rows.push(`${id},${clock(at)},${name},${value}`);
  writeFileSync(events, `${rows.join('\n')}\n`);
  return { admissions, events };
}

/** A contract over the two. @param features those of arrival → their type */
export function writeContract(
  folder: string,
  name: string,
  features: Readonly<Record<string, 'numeric' | 'categorical'>>,
  eventFeatures: Readonly<Record<string, readonly string[]>>,
): string {
  const file = join(folder, `${name}.yaml`);
  const columns = Object.fromEntries(
    Object.entries(features).map(([each, type]) => [each, type === 'numeric' ? 'FLOAT' : 'VARCHAR']),
  );
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      name,
      table: `${name.toUpperCase()}_ADMISSIONS`,
      id: 'STAY_ID',
      admission: 'ADMITTED',
      discharge: 'LEFT_AT',
      split: { column: 'SIDE', training: 'train', validation: 'validation', holdout: 'test' },
      columns: {
        STAY_ID: 'VARCHAR',
        ADMITTED: 'TIMESTAMP_NTZ',
        LEFT_AT: 'TIMESTAMP_NTZ',
        SIDE: 'VARCHAR',
        ...columns,
      },
      features: Object.fromEntries(Object.entries(features).map(([each, type]) => [each, { type }])),
      groups: [],
      events: [{ source: 'HOSPITAL.RAW.EVENTS', stay: 'STAY', time: 'AT', name: 'NAME', value: 'VALUE' }],
      eventFeatures,
    }),
  );
  return file;
}
