import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { forDataset } from '../../deploy/dataset/context.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import { literal } from '../../procedures/ground/names.js';
import { adtCases } from '../contracts/shapes/adt/messages.js';
import { DATA, hasData, loadFhir, loadOmop } from '../contracts/shapes/raw-files.js';
import { dataset } from '../deploy/dataset-commands.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

/** Each from los dataset init to a trained version without an edit: 275, 263 and 129 stays of a hundred patients. */
describe('published files of hospitals, up to a trained version', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;

  before(async function () {
    if (!hasData()) {
      console.log(`skipped: ${DATA} is not there`);
      this.skip();
    }
    // What was shifted to hide whose it is lies in the years 2110 to 2212.
    const clock = new MovableClock({ at: Date.parse('2220-01-01T12:00:00Z') });
    local = await embeddedCloud('mail: { to: [] }\ntasks: { resumed: false }', { clock });
    root = await local.open();
  });
  after(async () => {
    await root?.close();
    await local?.cloud.close();
    local?.remove();
  });

  const draft = async (name: string, args: Parameters<typeof dataset.init>[1]) => {
    const out = join(local.folder, `${name}.yaml`);
    const { lines } = await dataset.init(root, { ...args, out });
    expect(lines[0]).to.contain('was written. Read it');
    return { out, text: lines.join('\n') };
  };

  /** What the contract's table has, once the features are built. */
  async function finishedStays(out: string): Promise<unknown> {
    const { ctx, contract } = forDataset(root, out);
    await runGraph(ctx, contract);
    const [row] = await ctx.snowflake.query<{ N: number }>(
      `SELECT COUNT(LOS) AS N FROM PREDICT_LOS.LOS.${contract.name.toUpperCase()}_FEATURES`,
    );
    return row?.N;
  }

  async function train(out: string): Promise<void> {
    const checked = await dataset.check(root, { dataset: out });
    expect(checked.failed, checked.lines.join('\n')).to.equal(false);
    const { ctx, contract } = forDataset(root, out);
    const { version, metrics } = await trainVersion(ctx, contract);
    expect(version).to.equal(`${contract.name}-v1`);
    expect(metrics.rows).to.be.at.least(20);
  }

  for (const [shape, load, stays] of [
    ['omop', loadOmop, 275],
    ['fhir', loadFhir, 263],
  ] as const)
    it(`${shape}, of several tables`, async () => {
      await load(root.snowflake);
      const { out, text } = await draft(shape, { shape, source: `raw.${shape}` });
      if (shape === 'omop') {
        expect(text).to.match(/^8870 \(emergency room of a hospital\) +119 +0 +< 10 +some +all +all$/m);
        expect(text).to.match(/^38004207 \(clinic\) +582 +some +< 10 +0 +< 10 +< 10$/m);
      }
      const contract = loadContract(out);
      expect(contract).to.include({
        id: 'STAY_ID',
        patient: 'PATIENT_ID',
        admission: 'ADMITTED_AT',
        discharge: 'DISCHARGED_AT',
      });
      expect(columnsUnknownOnArrival(contract)).to.include.members([
        'LAST_WARD',
        'DISCHARGED_TO',
        'DIED_IN_HOSPITAL',
      ]);
      expect(contract.features).to.include.keys('AGE', 'FIRST_WARD', 'ADMITTED_FROM');
      expect(contract.groups).to.deep.include(['GENDER']);
      await apply(forDataset(root, out).ctx);
      expect(await finishedStays(out)).to.equal(stays);
      await train(out);
    });

  it('adt, of messages, as far as the features', async () => {
    await root.snowflake.execute('CREATE DATABASE IF NOT EXISTS RAW');
    await root.snowflake.execute('CREATE SCHEMA RAW.ADT');
    await root.snowflake.execute('CREATE TABLE RAW.ADT.HL7_MESSAGES (MESSAGE VARCHAR)');
    const cases = adtCases();
    const texts = cases.flatMap(({ messages }) => messages.map((text) => `(${literal(text)})`));
    await root.snowflake.execute(`INSERT INTO RAW.ADT.HL7_MESSAGES SELECT * FROM VALUES ${texts.join(', ')}`);
    const { out } = await draft('adt', { shape: 'adt', source: 'RAW.ADT' });
    await apply(forDataset(root, out).ctx);
    const left = cases
      .flatMap(({ expected }) => [...expected.values()])
      .filter((presences) => presences.at(-1)?.to !== undefined);
    expect(await finishedStays(out)).to.equal(left.length);
  });

  it('mimic, of a file', async () => {
    const file = join(DATA, 'mimic3/ADMISSIONS.csv');
    const { out } = await draft('mimic', { file });
    await dataset.load(root, { dataset: out, file, apply: true });
    expect(await finishedStays(out)).to.equal(129);
    await train(out);
  });
});
