import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { renderPages } from '../../report/pages/render.js';
import { type Today, todayPage } from '../../report/pages/today.js';
import type { Health } from '../../report/results/operation.js';
import { CHROMIUM, NO_CHROMIUM } from '../deploy/chromium.js';
import { generalBoard, generalNights } from '../report/beds/general-board.js';

const TODAY = '2026-11-30';
const facts: Today = {
  board: generalBoard,
  nights: generalNights,
  patients: null,
  notes: ['466 patients have no curve.'],
  health: {
    alarms: [],
    problems: [],
    watched: { day: '2026-11-29', at: '2026-11-30T05:31:00Z' },
    waiting: { admissions: 0, seconds: null },
    quarantined: 0,
  } as unknown as Health,
  champion: {} as Today['champion'],
  zone: 'Europe/Berlin',
  names: { name: 'St. Mary’s Hospital', units: { Urology: 'Urologie und Kinderurologie Süd' } },
};

/** The page of seven in the morning, of a hospital with fourteen wards. */
describe('the board of the bed meeting in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-board-'));
  const file = join(folder, 'board.html');
  let browser: Browser | undefined;

  before(async function () {
    if (!CHROMIUM) {
      console.log(NO_CHROMIUM);
      this.skip();
    }
    const other = {
      id: 'other',
      title: 'Other',
      sections: [{ title: 'Other', sentences: ['Not printed.'] }],
    };
    writeFileSync(file, renderPages('St. Mary’s Hospital', 'los', [todayPage(facts, TODAY), other]));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const shown = async (
    width: number,
    colorScheme: 'light' | 'dark',
    look: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme });
    try {
      await page.goto(pathToFileURL(file).href);
      await look(page);
    } finally {
      await page.close();
    }
  };

  for (const width of [1280, 768, 360])
    for (const scheme of ['light', 'dark'] as const)
      it(`holds at ${width} px, ${scheme}, without a violation that axe finds`, async () => {
        await shown(width, scheme, async (page) => {
          const wide = '[document.documentElement, ...document.querySelectorAll(".board")]';
          expect(
            await page.evaluate(`${wide}.map((one) => one.scrollWidth - one.clientWidth)`),
            'pixels beyond the edge of the page and of the board',
          ).to.deep.equal([0, 0]);
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate(() =>
            (globalThis as unknown as { axe: typeof axe }).axe.run(),
          );
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).to.deep.equal([]);
        });
      });

  it('answers on the first screen at 1280 × 900: headline, numbers, and every ward with the hospital last', async () => {
    await shown(1280, 'light', async (page) => {
      for (const at of ['.headline', '.about', '.first', '.board tbody tr:last-child']) {
        const box = (await page.locator(at).last().boundingBox())!;
        expect(box.y + box.height, at).to.be.at.most(900);
      }
      expect(await page.locator('.board tbody tr').count()).to.equal(generalBoard.wards.length + 1);
    });
  });

  it('has all of a ward on a telephone, each figure with its name', async () => {
    await shown(360, 'light', async (page) => {
      const row = page.locator('.board tbody tr').first();
      const cells = await row.locator('td.number').all();
      expect(cells).to.have.length(8);
      for (const cell of cells) {
        const { x, width } = (await cell.boundingBox())!;
        expect(x + width).to.be.at.most(360);
        const label = await cell.evaluate(
          (one) =>
            (
              globalThis as unknown as { getComputedStyle(of: unknown, part: string): { content: string } }
            ).getComputedStyle(one, '::before').content,
        );
        expect(label).to.match(/[A-Z]\w+/);
      }
    });
  });

  it('is one sheet of A4, without the pages that are not shown', async () => {
    await shown(1280, 'dark', async (page) => {
      const margin = '12mm';
      const pdf = await page.pdf({
        format: 'A4',
        margin: { top: margin, bottom: margin, left: margin, right: margin },
      });
      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).to.have.length(1);
      await page.emulateMedia({ media: 'print' });
      const sizes = (await page.evaluate(
        '[...document.querySelectorAll(".board td, .board th, .headline")].map((one) => parseFloat(getComputedStyle(one).fontSize))',
      )) as number[];
      // 8 points: what is printed smaller is not read across a table.
      expect(Math.min(...sizes)).to.be.at.least(10.6);
    });
  });
});
