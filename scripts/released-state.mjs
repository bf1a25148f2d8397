// Writes the state of a small deployment that a release made, for test/journeys/upgrade/:
//
//   git worktree add /tmp/release v0.7.0 && (cd /tmp/release && npm ci && npm run build)
//   node scripts/released-state.mjs /tmp/release test/journeys/upgrade/0.7.0.tar.br
//
// It runs the release's own code and keeps what a hospital would not want to lose: a log with predictions of two versions, a champion and
// the one before it, a quarantined admission, some that wait to be scored and some that no run has seen, an open training, watched days,
// forecasts of beds, events, people with roles. What was found in it then stands beside the state, in facts.json. That of 0.1.0 was
// written by this script as it was at 0.2.0.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [release, out] = process.argv.slice(2).map((path) => resolve(path));
if (!out) throw new Error('Name the folder of the release and the file to write.');
// Settings name files of the release.
process.chdir(release);
const load = (path) => import(join(release, path));
const { MovableClock } = await load('dist/local/kit/clock.js');
const { embeddedCloud } = await load('dist/test/deploy/embedded-cloud.js');
const { apply } = await load('dist/deploy/operate/apply.js');
const { runGraph } = await load('dist/deploy/scoring/graph.js');
const { Journey } = await load('dist/test/deploy/journey.js');
const { DuckDBInstance } = await import(join(release, 'node_modules/@duckdb/node-api/lib/index.js'));

/** Roles of the hospital's people. */
const ROLES = ['LOS_READ', 'LOS_RUN', 'LOS_OPERATE', 'LOS_PATIENTS'];

const SETTINGS = `mail: { to: [], verified: [analyst@example.org] }
tasks: { challenger: health-v1 }
training: { candidates: [squared-error] }
`;
/** A day after the release. */
const NOW = Date.parse('2026-12-02T09:00:00Z');

const clock = new MovableClock({ at: NOW });
const local = await embeddedCloud(SETTINGS, { clock });
const { folder } = local;
const stateDir = join(folder, 'state');
const ctx = await local.open();
const journey = new Journey(ctx);
const run = (sql) => ctx.snowflake.execute(sql);
const query = (sql) => ctx.snowflake.query(sql);
const graph = () => runGraph(ctx, journey.contract);

await run("CREATE USER ANALYST EMAIL = 'analyst@example.org'");
await apply(ctx);
for (const role of ROLES) await run(`GRANT ROLE ${role} TO USER ANALYST`);
await journey.load(2000);
await journey.train({ candidates: ['squared-error'] });
await journey.admit(20, 5_000_000);
await graph();
await journey.train({ candidates: ['squared-error'] });
await journey.admit(10, 6_000_000);
await graph();
for (const procedure of ['FORECAST_BEDS', 'WATCH_PREDICTIONS', 'SHADOW_ADMISSIONS'])
  await run(`CALL ${procedure}()`);
await journey.admit(5, 7_000_000);
await run('CALL BUILD_FEATURES()');
// As if the endpoint had refused one of them, and the others had waited since the day before: an alarm, and an event that tells of it.
await run(`INSERT INTO LOS_QUARANTINE (DATASET, CASE_ID, MODEL_VERSION, SINCE, RUN_ID, REASON)
SELECT 'health', TO_VARCHAR(MIN(ID)), 'health-v2', CURRENT_TIMESTAMP(), 'a run', 'CLIENT_ERROR_FROM_MODEL' FROM HEALTH_SCORING_QUEUE`);
await run('DELETE FROM HEALTH_SCORING_QUEUE WHERE ID = (SELECT MIN(ID) FROM HEALTH_SCORING_QUEUE)');
await run('UPDATE HEALTH_SCORING_QUEUE SET SINCE = DATEADD(hour, -30, SINCE)');
await run('CALL WATCH_SCORING()');
await journey.admit(3, 8_000_000);
await query("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('candidates', ARRAY_CONSTRUCT('squared-error')))");
await query('CALL STEP_TRAINING()');

const tables = (await query('SHOW TABLES IN SCHEMA PREDICT_LOS.LOS')).map(({ name }) => String(name));
const rows = {};
for (const name of tables.sort())
  rows[name] = Number((await query(`SELECT COUNT(*) AS N FROM ${name}`))[0].N);
const facts = {
  madeBy: execFileSync('git', ['-C', release, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  now: clock.now(),
  settings: SETTINGS,
  rows,
  registry: await query('SELECT VERSION, STATUS FROM LOS_MODEL_REGISTRY ORDER BY NUMBER'),
  training: await query('SELECT RUN_ID, STATE, STATUS, MESSAGE FROM LOS_TRAINING_RUNS ORDER BY OPENED_AT'),
  roles: ROLES,
  alarms: await query('SELECT KIND, SUBJECT FROM LOS_ALARMS WHERE ENDED_ON IS NULL ORDER BY 1, 2'),
  quarantined: await query('SELECT CASE_ID FROM LOS_QUARANTINE'),
  // What the champion says, which it must go on to say.
  predicted: await query(
    'SELECT CASE_ID, ROUND(PREDICT_LOS(OBJECT_CONSTRUCT(*)), 6) AS DAYS FROM (SELECT * FROM LOS_FEATURES ORDER BY CASE_ID LIMIT 5)',
  ),
};
await ctx.close();
await local.cloud.close();

writeFileSync(join(folder, 'facts.json'), `${JSON.stringify(facts, undefined, 1)}\n`);
for (const name of ['local.log', 'local.json', 'report.html', 'mail', 'spool'])
  rmSync(join(stateDir, name), { recursive: true, force: true });
await compact(join(stateDir, 'snowflake', 'data.duckdb'));
const tar = execFileSync('tar', ['-C', folder, '-c', 'state', 'facts.json'], { maxBuffer: 2 ** 28 });
const options = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: tar.length,
  },
};
writeFileSync(out, brotliCompressSync(tar, options));
rmSync(folder, { recursive: true });
console.log(JSON.stringify(facts, undefined, 1));

/** The same rows in a file without the space of what was deleted. */
async function compact(file) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`ATTACH '${file}' AS old (READ_ONLY)`);
  await connection.run(`ATTACH '${file}.new' AS new`);
  await connection.run('COPY FROM DATABASE old TO new');
  await connection.run('DETACH new');
  await connection.run('DETACH old');
  connection.closeSync();
  instance.closeSync();
  execFileSync('mv', [`${file}.new`, file]);
}
