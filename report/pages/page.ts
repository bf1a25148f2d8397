import type { Figure, Table } from '../mail/events.js';

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
  readonly sentences?: readonly string[];
  /** What to do. */
  readonly steps?: readonly string[];
  readonly figures?: readonly Figure[];
  readonly plots?: readonly Plot[];
  readonly tables?: readonly Table[];
  /** What a template has made. */
  readonly html?: string;
}

export interface Page {
  readonly id: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

/** A section without anything is none. */
export function dropEmpty(sections: readonly Section[]): Section[] {
  return sections.filter(({ sentences, steps, figures, plots, tables, html }) =>
    [sentences, steps, figures, plots, tables, html].some((part) => part !== undefined && part.length > 0),
  );
}
