import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import { helpers } from '../../procedures/notifying/page.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { applyTheme } from '../charts/palette.js';
import type { Table } from '../mail/events.js';
import { template } from '../templates.js';
import { formatRows } from '../text/table.js';
import type { Page } from './page.js';

const text = (name: string) => template(`report/${name}`);
/** A table of more lines is folded until a reader opens it. */
const LONG = 12;
const handlebars = Handlebars.create();

/** A cell of more characters is a sentence, which may take several lines. */
const SENTENCE = 40;

// Figures stand on the right, one below the other; a column of anything else is read from the left.
handlebars.registerHelper('cells', (table: Table, kind?: string) => {
  const rows = formatRows(table);
  const kinds = table.columns.map((_, column) => {
    const all = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '' && cell !== '–');
    if (all.some((cell) => cell.length > SENTENCE)) return 'words';
    return all.length > 0 && all.every((cell) => /^[-+−$]?[\d.,]+( %)?$/.test(cell)) ? 'number' : '';
  });
  return {
    title: table.title,
    long: rows.length > LONG && kind !== 'huddle',
    head: table.columns.map((name, column) => ({ cell: name, kind: kinds[column] })),
    rows: rows.map((row) => row.map((cell, column) => ({ cell, kind: kinds[column] }))),
  };
});
handlebars.registerHelper('number', requireValue(helpers.number, 'helpers.number'));
handlebars.registerHelper('themed', applyTheme);
handlebars.registerHelper('isWord', (kind) => kind === 'word');
handlebars.registerHelper('isSpark', (kind) => kind === 'spark');
for (const partial of ['board', 'section', 'plot', 'table'])
  handlebars.registerPartial(partial, text(`${partial}.hbs`));
const layout = handlebars.compile(text('layout.hbs'));
/** As it stands between its tags: the browser runs nothing that has another hash. */
const script = `\n${text('script.js')}\n`;
const scriptHash = `sha256-${createHash('sha256').update(script).digest('base64')}`;

/**
 * Pages as one self-contained file of HTML: style, script and charts are in it, and the browser is told to
 * load nothing and run nothing else. Without scripts all pages stand below each other.
 * @param about where it comes from and when
 * @example
 * const today = { id: 'today', title: 'Today', sections: [{ title: 'Beds', sentences: ['28 beds are occupied.'] }] };
 * writeFileSync('report.html', renderPages('Length of stay', 'los on cloud, 2026-11-26', [today]));
 */
export function renderPages(title: string, about: string, pages: readonly Page[]): string {
  const numbered = pages.map((page) => ({
    ...page,
    sections: page.sections.map((section, i) => ({
      ...section,
      id: `${page.id}-${i + 1}`,
      half:
        section.plots?.length === 1 &&
        !itemAt(section.plots, 0).wide &&
        !section.tables?.length &&
        !section.html,
    })),
  }));
  return layout({
    title,
    about,
    pages: numbered,
    several: pages.length > 1,
    style: `${text('style.css')}${text('board.css')}`,
    script,
    scriptHash,
  });
}
