import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadDemoData } from '../../demo/data.js';
import { demo } from '../../demo/demo.js';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const contractText = `
name: tiny
table: TINY_VISITS
id: VISIT
admission: CAME
discharge: LEFT_AT
columns: { VISIT: NUMBER, WARD: VARCHAR, CAME: DATE, LEFT_AT: DATE }
features: { WARD: { type: categorical }, DAY: { type: categorical, sql: DAYNAME(CAME) } }
`;

describe('the rows of a demo', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;
  let file: string;

  const visits = (from: number) =>
    Array.from({ length: 100 }, (_, i) => {
      const day = String((i % 27) + 1).padStart(2, '0');
      return `${from + i},w${i % 3},2026-01-${day},2026-02-${day}`;
    });
  const write = (name: string, ...lines: string[]) => {
    const path = join(local.folder, name);
    writeFileSync(path, `visit,ward,came,left_at\n${lines.join('\n')}\n`);
    return path;
  };
  const scene = () => forDataset(root, join(local.folder, 'tiny.yaml'));
  const ids = async (table: string) =>
    (
      await root.snowflake.query<{ VISIT: number }>(
        `SELECT VISIT FROM PREDICT_LOS.LOS.${table} ORDER BY VISIT`,
      )
    ).map(({ VISIT }) => Number(VISIT));

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'applied');
    root = await local.open();
    writeFileSync(join(local.folder, 'tiny.yaml'), contractText);
    await apply(scene().ctx);
    file = write('first.csv', ...visits(1));
  });
  after(async () => {
    await root.close();
    await local.cloud.close();
    local.remove();
  });

  it('are the file’s: most as history, the latest to arrive', async () => {
    const { ctx, contract } = scene();
    const { history, arrivals } = await loadDemoData(ctx, contract, { train: file });
    expect(history + arrivals).to.equal(100);
    expect(await ids('TINY_VISITS')).to.have.length(history);
    expect(arrivals).to.be.within(15, 30);
    await runGraph(ctx, contract);
    await root.snowflake.execute(
      `INSERT INTO PREDICT_LOS.LOS.TINY_VISITS VALUES (5000, 'w1', '2026-01-05', NULL), (5001, 'w1', '2026-01-05', NULL)`,
    );
  });

  it('stay when the file of the next demo is mistyped, or one of its rows cannot be read', async () => {
    const { ctx, contract } = scene();
    const before = [await ids('TINY_VISITS'), await ids('TINY_FEATURES'), await ids('TINY_ARRIVALS')];
    const refusal = (work: Promise<unknown>) =>
      work.then(
        () => 'accepted',
        (error: Error) => error.message,
      );
    const typo = join(local.folder, 'TYPO.csv');
    expect(await refusal(loadDemoData(ctx, contract, { train: typo }))).to.contain('TYPO.csv cannot be read');
    expect(await refusal(demo(ctx, contract, { train: typo }))).to.contain('TYPO.csv cannot be read');
    expect(await refusal(loadDemoData(ctx, contract, { train: file, simulate: typo }))).to.contain(
      'TYPO.csv',
    );
    expect([await ids('TINY_VISITS'), await ids('TINY_FEATURES'), await ids('TINY_ARRIVALS')]).to.deep.equal(
      before,
    );
    // Found only by COPY INTO: beyond the lines that are looked at.
    const late = write(
      'late.csv',
      ...Array.from({ length: 25 }, (_, i) => visits(1 + 100 * i)).flat(),
      'x,w1,,',
    );
    expect(await refusal(loadDemoData(ctx, contract, { train: late }))).to.contain('VISIT');
    expect(await ids('TINY_VISITS')).to.deep.equal(before[0]);
  });

  it('are removed by the next demo, and no row that a person inserted is', async () => {
    const { ctx, contract } = scene();
    const { history } = await loadDemoData(ctx, contract, { train: write('second.csv', ...visits(201)) });
    const now = await ids('TINY_VISITS');
    expect(now)
      .to.have.length(history + 2)
      .and.include.members([5000, 5001]);
    expect(now.filter((id) => id < 201)).to.deep.equal([]);
    await runGraph(ctx, contract);
    expect(await ids('TINY_FEATURES')).to.deep.equal(now);
  });

  it('give way to rows that a person inserted with the same numbers', async () => {
    const { ctx, contract } = scene();
    await loadDemoData(ctx, contract, { train: write('third.csv', ...visits(4950)) });
    const [row] = await root.snowflake.query(
      `SELECT COUNT(*) AS N, COUNT(DISTINCT VISIT) AS VISITS, COUNT_IF(VISIT = 5000 AND LEFT_AT IS NULL) AS OWN
FROM PREDICT_LOS.LOS.TINY_VISITS`,
    );
    expect(row!.N).to.equal(row!.VISITS);
    expect(row!.OWN).to.equal(1);
  });
});
