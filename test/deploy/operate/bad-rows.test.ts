import { expect } from 'chai';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { report } from '../../../deploy/operate/report.js';
import { status } from '../../../deploy/operate/status.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { statusLines } from '../../../report/operations/status.js';
import { textOf } from '../../report/pages/tables.js';
import { hostedCloud } from '../embedded-cloud.js';

describe('rows of the run log that no procedure would write', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'applied');
  let ctx: OpenContext;
  let warnings: string[];

  before(async () => {
    ctx = await cloud.open();
    await ctx.snowflake.execute(
      "INSERT INTO HEALTH_ADMISSIONS (CASE_ID, ADMISSION_DATE) VALUES (1, '2023-01-05')",
    );
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const enter = (kind: string, state: string, finished: string, details: string) =>
    ctx.snowflake.execute(
      `INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, DETAILS)
SELECT UUID_STRING(), ?, 'health', ?, CURRENT_TIMESTAMP(), ${finished}, ${details}`,
      [kind, state],
    );
  const page = async () => {
    warnings = [];
    const listening = {
      ...ctx,
      progress: { ...silentProgress, warn: (text: string) => void warnings.push(text) },
    };
    const own = forDataset(listening);
    return textOf(await report(own.ctx, own.contract));
  };

  it('keep neither status nor report from saying all else', async () => {
    await enter('watch', 'SUCCEEDED', 'NULL', 'PARSE_JSON(\'"by hand"\')');
    await enter('beds', 'SUCCEEDED', 'NULL', 'PARSE_JSON(\'{"notes": 7, "madeOn": {}}\')');
    await enter('scoring', 'FAILED', 'CURRENT_TIMESTAMP()', 'PARSE_JSON(\'{"refused": "perhaps"}\')');
    await enter('cleaning', 'in words', 'NULL', "PARSE_JSON('[1, 2]')");
    await enter('notify', 'FAILED', 'NULL', 'NULL');
    const found = await status(ctx);
    expect(found.health.problems.join('\n')).to.match(/The last run of scoring .* failed/);
    expect(found.health.problems.join('\n')).not.to.match(/cannot be shown/);
    expect(statusLines(found, 'UTC').join('\n')).to.match(/^Watched /m);
    const text = await page();
    expect(text).to.match(/cleaning/);
    expect(text).to.match(/Admissions waiting for a prediction/);
    expect(warnings).to.deep.equal([]);
  });

  it('are told in the place of what they make impossible, and the rest is drawn', async () => {
    await ctx.snowflake.execute(
      `CREATE OR REPLACE VIEW LOS_TIMELINE AS SELECT 'health' AS DATASET, TO_DATE(v) AS DAY, 'alarm' AS KIND, 'x' AS SUBJECT, 'info' AS SEVERITY, 'y' AS MESSAGE FROM (SELECT DETAILS::VARCHAR AS v FROM LOS_RUN_LOG WHERE KIND = 'watch')`,
    );
    const text = await page();
    expect(text).to.match(/What happened cannot be shown: .*Date/);
    expect(text).to.match(/Admissions waiting for a prediction/);
    expect(text).to.match(/A month at list prices/);
    expect(text).not.to.contain('by hand');
    expect(warnings.join()).to.match(/A part of the report cannot be shown/);
  });
});
