import { escapeHtml } from '../../procedures/notifying/page.js';
import { itemAt } from '../../udfs/require-value.js';

/**
 * Converts our Markdown to HTML, as HTML: headings, paragraphs, lists, tables and code. Everything is escaped.
 * @param deeper by so many levels headings are lower than in the text
 */
export function markdownToHtml(text: string, deeper = 0): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((block) => blockToHtml(block.split('\n'), deeper))
    .join('\n');
}

function blockToHtml(lines: readonly string[], deeper: number): string {
  const first = itemAt(lines, 0);
  const [, marks, title = ''] = /^(#{1,6}) (.*)$/.exec(first) ?? [];
  if (marks) {
    const level = marks.length + deeper;
    const rest = lines.length > 1 ? `\n${blockToHtml(lines.slice(1), deeper)}` : '';
    return `<h${level}>${inline(title)}</h${level}>${rest}`;
  }
  if (lines.every((line) => line.startsWith('- ')))
    return `<ul>\n${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('\n')}\n</ul>`;
  if (first.startsWith('|')) return tableToHtml(lines);
  return `<p>${inline(lines.join(' '))}</p>`;
}

/** A table of more lines is folded until a reader opens it. */
const LONG = 18;

function tableToHtml([head = '', rule = '', ...rows]: readonly string[]): string {
  const right = cells(rule).map((mark) => mark.endsWith(':'));
  const row = (line: string, tag: 'th' | 'td') =>
    `<tr>${cells(line)
      .map((text, i) => `<${tag}${right[i] ? ' class="number"' : ''}>${inline(text)}</${tag}>`)
      .join('')}</tr>`;
  const title = escapeHtml(cells(head).join(', '));
  const table = `<div class="table" tabindex="0" role="region" aria-label="${title}"><table>\n${[row(head, 'th'), ...rows.map((line) => row(line, 'td'))].join('\n')}\n</table></div>`;
  return rows.length > LONG ? `<details><summary>Table: ${title}</summary>${table}</details>` : table;
}

/** A bar with a backslash before it is part of a cell. */
function cells(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, '<code>$1</code>');
}
