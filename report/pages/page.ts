import type { BoardTable } from '../beds/board-table.js';
import type { Figure, Table } from '../mail/events.js';
import { absenceSentence } from '../part.js';
import { formatRows } from '../text/table.js';

/** A chart with its figures: a table stands under each. */
export interface Plot {
  readonly title: string;
  /** As SVG: for narrow screens and columns, and, where it takes all of a page's width, for wide ones. */
  readonly svg: string;
  readonly wide?: string;
  /** A line for each place that the chart marks (report/charts/draw.ts), in the same order. */
  readonly table: Table;
}

export interface Section {
  readonly title: string;
  /** Its title is for readers who hear the page. */
  readonly bare?: boolean;
  /** Kind of a section that is not printed, or on a sheet of its own (templates/report/style.css); tables of a huddle are open, however long. */
  readonly kind?: 'nights' | 'lists' | 'huddle';
  readonly board?: BoardTable;
  readonly sentences?: readonly string[];
  /** Next steps. */
  readonly steps?: readonly string[];
  readonly figures?: readonly Figure[];
  readonly plots?: readonly Plot[];
  readonly tables?: readonly Table[];
  /** HTML of a template. */
  readonly html?: string;
}

export interface Page {
  readonly id: string;
  readonly title: string;
  /** Above it, where that says more than its title. */
  readonly heading?: string;
  readonly sections: readonly Section[];
}

/** A section without anything is none. */
export function dropEmpty(sections: readonly Section[]): Section[] {
  return sections.filter(
    ({ board, sentences, steps, figures, plots, tables, html }) =>
      board !== undefined ||
      [sentences, steps, figures, plots, tables, html].some((part) => part !== undefined && part.length > 0),
  );
}

/** A section; or, where what it is made of cannot be read or drawn, one that says so in its place. */
export function makeSection(title: string, make: () => Section): Section {
  try {
    const section = make();
    // What a table cannot show would otherwise be found when all pages are written.
    for (const table of [...(section.tables ?? []), ...(section.plots ?? []).map((plot) => plot.table)])
      formatRows(table);
    return section;
  } catch (error) {
    return { title, sentences: [absenceSentence(title, error)] };
  }
}

/** The same of a page. */
export function makePage(id: string, title: string, make: () => Page): Page {
  try {
    return make();
  } catch (error) {
    return { id, title, sections: [{ title, sentences: [absenceSentence(title, error)] }] };
  }
}
