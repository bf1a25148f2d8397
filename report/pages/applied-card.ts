import type { AppliedCard, Part, Result } from '../model/applied-card.js';
import { markdownToHtml } from '../model/markdown.js';
import { renderPages } from './render.js';

/** CHAI's Applied Model Card as a page of HTML to read or print. @param written the day on which it is, YYYY-MM-DD */
export function chaiCardPage({ version, parts }: AppliedCard, written: string): string {
  const sections = Object.entries(parts).map(([name, part]) => ({
    title: wordsOf(name),
    html: markdownToHtml(markdownOf(part, 3), 1),
  }));
  return renderPages(`Applied Model Card: ${version}`, `CHAI v0.2, ${written}`, [
    { id: 'card', title: 'Applied Model Card', sections },
  ]);
}

function markdownOf(part: Part, level: number): string {
  if (typeof part === 'string') return part || 'None.';
  if (Array.isArray(part))
    return part.map((each) => `- ${typeof each === 'string' ? each : itemOf(each)}`).join('\n');
  return Object.entries(part)
    .map(([name, each]) => `${'#'.repeat(level)} ${wordsOf(name)}\n\n${markdownOf(each, level + 1)}`)
    .join('\n\n');
}

/** A result in words. */
function itemOf(part: Part): string {
  const { Label, ValueJson } = part as unknown as Result;
  const { estimate, value = estimate, lower, upper, unit } = JSON.parse(ValueJson);
  const range = lower === undefined ? '' : ` (95 % confidence: ${lower} to ${upper})`;
  return `${Label}: ${value}${unit ? ` ${unit}` : ''}${range}`;
}

/** IntendedUseAndWorkflow as `Intended use and workflow`. */
function wordsOf(name: string): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ').split(' ');
  return words.map((word, i) => (i === 0 || /^[A-Z]+$/.test(word) ? word : word.toLowerCase())).join(' ');
}
