// "What held" of the security review: SQL and JavaScript that try to leave the local Snowflake for the machine it runs on, and settings of a
// caller's session that procedures of the owner must not follow.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const SECRET = 'the-canary-sings-4711';

/** Statements by what they try; `{file}` has the secret, `{out}` is not there yet, `{dir}` holds both. */
const FILES: Readonly<Record<string, string>> = {
  read_text: "SELECT * FROM read_text('{file}')",
  'read_text as a table function': "SELECT * FROM TABLE(read_text('{file}'))",
  read_blob: "SELECT * FROM read_blob('{file}')",
  read_csv: "SELECT * FROM read_csv('{file}')",
  read_csv_auto: "SELECT * FROM read_csv_auto('{file}')",
  read_json: "SELECT * FROM read_json('{file}')",
  read_parquet: "SELECT * FROM read_parquet('{file}')",
  parquet_scan: "SELECT * FROM parquet_scan('{file}')",
  sniff_csv: "SELECT * FROM sniff_csv('{file}')",
  glob: "SELECT * FROM glob('{dir}/*')",
  'a file as a table': "SELECT * FROM '{file}'",
  'a file as a name': 'SELECT * FROM "{file}"',
  'a file through a table of its own': "CREATE TABLE STOLEN AS SELECT * FROM read_text('{file}')",
  'a file through a subquery': "SELECT (SELECT content FROM read_text('{file}'))",
  'a file through a query in a string': "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
  ATTACH: "ATTACH '{out}' AS X",
  'ATTACH DATABASE': "ATTACH DATABASE '{out}' AS X (TYPE DUCKDB)",
  'COPY TO': "COPY (SELECT 1) TO '{out}'",
  'COPY INTO a path': "COPY INTO '{out}' FROM (SELECT 1)",
  'COPY INTO a file’s address': "COPY INTO 'file://{out}' FROM (SELECT 1)",
  'COPY FROM a path': "COPY INTO LOS_EVENTS FROM '{file}'",
  'EXPORT DATABASE': "EXPORT DATABASE '{out}'",
  'IMPORT DATABASE': "IMPORT DATABASE '{dir}'",
  INSTALL: 'INSTALL httpfs',
  LOAD: "LOAD '{file}'",
  PRAGMA: 'PRAGMA database_list',
  'SET of the engine': "SET enable_external_access = true; SELECT * FROM read_text('{file}')",
  'a stage above the stage': 'LIST @~/../../../../../../{dir}',
  'a stage at a folder': "CREATE STAGE OUT_OF_HERE URL = 'file://{dir}/'",
  'unloading above the stage': 'COPY INTO @~/../../../../../../../..{out} FROM (SELECT 1)',
  'reading above the stage': 'SELECT $1 FROM @~/../../../../../../../..{file}',
  'removing above the stage': 'REMOVE @~/../../../../../../../..{file}',
  'the environment': "SELECT getenv('LOS_CANARY')",
  'the engine’s settings': 'SELECT * FROM duckdb_settings()',
  'the engine’s databases': 'SELECT path FROM duckdb_databases()',
  'a file as an import': `CREATE FUNCTION OUT_OF_HERE() RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11' HANDLER = 'f' IMPORTS = ('file://{file}') AS 'def f(): return open("{file}").read()'`,
};

/** Bodies of JavaScript that answer what they got hold of: in nothing may the machine be. */
const BODIES: Readonly<Record<string, string>> = {
  'the global process': 'return typeof process === "undefined" ? "nothing" : process.env.LOS_CANARY',
  require: 'return require("node:fs").readFileSync("{file}", "utf8")',
  'a constructor of this': 'return this.constructor.constructor("return process")().env.LOS_CANARY',
  'a constructor of snowflake': 'return snowflake.constructor.constructor("return process")().env.LOS_CANARY',
  'a constructor of a method': 'return snowflake.execute.constructor("return process")().env.LOS_CANARY',
  'a constructor of an error':
    'try { snowflake.execute({ sqlText: "SELEC" }) } catch (e) { return e.constructor.constructor("return process")().env.LOS_CANARY }',
  'a constructor of a result':
    'return snowflake.execute({ sqlText: "SELECT 1" }).constructor.constructor("return process")().env.LOS_CANARY',
  'an asynchronous constructor':
    'var F = Object.getPrototypeOf(function* () {}).constructor; return F("yield process")().next().value.env.LOS_CANARY',
  'a frame of the stack':
    'Error.prepareStackTrace = function (_, frames) { return frames.map(function (f) { return f.getThis() }) }; var all = new Error().stack; for (var i = 0; i < all.length; i++) if (all[i] && all[i].process) return all[i].process.env.LOS_CANARY; return "nothing"',
  'who called': 'return arguments.callee.caller.constructor("return process")().env.LOS_CANARY',
};

describe('the machine below the local Snowflake', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let folder: string;
  const at = (text: string) =>
    text
      .replaceAll('{file}', join(folder, 'secret.txt'))
      .replaceAll('{out}', join(folder, 'made.out'))
      .replaceAll('{dir}', folder);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'los-host-'));
    writeFileSync(join(folder, 'secret.txt'), SECRET);
    process.env.LOS_CANARY = SECRET;
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ctx = await cloud.open();
  });
  after(async () => {
    delete process.env.LOS_CANARY;
    await ctx?.close();
    await cloud?.cloud.close();
    cloud?.remove();
    rmSync(folder, { recursive: true });
  });

  /** What the account answers, rows or error, as one text. */
  const answer = async (sql: string) =>
    JSON.stringify(await ctx.snowflake.query(sql).catch((error: Error) => ({ refused: error.message })));

  for (const [what, sql] of Object.entries(FILES))
    it(`held: SQL reaches no file by ${what}, not as an administrator either`, async () => {
      const said = await answer(at(sql));
      // A path above a stage is one within it, where nothing is.
      expect(said).to.match(/^(\{"refused":|\[\]$)/);
      expect(said).not.to.contain(SECRET);
      // An internal error would be a door that only jams.
      expect(said).not.to.match(/internal error|000603/i);
      expect(readdirSync(folder)).to.deep.equal(['secret.txt']);
    });

  for (const [what, body] of Object.entries(BODIES))
    it(`held: JavaScript has nothing of Node by ${what}`, async () => {
      await ctx.snowflake.execute(
        `CREATE OR REPLACE PROCEDURE REACH() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS '${at(body).replaceAll("'", "''")}'`,
      );
      expect(await answer('CALL REACH()')).not.to.contain(SECRET);
      expect(existsSync(join(folder, 'made.out'))).to.equal(false);
    });

  for (const [what, settings] of Object.entries({
    'the order of dates': ["DATE_INPUT_FORMAT = 'DD/MM/YYYY'", "DATE_OUTPUT_FORMAT = 'DD.MM.YY'"],
    'the time zone': ["TIMEZONE = 'Pacific/Kiritimati'"],
    'how many rows a result has': ['ROWS_PER_RESULTSET = 1'],
    'what weeks begin with': ['WEEK_START = 7', 'WEEK_OF_YEAR_POLICY = 1'],
  }))
    it(`held: procedures of the owner answer alike, whatever a caller’s session says of ${what}`, async () => {
      const call = async () => {
        const [row] = await ctx.snowflake.query("CALL FORECAST_BEDS({'as_of': '2022-11-15'})");
        const { run: _, ...answer } = row!.FORECAST_BEDS as Record<string, unknown>;
        return answer;
      };
      const nights = async () =>
        JSON.stringify(
          await ctx.snowflake.query(
            "SELECT * EXCLUDE MADE_AT FROM LOS_BED_FORECASTS WHERE MADE_ON = '2022-11-15'::DATE ORDER BY ALL",
          ),
        );
      const before = { answer: await call(), nights: await nights() };
      for (const setting of settings) await ctx.snowflake.execute(`ALTER SESSION SET ${setting}`);
      const answer = await call();
      for (const setting of settings)
        await ctx.snowflake.execute(`ALTER SESSION UNSET ${setting.split(' ')[0]}`);
      expect(before.nights.length).to.be.above(10_000);
      expect(await nights()).to.equal(before.nights);
      expect(JSON.stringify(answer)).to.equal(JSON.stringify(before.answer));
    });
});
