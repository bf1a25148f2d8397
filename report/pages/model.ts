import { isOfThePrediction } from '../../procedures/judging/measures.js';
import type { Table } from '../mail/events.js';
import { modelCard } from '../model/card.js';
import { markdownToHtml } from '../model/markdown.js';
import { GROUPS, plotsOf } from '../model/model-plots.js';
import { type Overview, tablesOf } from '../model/overview.js';
import type { Page } from './page.js';

/**
 * The model card as a page, with charts where the card has tables.
 * @param challenger a version that was measured beside the champion and does not answer
 */
export function modelPage(champion: Overview, challenger: Overview | null, written: string): Page {
  const [, ...parts] = `\n${modelCard(champion, written, 'without tables')}`.split(/\n#{1,2} (?=\S)/);
  const plots = plotsOf(champion, challenger);
  return {
    id: 'model',
    title: 'Model',
    sections: parts
      .map((part) => {
        const end = part.indexOf('\n');
        const title = part.slice(0, end).trim();
        return {
          title,
          html: markdownToHtml(part.slice(end), 1),
          plots: plots[title] ?? [],
          tables: title === GROUPS ? tablesWithoutPlot(champion) : [],
        };
      })
      .sort((a, b) => placeOf(a.title) - placeOf(b.title)),
  };
}

/** A page begins with how good it is; a card, with what it is for. */
const FIRST = ['Performance', 'Calibration', GROUPS, 'Model'];

function placeOf(title: string): number {
  if (title.startsWith('Model card')) return -1;
  const place = FIRST.indexOf(title);
  return place >= 0 ? place : FIRST.length;
}

/** Groups of which there is nothing to compare. */
function tablesWithoutPlot(champion: Overview): Table[] {
  return tablesOf(champion).filter(
    ({ title, rows }) => rows.length < 2 && !isOfThePrediction(title.slice('By '.length)),
  );
}
