/** Every SQL statement that the product ships or sends, in an independent parser (Debian: python3-sqlglot). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachOrStart } from '@local-cloud/cloud/attach.js';
import { expect } from 'chai';
import { optionsOf, RESULTS, readShape, SHAPES } from '../../contracts/shapes/shape.js';
import { shapeSql } from '../../contracts/shapes/shape-sql.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { projectRoot } from '../../deploy/project.js';
import { loadSettings } from '../../deploy/settings/load.js';
import { sqlFile } from '../../deploy/sql-file.js';
import { fill } from '../../procedures/ground/plan.js';
import { buildPlan } from '../../procedures/scoring/statements/build.js';
import { scorePlan } from '../../procedures/scoring/statements/score.js';
import { record } from './recorder.js';
import { parseWithSqlglot, sqlglotVersion, unknownToSqlglot } from './sqlglot.js';

function expectAllParse(statements: readonly string[]): void {
  const distinct = [...new Set(statements.map((sql) => sql.trim()))];
  const failures = parseWithSqlglot(distinct)
    .map((outcome, i) => ({ outcome, sql: distinct[i]! }))
    .filter(
      ({ outcome, sql }) => outcome !== 'parsed' && !unknownToSqlglot.some((pattern) => pattern.test(sql)),
    );
  expect(failures.map(({ outcome, sql }) => `${outcome}\n${sql}\n`).join('\n')).to.equal('');
}

describe('SQL of the product in sqlglot’s Snowflake dialect', () => {
  before(function () {
    const version = sqlglotVersion();
    if (version === undefined) {
      console.log('skipped: Python has no sqlglot (apt-get install python3-sqlglot, or set PYTHON)');
      this.skip();
    }
    console.log(`sqlglot ${version}`);
  });

  it('tells what parses from what is only kept as text', () => {
    expect(
      parseWithSqlglot(['SELECT a:b::INT FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY 1) = 1']),
    ).to.deep.equal(['parsed']);
    const [command, error] = parseWithSqlglot(['CREATE TASK t AS SELECT 1', 'SELECT FROM WHERE']);
    expect(command).to.equal('command');
    expect(error).to.not.equal('parsed');
  });

  it('parses every statement that deploys health, and then sparcs_hf in its place', async () => {
    const dataset = (name: string) => ({ LOS_DATASET: `sql/datasets/${name}.yaml` });
    const sent = await statementsOf([
      { args: ['apply'], env: dataset('health') },
      { args: ['apply'], env: dataset('sparcs_hf') },
    ]);
    expect(sent.length).to.be.greaterThan(100);
    const settings = loadSettings('/dev/null', {});
    const contract = loadContract(settings.dataset);
    const build = buildPlan(contract, settings, sqlFile, 'CREATE STREAM S ON TABLE T');
    const read = (text: string) =>
      fill(text, { ...build.source.rows, first_built: 'NULL', seen_open: 'TRUE' });
    const score = scorePlan(contract, settings, sqlFile);
    expectAllParse([
      ...sent,
      read(build.collect),
      read(build.merge),
      build.actuals,
      build.queue.fill,
      score.opening,
      fill(score.score, { given: 'a.FEATURES', lots: '' }),
      score.quarantine,
    ]);
  });

  it('parses every SELECT of the shapes', () => {
    const statements = SHAPES.flatMap((name) => {
      const shape = readShape(name);
      const tables = Object.fromEntries(
        Object.entries(shape.tables).map(([key, table]) => [
          key,
          { name: `RAW.X.${table.name}`, columns: new Map() },
        ]),
      );
      return RESULTS.flatMap(
        (result) => shapeSql(shape, result, tables, optionsOf(shape, []), 'Europe/Berlin') ?? [],
      );
    });
    expect(statements).to.have.length(16);
    expectAllParse(statements);
  });

  it('parses every statement that a demo sends', async () => {
    const sent = await statementsOf([{ args: ['demo', '--dataset', 'health', '--rows', '8000'], env: {} }]);
    expect(sent.length).to.be.greaterThan(50);
    expectAllParse(sent);
  });
});

/** Runs command lines of los one after the other on a local cloud of their own. @returns the SQL that they sent */
async function statementsOf(
  commands: readonly { args: string[]; env: NodeJS.ProcessEnv }[],
): Promise<string[]> {
  const state = mkdtempSync(join(tmpdir(), 'sqlglot-'));
  const cloud = await attachOrStart({ stateDir: state });
  const recorder = await record(cloud.connection.snowflake.accessUrl);
  try {
    // The deployer finds the cloud in this file; now it finds the recorder before it.
    const file = join(state, 'local.json');
    const connection = JSON.parse(readFileSync(file, 'utf8'));
    connection.snowflake.accessUrl = recorder.url;
    writeFileSync(file, JSON.stringify(connection));
    for (const { args, env } of commands) {
      const los = spawn(process.execPath, [join(projectRoot, 'dist/deploy/cli.js'), ...args, '--json'], {
        cwd: projectRoot,
        env: { ...process.env, ...env, LOS_STATE: state },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      los.stderr.on('data', (chunk) => {
        said += chunk;
      });
      const [code] = await once(los, 'exit');
      expect(code, said).to.equal(0);
    }
    return [...recorder.statements];
  } finally {
    await recorder.close();
    await cloud.close();
    rmSync(state, { recursive: true, force: true });
  }
}
