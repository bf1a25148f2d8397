import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Admission, columns } from './admission.js';
import { generateHealth, type HealthOptions, simulationStart } from './generate.js';

/** The files written, and what is in them. */
export interface HealthFiles {
  /** CSV of the training rows (header line, gzip), in order of admission. */
  readonly training: string;
  /** The same for December. */
  readonly simulation: string;
  readonly trainingRows: number;
  readonly simulationRows: number;
  /** Distinct patients over both files. */
  readonly patients: number;
}

const rowsPerPiece = 4000;

/** No value of this data set needs quotes (a test holds that); a missing one is an empty field. */
function csvLine(r: Admission): string {
  // Spelt out in the order of `columns` (a test holds that too): a loop over the names takes three times as long.
  const hospital = `${r.HOSPITAL_CODE},${r.HOSPITAL_TYPE_CODE},${r.CITY_CODE_HOSPITAL},${r.HOSPITAL_REGION_CODE}`;
  const place = `${r.AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL},${r.DEPARTMENT},${r.WARD_TYPE},${r.WARD_FACILITY_CODE}`;
  const patient = `${r.BED_GRADE ?? ''},${r.PATIENTID},${r.CITY_CODE_PATIENT ?? ''},${r.TYPE_OF_ADMISSION}`;
  const state = `${r.SEVERITY_OF_ILLNESS},${r.VISITORS_WITH_PATIENT},${r.AGE},${r.ADMISSION_DEPOSIT}`;
  return `${r.CASE_ID},${hospital},${place},${patient},${state},${r.ADMISSION_DATE},${r.DISCHARGE_DATE}\n`;
}

/** Lines of one file, several thousand to a piece; the header is a piece of its own. */
function* pieces(rows: Iterable<Admission>): Generator<string> {
  yield `${columns.join(',')}\n`;
  let piece = '';
  let count = 0;
  for (const row of rows) {
    piece += csvLine(row);
    if (++count % rowsPerPiece === 0) {
      yield piece;
      piece = '';
    }
  }
  if (piece) yield piece;
}

/**
 * Generates the health data set into `folder` as two gzipped CSV files, ready for PUT and COPY INTO.
 * Dates are ISO, missing values empty, the first line names the columns.
 */
export async function writeHealth(
  options: HealthOptions & { readonly folder: string },
): Promise<HealthFiles> {
  await mkdir(options.folder, { recursive: true });
  const rows = generateHealth(options);
  const patients = new Set<number>();
  const counts = { training: 0, simulation: 0 };
  let next = rows.next();

  function* part(name: 'training' | 'simulation'): Generator<Admission> {
    while (!next.done) {
      const row: Admission = next.value;
      if (name === 'training' && row.ADMISSION_DATE >= simulationStart) return;
      counts[name]++;
      patients.add(row.PATIENTID);
      yield row;
      next = rows.next();
    }
  }
  async function write(name: 'training' | 'simulation'): Promise<string> {
    const path = join(options.folder, `health_${name}.csv.gz`);
    // Level 1: the file crosses one disk; compressing it harder would take longer than reading it.
    await pipeline(Readable.from(pieces(part(name))), createGzip({ level: 1 }), createWriteStream(path));
    return path;
  }
  const training = await write('training');
  const simulation = await write('simulation');
  return {
    training,
    simulation,
    trainingRows: counts.training,
    simulationRows: counts.simulation,
    patients: patients.size,
  };
}
