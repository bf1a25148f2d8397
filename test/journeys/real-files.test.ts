import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { loadContract } from '../../deploy/dataset/load.js';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import { dataset } from '../deploy/dataset-commands.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const DATA = join(projectRoot, '../shared/data');

/** Files of hospitals as they were published, and of each what must never be a feature. */
const FILES = {
  mimic: {
    file: 'mimic3/ADMISSIONS.csv',
    rows: 129,
    late: ['DEATHTIME', 'HOSPITAL_EXPIRE_FLAG', 'DISCHARGE_LOCATION', 'DISCHTIME'],
    roles: { id: 'HADM_ID', patient: 'SUBJECT_ID', admission: 'ADMITTIME', discharge: 'DISCHTIME' },
    kept: ['ADMISSION_TYPE', 'ADMISSION_LOCATION'],
  },
  omop: {
    file: 'omop/visit_occurrence.csv.gz',
    rows: 852,
    late: ['DISCHARGE_TO_CONCEPT_ID', 'DISCHARGE_TO_SOURCE_VALUE', 'VISIT_END_DATE', 'VISIT_END_DATETIME'],
    roles: {
      id: 'VISIT_OCCURRENCE_ID',
      patient: 'PERSON_ID',
      admission: 'VISIT_START_DATE',
      discharge: 'VISIT_END_DATE',
    },
    kept: ['VISIT_CONCEPT_ID', 'ADMITTING_SOURCE_VALUE'],
  },
  hdhi: {
    file: 'hdhi_admissions.csv.gz',
    rows: 11_888,
    late: ['OUTCOME', 'INTENSIVE_CARE_DAYS', 'DISCHARGE_DATE'],
    roles: {
      id: 'ADMISSION_ID',
      patient: 'PATIENT_ID',
      admission: 'ADMISSION_DATE',
      discharge: 'DISCHARGE_DATE',
    },
    kept: ['AGE', 'HAEMOGLOBIN', 'PRIOR_CARDIOMYOPATHY'],
  },
} as const;

/** What the data's own README says of each is what `los dataset init` finds, without a hand on the contract. */
describe('published files of hospitals', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async function () {
    if (!existsSync(DATA)) this.skip();
    // What was shifted to hide whose it is lies in the years 2110 to 2212.
    const clock = new MovableClock({ at: Date.parse('2220-01-01T12:00:00Z') });
    local = await embeddedCloud('mail: { to: [] }\ntasks: { resumed: false }', { clock });
    ctx = await local.open();
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  for (const [name, { file, rows, late, roles, kept }] of Object.entries(FILES))
    it(`go from init to check without an edit: ${name}`, async () => {
      const path = join(DATA, file);
      const out = join(local.folder, `${name}.yaml`);
      const drafted = await dataset.init(ctx, { file: path, out });
      expect(drafted.lines[0]).to.contain('was written. Read it');
      const contract = loadContract(out);
      expect(contract).to.deep.include(roles);
      expect(columnsUnknownOnArrival(contract)).to.include.members([...late]);
      expect(contract.features)
        .to.include.keys(...kept)
        .and.not.to.have.any.keys(...late);
      const loaded = await dataset.load(ctx, { dataset: out, file: path, apply: true });
      expect(loaded.lines[0]).to.match(new RegExp(`^${rows.toLocaleString('en-US')} rows loaded`));
      const checked = await dataset.check(ctx, { dataset: out });
      expect(checked.failed, checked.lines.join('\n')).to.equal(false);
      expect(checked.lines.join('\n')).not.to.match(/in the future|later than tomorrow/);
    });
});

describe('files whose dates were shifted', () => {
  it('are said to be so by check, under the clock of today', async function () {
    if (!existsSync(DATA)) this.skip();
    const local = await embeddedCloud('mail: { to: [] }\ntasks: { resumed: false }');
    const ctx = await local.open();
    try {
      const file = join(DATA, FILES.mimic.file);
      const out = join(local.folder, 'mimic.yaml');
      await dataset.init(ctx, { file, out });
      await dataset.load(ctx, { dataset: out, file, apply: true });
      const { lines, failed } = await dataset.check(ctx, { dataset: out });
      expect(failed).to.equal(false);
      expect(lines.join('\n')).to.match(/Most dates lie in the future, as after a shift/);
      expect(lines.join('\n')).not.to.match(/later than tomorrow/);
    } finally {
      await ctx.close();
      await local.cloud.close();
      local.remove();
    }
  });
});
