/**
 * The newest dbt with its adapter for Snowflake, from PyPI, against the local Snowflake: a small project of each
 * materialization that dbt has for SQL (test/conformance/dbt), built twice with changed rows between.
 */

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { DbtProject, dbtProgram } from './dbt-cli.js';

describe('dbt', () => {
  const state = mkdtempSync(join(tmpdir(), 'dbt-'));
  let cloud: LocalCloud | undefined;
  let dbt: DbtProject;

  before(async function () {
    const program = dbtProgram();
    if (program === undefined) this.skip();
    cloud = await startCloud({ stateDir: join(state, 'cloud') });
    for (const sql of ['CREATE WAREHOUSE w', 'CREATE DATABASE dbt_db', 'CREATE ROLE reporter'])
      await rows(sql);
    const { user, password, role } = cloud.connection.snowflake;
    const profile = { user, password, role, database: 'dbt_db', schema: 'base', warehouse: 'w' };
    dbt = new DbtProject(program, 'dbt', state, cloud, profile);
  });
  after(async () => {
    await cloud?.close();
    rmSync(state, { recursive: true, force: true });
  });

  async function rows(sql: string): Promise<Record<string, unknown>[]> {
    const { accessUrl, account, user, password, role } = cloud!.connection.snowflake;
    const session = await connectSnowflake(
      { accessUrl, account, username: user, password, role },
      'default',
      { database: 'DBT_DB', schema: 'BASE', warehouse: { name: 'W' } },
    );
    try {
      return await session.query(sql);
    } finally {
      await session.close();
    }
  }

  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        ['encounter', 'open_stays', 'by_merge', 'by_append', 'by_delete_insert', 'encounter_history'].map(
          async (name) => [name, (await rows(`SELECT COUNT(*) AS n FROM ${name}`))[0]!.N],
        ),
      ),
    );

  it('finds its connection right', async () => {
    expect(await dbt.run('debug')).to.contain('All checks passed!');
  });

  it('builds seeds, tables, views, incremental models and a snapshot, and tests them', async () => {
    const output = await dbt.run('build');
    expect(output).to.match(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(await counts()).to.deep.equal({
      ...{ encounter: 3, open_stays: 1, by_merge: 3, by_append: 3, by_delete_insert: 3 },
      encounter_history: 3,
    });
    await rows('CREATE VIEW merged AS SELECT id, ward FROM by_merge');
    await rows('CREATE STREAM merged_changes ON VIEW merged');
    await rows('CREATE VIEW replaced AS SELECT id FROM encounter');
    await rows('CREATE STREAM replaced_changes ON VIEW replaced');
  });

  it('builds them again over changed rows: replaced, merged, appended, put in place and remembered', async () => {
    const seed = join(dbt.folder, 'seeds/raw_encounters.csv');
    writeFileSync(
      seed,
      readFileSync(seed, 'utf8').replace('3,10,2026-01-05,2026-01-06,A', '3,10,2026-01-05,,C'),
    );
    appendFileSync(seed, '4,12,2026-01-06,,B\n');
    const output = await dbt.run('build');
    expect(output).to.match(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(await counts()).to.deep.equal({
      // Of the last three days: stays 3 and 4 once more.
      ...{ encounter: 4, open_stays: 3, by_merge: 4, by_append: 5, by_delete_insert: 4 },
      encounter_history: 5,
    });
    expect(await rows('SELECT ward FROM by_merge WHERE id = 3')).to.deep.equal([{ WARD: 'C' }]);
  });

  it('lets streams go on over incremental models, and not over those that it replaces', async () => {
    const changes = await rows(
      'SELECT id, ward, METADATA$ACTION AS action FROM merged_changes ORDER BY id, action',
    );
    expect(changes.map((row) => Object.values(row))).to.deep.equal([
      [3, 'A', 'DELETE'],
      [3, 'C', 'INSERT'],
      [4, 'B', 'INSERT'],
    ]);
    const streams = await rows('SHOW STREAMS');
    expect(streams.map(({ name, stale }) => `${name} ${stale}`)).to.have.members([
      'MERGED_CHANGES false',
      'REPLACED_CHANGES true',
    ]);
  });

  it('keeps descriptions and grants, and documents what there is', async () => {
    await dbt.run('docs', 'generate');
    const catalog = JSON.parse(readFileSync(join(dbt.folder, 'target/catalog.json'), 'utf8')) as {
      nodes: Record<string, { metadata: { comment: string | null }; columns: Record<string, unknown> }>;
    };
    const encounter = catalog.nodes['model.hospital.encounter']!;
    expect(encounter.metadata.comment).to.equal("One row a stay; it's made anew every night");
    expect(Object.keys(encounter.columns)).to.deep.equal(['ID', 'PATIENT', 'ADMITTED', 'DISCHARGED', 'WARD']);
    const granted = (await rows('SHOW GRANTS TO ROLE reporter')).map(({ name }) => name);
    expect(granted).to.include.members([
      'DBT_DB.BASE.ENCOUNTER',
      'DBT_DB.BASE.OPEN_STAYS',
      'DBT_DB.BASE.BY_MERGE',
    ]);
  });
});
