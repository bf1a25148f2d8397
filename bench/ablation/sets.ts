import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { columns, generateHealth, simulationStart } from '../../demo/health/index.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { projectRoot } from '../../deploy/project.js';
import { knownOn } from '../beds/hdhi.js';
import { hdhiCsv } from '../hdhi-file.js';
import { admittedBetween, HDHI_DATES } from '../models/origins.js';
import type { Training } from '../models/trained.js';
import { hashed, type Stay, writeFiles } from '../stay/data.js';
import { icuCase, icuSide } from '../stay/icu.js';
import { sepsisCase, sepsisSides } from '../stay/sepsis.js';

/** Rows that the product learns from, and others that it is asked about. */
export interface AblationSet {
  readonly training: Training;
  /** A file of admissions of later months; left out: the holdout is asked about, which the product has not learned from. */
  later?(folder: string): string;
}

const SPARCS = join(projectRoot, '../shared/data/sparcs_hf_27925.csv.gz');
/** What is asked about a holdout must not have learned from it. */
const settings = { refit: false };

/** Evenings, each with the last day of the two months after it. */
const ORIGINS = [
  ['2017-10-31', '2017-12-31'],
  ['2017-12-31', '2018-02-28'],
  ['2018-02-28', '2018-04-30'],
  ['2018-04-30', '2018-06-30'],
  ['2018-06-30', '2018-08-31'],
  ['2018-08-31', '2018-10-16'],
] as const;

const origin = ([evening, last]: readonly [string, string]): AblationSet => ({
  training: {
    dataset: HDHI_DATES,
    file: (folder) => {
      const file = join(folder, 'known.csv');
      writeFileSync(file, knownOn(evening, hdhiCsv(), loadContract(HDHI_DATES, 'UTC')));
      return file;
    },
  },
  later: (folder) => {
    const file = join(folder, 'later.csv');
    writeFileSync(file, admittedBetween(hdhiCsv(), evening, last));
    return file;
  },
});

/** @param every one in so many rows; 1: all */
const sparcs = (contract: string, every = 1): AblationSet => ({
  training: {
    dataset: `sql/datasets/${contract}.yaml`,
    settings,
    file: (folder) => {
      if (every === 1) return SPARCS;
      const [header = '', ...rows] = gunzipSync(readFileSync(SPARCS)).toString('utf8').trim().split('\n');
      const file = join(folder, 'some.csv');
      writeFileSync(file, `${[header, ...rows.filter((row) => hashed(row) < 1 / every)].join('\n')}\n`);
      return file;
    },
  },
});

/** Stays with events: what is known on arrival alone. */
const arrivals = (
  { stays, contract }: { readonly stays: readonly Stay[]; contract(folder: string): string },
  side: (id: string) => string,
): AblationSet => ({
  training: {
    settings,
    file: (folder) => writeFiles(folder, stays, side).admissions,
    dataset: (folder) => {
      const file = contract(folder);
      const {
        events: _,
        eventFeatures: __,
        ...rest
      } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify(rest));
      return file;
    },
  },
});

const health = (seed: number, rows: number): AblationSet => ({
  training: {
    dataset: 'sql/datasets/health.yaml',
    settings,
    file: (folder) => {
      const file = join(folder, 'health.csv');
      const known = [...generateHealth({ seed, trainingRows: rows, simulationRows: 1 })].filter(
        ({ ADMISSION_DATE }) => ADMISSION_DATE < simulationStart,
      );
      const lines = known.map((row) => columns.map((name) => row[name] ?? '').join(','));
      writeFileSync(file, `${[columns.join(','), ...lines].join('\n')}\n`);
      return file;
    },
  },
});

/** LOS_ABLATION=SPARCS runs only what begins so. */
export const ONLY = process.env.LOS_ABLATION ?? '';

/** What is trained on, by name. */
export const SETS: Readonly<Record<string, () => AblationSet>> = {
  ...Object.fromEntries(ORIGINS.map((one) => [`HDHI ${one[0]}`, () => origin(one)])),
  'SPARCS at admission': () => sparcs('sparcs_hf'),
  'SPARCS with severity': () => sparcs('sparcs_hf_severity'),
  ICU: () => arrivals(icuCase(), icuSide),
  sepsis: () => arrivals(sepsisCase(), sepsisSides(0)[0]!),
  'made up 1': () => health(1, 20_000),
  'made up 2': () => health(2, 20_000),
  'SPARCS, one row in 8': () => sparcs('sparcs_hf_severity', 8),
  'SPARCS, one row in 30': () => sparcs('sparcs_hf_severity', 30),
};
