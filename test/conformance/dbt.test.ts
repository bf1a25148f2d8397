/**
 * The newest dbt with its adapter for Snowflake, from PyPI, against the local Snowflake: a small project of each
 * materialization that dbt has for SQL (test/conformance/dbt), built twice with changed rows between.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { projectRoot } from '../../deploy/project.js';
import { programOf } from './python.js';

describe('dbt', () => {
  const state = mkdtempSync(join(tmpdir(), 'dbt-'));
  const project = join(state, 'project');
  let cloud: LocalCloud | undefined;
  let dbt: string;

  before(async function () {
    const found = programOf('dbt', 'dbt');
    if (!found) {
      console.log('skipped: dbt is not there (node scripts/python.mjs dbt)');
      this.skip();
    }
    dbt = found;
    cpSync(join(projectRoot, 'test/conformance/dbt'), project, { recursive: true });
    cloud = await startCloud({ stateDir: join(state, 'cloud') });
    for (const sql of ['CREATE WAREHOUSE w', 'CREATE DATABASE dbt_db', 'CREATE ROLE reporter'])
      await rows(sql);
    const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
    const profile = {
      type: 'snowflake',
      ...{ account, user, password, role, host: '127.0.0.1', port: Number(new URL(accessUrl).port) },
      ...{ protocol: 'http', database: 'dbt_db', schema: 'base', warehouse: 'w', threads: 2 },
    };
    // YAML takes JSON.
    writeFileSync(
      join(state, 'profiles.yml'),
      JSON.stringify({ local: { target: 'dev', outputs: { dev: profile } } }),
    );
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

  /** Runs a command of dbt. @returns what it said @throws Error with that where it fails */
  async function run(...args: readonly string[]): Promise<string> {
    const child = spawn(dbt, [...args, '--profiles-dir', state, '--no-use-colors'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_PROXY: '127.0.0.1', DO_NOT_TRACK: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    const [status] = await once(child, 'close');
    if (status !== 0) throw new Error(`dbt ${args.join(' ')} ended with ${status}:\n${output.slice(-4000)}`);
    return output;
  }

  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        ['encounter', 'open_stays', 'by_merge', 'by_append', 'by_delete_insert', 'encounter_history'].map(
          async (name) => [name, (await rows(`SELECT COUNT(*) AS n FROM ${name}`))[0]!.N],
        ),
      ),
    );

  it('builds seeds, tables, views, incremental models and a snapshot, and tests them', async () => {
    const output = await run('build');
    expect(output).to.match(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(await counts()).to.deep.equal({
      ...{ encounter: 3, open_stays: 1, by_merge: 3, by_append: 3, by_delete_insert: 3 },
      encounter_history: 3,
    });
  });

  it('builds them again over changed rows: replaced, merged, appended, put in place and remembered', async () => {
    const seed = join(project, 'seeds/raw_encounters.csv');
    writeFileSync(
      seed,
      readFileSync(seed, 'utf8').replace('3,10,2026-01-05,2026-01-06,A', '3,10,2026-01-05,,C'),
    );
    appendFileSync(seed, '4,12,2026-01-06,,B\n');
    const output = await run('build');
    expect(output).to.match(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(await counts()).to.deep.equal({
      // Of the last three days: stays 3 and 4 once more.
      ...{ encounter: 4, open_stays: 3, by_merge: 4, by_append: 5, by_delete_insert: 4 },
      encounter_history: 5,
    });
    expect(await rows('SELECT ward FROM by_merge WHERE id = 3')).to.deep.equal([{ WARD: 'C' }]);
  });

  it('keeps descriptions and grants, and documents what there is', async () => {
    await run('docs', 'generate');
    const catalog = JSON.parse(readFileSync(join(project, 'target/catalog.json'), 'utf8')) as {
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
