// Flesch's reading ease of each page of Markdown in folders, hardest first, as test/house/prose.test.ts counts it (npm run build before):
//
//   node scripts/reading-ease.mjs docs ~/kysely/site/docs
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readingEase, sentencesOf, wordsIn } from '../dist/test/house/prose.js';

/** Words from which on a page has a reading ease of its own. */
const FEWEST = 100;

for (const folder of process.argv.slice(2)) {
  const pages = readdirSync(folder, { recursive: true })
    .filter((name) => /\.mdx?$/.test(name) && !/^reference\b|node_modules/.test(name))
    .map((name) => ({ name, sentences: sentencesOf(readFileSync(join(folder, name), 'utf8')) }))
    .filter(({ sentences }) => sentences.flatMap(wordsIn).length >= FEWEST)
    .map(({ name, sentences }) => ({ name, sentences, ease: readingEase(sentences) }))
    .sort((a, b) => a.ease - b.ease);
  const whole = readingEase(pages.flatMap(({ sentences }) => sentences));
  const below = pages.filter(({ ease }) => ease < 50).length;
  console.log(`${folder}: ${pages.length} pages, in all ${whole.toFixed(0)}, ${below} below 50`);
  for (const { name, ease } of pages) console.log(`  ${ease.toFixed(0)} ${name}`);
}
