import type { Browser } from 'playwright-core';
import { CHROMIUM } from '../../deploy/chromium.js';

/** Whether mails can be looked at as a phone shows them. */
export const hasPhone = CHROMIUM !== undefined;

/** A phone of 360 px. */
export interface Phone {
  /** What of a page is cut off or runs out of it, in words; nothing where all is well. */
  cutOff(html: string): Promise<string[]>;
  /** Address of the image that stands for the picture of a mail. */
  shownImage(html: string, scheme: 'light' | 'dark'): Promise<string | null>;
  /** Takes a picture of all of it. */
  picture(html: string, file: string, scheme?: 'light' | 'dark'): Promise<void>;
  close(): Promise<void>;
}

const WIDTH = 360;

export async function startPhone(): Promise<Phone> {
  const { chromium } = await import('playwright-core');
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 740 }, deviceScaleFactor: 1.5 });
  return {
    async cutOff(html) {
      await page.setContent(html);
      // As text: it runs in the page, of whose names the compiler knows nothing.
      return page.evaluate<string[]>(`(() => {
        const found = [];
        if (document.documentElement.scrollWidth > ${WIDTH}) found.push('the page is ' + document.documentElement.scrollWidth + ' px wide');
        for (const one of document.querySelectorAll('body *')) {
          const { left, right } = one.getBoundingClientRect();
          if (left < -0.5 || right > ${WIDTH} + 0.5 || one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
            found.push(one.tagName + ': ' + one.textContent.slice(0, 60));
          if (one.tagName === 'IMG' && (one.naturalWidth === 0 || one.alt === '')) found.push('a picture without content or words');
        }
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          for (const { index, 0: word } of node.data.matchAll(/[\\p{L}\\d.,]+/gu)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
            if (lines.size > 1 && node.parentElement.tagName !== 'PRE') found.push('broken: ' + word);
          }
        return found;
      })()`);
    },
    async shownImage(html, colorScheme) {
      await page.emulateMedia({ colorScheme });
      await page.setContent(html);
      return page.evaluate<string | null>(`document.querySelector('img')?.currentSrc ?? null`);
    },
    async picture(html, file, colorScheme = 'light') {
      await page.emulateMedia({ colorScheme });
      await page.setContent(html);
      await page.screenshot({ path: file, fullPage: true });
    },
    close: () => browser.close(),
  };
}
