// "What held" of the security review: names of levels and wards that are code somewhere on the way to a reader.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { renderMail } from '../../report/mail/render.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const SCHEMA = 'PREDICT_LOS.LOS';
const NAMES = [
  '$$; DROP TABLE LOS_RUN_LOG; $$',
  "' OR '1'='1",
  "'; DELETE FROM LOS_RUN_LOG; --",
  '"; DROP SCHEMA LOS; --',
  '*/ DROP TABLE LOS_RUN_LOG /*',
  'a\u2028b',
  '__proto__',
  'constructor',
  'toString',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '{{SNOWFLAKE_PRIVATE_KEY}}',
  '{{#each this}}{{this}}{{/each}}',
  'x\r\nBcc: thief@example.org',
  'back\\slash\\',
  '{{from}}',
  '${process.env.PATH}',
];

describe('names of departments that are code', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  const table = `${SCHEMA}.HEALTH_ADMISSIONS`;
  const first = 8_000_000;

  const los = (...args: string[]) =>
    promisify(execFile)(
      process.execPath,
      [join(projectRoot, 'dist/deploy/cli.js'), ...args, '--config', cloud.config],
      { maxBuffer: 1 << 26 },
    );

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ctx = await cloud.open();
    for (const [i, name] of NAMES.entries()) {
      // Ended stays of twelve patients, so that they are shown, and one who is in, so that there is a bed.
      await ctx.snowflake.execute(
        `INSERT INTO ${table} SELECT * REPLACE (CASE_ID + ? AS CASE_ID, ? AS DEPARTMENT, ? AS WARD_TYPE) FROM ${table} WHERE CASE_ID < 5000000 ORDER BY CASE_ID LIMIT 12`,
        [first + i * 100_000, name, name],
      );
      await ctx.snowflake.execute(
        `INSERT INTO ${table} SELECT * REPLACE (CASE_ID + ? AS CASE_ID, ? AS DEPARTMENT, ? AS WARD_TYPE, NULL AS DISCHARGE_DATE) FROM ${table} WHERE CASE_ID < 5000000 ORDER BY ADMISSION_DATE DESC, CASE_ID LIMIT 1`,
        [first + 50_000_000 + i * 100_000, name, name],
      );
    }
    await runGraph(ctx, forDataset(ctx).contract);
  });
  after(async () => {
    await ctx?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  it('held: are features and predictions like others, and every table is there', async () => {
    const [row] = await ctx.snowflake.query(
      `SELECT COUNT(*) AS N, COUNT(DISTINCT FEATURES:DEPARTMENT::VARCHAR) AS NAMES FROM ${SCHEMA}.LOS_PREDICTION_LOG WHERE TRY_TO_NUMBER(CASE_ID) >= ${first}`,
    );
    expect(Number(row?.N)).to.be.at.least(NAMES.length);
    expect(Number(row?.NAMES)).to.equal(NAMES.length);
    const [quarantined] = await ctx.snowflake.query(`SELECT COUNT(*) AS N FROM ${SCHEMA}.LOS_QUARANTINE`);
    expect(Number(quarantined?.N)).to.equal(0);
    const names = (await ctx.snowflake.query(`SHOW TABLES IN SCHEMA ${SCHEMA}`)).map(({ name }) => name);
    expect(names).to.include.members(['LOS_RUN_LOG', 'LOS_MODEL_REGISTRY', 'LOS_PREDICTION_LOG']);
  });

  it('held: have beds and answers of their own', async () => {
    const { stdout } = await los('beds', '--json');
    const { forecast } = JSON.parse(stdout) as { forecast: { unit: string }[] };
    const units = new Set(forecast.map(({ unit }) => unit));
    for (const name of NAMES) expect([...units], name).to.include(name);
    const explored = await los('eda', '--json');
    expect(() => JSON.parse(explored.stdout)).not.to.throw();
  });

  it('held: are text in the report, whose only script is ours', async () => {
    const file = join(cloud.folder, 'report.html');
    await los('report', '--out', file);
    const html = readFileSync(file, 'utf8');
    expect(html.match(/<script/g) ?? []).to.have.length(1);
    for (const code of ['<img src=x', '<svg onload', 'alert(1)</script>']) expect(html).not.to.contain(code);
    expect(html).to.contain('&lt;img src');
  });

  it('held: are text in mails, and no header', () => {
    const origin = { deployment: 'los on local', schema: SCHEMA, at: new Date(0) };
    for (const name of NAMES) {
      const tables = [{ title: name, columns: ['ward', name], rows: [[name, 1]] }];
      const mail = renderMail(
        'eda',
        { dataset: 'health', headline: name, sentences: [name], summary: name, tables, next: name } as never,
        origin,
      );
      expect(mail.subject, name).not.to.match(/[\r\n]/);
      expect(mail.html, name).not.to.match(/<(script|img|svg)\b/i);
    }
  });
});
