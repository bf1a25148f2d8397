import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { checkDataset } from '../../../contracts/checking/check.js';
import { callProcedure } from '../../../deploy/clients/call.js';
import { drive } from '../../../deploy/clients/drive.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { projectRoot } from '../../../deploy/project.js';
import { changeSentences, changesOf } from '../../../procedures/dataset/changed-inputs.js';
import { longTests } from '../../long.js';
import { embeddedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

const HOUR = 3_600_000;
/** A ward and a severity that may be missing, and what follows from both. */
const HEALTH = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8')
  .replace('WARD_TYPE: { type: categorical, default: None }', 'WARD_TYPE: { type: categorical }')
  .replace(
    'SEVERITY_OF_ILLNESS: { type: categorical, default: None }',
    'SEVERITY_OF_ILLNESS: { type: categorical }',
  )
  .replace('ADMISSION_DEPOSIT: { type: numeric, default: 0 }', 'ADMISSION_DEPOSIT: { type: numeric }');

describe('what was known on admission', () => {
  const clock = new MovableClock();
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  const contract = () => join(local.folder, 'contract.yaml');
  before(async () => {
    local = await embeddedCloud(
      'training: { candidates: [squared-error] }\ntasks: { resumed: false }',
      { clock },
      'applied',
    );
    ctx = await local.open();
    // As it was before December 2026.
    await ctx.snowflake.execute('DROP VIEW HEALTH_FEATURES_AT_ADMISSION');
    for (const name of ['SEEN_OPEN', 'FIRST_INPUTS', 'INPUTS_BY'])
      await ctx.snowflake.execute(`ALTER TABLE HEALTH_FEATURES DROP COLUMN ${name}`);
    await ctx.snowflake.execute(
      `INSERT INTO HEALTH_FEATURES (CASE_ID, AGE, LOS, FIRST_BUILT_AT) SELECT 99, '31-40', NULL, '2023-01-01'::TIMESTAMP_LTZ`,
    );
    writeFileSync(local.config, `${readFileSync(local.config, 'utf8')}\ndataset: ${contract()}\n`);
    writeFileSync(contract(), HEALTH);
    await later(0);
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  /** A session does not live through hours. */
  const later = async (hours: number) => {
    await ctx.close();
    clock.advance(hours * HOUR);
    ctx = await local.open();
  };
  const run = async (...statements: string[]) => {
    for (const sql of statements) await ctx.snowflake.execute(sql);
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
  };
  const columns =
    'CASE_ID, PATIENTID, ADMISSION_DATE, DISCHARGE_DATE, WARD_TYPE, SEVERITY_OF_ILLNESS, ADMISSION_DEPOSIT';
  const admit = (id: number, discharge = 'NULL') =>
    `INSERT INTO HEALTH_ADMISSIONS (${columns}) SELECT ${id}, ${id}, '2023-01-05'::DATE, ${discharge}, 'P', NULL, 4000`;
  const set = (id: number, change: string) => `UPDATE HEALTH_ADMISSIONS SET ${change} WHERE CASE_ID = ${id}`;
  const known = async (id: number) => {
    const [row] = await ctx.snowflake.query<{ CHANGED: string[] | null }>(
      `SELECT WARD_TYPE, SEVERITY_OF_ILLNESS, ADMISSION_DEPOSIT, SEEN_OPEN, CHANGED_INPUTS AS CHANGED FROM HEALTH_FEATURES_AT_ADMISSION WHERE CASE_ID = ${id}`,
    );
    return {
      ...row!,
      CHANGED:
        row!.CHANGED?.filter((name) => !name.includes('ILLNESS_') && !name.includes('_ILLNESS')) ?? null,
    };
  };

  it('is what stood half a day after a row came in, whatever changes later, before the discharge and after it', async () => {
    await run(admit(1));
    await later(2);
    await run(set(1, "WARD_TYPE = 'Q'"));
    expect(await known(1)).to.deep.include({ WARD_TYPE: 'Q', SEEN_OPEN: true, CHANGED: null });
    await later(30);
    await run(set(1, "WARD_TYPE = 'R', ADMISSION_DEPOSIT = NULL"));
    await run(set(1, "DISCHARGE_DATE = '2023-01-09'"));
    await later(100);
    await run(set(1, "SEVERITY_OF_ILLNESS = 'Extreme', WARD_TYPE = 'S'"));
    expect(await known(1)).to.deep.equal({
      ...{ WARD_TYPE: 'Q', SEVERITY_OF_ILLNESS: null, ADMISSION_DEPOSIT: 4000, SEEN_OPEN: true },
      CHANGED: ['WARD_TYPE', 'SEVERITY_OF_ILLNESS', 'ADMISSION_DEPOSIT'].filter(
        (name) => name !== 'SEVERITY_OF_ILLNESS',
      ),
    });
    const [now] = await ctx.snowflake.query(
      'SELECT WARD_TYPE, SEVERITY_OF_ILLNESS FROM HEALTH_FEATURES WHERE CASE_ID = 1',
    );
    expect(now).to.deep.equal({ WARD_TYPE: 'S', SEVERITY_OF_ILLNESS: 'Extreme' });
  });

  it('is kept of what changes only after the discharge, where the patient was seen before', async () => {
    await run(admit(2));
    await later(40);
    await run(set(2, "DISCHARGE_DATE = '2023-01-12'"));
    await later(40);
    await run(set(2, "WARD_TYPE = 'R'"));
    expect(await known(2)).to.deep.include({ WARD_TYPE: 'P', CHANGED: ['WARD_TYPE'] });
  });

  it('is not known where the stay was over when the row came in: a correction is a correction', async () => {
    await run(admit(3, "'2023-01-08'"));
    await later(40);
    await run(set(3, "WARD_TYPE = 'R'"));
    expect(await known(3)).to.deep.include({ WARD_TYPE: 'R', SEEN_OPEN: false, CHANGED: null });
  });

  long(
    'is nothing that a change of the contract changes, and what was kept holds for features that are computed as before',
    async () => {
      await run(admit(4));
      await later(40);
      writeFileSync(
        contract(),
        HEALTH.replace(
          '  ADMISSION_MONTH: { type',
          '  DEAR: { type: numeric, sql: "IFF(ADMISSION_DEPOSIT > 3000, 1, 0)" }\n  ADMISSION_MONTH: { type',
        ).replace('WARD_TYPE: { type: categorical }', 'WARD_TYPE: { type: categorical, default: none }'),
      );
      await later(0);
      expect((await apply(ctx)).updated).to.include('snowflake.stream:HEALTH_ADMISSIONS_CHANGES');
      expect(await known(4)).to.deep.include({ WARD_TYPE: 'P', CHANGED: null });
      // Its ward of then was another feature.
      expect(await known(1)).to.deep.include({ WARD_TYPE: 'S', ADMISSION_DEPOSIT: 4000 });
      await later(20);
      await run(set(4, "WARD_TYPE = 'R'"));
      expect(await known(4)).to.deep.include({ WARD_TYPE: 'P', CHANGED: ['WARD_TYPE'] });
    },
  );

  it('is what a training learns from, and what changed is said with shares', async () => {
    await later(0);
    const stays = `(SELECT SEQ4() AS I, MOD(I * 7919, 20) AS DAYS FROM TABLE(GENERATOR(ROWCOUNT => 1500)))`;
    await run(
      `INSERT INTO HEALTH_ADMISSIONS (${columns}) SELECT 1000 + I, 1000 + I, DATEADD(day, -MOD(I, 60), '2023-01-05'::DATE), NULL, IFF(MOD(I, 3) = 0, 'P', 'Q'), 'Minor', 4000 + MOD(I, 11) FROM ${stays}`,
    );
    await later(24 * 40);
    // By then the ward says how long they were in, as that of discharge does.
    await run(
      `UPDATE HEALTH_ADMISSIONS AS a SET DISCHARGE_DATE = DATEADD(day, s.DAYS, a.ADMISSION_DATE), WARD_TYPE = IFF(MOD(s.I, 10) < 7, 'left after ' || s.DAYS, a.WARD_TYPE) FROM ${stays} AS s WHERE a.CASE_ID = 1000 + s.I`,
    );
    const changes = await drive(
      ctx,
      changesOf({ id: 'CASE_ID' }, 'HEALTH_FEATURES_AT_ADMISSION', 'LOS >= 0 AND CASE_ID >= 1000'),
    );
    expect(changes).to.deep.equal({ stays: 1500, followed: 1500, shares: { WARD_TYPE: 0.7 } });
    expect(changeSentences(changes)).to.deep.equal([
      'Changed after admission, of 1,500 stays: WARD_TYPE in 70 %. The training takes what was first known.',
    ]);
    const { warnings } = await checkDataset(ctx, loadContract(contract(), ctx.settings.timeZone));
    expect(warnings.find((warning) => warning.startsWith('Changed after admission'))).to.match(
      /: WARD_TYPE in \d\d %/,
    );
    const { run: id } = await callProcedure<{ run: string }>(ctx, 'TRAIN_MODEL', [{ object: {} }]);
    await ctx.snowflake.query('CALL STEP_TRAINING()');
    const [trained] = await ctx.snowflake.query<{ STATUS: string; MESSAGE: string }>(
      'SELECT STATUS, MESSAGE FROM LOS_TRAINING_RUNS WHERE RUN_ID = ?',
      [id],
    );
    expect(trained, trained!.MESSAGE).to.include({ STATUS: 'OPEN' });
    const wards = await ctx.snowflake.query(
      'SELECT DISTINCT WARD_TYPE FROM HEALTH_TRAINING_SET WHERE CASE_ID >= 1000 ORDER BY 1',
    );
    expect(wards.map((row) => row.WARD_TYPE)).to.deep.equal(['P', 'Q']);
  });
});
