import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { beds } from '../../deploy/beds/beds.js';
import { report } from '../../deploy/operate/report.js';
import { CHROMIUM, NO_CHROMIUM } from '../deploy/chromium.js';
import { Journey } from '../deploy/journey.js';
import { localCloud } from '../deploy/local-context.js';

const PAGES = ['today', 'data', 'model', 'operations'];
const WIDTHS = [360, 768, 1440];

/** The report as a browser shows it; axe-core looks for what somebody with a screen reader or a keyboard cannot use. */
describe('the report in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-report-'));
  const file = join(folder, 'report.html');
  const cloud = localCloud('mail: { to: [] }', 'trained');
  let browser: Browser | undefined;
  /** What the page complained of, and what it asked for beside itself. */
  const complaints: string[] = [];

  before(async function () {
    if (!CHROMIUM) {
      console.log(NO_CHROMIUM);
      this.skip();
    }
    const ctx = await cloud.open();
    try {
      const { contract } = new Journey(ctx);
      const [row] = await ctx.snowflake.query(
        "SELECT TO_VARCHAR(MAX(ADMISSION_DATE), 'YYYY-MM-DD') AS LAST FROM HEALTH_ADMISSIONS",
      );
      await beds(ctx, contract, String(row!.LAST));
      writeFileSync(file, await report(ctx, contract));
    } finally {
      await ctx.close();
    }
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    cloud.remove();
    rmSync(folder, { recursive: true });
  });

  const shown = async (
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
    at = '',
  ): Promise<void> => {
    const context = await browser!.newContext(options);
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
      });
      await page.goto(pathToFileURL(file).href + at);
      await look(page);
    } finally {
      await context.close();
    }
  };
  const visible = (page: Page) => page.locator('.page:visible').evaluateAll((all) => all.map(({ id }) => id));

  for (const width of WIDTHS)
    it(`holds at ${width} px${width === 1440 ? ', light and dark' : ''}, and axe finds nothing serious`, async () => {
      // Colours are the same at every width.
      for (const colorScheme of width === 1440 ? (['light', 'dark'] as const) : (['light'] as const))
        for (const id of PAGES)
          await shown(
            { viewport: { width, height: 900 }, colorScheme },
            async (page) => {
              expect(await visible(page)).to.deep.equal([id]);
              // Folded tables are looked at too.
              await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
              const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
              expect(wide, id).to.be.at.most(0);
              await page.evaluate(axe.source);
              const { violations } = await page.evaluate(() =>
                (globalThis as unknown as { axe: typeof axe }).axe.run(),
              );
              const serious = violations.filter(({ impact }) => /serious|critical/.test(impact ?? ''));
              expect(
                serious.map((one) => `${one.id}: ${one.nodes[0]?.html}, ${one.nodes[0]?.failureSummary}`),
                id,
              ).to.deep.equal([]);
            },
            `#${id}`,
          );
    });

  it('shows figures where the pointer is, of the line that the table has', async () => {
    await shown({ viewport: { width: 1440, height: 900 } }, async (page) => {
      const figure = page.locator('figure').first();
      await figure.locator('.chart.large svg').scrollIntoViewIfNeeded();
      const box = (await figure.locator('.chart.large svg').boundingBox())!;
      await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2);
      const tip = await figure.locator('.chart.large .tip').textContent();
      const cells = await figure.locator('tbody tr').last().locator('td').allTextContents();
      for (const cell of cells) expect(tip).to.contain(cell);
    });
  });

  it('is used with the keyboard', async () => {
    await shown({ viewport: { width: 768, height: 900 } }, async (page) => {
      const focused = () => page.evaluate('document.activeElement.textContent');
      await page.keyboard.press('Tab');
      expect(await focused()).to.equal('To the content');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      expect(await focused()).to.equal('Data');
      await page.keyboard.press('Enter');
      expect(await visible(page)).to.deep.equal(['data']);
      expect(await page.locator('nav [aria-current]').allTextContents()).to.deep.equal(['Data']);
      await page.locator('.page:visible summary').first().focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('.page:visible details[open]').count()).to.equal(1);
    });
  });

  it('has all its pages without scripts, and on paper the one that is shown', async () => {
    await shown({ javaScriptEnabled: false, viewport: { width: 360, height: 900 } }, async (page) => {
      expect(await visible(page)).to.deep.equal(PAGES);
    });
    await shown({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await visible(page)).to.deep.equal(['today']);
      expect(await page.locator('nav:visible, summary:visible').count()).to.equal(0);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).to.equal(
        'rgb(255, 255, 255)',
      );
    });
  });

  it('opens within a second of the processor', async () => {
    await shown({ viewport: { width: 1440, height: 900 } }, async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      await page.reload();
      const { metrics } = await session.send('Performance.getMetrics');
      const seconds = metrics.find(({ name }) => name === 'TaskDuration')!.value;
      expect(seconds).to.be.within(0.001, 1);
    });
  });

  it('complained of nothing, and asked for nothing', () => {
    expect(complaints).to.deep.equal([]);
  });
});
