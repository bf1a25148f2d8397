import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { projectRoot } from '../../../deploy/project.js';
import { type Offer, type PublicationKind, publish } from '../../../procedures/publishing/publish.js';
import { ROW_COLUMNS } from '../../../procedures/publishing/rows.js';
import { hostedCloud } from '../embedded-cloud.js';

describe('LOS_PUBLISHED_ROWS', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  const query = (sql: string) => ctx.snowflake.query(sql);

  /** Publishes a figure about stays that no other is about. */
  const figure = (kind: PublicationKind, subject: string, row: object): Offer => ({
    kind,
    members: `SELECT '${subject}' AS SUBJECT, '${subject}' || SEQ4() AS CASE_ID, CASE_ID AS PATIENT, '1' AS STATE FROM TABLE(GENERATOR(ROWCOUNT => 20))`,
    figures: () => ({
      sql: `SELECT '${subject}' AS SUBJECT, ARRAY_CONSTRUCT(PARSE_JSON('${JSON.stringify(row)}')) AS FIGURES`,
    }),
  });
  const shown = async () => {
    const views = ['LOS_ACCURACY', 'LOS_VERSION_FIGURES', 'LOS_WEEKLY_ERRORS', 'LOS_DRIFT'];
    return Promise.all(views.map((view) => query(`SELECT * FROM ${view}`)));
  };

  before(async () => {
    ctx = await cloud.open();
    const version = 'health-v1';
    const week = { FROM_DAY: '2026-01-05', TO_DAY: '2026-01-11', VERSION: version, ADMISSIONS: 20 };
    for (const dataset of ['health', 'other'])
      for (const offer of [
        figure('month', `${dataset} 2026-01`, {
          MONTH: '2026-01-01',
          VERSION: version,
          ADMISSIONS: 20,
          MAE: 2.5,
        }),
        figure('week', `${dataset} 2026-01-05`, { ...week, ESTIMATED: 2.1, RATIO_LOW: 0.8 }),
        figure('inputs', `${dataset} 2026-01-05`, { ...week, FEATURE: 'AGE', SHIFT: 0.2, FLAGGED: true }),
        figure('holdout', version, {
          ...{ PREDICTOR: 'model', GROUPED_BY: 'all', LEVEL: 'all', ROW_COUNT: 20, MAE: 1.5 },
          ...{ PIT: [0.1, 0.9], METRICS: { mae: 1.5 }, LINEAGE: { code: 'abc' } },
        }),
      ])
        await drive(ctx, publish({ place: ctx.settings, dataset }, [offer]));
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('has no view, task or procedure of excess days where the contract names none', async () => {
    for (const kind of ['VIEWS', 'TASKS', 'PROCEDURES'])
      expect(await query(`SHOW ${kind} LIKE '%EXCESS%'`), kind).to.deep.equal([]);
  });

  it('has the columns that the publisher writes, by the same types', () => {
    const text = readFileSync(join(projectRoot, 'sql/tables/published-rows.sql'), 'utf8');
    const declared = [...text.matchAll(/^ {2}([A-Z_0-9]+) ([A-Z]+) COMMENT/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    expect(declared.length).to.be.at.least(40);
    expect(
      Object.entries(ROW_COLUMNS).flatMap(([type, names]) => names.map((name) => `${name} ${type}`)),
    ).to.have.members(declared);
  });

  it('gives views what was published, of each dataset', async () => {
    const [accuracy, versions, weeks, drift] = await shown();
    expect(accuracy).to.have.length(2);
    expect(accuracy![0]).to.include({ VERSION: 'health-v1', ADMISSIONS: 20, MAE: 2.5, BIAS: null });
    expect(versions![0]).to.deep.include({ VERSION: 'health-v1', ROW_COUNT: 20, MAE: 1.5, PIT: [0.1, 0.9] });
    expect(weeks![0]).to.include({ ESTIMATED: 2.1, PROMISED: 1.5, RATIO_LOW: 0.8 });
    expect(drift![0]).to.include({ FEATURE: 'AGE', SHIFT: 0.2, FLAGGED: true });
  });

  it('is filled by the apply that makes it, over a deployment that has published before', async () => {
    const before = await shown();
    await query('DROP TABLE LOS_PUBLISHED_ROWS');
    await apply(ctx);
    expect(await shown()).to.deep.equal(before);
  });

  it('is filled by the apply that adds a column to it, wherever that stands', async () => {
    const before = await shown();
    await query('ALTER TABLE LOS_PUBLISHED_ROWS DROP COLUMN MAE');
    await apply(ctx);
    expect(await shown()).to.deep.equal(before);
    await drive(
      ctx,
      publish({ place: ctx.settings, dataset: 'health' }, [
        figure('month', 'health 2026-02', {
          MONTH: '2026-02-01',
          VERSION: 'health-v1',
          ADMISSIONS: 20,
          MAE: 3.5,
        }),
      ]),
    );
    const [later] = await query("SELECT * FROM LOS_ACCURACY WHERE MONTH = '2026-02-01'");
    expect(later).to.include({ DATASET: 'health', ADMISSIONS: 20, MAE: 3.5, CRPS: null });
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });
});
