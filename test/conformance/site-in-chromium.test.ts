import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHROMIUM, NO_CHROMIUM } from '../deploy/chromium.js';
import { siteOfSuite } from '../scripts/site.js';

/** The manual's site as a browser shows it from a disk. */
describe('the site in Chromium', () => {
  const out = siteOfSuite();
  let browser: Browser | undefined;
  /** What pages complained of, and what they asked for besides files of the site. */
  const complaints: string[] = [];

  before(async function () {
    if (!CHROMIUM) {
      console.log(NO_CHROMIUM);
      this.skip();
    }
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  after(() => browser?.close());

  const visit = async (
    name: string,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const context = await browser!.newContext(options);
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
      });
      await page.goto(pathToFileURL(join(out, name)).href);
      await look(page);
    } finally {
      await context.close();
    }
  };

  const find = async (page: Page, words: string) => {
    await page.keyboard.press('/');
    await page.keyboard.type(words);
    await page.locator('#found li').first().waitFor();
  };

  // Pictures, code and tables; pages under a page; what was found.
  for (const [name, words] of [['index.html'], ['docs/runbook/index.html'], ['docs/stay.html', 'discharge']])
    for (const colorScheme of ['light', 'dark'] as const)
      it(`axe finds nothing in ${name}${words ? ' with results of a search' : ''}, ${colorScheme}`, async () => {
        await visit(name!, { viewport: { width: 1440, height: 900 }, colorScheme }, async (page) => {
          if (words) await find(page, words);
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate(() =>
            (globalThis as unknown as { axe: typeof axe }).axe.run({ preload: false }),
          );
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).to.deep.equal([]);
        });
      });

  it('scrolls no page sideways on a phone, whatever its tables and code', async () => {
    for (const name of ['index.html', 'docs/reference/tables.html', 'docs/sql-tour.html'])
      await visit(name, { viewport: { width: 390, height: 900 } }, async (page) => {
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(wide, name).to.be.at.most(0);
      });
  });

  it('finds a section by its words, and opens it, with the keyboard', async () => {
    await visit('docs/runbook/champion.html', {}, async (page) => {
      await find(page, 'masking');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(/docs\/security\/index\.html#masking$/);
      expect(await page.locator('h2#masking').isVisible()).to.equal(true);
    });
  });

  it('says so where nothing is found, and closes what was found', async () => {
    await visit('index.html', {}, async (page) => {
      await find(page, 'ward');
      await page.keyboard.type('qqqqqq');
      await page.getByText('Nothing found for “wardqqqqqq”.').waitFor();
      await page.keyboard.press('Escape');
      expect(await page.locator('#found').isVisible()).to.equal(false);
    });
  });

  it('is read without scripts', async () => {
    await visit('docs/index.html', { javaScriptEnabled: false }, async (page) => {
      await page.locator('nav').getByText('Tutorial', { exact: true }).last().click();
      await page.waitForURL(/docs\/tutorial\.html$/);
    });
  });

  it('complained of nothing, and asked for nothing', () => {
    expect(complaints).to.deep.equal([]);
  });
});
