import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { random } from '../../procedures/ground/random.js';
import { csvOf, normal, type Planted } from '../deploy/dataset/planted-leaks.js';
import { type PlantKind, plantSets } from '../deploy/dataset/planted-sets.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const ROWS = 5000;
const WARDS = ['A', 'B', 'C', 'D'];

describe('the model that a training has chosen', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;
  let tables = 0;
  before(async () => {
    local = await embeddedCloud();
    root = await local.open();
    await apply(root);
  });
  after(async () => {
    await root.close();
    await local.cloud.close();
    local.remove();
  });

  const next = random(11);
  const ages = Array.from({ length: ROWS }, () => Math.round(20 + 70 * next()));
  const wards = ages.map(() => WARDS[Math.floor(next() * WARDS.length)]!);
  const days = ages.map((age, i) =>
    Math.round(Math.exp(0.8 + age / 120 + WARDS.indexOf(wards[i]!) / 4 + 0.8 * normal(next))),
  );

  /** Trains on what is honest and the columns that were planted. */
  async function train(columns: Readonly<Record<string, Planted>>, known: readonly string[] = []) {
    const name = `leaky_${++tables}`;
    const csv = join(local.folder, `${name}.csv`);
    const all: Record<string, Planted> = {
      AGE: { type: 'numeric', values: ages },
      WARD: { type: 'categorical', values: wards },
      ...columns,
    };
    writeFileSync(
      csv,
      csvOf({
        ID: days.map((_, i) => i + 1),
        DAYS: days,
        ...Object.fromEntries(Object.entries(all).map(([key, { values }]) => [key, values])),
      }),
    );
    const lines = (of: (key: string, type: Planted['type']) => string) =>
      Object.entries(all)
        .map(([key, { type }]) => `  ${key}: ${of(key, type)}`)
        .join('\n');
    const yaml = join(local.folder, `${name}.yaml`);
    writeFileSync(
      yaml,
      `name: ${name}
table: ${name.toUpperCase()}
id: ID
los: DAYS
columns:
  ID: NUMBER
  DAYS: NUMBER
${lines((_key, type) => (type === 'numeric' ? 'FLOAT' : 'VARCHAR'))}
features:
${lines((key, type) => `{ type: ${type}${known.includes(key) ? ', knownAtAdmission: true' : ''} }`)}
`,
    );
    const { ctx, contract } = forDataset(root, yaml);
    await apply(ctx);
    await loadCsv(ctx, contract, csv, contract.table);
    await runGraph(ctx, contract);
    return await trainVersion(ctx, contract, { promote: true }).then(
      ({ version }) => version,
      (error: Error) => error.message,
    );
  }

  const plantOf = (kind: PlantKind, by: RegExp) => {
    for (let seed = 1; ; seed++) {
      const plant = plantSets(days, seed).find((one) => one.kind === kind && by.test(one.by));
      if (plant) return plant.columns;
    }
  };

  it('is let be where it knows what an admission tells, and asked about where few patients have a leak', async () => {
    expect(await train({})).to.equal('leaky_1-v1');
    const few = plantOf('few', /^BILL_98, missing/);
    expect(await train(few)).to.match(
      /PLANT reveals the stay: for those with a value of PLANT beside the commonest \(1[0-9] % of rows\) the chosen model is off by \d+ %/,
    );
    expect(await train(few, ['PLANT'])).to.equal('leaky_3-v1');
  });

  it('is asked about where only two columns together tell', async () => {
    const rate = plantOf('interacting', /^rate/);
    expect(await train(rate)).to.match(/PLANT_SUM.* reveal.? the stay/);
  });
});
