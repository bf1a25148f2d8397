import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadDemoData } from '../../demo/data.js';
import { admit, dischargeBefore, pendingSteps } from '../../demo/simulate/arrivals.js';
import { drive } from '../../deploy/clients/drive.js';
import { carryOut } from '../../deploy/commands/command.js';
import { command as train } from '../../deploy/commands/train.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { championOf } from '../../deploy/model/registry.js';
import { textsOf } from '../../deploy/objects/source.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { explore } from '../../procedures/exploring/explore.js';
import { explorePlan } from '../../procedures/exploring/make-plan.js';
import { random } from '../../procedures/ground/random.js';
import type { TrainResult } from '../../report/results/training.js';
import { hospital } from '../deploy/dataset/hospital.js';
import { dataset } from '../deploy/dataset-commands.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const ages = Array.from({ length: 10 }, (_, i) => `[${10 * i}-${10 * i + 10})`);

/** As a public file of diabetes admissions is written: `?` for missing, bands in brackets, names with hyphens. */
function oddFile(rows: number): string {
  const next = random(3);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const lines = [
    'Encounter-ID,patient_nbr,race,age,weight,admission type,discharge_disposition_id,time-in-hospital,payer,num_medications,glyburide-metformin,A1C result',
  ];
  for (let row = 0; row < rows; row++) {
    const age = Math.floor(10 * next());
    const kind = pick(['Emergency', 'Urgent', 'Elective', '?']);
    const drug = pick(['No', 'No', 'No', 'Steady']);
    const los =
      1 +
      Math.round(
        0.5 * age + (kind === 'Urgent' ? 4 : 0) + (drug === 'Steady' ? 3 : 0) - 2 * Math.log(1 - next()),
      );
    lines.push(
      [
        500_000 + 3 * row,
        9_000_000 + Math.floor(rows * 0.8 * next()),
        pick(['Caucasian', 'AfricanAmerican', '?', 'Other']),
        ages[age],
        next() < 0.6 ? '?' : (50 + 60 * next()).toFixed(1),
        kind,
        pick([1, 3, 6]),
        los,
        // Two dollars would end the body of the function that holds the levels.
        pick(['MC', 'US $$', '?']),
        los * 3 + Math.floor(5 * next()),
        drug,
        pick(['None', 'Norm', '>7', '>8']),
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

const globals = { target: 'local', json: false, verbose: false };

/** From a file that no one here has seen to a version that answers, by three commands and without an editor. */
describe('a hospital’s own file', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }\ntraining: { candidates: [squared-error] }');
    ctx = await local.open();
  });
  after(async () => {
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  const files = {
    'sixty columns': { name: 'made_up', text: () => hospital(3000).csv, nulls: undefined },
    'odd names, ? and bands in brackets': { name: 'odd', text: () => oddFile(3000), nulls: ['?'] },
  };
  for (const [what, { name, text, nulls }] of Object.entries(files))
    it(`goes from dataset init to a promoted version: ${what}`, async () => {
      const file = join(local.folder, `${name}.csv`);
      writeFileSync(file, text());
      const out = join(local.folder, `${name}.yaml`);
      const drafted = await dataset.init(ctx, {
        file,
        out,
        ...(nulls && { null: nulls }),
      });
      expect(drafted.lines[0]).to.contain('was written. Read it');
      const loaded = await dataset.load(ctx, { dataset: out, file, apply: true });
      expect(loaded.lines).to.deep.equal([
        `3,000 rows loaded into ${name.toUpperCase()}, 3,000 feature rows built.`,
        `So that every command takes it, and not health.yaml, write into los.config.yaml: dataset: ${out}`,
      ]);
      const { metrics } = (await carryOut(train, 'train', ctx, {
        ...globals,
        dataset: out,
        promote: true,
      })) as TrainResult;
      expect(metrics.rmse).to.be.below(metrics.meanRmse);
      expect((await championOf(ctx, name))?.version).to.equal(`${name}-v1`);
    });

  it('is read as it is: sources by their names, markers as missing, whatever asks', async () => {
    const own = forDataset(ctx, join(local.folder, 'odd.yaml'));
    const features = await ctx.snowflake.query<Record<string, string | number | null>>(
      'SELECT * FROM PREDICT_LOS.LOS.ODD_FEATURES',
    );
    expect(features[0]).to.include.keys('ENCOUNTER_ID', 'GLYBURIDE_METFORMIN', 'ADMISSION_TYPE', 'WEIGHT');
    expect(new Set(features.map((row) => row.ADMISSION_TYPE))).to.deep.equal(
      new Set(['Emergency', 'Urgent', 'Elective', null]),
    );
    expect(features.filter((row) => typeof row.WEIGHT === 'number').length).to.be.within(1000, 1400);
    const raw = await ctx.snowflake.query(
      'SELECT TIME_IN_HOSPITAL, ADMISSION_TYPE FROM PREDICT_LOS.LOS.ODD LIMIT 1',
    );
    expect(raw).to.have.length(1);
    // Each dataset had its stack applied when it was loaded; the procedures are those of the last one.
    const { questions } = await drive(
      own.ctx,
      explore(explorePlan({ contract: own.contract, settings: own.ctx.settings, texts: textsOf })),
    );
    expect(questions.map(({ id }) => id)).to.include('stay-by-admission-type');
    expect(questions.find(({ id }) => id === 'missing')!.answer).to.match(/WEIGHT \(\d+ %\)/);
    const checked = await dataset.check(ctx, {
      dataset: join(local.folder, 'odd.yaml'),
    });
    expect(checked.failed, checked.lines.join('\n')).to.equal(false);
    // The next admission, in the hospital's own words, is scored.
    await ctx.snowflake.execute(
      `INSERT INTO PREDICT_LOS.LOS.ODD (ENCOUNTER_ID, PATIENT_NBR, RACE, AGE, ADMISSION_TYPE, PAYER, GLYBURIDE_METFORMIN)
VALUES (1, 1, '?', '[70-80)', 'Urgent', 'US $$', 'Steady')`,
    );
    const next = join(local.folder, 'next.csv');
    const lines = readFileSync(join(local.folder, 'odd.csv'), 'utf8').split('\n');
    writeFileSync(next, `${lines[0]}\n2,2,?,[70-80),?,Emergency,,,MC,,No,None\n`);
    await dataset.load(ctx, {
      dataset: join(local.folder, 'odd.yaml'),
      file: next,
    });
    const logged = await ctx.snowflake.query<Record<string, unknown>>(
      `SELECT CASE_ID, PREDICTED_LOS, FEATURES FROM PREDICT_LOS.LOS.LOS_PREDICTION_LOG WHERE DATASET = 'odd' AND CASE_ID IN ('1', '2') ORDER BY CASE_ID`,
    );
    expect(logged.map(({ CASE_ID }) => CASE_ID)).to.deep.equal(['1', '2']);
    expect(Number(logged[0]!.PREDICTED_LOS)).to.be.above(Number(logged[1]!.PREDICTED_LOS));
    expect(logged[0]!.FEATURES).not.to.have.property('RACE');
  });

  it('gets the same contract from a table whose columns need quotes', async () => {
    const { contract: file } = forDataset(ctx, join(local.folder, 'odd.yaml'));
    const headers = Object.entries(file.written!).map(([name, { header }]) => [name, header!] as const);
    await ctx.snowflake.execute('CREATE TABLE PREDICT_LOS.LOS.QUOTED CLONE PREDICT_LOS.LOS.ODD');
    for (const [name, header] of headers)
      await ctx.snowflake.execute(`ALTER TABLE PREDICT_LOS.LOS.QUOTED RENAME COLUMN ${name} TO "${header}"`);
    const out = join(local.folder, 'from-table.yaml');
    await dataset.init(ctx, {
      table: 'quoted',
      id: 'encounter-id',
      null: ['?'],
      out,
    });
    const { contract: table } = forDataset(ctx, out);
    expect(table.columns).to.deep.equal(file.columns);
    expect(table.sources).to.deep.equal(Object.fromEntries(headers));
    expect(table.features).to.deep.equal(file.features);
    expect(table.nulls).to.deep.equal(file.nulls);
  });

  it('arrives in a demo too', async () => {
    const path = join(local.folder, 'shown.yaml');
    const text = readFileSync(join(local.folder, 'odd.yaml'), 'utf8');
    writeFileSync(path, text.replace('name: odd', 'name: shown').replace('table: ODD', 'table: SHOWN'));
    const own = forDataset(ctx, path);
    await apply(own.ctx);
    const train = join(local.folder, 'odd.csv');
    const { history, arrivals } = await loadDemoData(own.ctx, own.contract, { train });
    expect(history + arrivals).to.equal(3000);
    const [first] = await pendingSteps(own.ctx, own.contract);
    expect(await admit(own.ctx, own.contract, first!.step)).to.equal(first!.rows);
    expect(await dischargeBefore(own.ctx, own.contract, first!.step + 1)).to.equal(first!.rows);
    expect((await loadDemoData(own.ctx, own.contract, { train })).history).to.equal(history);
  });
});
