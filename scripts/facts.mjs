// Writes local/snowflake/FACTS.md from the recorded facts and the disagreements that
// test/local/snowflake/facts/facts.test.ts holds true.
//
//   node scripts/facts.mjs [--check]      --check: fails if the page is another one
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wrapped } from './wrap.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'test/local/snowflake/facts');
const json = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const excuses = json('disagreements.json');
const subjects = readdirSync(join(folder, 'recorded'))
  .sort()
  .map((file) => ({ name: file.replace('.json', ''), facts: json(`recorded/${file}`) }));
const VERDICTS = {
  words: 'An error in other words',
  accepted: 'Accepted here, refused by an account',
  value: 'Another value',
  error: 'An error here, an answer of an account',
  refused: 'Not built, refused by name',
};

const cell = (text) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
const verdictOf = ({ id }) => excuses[id]?.verdict ?? 'agrees';
const counts = (facts) =>
  ['agrees', ...Object.keys(VERDICTS)].map((verdict) => facts.filter((f) => verdictOf(f) === verdict).length);
const row = (name, facts) => `| ${name} | ${[facts.length, ...counts(facts)].join(' | ')} |`;
const all = subjects.flatMap(({ facts }) => facts);
const agree = counts(all)[0];

const page = wrapped(`# What accounts answered

Written by scripts/facts.mjs from test/local/snowflake/facts/, whose test runs every statement through the official
driver. ${agree} of ${all.length} recorded facts agree (${((100 * agree) / all.length).toFixed(1)} %). The list is hard by choice: much of it is what emulators get
wrong, so that the share is no share of users' SQL.

| subject | facts | agree | other words | accepted here | other value | error here | refused by name |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${subjects.map(({ name, facts }) => row(name, facts)).join('\n')}
${row('all', all)}
${[3, 2, 1]
  .map((n) =>
    row(
      `of weight ${n}`,
      all.filter((fact) => fact.matters === n),
    ),
  )
  .join('\n')}

Weight 3: a hospital's SQL meets it; 1: exotic.

## What does not agree, and why
${Object.entries(VERDICTS)
  .map(([verdict, title]) => {
    const facts = all.filter((fact) => verdictOf(fact) === verdict);
    const lines = facts.map((fact) => `- ${fact.id} \`${cell(fact.sql)}\`: ${excuses[fact.id].why}`);
    return `\n### ${title}\n\n${lines.join('\n') || 'None.'}\n`;
  })
  .join('')}`);

const path = join(root, 'local/snowflake/FACTS.md');
if (!process.argv.includes('--check')) writeFileSync(path, page);
else if (readFileSync(path, 'utf8') !== page) {
  console.error('local/snowflake/FACTS.md is out of date: run node scripts/facts.mjs');
  process.exitCode = 1;
}
