// Writes the manual as a static site to dist/site: pages of docs/ and of the project with search, and the report of a demo.
// Neither this nor the browser needs a network.
//
//   node scripts/site.mjs [--out FOLDER] [--report FILE]    --report: a report that is there, instead of one of a small demo
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import Handlebars from 'handlebars';
import { read, root } from './reference/markdown.mjs';
import { deadLinks, parse, targetOf } from './site/markdown.mjs';
import { navigation, pages, relative } from './site/pages.mjs';
import { contentOf, PICTURE, sectionsOf } from './site/render.mjs';

/** Admissions of the demo whose report the site has. */
const ROWS = '3000';
const REPORT = { label: 'The report of a demo', url: 'report.html' };
const INDEX = 'sections.js';

const { values } = parseArgs({
  options: { out: { type: 'string', default: join(root, 'dist/site') }, report: { type: 'string' } },
});
const out = resolve(values.out);

/** Address of a file to write, in a folder that is there. */
function fileOf(name) {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  return join(out, name);
}
const write = (name, text) => writeFileSync(fileOf(name), text);
const copy = (from, name) => copyFileSync(from, fileOf(name));

/** Empties the folder of the site. @throws Error for a folder of something else */
function clear() {
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, INDEX)))
    throw new Error(`${out} is not empty, and no site: name another folder, or empty it.`);
  rmSync(out, { recursive: true, force: true });
}

function writePages() {
  Handlebars.registerPartial('page', read('scripts/site/page.hbs'));
  const layout = Handlebars.compile(read('scripts/site/layout.hbs'));
  const [tutorial, ...others] = navigation();
  tutorial.entries.push({ page: REPORT, children: [] });
  for (const { path, title, url } of pages.values()) {
    const linkTo = (page) => ({
      label: page.label,
      address: relative(url, page.url),
      current: page.url === url,
    });
    const groups = [tutorial, ...others].map(({ name, entries }) => ({
      name,
      entries: entries.map(({ page, children }) => ({
        page: linkTo(page),
        // Alarms and papers for the security office are listed where one reads them.
        children: [page, ...children].some((each) => each.url === url) ? children.map(linkTo) : [],
      })),
    }));
    const up = '../'.repeat(url.split('/').length - 1);
    write(url, layout({ title, root: up, groups, content: contentOf(path) }));
    for (const link of parse(path).links) {
      const { path: picture } = targetOf(path, link);
      if (PICTURE.test(picture)) copy(join(root, picture), picture);
    }
  }
}

async function writeSearch() {
  const sections = [...pages.keys()].flatMap(sectionsOf);
  write(INDEX, `globalThis.sections = ${JSON.stringify(sections)};\n`);
  await build({
    entryPoints: [join(root, 'scripts/site/search.mjs')],
    outfile: join(out, 'search.js'),
    bundle: true,
    minify: true,
    banner: { js: '/*! MiniSearch, Copyright Luca Ongaro, MIT License: minisearch.txt */' },
  });
  copy(join(root, 'node_modules/minisearch/LICENSE.txt'), 'minisearch.txt');
}

/** Runs a small demo in a folder of its own, and takes its report. @throws Error where the demo fails */
function drawReport() {
  const folder = mkdtempSync(join(tmpdir(), 'los-site-'));
  try {
    const dataset = JSON.stringify(join(root, 'sql/datasets/general.yaml'));
    writeFileSync(join(folder, 'los.config.yaml'), `dataset: ${dataset}\nmail: { to: [] }\n`);
    const demo = [join(root, 'dist/deploy/cli.js'), 'demo', '--rows', ROWS];
    const { status } = spawnSync(process.execPath, demo, { cwd: folder, stdio: 'inherit' });
    if (status !== 0)
      throw new Error('The demo failed, as it says above. Name a report that is there: --report FILE.');
    copy(join(folder, '.los/report.html'), REPORT.url);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  const dead = [...pages.keys()].flatMap(deadLinks);
  if (dead.length > 0) throw new Error(`These links lead nowhere; correct them:\n${dead.join('\n')}`);
  clear();
  writePages();
  write('style.css', read('templates/report/style.css') + read('scripts/site/site.css'));
  await writeSearch();
  if (values.report === undefined) drawReport();
  else copy(resolve(values.report), REPORT.url);
  console.log(`${pages.size} pages: ${join(out, 'index.html')}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
