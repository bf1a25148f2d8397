import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { forDataset } from '../../../deploy/dataset/context.js';
import { explore } from '../../../deploy/eda/explore.js';
import type { OpenContext } from '../../../deploy/open.js';
import { embeddedCloud } from '../embedded-cloud.js';

const contract = `
name: tiny
table: TINY_VISITS
id: VISIT
patient: WHO
los: DAYS
columns: { VISIT: NUMBER, WHO: NUMBER, COUNTRY: VARCHAR, WARD: VARCHAR, DAYS: NUMBER }
features: { COUNTRY: { type: categorical }, WARD: { type: categorical } }
groups: [[COUNTRY], [WARD], [COUNTRY, WARD]]
`;

describe('an exploration', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;

  before(async () => {
    local = await embeddedCloud();
    root = await local.open();
    writeFileSync(join(local.folder, 'tiny.yaml'), contract);
    await root.snowflake.execute('CREATE DATABASE PREDICT_LOS');
    await root.snowflake.execute('CREATE SCHEMA PREDICT_LOS.LOS');
    await root.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
  });
  after(async () => {
    await root.close();
    await local.cloud.close();
    local.remove();
  });

  /** @param rows patient, country, ward, days; null: still in hospital */
  const explored = async (rows: readonly (readonly [number, string, string, number | null])[]) => {
    await root.snowflake.execute(
      'CREATE OR REPLACE TABLE TINY_VISITS (VISIT NUMBER, WHO NUMBER, COUNTRY VARCHAR, WARD VARCHAR, DAYS NUMBER)',
    );
    await root.snowflake.execute(
      `INSERT INTO TINY_VISITS VALUES ${rows.map(([who, country, ward, days], i) => `(${i}, ${who}, '${country}', '${ward}', ${days})`).join(', ')}`,
    );
    const { ctx, contract } = forDataset(root, join(local.folder, 'tiny.yaml'));
    return await explore(ctx, contract);
  };
  const of = (n: number, from: number, country: string, ward: string, days: number) =>
    Array.from({ length: n }, (_, i) => [from + i, country, ward, days] as const);

  it('shows groups of ten patients and more, and the smaller ones together, in its tables and in its mail', async () => {
    const { tables, overview } = await explored([
      ...of(20, 0, 'DE', 'A', 5),
      ...of(20, 100, 'DE', 'B', 7),
      ...of(6, 200, 'IT', 'A', 9),
      ...of(5, 300, 'ES', 'B', 11),
      ...of(1, 400, 'FR', 'A', 40),
      [500, 'DE', 'A', null],
    ]);
    expect(overview).to.include({ admissions: 53, stays: 52, stillInHospital: 1 });
    const table = (title: string) =>
      tables.find((each) => each.title === title)!.rows.map((row) => row.slice(0, 3));
    expect(table('LOS by COUNTRY')).to.deep.equal([
      ['DE', 40, 6],
      ['(small groups, together)', 12, 12.42],
    ]);
    expect(table('LOS by COUNTRY × WARD')).to.deep.equal([
      ['DE × A', 20, 5],
      ['DE × B', 20, 7],
      ['(small groups, together)', 12, 12.42],
    ]);
    // Ward A would be DE × A and seven small ones more, so these count among the small groups here too.
    expect(table('LOS by WARD')).to.deep.equal([
      ['A', 20, 5],
      ['B', 20, 7],
      ['(small groups, together)', 12, 12.42],
    ]);
    const folder = root.target.mailFolder!;
    const mail = await simpleParser(readFileSync(join(folder, readdirSync(folder).sort().at(-1)!)));
    expect(mail.text)
      .to.contain('(small groups, together) | 12 |')
      .and.not.match(/\bFR\b|\b40 \| 40\b/);
  });

  it('says nothing of the stays of fewer than ten patients, however often they came', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i % 9, 'DE', 'A', 3 + (i % 4)] as const);
    const { tables, overview } = await explored(rows);
    expect(tables).to.deep.equal([]);
    expect(overview).to.deep.equal({
      ...{ admissions: 40, stays: 40, stillInHospital: 0 },
      ...{ meanLos: null, medianLos: null, p90Los: null },
    });
  });

  it('leaves no table behind', async () => {
    const tables = await root.snowflake.query('SHOW TABLES IN SCHEMA PREDICT_LOS.LOS');
    expect(tables.map(({ name }) => name)).to.deep.equal(['TINY_VISITS']);
  });
});
