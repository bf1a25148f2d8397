// Draws the pictures of the pages from a report: node scripts/pictures.mjs .los/report.html (of the hospital general: npm start).
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const docs = join(dirname(fileURLToPath(import.meta.url)), '../docs');
const report = process.argv[2];
const executablePath = [process.env.LOS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
if (report === undefined || executablePath === undefined) {
  console.error(
    'Name the report of a demo: node scripts/pictures.mjs .los/report.html. It needs Chromium (LOS_CHROMIUM).',
  );
  process.exit(1);
}
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.screenshot({ path: join(docs, 'report-today.png') });
  const top = await page.locator('.headline').boundingBox();
  const board = await page.locator('.board').boundingBox();
  const clip = { x: 0, y: top.y - 12, width: 1280, height: board.y + board.height - top.y + 24 };
  await page.screenshot({ path: join(docs, 'report-beds.png'), clip, fullPage: true });
} finally {
  await browser.close();
}
