/**
 * The official clients in other languages: the Python connector with its compiled
 * part, JDBC and Go run the same statements and shall find the same values; pandas, Snowpark, SQLAlchemy and the snow
 * command line what people do with them first. What is not there is skipped, in words.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import {
  type ClientProgram,
  goProgram,
  jdbcDriver,
  jdbcProgram,
  outputOf,
  pythonProgram,
  runProgram,
} from './client-programs.js';
import { programOf } from './python.js';

type Rows = (string | null)[][];

interface Line {
  sql?: string;
  rows?: Rows;
  count?: number;
  error?: string;
  binds?: (string | null)[];
  put?: string;
  loaded?: string;
  failing?: string;
  code?: number;
  sqlState?: string;
  large?: number[];
  format?: string;
}

const statements = JSON.parse(
  readFileSync(join(projectRoot, 'test/conformance/clients/statements.json'), 'utf8'),
) as [sql: string, rows?: Rows][];

/** Statements that fail, with the code and SQLSTATE by which clients tell errors apart. */
const failing: Readonly<Record<string, [code: number, sqlState: string]>> = {
  'SELEC 1': [1003, '42000'],
  'SELECT * FROM nowhere': [2003, '42S02'],
  'SELECT 1/0': [100051, '22012'],
  'SELECT x FROM stays': [904, '42000'],
  'INSERT INTO stays (ward) VALUES (NULL)': [100072, '22000'],
};

describe('Clients in other languages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  const python = programOf('clients', 'python3');
  let cloud: LocalCloud;
  let connection: Record<string, string | number>;

  before(async () => {
    cloud = await startCloud({ stateDir: join(folder, 'cloud') });
    const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
    const port = Number(new URL(accessUrl).port);
    connection = { account, user, password, role, host: '127.0.0.1', port, protocol: 'http' };
  });

  after(async () => {
    await cloud?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const input = () => ({
    connection,
    statements: statements.map(([sql]) => sql),
    failing: Object.keys(failing),
  });

  /** A client's run shall give what the statements' file says; of what changes rows, JDBC and Go may give a count. */
  const holds = async (program: ClientProgram) => {
    const lines = await runProgram<Line>(program);
    const found = new Map(lines.filter(({ sql }) => sql).map((line) => [line.sql!, line]));
    for (const [sql, rows] of statements) {
      const line = found.get(sql);
      expect(line?.error, sql).to.equal(undefined);
      if (rows && line?.count === undefined) expect(line?.rows, sql).to.deep.equal(rows);
    }
    const say = (key: keyof Line) => lines.find((line) => line[key] !== undefined)?.[key];
    expect(say('binds')).to.deep.equal(['1', 'Ä', null, 'true', '1.5', '2.25', '2026-02-28']);
    expect([say('put'), say('loaded')]).to.deep.equal(['UPLOADED', 'LOADED']);
    const errors = lines
      .filter((line) => line.failing)
      .map((line) => [line.failing, [line.code, line.sqlState]]);
    expect(Object.fromEntries(errors)).to.deep.equal(failing);
    expect(say('large')).to.deep.equal([40_000, 799_980_000, 40_000]);
    return lines;
  };

  it('reads the same through the Python connector, in Arrow’s format', async function () {
    if (!python) {
      console.log('skipped: the Python connector is not there (node scripts/python.mjs clients)');
      this.skip();
    }
    const lines = await holds(pythonProgram(python, 'clients/clients.py', input()));
    expect(lines.find(({ format }) => format)).to.deep.equal({ format: 'arrow' });
  });

  it('reads the same through JDBC', async function () {
    const driver = jdbcDriver();
    if (typeof driver === 'string') {
      console.log(`skipped: ${driver}`);
      this.skip();
    }
    const place = join(folder, 'jdbc');
    mkdirSync(place);
    const { host, port, protocol: _, ...login } = connection;
    const properties = { url: `jdbc:snowflake://${host}:${port}/?ssl=off`, ...login };
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
    const files = { connection: lines, statements: input().statements, failing: input().failing };
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(place, `${name}.txt`), `${content.join('\n')}\n`);
    await holds(jdbcProgram(driver.jar, 'clients/Clients.java', place));
  });

  it('reads the same through Go', async function () {
    const go = goProgram();
    if (typeof go === 'string') {
      console.log(`skipped: ${go}`);
      this.skip();
    }
    await holds({ command: go.program, args: [], input: input() });
  });

  it('takes and gives pandas’ frames, and lets Snowpark and SQLAlchemy build and read', async function () {
    if (!python) this.skip();
    const lines = await runProgram<Record<string, unknown>>(
      pythonProgram(python, 'clients/analysts.py', { connection }),
    );
    expect(Object.assign({}, ...lines)).to.deep.include({
      write_pandas: [true, 3],
      fetch_pandas_all: true,
      fetch_pandas_batches: [60_000, true, 1_799_970_000],
      empty: [0, ['ID', 'WARD']],
      fetch_arrow_all: [3, ['ID', 'DAYS']],
      to_pandas: [{ WARD: 'ICU', MEAN: 3 }],
      joined: 3,
      saved: 3,
      reflect: [
        ['id', 'DECIMAL(38, 0)', false],
        ['name', 'VARCHAR(20)', false],
      ],
      names: ['ER', 'ICU'],
      read_sql: 2,
    });
  });

  it('is worked with by the snow command line', async function () {
    const snow = programOf('snow', 'snow');
    if (!snow) this.skip();
    const home = join(folder, 'snow');
    mkdirSync(home);
    const lines = Object.entries(connection).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    writeFileSync(join(home, 'connections.toml'), `[default]\n${lines.join('\n')}\n`, { mode: 0o600 });
    writeFileSync(join(home, 'config.toml'), '', { mode: 0o600 });
    const env = { SNOWFLAKE_HOME: home };
    const run = (...args: string[]) => outputOf({ command: snow, args: [...args, '--format', 'json'], env });
    await run(
      'sql',
      '-q',
      'CREATE DATABASE snowed; CREATE WAREHOUSE snowed_wh; CREATE TABLE snowed.public.t (a INT)',
    );
    expect(JSON.parse(await run('sql', '-q', "SELECT 1 AS a, 'x' AS b"))).to.deep.equal([{ A: 1, B: 'x' }]);
    const tables = JSON.parse(await run('object', 'list', 'table', '--database', 'snowed')) as {
      name: string;
    }[];
    expect(tables.map(({ name }) => name)).to.deep.equal(['T']);
    const file = join(folder, 'copied.csv');
    writeFileSync(file, 'a\n');
    await run('stage', 'create', 'snowed.public.s');
    await run('stage', 'copy', file, '@snowed.public.s');
    expect(await run('stage', 'list-files', '@snowed.public.s')).to.contain('copied.csv');
    for (const [kind, name] of [
      ['table', 'snowed.public.t'],
      ['database', 'snowed'],
      ['warehouse', 'snowed_wh'],
    ])
      expect(await run('object', 'drop', kind!, name!)).to.contain('successfully dropped');
  });
});
