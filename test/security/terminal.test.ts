// Finding 11 of the security review: names of the hospital's rows that are commands to a terminal.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

/** Clears the screen, renames the window, rings, writes over the line, and turns what follows around. */
const NAME = 'gyn\u001b[2J\u001b]0;pwned\u0007\r\u009b1A\u202eecology';
const SHOWN = 'gyn\ufffd[2J\ufffd]0;pwned\ufffd\ufffd\ufffd1A\ufffdecology';
/** The same in a table, where blanks of any kind are one. */
const BEGUN = 'gyn\ufffd[2J\ufffd]0;pwned\ufffd';
const CONTROL = /[^\P{Cc}\t\n]|[\u2028-\u202e\u2066-\u2069]/u;

describe('a department whose name is commands to a terminal', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  const los = async (...args: string[]) => {
    const done = await promisify(execFile)(
      process.execPath,
      [join(projectRoot, 'dist/deploy/cli.js'), ...args, '--config', cloud.config],
      { maxBuffer: 1 << 26 },
    ).catch((error: { stdout: string; stderr: string }) => error);
    return { out: done.stdout, said: done.stdout + done.stderr };
  };

  before(async () => {
    cloud = await embeddedCloud('', {}, 'trained');
    ctx = await cloud.open();
    await ctx.snowflake.execute(
      `UPDATE PREDICT_LOS.LOS.HEALTH_ADMISSIONS SET DEPARTMENT = ?, WARD_TYPE = ? WHERE DEPARTMENT = 'gynecology'`,
      [NAME, `${NAME} ward`],
    );
    // Some are in hospital, or there would be no beds to speak of.
    await ctx.snowflake.execute(
      `INSERT INTO PREDICT_LOS.LOS.HEALTH_ADMISSIONS SELECT * REPLACE (CASE_ID + 5000000 AS CASE_ID, NULL AS DISCHARGE_DATE) FROM PREDICT_LOS.LOS.HEALTH_ADMISSIONS ORDER BY ADMISSION_DATE DESC LIMIT 400`,
    );
    await runGraph(ctx, forDataset(ctx).contract);
  });
  after(async () => {
    await ctx?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  for (const args of [['eda'], ['beds'], ['status'], ['dataset', 'check'], ['doctor']])
    it(`finding 11: prints it as text: los ${args.join(' ')}`, async () => {
      const { said } = await los(...args);
      expect(said).to.match(/\S/).and.not.to.match(CONTROL);
      if (args[0] === 'eda' || args[0] === 'beds') expect(said).to.contain(BEGUN);
    });

  it('finding 11: loses nothing of it in JSON', async () => {
    const { out } = await los('eda', '--json');
    expect(out).not.to.match(CONTROL);
    expect(JSON.stringify(JSON.parse(out))).to.contain(JSON.stringify(NAME).slice(1, -1));
  });

  it('finding 11: prints errors that quote it as text', async () => {
    const { said } = await los('beds', '--ward', `${NAME}x`);
    expect(said).to.contain('\ufffd[2J').and.not.to.match(CONTROL);
  });

  it('finding 11: has it as text in report, picture and model card', async () => {
    const files = [
      [['report', '--out'], 'report.html'],
      [['beds', '--svg'], 'beds.svg'],
      [['model', 'card', '--out'], 'card.md'],
    ] as const;
    for (const [args, name] of files) {
      const file = join(cloud.folder, name);
      await los(...args, file);
      expect(readFileSync(file, 'utf8'), name).to.match(/\S/).and.not.to.match(CONTROL);
    }
    expect(readFileSync(join(cloud.folder, 'report.html'), 'utf8')).to.contain('\ufffd[2J');
  });

  it('finding 11: has it as text in mails', async () => {
    await los('beds', '--mail');
    const folder = ctx.target.mailFolder ?? '';
    const mails = await Promise.all(
      readdirSync(folder)
        .filter((name) => name.endsWith('.eml'))
        .map((name) => simpleParser(readFileSync(join(folder, name)))),
    );
    const texts = mails.map(({ subject, text, html }) => `${subject}\n${text}\n${html}`);
    for (const each of texts) expect(each).not.to.match(CONTROL);
    expect(texts.filter((each) => each.includes(SHOWN))).not.to.have.length(0);
  });
});
