import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { explore, exploreAdmissions } from '../../../deploy/eda/explore.js';
import { textsOf } from '../../../deploy/objects/source.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Answer, Exploration } from '../../../procedures/exploring/answer.js';
import { explore as exploring } from '../../../procedures/exploring/explore.js';
import { explorePlan } from '../../../procedures/exploring/make-plan.js';
import { SMALL_GROUPS } from '../../../procedures/ground/small-groups.js';
import { printExploration } from '../../../report/eda/print.js';
import { longTests } from '../../long.js';
import { embeddedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

const contract = `
name: tiny
table: TINY_VISITS
id: VISIT
patient: WHO
los: DAYS
columns: { VISIT: NUMBER, WHO: NUMBER, COUNTRY: VARCHAR, WARD: VARCHAR, AGE: NUMBER, DAYS: FLOAT }
features: { COUNTRY: { type: categorical }, WARD: { type: categorical }, AGE: { type: numeric } }
explore:
  bins: { AGE: [40, 60] }
  questions:
    - { id: country, question: By country?, by: [[COUNTRY]] }
    - { id: ward, question: By ward?, by: [[WARD], [COUNTRY, WARD]] }
    - { id: age, question: By age?, by: [[AGE]] }
    - { id: old, question: Who is old?, kind: share, where: { AGE: { above: 60 } }, by: [[WARD]] }
    - { id: ages, question: How old?, target: AGE, by: [[WARD]] }
`;

/** A patient's stay: patient, country, ward, age, days; null: still in hospital. */
type Visit = readonly [who: number, country: string, ward: string, age: number | null, days: number | null];

describe('an exploration', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;

  before(async () => {
    local = await embeddedCloud();
    root = await local.open();
    await root.snowflake.execute('CREATE DATABASE PREDICT_LOS');
    await root.snowflake.execute('CREATE SCHEMA PREDICT_LOS.LOS');
    await root.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
  });
  after(async () => {
    await root.close();
    await local.cloud.close();
    local.remove();
  });

  const explored = async (visits: readonly Visit[], text = contract): Promise<Exploration> => {
    await root.snowflake.execute(
      'CREATE OR REPLACE TABLE TINY_VISITS (VISIT NUMBER, WHO NUMBER, COUNTRY VARCHAR, WARD VARCHAR, AGE NUMBER, DAYS FLOAT)',
    );
    await root.snowflake.execute(
      `INSERT INTO TINY_VISITS VALUES ${visits.map(([who, country, ward, age, days], i) => `(${i}, ${who}, '${country}', '${ward}', ${age}, ${days})`).join(', ')}`,
    );
    writeFileSync(join(local.folder, 'tiny.yaml'), text);
    const { ctx, contract: read } = forDataset(root, join(local.folder, 'tiny.yaml'));
    return await drive(
      ctx,
      exploring(explorePlan({ contract: read, settings: ctx.settings, texts: textsOf })),
    );
  };
  const of = (n: number, from: number, country: string, ward: string, days: number, age = 50): Visit[] =>
    Array.from({ length: n }, (_, i) => [from + i, country, ward, age, days]);
  const answer = ({ questions }: Exploration, id: string): Answer =>
    questions.find((each) => each.id === id)!;
  const rows = (exploration: Exploration, id: string, table = 0) =>
    answer(exploration, id).tables[table]!.rows;

  it('ends with who has come: planned admissions are looked at from their day on', async () => {
    await root.snowflake.execute(
      'CREATE OR REPLACE TABLE PLANNED (VISIT NUMBER, CAME DATE, WENT DATE, WARD VARCHAR, AGE NUMBER)',
    );
    const visits = Array.from({ length: 60 }, (_, i) => {
      const ago = (days: number) => `DATEADD(day, ${-days}, CURRENT_DATE())`;
      const went = i < 40 ? ago(100 - i) : i < 45 ? ago(-400) : 'NULL';
      return `SELECT ${i}, ${ago(i < 50 ? 110 - i : -i)}, ${went}, '${i % 2 ? 'A' : 'B'}', ${i}`;
    });
    await root.snowflake.execute(`INSERT INTO PLANNED ${visits.join(' UNION ALL ')}`);
    const file = join(local.folder, 'planned.yaml');
    writeFileSync(
      file,
      `name: planned
table: PLANNED
id: VISIT
admission: CAME
discharge: WENT
columns: { VISIT: NUMBER, CAME: DATE, WENT: DATE, WARD: VARCHAR, AGE: NUMBER }
features: { WARD: { type: categorical }, AGE: { type: numeric } }
`,
    );
    const { ctx, contract: read } = forDataset(root, file);
    const { overview } = await drive(
      ctx,
      exploring(explorePlan({ contract: read, settings: ctx.settings, texts: textsOf })),
    );
    // Forty have left, five are told to leave in a year, five are in; ten are planned.
    expect(overview).to.include({ stays: 45, stillInHospital: 5 });
    await root.snowflake.execute('DROP TABLE PLANNED');
  });

  it('answers in tables and in sentences with the numbers that carry them', async () => {
    const made = await explored([
      ...of(40, 0, 'DE', 'A', 4, 30),
      ...of(40, 100, 'DE', 'B', 10, 70),
      ...of(20, 200, 'IT', 'A', 6, 45),
      [500, 'DE', 'A', 40, null],
      [501, 'DE', 'A', 40, -3],
    ]);
    expect(made.overview).to.deep.equal({
      ...{ admissions: 102, stays: 100, stillInHospital: 1, negative: 1, patients: 100 },
      ...{ meanLos: 6.8, medianLos: 6, p90Los: 10 },
    });
    expect(rows(made, 'country').map((row) => row.slice(0, 3))).to.deep.equal([
      ['DE', 80, 7],
      ['IT', 20, 6],
    ]);
    expect(rows(made, 'ward', 1).map((row) => row.slice(0, 4))).to.deep.equal([
      ['DE', 'A', 40, 4],
      ['DE', 'B', 40, 10],
      ['IT', 'A', 20, 6],
    ]);
    expect(answer(made, 'ward').answer).to.contain(
      'Stays are longest where WARD is B (on average 10 days, 40 stays) and shortest where WARD is A (4.67 days, 60 stays)',
    );
    expect(rows(made, 'age').map((row) => row.slice(0, 3))).to.deep.equal([
      ['to 40', 40, 4],
      ['40 to 60', 20, 6],
      ['over 60', 40, 10],
    ]);
    expect(answer(made, 'age').answer).to.contain('Stays get longer with AGE: on average 4 days');
    expect(rows(made, 'old')).to.deep.equal([['B', 40, 100, 0]]);
    expect(answer(made, 'old').answer).to.contain('There are 40 stays where AGE is above 60.');
    expect(rows(made, 'ages').map((row) => row.slice(0, 3))).to.deep.equal([
      ['A', 60, 35],
      ['B', 40, 70],
    ]);
    expect(made.highlights[0]).to.match(/^100 stays of 100 patients: on average 6.8 days/);
    expect(made.leftOut.join(' ')).to.contain('seasons is left out: the contract names no dates');
  });

  it('has no group of fewer than ten patients, and none that follows from another', async () => {
    const made = await explored([
      ...of(60, 0, 'DE', 'A', 5),
      ...of(60, 100, 'DE', 'B', 7),
      // Of ward B in Italy there are six: ward B without Germany would be them.
      ...of(30, 200, 'IT', 'A', 9),
      ...of(6, 300, 'IT', 'B', 11),
      ...of(8, 400, 'FR', 'A', 40),
      ...of(1, 500, 'PT', 'A', 60),
    ]);
    const text = JSON.stringify(made);
    expect(text).not.to.match(/"FR"|"PT"/);
    for (const { tables } of made.questions)
      for (const { columns, rows: lines } of tables)
        if (columns.includes('stays'))
          for (const line of lines) expect(line[columns.indexOf('stays')], String(line)).to.be.at.least(10);
    const ofWard = (table: number) => rows(made, 'ward', table).filter((row) => row.includes('B'));
    expect(ofWard(0).map((row) => row[1])).to.deep.equal([60]);
    expect(ofWard(1).map((row) => row[2])).to.deep.equal([60]);
    const small = rows(made, 'ward').find(([label]) => label === SMALL_GROUPS)!;
    expect(small[1]).to.be.at.least(10);
    for (const id of ['country', 'ward', 'age'])
      expect(
        rows(made, id).reduce((sum, row) => sum + Number(row[1]), 0),
        id,
      ).to.equal(165);
  });

  it('sets some of large groups aside too, where those of the small ones are fewer than ten patients', async () => {
    const made = await explored([
      ...of(100, 0, 'DE', 'A', 5),
      ...of(100, 200, 'DE', 'B', 7),
      ...of(12, 400, 'IT', 'A', 9),
      ...of(6, 500, 'IT', 'B', 11),
    ]);
    const lines = rows(made, 'ward', 1).map((row) => row.slice(0, 3));
    const [a, b] = lines.map(([, , stays]) => Number(stays)) as [number, number];
    // The total minus all lines would be the six, so four of the two hundred join them, and the twelve stay.
    expect(lines).to.deep.equal([
      ['DE', 'A', a],
      ['DE', 'B', b],
      ['IT', 'A', 12],
      [SMALL_GROUPS, '', 10],
    ]);
    expect(a + b).to.equal(196);
    expect(rows(made, 'country').map((row) => row.slice(0, 2))).to.deep.equal([
      ['DE', 196],
      ['IT', 12],
      [SMALL_GROUPS, 10],
    ]);
    expect(rows(made, 'ward').map((row) => row[1])).to.deep.equal([a + 12, b, 10]);
  });

  it('says nothing of the stays of fewer than ten patients, however often they came', async () => {
    const made = await explored(Array.from({ length: 40 }, (_, i) => [i % 9, 'DE', 'A', 50, 3 + (i % 4)]));
    expect(made.questions).to.deep.equal([]);
    expect(made.overview).to.deep.equal({
      ...{ admissions: 40, stays: 40, stillInHospital: 0, negative: 0, patients: null },
      ...{ meanLos: null, medianLos: null, p90Los: null },
    });
    expect(made.highlights).to.deep.equal([
      'The stays of fewer than 10 patients have ended, too few to say anything of them.',
    ]);
    expect((await explored([[1, 'DE', 'A', 50, null]])).highlights).to.deep.equal(['No stay has ended yet.']);
  });

  it('tells the lowest and the highest that ten patients reach, never one patient’s', async () => {
    const made = await explored(
      Array.from({ length: 200 }, (_, i) => [i, 'DE', i % 2 ? 'A' : 'B', 50, Math.min(i, 100)]),
    );
    const numbers = (
      await explored(
        Array.from({ length: 200 }, (_, i) => [i, 'DE', i % 2 ? 'A' : 'B', 50, Math.min(i, 100)]),
        contract.replace(
          / {4}- \{ id: country.*/,
          '    - { id: country, question: All?, kind: distribution }',
        ),
      )
    ).questions[0]!.tables[0]!;
    const [low, high] = ['min', 'max'].map((name) => Number(numbers.rows[0]![numbers.columns.indexOf(name)]));
    // The tenth patient has nine days; two of the ten may be in one part of the patients, which then counts once.
    expect(low).to.be.within(9, 14);
    expect(high).to.equal(100);
    expect(rows(made, 'country')).to.have.length(1);
  });

  it('does not count those without a value where they are fewer than ten patients', async () => {
    const known = async (without: number) => {
      const visits = [...of(60, 0, 'DE', 'A', 5, 30), ...of(60, 100, 'DE', 'B', 7, 70)].map(
        ([who, country, ward, age, days], i): Visit => [who, country, ward, i < without ? null : age, days],
      );
      const text = contract.replace(
        / {4}- \{ id: country.*/,
        '    - { id: country, question: All?, kind: distribution }',
      );
      const { columns, rows: lines } = (await explored(visits, text)).questions[0]!.tables[0]!;
      return lines.find(([name]) => name === 'AGE')![columns.indexOf('known')];
    };
    expect(await known(0)).to.equal(120);
    expect(await known(4)).to.equal(null);
    expect(await known(40)).to.equal(80);
  });

  it('leaves out by name what cannot be computed, and what is in too many small groups', async () => {
    const made = await explored(
      [...of(30, 0, 'DE', 'A', 5), ...of(30, 100, 'IT', 'x', 7)],
      contract
        .replace(
          'AGE: { type: numeric } }',
          'AGE: { type: numeric }, WARD_NUMBER: { type: numeric, sql: TO_NUMBER(WARD) } }',
        )
        .replace('by: [[COUNTRY]]', 'by: [[WARD_NUMBER]]'),
    );
    expect(made.leftOut.join('\n'))
      .to.contain('WARD_NUMBER is left out: its expression in the contract fails on some row.')
      .and.contain('country is left out: there is no WARD_NUMBER.');
    const many = await explored(
      Array.from({ length: 200 }, (_, i) => [i, `C${i % 12}`, `W${Math.floor(i / 12) % 10}`, 50, 5]),
    );
    expect(many.leftOut.join('\n')).to.contain(
      'ward by COUNTRY and WARD is left out: too many of these groups',
    );
    expect(answer(many, 'ward').tables).to.have.length(1);
  });

  it('leaves no table behind', async () => {
    const tables = await root.snowflake.query('SHOW TABLES IN SCHEMA PREDICT_LOS.LOS');
    expect(tables.map(({ name }) => name)).to.deep.equal(['TINY_VISITS']);
  });
});

describe('los eda', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    local = await embeddedCloud('', {}, 'loaded');
    ctx = await local.open();
  });
  after(async () => {
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  long(
    'calls EXPLORE_ADMISSIONS, which answers the seventeen questions of the seed and seven more',
    async () => {
      const { contract: health } = forDataset(ctx);
      const made = await explore(ctx, health);
      const seed = Array.from({ length: 17 }, (_, i) => `seed-${String(i + 1).padStart(2, '0')}`);
      expect(made.questions.map(({ id }) => id)).to.deep.equal([
        ...seed,
        ...['missing', 'outliers', 'leaks', 'associations', 'weekdays', 'patients', 'edge'],
      ]);
      // By month LOS_ACCURACY has them: of nearly the same stays, and a difference would be about the few others.
      expect(made.leftOut.join(' ')).to.contain(
        'seasons is left out: LOS_ACCURACY has the mean stay by month',
      );
      const current = await exploreAdmissions(ctx, health, true);
      expect(current.questions.map(({ id }) => id)).to.include.members(['seasons', 'periods']);
      for (const { id, question, answer, tables } of made.questions) {
        expect(question, id).to.match(/\?$/);
        expect(answer, id).to.match(/\d[\s\S]*\.$/);
        if (id !== 'missing') expect(tables[0]!.rows.length, id).to.be.above(0);
      }
      expect(made.longStayDays).to.equal(63);
      const text = printExploration(made);
      expect(text.filter((line) => line.length > 80)).to.deep.equal([]);
      expect(text[0]).to.contain('stays of');
      const [run] = await ctx.snowflake.query(
        `SELECT KIND, STATUS FROM LOS_RUN_LOG WHERE RUN_ID = '${made.run}'`,
      );
      expect(run).to.include({ KIND: 'explore', STATUS: 'SUCCEEDED' });
      const folder = ctx.target.mailFolder!;
      const mail = await simpleParser(readFileSync(join(folder, readdirSync(folder).sort().at(-1)!)));
      expect(mail.subject).to.match(/health: [\d,]+ stays of \d+\.\d days on average$/);
      expect(mail.text).to.contain(made.highlights[1]);
    },
  );

  it('does not explore a dataset that is not deployed', async () => {
    const other = forDataset(ctx, 'sql/datasets/sparcs_hf.yaml');
    let refused: unknown;
    try {
      await explore(other.ctx, other.contract);
    } catch (error) {
      refused = error;
    }
    expect(String(refused)).to.contain('The dataset health is deployed');
  });
});
