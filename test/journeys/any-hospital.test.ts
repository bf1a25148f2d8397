import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkDataset } from '../../contracts/checking/check.js';
import { draftContract } from '../../contracts/drafting/draft-contract.js';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { parseContract } from '../../deploy/dataset/load.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { bands, columns, hospital, ours } from '../deploy/dataset/hospital.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

/** LOS_HOSPITAL_ROWS=100000 for the whole of it. */
const ROWS = Number(process.env.LOS_HOSPITAL_ROWS ?? 4000);

/** A table that no one here has seen, from the first look at it to a version that is measured. */
describe(`a hospital’s own table of ${ROWS} rows and ${columns.length} columns`, () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;
  let contractFile: string;
  const type = (name: string) =>
    /^(LAB|WEIGHT|BED|LOS|VISIT|TOTAL)/.test(name)
      ? /^(LAB|WEIGHT|TOTAL)/.test(name)
        ? 'FLOAT'
        : 'NUMBER'
      : 'VARCHAR';

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }\ntraining: { candidates: [squared-error] }');
    root = await local.open();
    await apply(root);
    await root.snowflake.execute(
      `CREATE TABLE PREDICT_LOS.LOS.VISITS (${columns.map((name) => `${name} ${type(name)}`).join(', ')})`,
    );
    const file = join(local.folder, 'visits.csv');
    writeFileSync(file, hospital(ROWS).csv);
    const loading = parseContract(
      `name: loading\ntable: VISITS\nid: VISIT_ID\nlos: LOS_DAYS\ncolumns: {${columns.map((name) => `${name}: ${type(name)}`).join(', ')}}\nfeatures: { LAB_1: { type: numeric }, LAB_2: { type: numeric } }`,
      'loading.yaml',
    );
    expect(await loadCsv(root, loading, file, 'VISITS')).to.equal(ROWS);
  });
  after(async () => {
    await root.close();
    await local.cloud.close();
    local.remove();
  });

  it('gets a first contract from a look at it', async () => {
    const { name, yaml, notes } = await draftContract(root, 'visits');
    contractFile = join(local.folder, `${name}.yaml`);
    writeFileSync(contractFile, yaml);
    const { contract } = forDataset(root, contractFile);
    expect(contract).to.include({ id: 'VISIT_ID', los: 'LOS_DAYS', table: 'VISITS' });
    expect(contract.features.AGE_BAND).to.deep.equal({ type: 'ordered', levels: bands });
    expect(contract.features.DIAGNOSIS_CODE).to.deep.equal({ type: 'categorical' });
    expect(contract.features.LAB_7).to.deep.equal({ type: 'numeric' });
    expect(contract.afterAdmission).to.deep.equal(['TOTAL_COST']);
    expect(notes.join()).to.contain('no dates');
  });

  it('is told which input reveals the stay', async () => {
    const { ctx, contract } = forDataset(root, contractFile);
    const sound = await checkDataset(ctx, contract);
    expect(sound).to.deep.include({ rows: ROWS, problems: [] });
    // Names of laboratory results and diagnoses are asked about, whatever their values are.
    expect(sound.warnings.join()).to.match(/^Known on admission\? .*DIAGNOSIS_CODE.*LAB_1, LAB_2/);
    expect(sound.warnings).to.have.length(1);
    const short = await checkDataset(ctx, { ...contract, longStayDays: 2 });
    expect(short.warnings.join()).to.match(/% of the stays count as long .*write longStayDays: \d+ into/);
    const leaking = await checkDataset(ctx, {
      ...contract,
      afterAdmission: [],
      features: { ...contract.features, TOTAL_COST: { type: 'numeric' } },
    });
    expect(leaking.problems.join()).to.match(
      /^TOTAL_COST reveals the stay: TOTAL_COST alone explains \d+ % of the variance of stays/,
    );
    const wrong = await checkDataset(ctx, {
      ...contract,
      id: 'AGE_BAND',
      columns: { ...contract.columns, GONE: 'NUMBER', LAB_1: 'VARCHAR' },
    });
    expect(wrong.problems.join()).to.match(/LAB_1 is FLOAT in the table, VARCHAR.*no column GONE/);
  });

  it('is told which feature cannot be computed, without the value that it stumbles over', async () => {
    const { ctx, contract } = forDataset(root, contractFile);
    const { problems } = await checkDataset(ctx, {
      ...contract,
      features: {
        ...contract.features,
        BAND_NUMBER: { type: 'numeric', sql: 'TO_NUMBER(AGE_BAND)' },
        HALF: { type: 'numeric', sql: 'LAB_1 +' },
      },
    });
    expect(problems).to.have.length(2);
    expect(problems[0]).to.match(/^The feature BAND_NUMBER cannot be computed: .*is not recognized/);
    for (const band of bands) expect(problems[0]).not.to.contain(band);
    expect(problems[1]).to.match(/^The feature HALF cannot be computed: .*syntax error/);
  });

  it('is told of a stay too long to be true', async () => {
    const { ctx, contract } = forDataset(root, contractFile);
    const setLongest = (days: string) =>
      root.snowflake.execute(`UPDATE PREDICT_LOS.LOS.VISITS SET LOS_DAYS = ${days} WHERE VISIT_ID = 1`);
    const [first] = await root.snowflake.query(
      'SELECT LOS_DAYS FROM PREDICT_LOS.LOS.VISITS WHERE VISIT_ID = 1',
    );
    await setLongest('20000');
    const warnings = (await checkDataset(ctx, contract)).warnings.join();
    expect(warnings).to.match(/Some stays are more than 10 times as long as 99 of 100/);
    // It is one patient's.
    expect(warnings).not.to.match(/20,?000/);
    await setLongest(String(first!.LOS_DAYS));
  });

  it('is trained on without a change to the code, and predicted far better than by its mean', async () => {
    const { ctx, contract: written } = forDataset(root, contractFile);
    const contract = { ...written, groups: ours.map((name) => [name]) };
    await apply(ctx);
    // Rows without an id are left out, not tripped over.
    await root.snowflake.execute(
      'INSERT INTO PREDICT_LOS.LOS.VISITS SELECT * REPLACE (NULL AS VISIT_ID) FROM PREDICT_LOS.LOS.VISITS LIMIT 50',
    );
    await runGraph(ctx, contract);
    // With groups that were not applied.
    const { split, metrics } = await trainVersion(ctx, contract, { drive: true });
    expect(split.rule).to.contain('no dates');
    expect(split.train + split.validation + split.holdout).to.equal(ROWS);
    expect(metrics.rmse).to.be.below(metrics.meanRmse * 0.93);
    expect(metrics.rmse).to.be.above(2.9);
  });
});
