/**
 * schemachange, Snowflake Labs' tool for changes of schemas, against the local Snowflake. It runs unchanged from a
 * checkout of github.com/Snowflake-Labs/schemachange, whose path is in LOS_SCHEMACHANGE_CHECKOUT, over the Python
 * connector of LOS_PYTHON_CONNECTOR_CHECKOUT, with Debian's Python packages (python3-structlog, python3-jinja2,
 * python3-yaml beside the connector's); without the checkouts this skips.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { projectRoot } from '../../deploy/project.js';
import { connectorModules, connectorProblem } from './connector-suite.js';
import { pythonWith } from './python.js';

const SCRIPTS: Record<string, string> = {
  'V1.0.0__tables.sql': `CREATE TABLE stays (id INT, payload VARIANT);
INSERT INTO stays SELECT 1, PARSE_JSON('{"ward": "a;b"}');
CREATE STREAM stays_stream ON TABLE stays;`,
  'V1.1.0__task.sql': `CREATE TABLE seen (id INT);
CREATE TASK see WAREHOUSE = {{ warehouse }} SCHEDULE = '60 MINUTE' WHEN SYSTEM$STREAM_HAS_DATA('STAYS_STREAM')
AS INSERT INTO seen SELECT id FROM stays_stream;
ALTER TASK see RESUME;`,
  'V1.2.0__procedure.sql': `CREATE PROCEDURE count_stays() RETURNS FLOAT LANGUAGE JAVASCRIPT AS
$$
  const rows = snowflake.execute({ sqlText: 'SELECT COUNT(*) FROM stays' });
  rows.next();
  return rows.getColumnValue(1);
$$;
CALL count_stays();`,
  'R__views.sql': `CREATE OR REPLACE VIEW wards AS SELECT id, payload:ward::string AS ward FROM stays;`,
  'A__grants.sql': `GRANT SELECT ON ALL VIEWS IN SCHEMA changed.app TO ROLE public;`,
};

describe('schemachange', () => {
  const [checkout, connector] = [
    process.env.LOS_SCHEMACHANGE_CHECKOUT,
    process.env.LOS_PYTHON_CONNECTOR_CHECKOUT,
  ];
  const state = mkdtempSync(join(tmpdir(), 'schemachange-'));
  let cloud: LocalCloud | undefined;
  let python: string | undefined;

  before(async function () {
    if (!checkout || !connector) {
      console.log(
        'skipped: LOS_SCHEMACHANGE_CHECKOUT and LOS_PYTHON_CONNECTOR_CHECKOUT do not name checkouts of schemachange and snowflake-connector-python',
      );
      this.skip();
    }
    const problem = connectorProblem(connector);
    if (problem) throw new Error(problem);
    python = pythonWith(`${connectorModules}, structlog, jinja2, yaml`);
    if (!python) {
      console.log('skipped: no Python here has all that schemachange and the connector import');
      this.skip();
    }
    cloud = await startCloud({ stateDir: state });
    mkdirSync(join(state, 'scripts'));
    for (const [name, text] of Object.entries(SCRIPTS)) writeFileSync(join(state, 'scripts', name), text);
    await rows('CREATE WAREHOUSE changes');
    await rows('CREATE DATABASE changed');
    await rows('CREATE SCHEMA changed.app');
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
      {
        database: 'CHANGED',
        schema: 'APP',
        warehouse: { name: 'CHANGES' },
      },
    );
    try {
      return await session.query(sql);
    } finally {
      await session.close();
    }
  }

  /** Runs `schemachange deploy`. @throws Error with what it said */
  async function deploy(): Promise<void> {
    const { accessUrl, account, user, password } = cloud!.connection.snowflake;
    const { hostname, port } = new URL(accessUrl);
    const named = Object.entries({
      '-f': join(state, 'scripts'),
      '-a': account,
      '-u': user,
      '-r': 'ACCOUNTADMIN',
      '-w': 'CHANGES',
      '-d': 'CHANGED',
      '-s': 'APP',
      '-c': 'CHANGED.METADATA.CHANGE_HISTORY',
      '-V': '{"warehouse": "CHANGES"}',
    }).flat();
    const script = join(projectRoot, 'test/conformance/schemachange_run.py');
    const child = spawn(python!, [script, 'deploy', '--create-change-history-table', ...named], {
      cwd: state,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NO_PROXY: '127.0.0.1',
        PYTHONPATH: `${checkout}:${join(connector!, 'src')}`,
        PYTHONDONTWRITEBYTECODE: '1',
        SNOWFLAKE_HOME: state,
        SNOWFLAKE_PASSWORD: password,
        LOS_SCHEMACHANGE: JSON.stringify({ host: hostname, port, protocol: 'http', password }),
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    const [status] = await once(child, 'exit');
    if (status !== 0) throw new Error(`schemachange ended with ${status}:\n${said.slice(-4000)}`);
  }

  /** The scripts that it has noted as applied, by kind. */
  const history = async () =>
    (
      await rows(
        'SELECT script_type, status, COUNT(*) AS n FROM metadata.change_history GROUP BY 1, 2 ORDER BY 1',
      )
    ).map((row) => Object.values(row).join(' '));

  it('deploys versioned, repeatable and always scripts, with a stream, a task and a procedure', async () => {
    await deploy();
    expect(await history()).to.deep.equal(['A Success 1', 'R Success 1', 'V Success 3']);
    expect(await rows('SELECT * FROM wards')).to.deep.equal([{ ID: 1, WARD: 'a;b' }]);
    expect(await rows("SHOW TASKS LIKE 'see'")).to.have.length(1);
  });

  it('does nothing the second time but what is to be done always', async () => {
    await deploy();
    expect(await history()).to.deep.equal(['A Success 2', 'R Success 1', 'V Success 3']);
  });
});
