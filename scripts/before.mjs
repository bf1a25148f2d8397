// Whether the local Snowflake is as quick as it was: two built checkouts in turns, processor time of client and server
// together (what else the machine does counts for little in it), medians.
//
//   node scripts/before.mjs OLD_CHECKOUT NEW_CHECKOUT [PAIRS]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [first, second, count = '5'] = process.argv.slice(2);
if (first === '--measure') await measure(second);
else compare(first, second, Number(count));

/** Milliseconds of the processor for each thing, in this process. */
async function measure(checkout) {
  process.chdir(checkout);
  const folder = mkdtempSync(join(tmpdir(), 'before-'));
  const support = pathToFileURL(join(checkout, 'dist/test/local/snowflake/support.js')).href;
  const { withSnowflake } = await import(support);
  const found = {};
  const timed = async (name, times, work) => {
    let least = Number.POSITIVE_INFINITY;
    for (let time = 0; time < times; time++) {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1000);
    }
    found[name] = Math.round(least * 10) / 10;
  };
  let snowflake;
  let client;
  await timed('a new account', 1, async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  await client.statement('create database d');
  await client.statement(
    'create table t (a number, b varchar, c float, d date, e timestamp_ntz, f boolean, g number(38, 0), h varchar(30))',
  );
  const row = (_, i) => [
    i,
    `name ${i}`,
    i / 7,
    '2025-03-04',
    '2025-03-04 10:11:12',
    i % 2 === 0,
    i * 3,
    'x'.repeat(i % 20),
  ];
  writeFileSync(join(folder, 'a.csv'), Array.from({ length: 50_000 }, row).join('\n'));
  for (let i = 0; i < 300; i++) await client.value('select 1');
  await timed('200 times SELECT 1', 8, async () => {
    for (let i = 0; i < 200; i++) await client.value('select 1');
  });
  await client.statement(`put 'file://${folder}/a.csv' @%t`);
  await timed('50,000 rows × 8 loaded', 3, () => client.statement('copy into t from @%t force = true'));
  await timed('50,000 rows × 8 fetched', 2, () => client.rows('select * from t limit 50000'));
  await snowflake.close();
  rmSync(folder, { recursive: true });
  console.log(JSON.stringify(found));
  process.exit();
}

function compare(before, after, pairs) {
  const runs = { before: [], after: [] };
  for (let pair = 0; pair < pairs; pair++)
    for (const [name, checkout] of Object.entries({ before, after })) {
      const { stdout } = spawnSync(
        process.execPath,
        [fileURLToPath(import.meta.url), '--measure', checkout],
        {
          encoding: 'utf8',
        },
      );
      runs[name].push(JSON.parse(stdout.trim().split('\n').at(-1)));
    }
  const median = (name, what) => {
    const values = runs[name].map((run) => run[what]).sort((a, b) => a - b);
    return values[values.length >> 1];
  };
  console.log('| ms of the processor | before | after | ratio |\n| --- | ---: | ---: | ---: |');
  for (const what of Object.keys(runs.after[0])) {
    const [old, now] = [median('before', what), median('after', what)];
    console.log(`| ${what} | ${old} | ${now} | ${(now / old).toFixed(2)} |`);
  }
}
