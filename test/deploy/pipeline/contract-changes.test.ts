import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { projectRoot } from '../../../deploy/project.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

const HEALTH = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
const STREAM = 'snowflake.stream:HEALTH_ADMISSIONS_CHANGES';

describe('a contract that changes when features have long been built', () => {
  const cloud = hostedCloud('', 'loaded');
  const contract = join(cloud.folder, 'contract.yaml');
  let first: OpenContext;
  let ctx: OpenContext;

  /** Applies the contract of the demo with replacements in its text, as the next start of the command line would. */
  async function applied(...replacements: readonly (readonly [string | RegExp, string])[]) {
    const text = replacements.reduce((all, [from, to]) => all.replace(from, to), HEALTH);
    expect(text === HEALTH).to.equal(replacements.length === 0);
    writeFileSync(contract, text);
    await ctx?.close();
    ctx = await cloud.open();
    return await apply(ctx);
  }
  const refusal = (what: Promise<unknown>) =>
    what.then(
      () => expect.fail('it was taken'),
      (e: UserError) => e,
    );
  const one = async (sql: string) => Object.values((await ctx.snowflake.query(sql))[0]!)[0];

  before(async () => {
    writeFileSync(cloud.config, `${readFileSync(cloud.config, 'utf8')}\ndataset: ${contract}\n`);
    writeFileSync(contract, HEALTH);
    // The cloud ends with the last context.
    first = await cloud.open();
    await first.snowflake.execute('ALTER TASK LOS_BUILD_FEATURES SUSPEND');
  });
  after(async () => {
    await ctx?.close();
    await first.close();
    cloud.remove();
  });

  long('leaves features alone where it computes them as before', async () => {
    await applied();
    const { updated } = await applied(['  - [AGE]\n', '']);
    expect(updated).to.contain('snowflake.procedure:TRAIN_MODEL(OBJECT)').and.not.to.contain(STREAM);
  });

  it('has a new feature in every row, and a changed expression in every row', async () => {
    const { updated } = await applied([
      '  ADMISSION_MONTH: { type: categorical, sql: MONTHNAME(ADMISSION_DATE) }',
      "  HIGH_DEPOSIT: { type: numeric, sql: 'IFF(ADMISSION_DEPOSIT > 4000, 1, 0)' }\n  ADMISSION_MONTH: { type: categorical, sql: 'MONTH(ADMISSION_DATE)' }",
    ]);
    expect(updated).to.contain(STREAM);
    expect(await one('SELECT COUNT_IF(HIGH_DEPOSIT IS NULL) FROM HEALTH_FEATURES')).to.equal(0);
    expect(await one('SELECT COUNT(DISTINCT HIGH_DEPOSIT) FROM HEALTH_FEATURES')).to.equal(2);
    expect(await one('SELECT MAX(LENGTH(ADMISSION_MONTH)) FROM HEALTH_FEATURES')).to.be.within(1, 2);
    expect((await apply(ctx)).updated).to.deep.equal([]);
  });

  long('has a feature of another type in every row, either way', async () => {
    await applied(
      ['ADMISSION_DEPOSIT: { type: numeric, default: 0 }', 'ADMISSION_DEPOSIT: { type: categorical }'],
      ["  BED_GRADE: { type: categorical, default: '0' }", '  BED_GRADE: { type: numeric }'],
      [/\nexplore:[\s\S]*$/, '\n'],
    );
    const types = async () =>
      Object.fromEntries(
        (await ctx.snowflake.query('DESCRIBE TABLE HEALTH_FEATURES')).map((row) => [row.name, row.type]),
      );
    expect(await types()).to.include({ ADMISSION_DEPOSIT: 'VARCHAR(16777216)', BED_GRADE: 'FLOAT' });
    expect(
      await one(`SELECT COUNT_IF(f.ADMISSION_DEPOSIT IS DISTINCT FROM TO_VARCHAR(a.ADMISSION_DEPOSIT) OR f.BED_GRADE IS DISTINCT FROM a.BED_GRADE)
        FROM HEALTH_FEATURES AS f JOIN HEALTH_ADMISSIONS AS a ON a.CASE_ID = f.CASE_ID`),
    ).to.equal(0);
    await applied();
    expect(await types()).to.include({ ADMISSION_DEPOSIT: 'FLOAT', BED_GRADE: 'VARCHAR(16777216)' });
    expect(await one('SELECT COUNT_IF(ADMISSION_DEPOSIT > 0) FROM HEALTH_FEATURES')).to.be.above(1000);
  });

  long('says what fails where a feature cannot be computed, and builds them once it can', async () => {
    const broken = await refusal(applied(['MONTHNAME(ADMISSION_DATE)', "'MONTHNAME(DATE_OF_ADMISSION)'"]));
    expect(broken.message).to.contain(STREAM).and.to.contain('DATE_OF_ADMISSION');
    const { updated } = await applied(['MONTHNAME(ADMISSION_DATE)', "'UPPER(MONTHNAME(ADMISSION_DATE))'"]);
    expect(updated).to.contain(STREAM);
    expect(
      await one('SELECT COUNT_IF(ADMISSION_MONTH <> UPPER(ADMISSION_MONTH)) FROM HEALTH_FEATURES'),
    ).to.equal(0);
  });

  long(
    'says what to do where the table of the hospital has another type, and changes nothing of it',
    async () => {
      const refused = await refusal(applied(['  BED_GRADE: NUMBER', '  BED_GRADE: VARCHAR']));
      expect(refused.message).to.contain(
        'BED_GRADE of PREDICT_LOS.LOS.HEALTH_ADMISSIONS is NUMBER and would be VARCHAR',
      );
      expect(refused.next).to.contain('Say NUMBER in the contract');
      expect(await one('SELECT COUNT(BED_GRADE) FROM HEALTH_ADMISSIONS')).to.be.above(1000);
    },
  );

  long('puts no empty table in the place of the hospital’s, where that was dropped', async () => {
    await ctx.snowflake.execute('DROP TABLE HEALTH_ADMISSIONS');
    const refused = await refusal(applied());
    expect(refused.message).to.match(
      /HEALTH_ADMISSIONS is gone, .*HEALTH_FEATURES has [\d,]+ rows computed from it/,
    );
    expect(refused.next).to.contain('UNDROP TABLE PREDICT_LOS.LOS.HEALTH_ADMISSIONS;');
    await ctx.snowflake.execute('UNDROP TABLE HEALTH_ADMISSIONS');
    await applied();
    expect(await one('SELECT COUNT_IF(WITHDRAWN_AT IS NOT NULL) FROM HEALTH_FEATURES')).to.equal(0);
    await ctx.snowflake.execute('DROP TABLE HEALTH_ADMISSIONS');
    await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES');
    expect((await applied()).created).to.contain('snowflake.table:HEALTH_ADMISSIONS');
  });
});
